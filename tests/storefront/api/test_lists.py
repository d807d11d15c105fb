"""What every list of the API has in common."""

from datetime import timedelta
from typing import Any

import pytest

from catalog.kernel.unit_of_work import Units
from catalog.search import demand
from checkout.returns import withdrawals
from tests.conftest import FrozenClock
from tests.storefront.api import seeding
from tests.storefront.api.conftest import Merchant
from tests.storefront.api.test_channels import TELEGRAM
from tests.storefront.api.test_lookbooks import lookbook
from tests.storefront.api.test_payment_accounts import form

PATHS = (
    "/products", "/orders", "/returns", "/withdrawals", "/conversations", "/discounts", "/categories", "/lookbooks",
    "/search/synonyms", "/channels", "/payment-accounts", "/webhooks", "/reports/sales", "/reports/conversations",
    "/reports/unmet-demand",
)  # fmt: skip
OF_TWO_OR_MORE = {*PATHS} - {"/returns", "/conversations", "/reports/conversations"}
BY_NAME = {"/stock", "/search"}  # the rows that the caller names, and the best matches


@pytest.mark.parametrize("path", PATHS)
async def test_a_foreign_cursor_is_refused(merchant: Merchant, path: str) -> None:
    for cursor in ("zzz", "0192f0a0-0000-7000-8000-000000000001"):
        answer = await merchant.api.get(path, params={"cursor": cursor})
        assert (answer.status_code, answer.json()["pointer"]) == (422, "/cursor")


async def test_discounts_go_on_where_a_page_ended(merchant: Merchant) -> None:
    for code in ("AUGUST", "SOMMER", "WINTER"):
        assert (await merchant.api.post("/discounts", json={"code": code, "percent_bp": 1000})).status_code == 201
    first = (await merchant.api.get("/discounts?limit=2")).json()
    rest = (await merchant.api.get(f"/discounts?limit=2&cursor={first['next_cursor']}")).json()
    assert [each["code"] for each in (*first["items"], *rest["items"])] == ["AUGUST", "SOMMER", "WINTER"]
    assert rest["next_cursor"] is None


async def test_every_list_is_read_in_pages(merchant: Merchant) -> None:
    description = (await merchant.api.get("http://shop.test/api/openapi.json")).json()
    forms, lists, paged = description["components"]["schemas"], set(), set()
    for path, operations in description["paths"].items():
        answered = str(operations.get("get", {}).get("responses", {}).get("200"))
        if any(f"/{name}'" in answered and "next_cursor" in form.get("properties", {}) for name, form in forms.items()):
            lists.add(path.removeprefix("/api/v1"))
        if {"cursor", "limit"} <= {each["name"] for each in operations.get("get", {}).get("parameters") or ()}:
            paged.add(path.removeprefix("/api/v1"))
    assert {*PATHS} <= paged
    assert lists == paged | BY_NAME


async def test_pages_of_every_list_are_the_list(merchant: Merchant, units: Units, clock: FrozenClock) -> None:
    await _two_of_each(merchant, units, clock)
    for path in PATHS:
        whole = (await merchant.api.get(path)).json()
        assert whole["next_cursor"] is None
        assert len(whole["items"]) >= (2 if path in OF_TWO_OR_MORE else 1), path
        assert await _in_pages_of_one(merchant, path) == whole["items"], path


async def _in_pages_of_one(merchant: Merchant, path: str) -> list[Any]:
    found: list[Any] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (await merchant.api.get(path, params={"limit": 1, "cursor": cursor})).json()
        (item,) = page["items"]
        found.append(item)
        cursor = page["next_cursor"]
    return found


async def _two_of_each(merchant: Merchant, units: Units, clock: FrozenClock) -> None:
    await seeding.one_of_each(units, merchant.shop_id, merchant.api, clock)
    await merchant.create("/channels", TELEGRAM)
    await merchant.create("/payment-accounts", form(2))
    await merchant.create("/lookbooks", await lookbook(merchant))
    await merchant.create("/webhooks", {"url": "http://127.0.0.1:9/other"})
    await merchant.create("/discounts", {"code": "WINTER", "percent_bp": 500})
    await merchant.api.put("/search/synonyms", json={"word": "Pulli", "synonyms": ["Pullover"]})
    async with units(merchant.shop_id) as uow:
        await withdrawals.declare(uow, number="C-1", name="Bob", email="bob@example.org")
        for query, days in (("roter Hut", 0), ("gelber Hut", 0), ("gelber Hut", 0), ("lila Hut", 1)):
            await demand.note(
                uow, query, day=uow.now.date() - timedelta(days=days), locale="de", reason=demand.NOTHING_FOUND
            )
        order_id = await uow.fetchval("SELECT id FROM shop_order WHERE shop_id = $1 LIMIT 1", uow.shop_id)
        await uow.execute(
            "UPDATE shop_order SET paid_at = paid_at - interval '3 days' WHERE id = $1 AND shop_id = $2",
            order_id, uow.shop_id,
        )  # fmt: skip
