"""The shop's settings over the API: changed in part by several at once, refused where a conversation would stumble."""

import asyncio
from typing import Any

import pytest

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


FAULTY: tuple[tuple[dict[str, Any], str], ...] = (
    ({"timezone": "Mars/Olympus"}, "/timezone"),
    ({"timezone": "../etc/passwd"}, "/timezone"),
    ({"hold_minutes": -5}, "/hold_minutes"),
    ({"returns": {"days": -1}}, "/returns/days"),
    ({"hours": {"someday": ["09:00-18:00"]}}, "/hours"),
    ({"hours": {"mon": ["09:00-18:00", "nine to five"]}}, "/hours/mon/1"),
    ({"name": " "}, "/name"),
    ({"languages": []}, "/languages"),
    ({"languages": ["de", "klingon"]}, "/languages"),
    ({"shipping": [{"code": "dhl"}]}, "/shipping/0"),
)


@pytest.mark.parametrize(("change", "pointer"), FAULTY, ids=[pointer for _, pointer in FAULTY])
async def test_a_faulty_setting_is_refused_where_it_stands(
    merchant: Merchant, change: dict[str, Any], pointer: str
) -> None:
    before = (await merchant.api.get("/shop")).json()
    answer = await merchant.api.patch("/shop", json=change)
    assert (answer.status_code, answer.json()["pointer"]) == (422, pointer), answer.text
    assert (await merchant.api.get("/shop")).json() == before
