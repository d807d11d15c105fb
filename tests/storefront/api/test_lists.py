"""What every list of the API has in common."""

import pytest

from tests.storefront.api.conftest import Merchant

PATHS = ("/products", "/orders", "/returns", "/withdrawals", "/conversations", "/discounts")


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
