"""The shop's settings over the API: changed in part by several at once, refused where a conversation would stumble."""

import asyncio
from typing import Any

import pytest

from catalog.kernel.errors import Invalid
from catalog.kernel.unit_of_work import Units
from catalog.shops.service import create_shop
from tests.storefront.api.conftest import Merchant

CHANGES: tuple[dict[str, Any], ...] = (
    {"persona": {"name": "Zoe"}}, {"order_prefix": "Z"}, {"hold_minutes": 50}, {"tax": {"oss": True}},
    {"persona": {"greeting": {"de": "Moin"}}}, {"timezone": "Europe/Vienna"},
)  # fmt: skip


async def test_changes_of_several_at_once_are_all_kept(merchant: Merchant) -> None:
    answers = await asyncio.gather(*(merchant.api.patch("/shop", json=change) for change in CHANGES))
    assert {answer.status_code for answer in answers} == {200}
    found = (await merchant.api.get("/shop")).json()
    assert found["persona"] == {"name": "Zoe", "greeting": {"de": "Moin"}}
    assert (found["order_prefix"], found["hold_minutes"], found["tax"]) == ("Z", 50, {"oss": True})
    assert (found["timezone"], found["revision"]) == ("Europe/Vienna", 1 + len(CHANGES))


async def test_a_change_of_an_older_revision_is_refused(merchant: Merchant) -> None:
    read = await merchant.api.get("/shop")
    assert (await merchant.api.patch("/shop", json={"name": "Loom"})).status_code == 200
    late = await merchant.api.patch("/shop", json={"name": "Linden"}, headers={"if-match": read.headers["etag"]})
    assert late.status_code == 412
    assert (await merchant.api.get("/shop")).json()["name"] == "Loom"


def shipping(*others: dict[str, Any], **wrong: object) -> dict[str, Any]:
    method = {"code": "dhl", "name": {"de": "Paket"}, "price": {"minor": 490, "currency": "EUR"}}
    return {"shipping": [method | wrong, *others]}


FAULTY: tuple[tuple[dict[str, Any], str], ...] = (
    ({"timezone": "Mars/Olympus"}, "/timezone"),
    ({"timezone": "../etc/passwd"}, "/timezone"),
    ({"hold_minutes": -5}, "/hold_minutes"),
    ({"returns": {"days": -1}}, "/returns/days"),
    ({"hours": {"someday": ["09:00-18:00"]}}, "/hours"),
    ({"returns": {"days": 13}}, "/returns/days"),
    ({"returns": {"dayz": 30}}, "/returns/dayz"),
    ({"hours": {"mon": ["09:00-18:00", "nine to five"]}}, "/hours/mon/1"),
    ({"hours": {"mon": ["18:00-9:00"]}}, "/hours/mon/0"),
    ({"persona": {"name": " "}}, "/persona/name"),
    ({"persona": {"greeting": {"de": "Hallo von {bogus}!"}}}, "/persona/greeting/de"),
    ({"order_prefix": "A\nB"}, "/order_prefix"),
    ({"legal": {"email": "nobody"}}, "/legal/email"),
    ({"name": " "}, "/name"),
    ({"languages": []}, "/languages"),
    ({"languages": ["de", "klingon"]}, "/languages"),
    ({"shipping": [{"code": "dhl"}]}, "/shipping/0"),
    (shipping(code=""), "/shipping/0/code"),
    (shipping(shipping()["shipping"][0]), "/shipping/0/code"),
    (shipping(name={}), "/shipping/0/name"),
    (shipping(price={"minor": 490, "currency": "USD"}), "/shipping/0/price/currency"),
    (shipping(price={"minor": -490, "currency": "EUR"}), "/shipping/0/price/minor"),
    (shipping(free_from={"minor": 490, "currency": "USD"}), "/shipping/0/free_from/currency"),
    (shipping(countries=["AT", "de"]), "/shipping/0/countries/1"),
    (shipping(days=[5, 2]), "/shipping/0/days"),
    (shipping(free_form={"minor": 1, "currency": "EUR"}), "/shipping/0/free_form"),
)


@pytest.mark.parametrize(("change", "pointer"), FAULTY, ids=str)
async def test_a_faulty_setting_is_refused_where_it_stands(
    merchant: Merchant, change: dict[str, Any], pointer: str
) -> None:
    before = (await merchant.api.get("/shop")).json()
    answer = await merchant.api.patch("/shop", json=change)
    assert (answer.status_code, answer.json()["pointer"]) == (422, pointer), answer.text
    assert (await merchant.api.get("/shop")).json() == before


@pytest.mark.parametrize(("name", "slug"), [("X", "shop-x"), ("Linden & Loom", "linden-loom"), ("店", "shop")])
async def test_a_shop_has_a_place_in_addresses_whatever_its_name(units: Units, name: str, slug: str) -> None:
    async with units(None) as uow:
        made = await create_shop(uow, name=name, currency="EUR", country="DE", locales=["de"])
    assert made.slug == slug


@pytest.mark.parametrize("slug", ["x", "Böse/x", "-shop", "a" * 64])
async def test_a_slug_that_no_address_can_hold_is_refused(units: Units, slug: str) -> None:
    async with units(None) as uow:
        with pytest.raises(Invalid) as refused:
            await create_shop(uow, name="Loom", currency="EUR", country="DE", locales=["de"], slug=slug)
    assert refused.value.pointer == "/slug"
