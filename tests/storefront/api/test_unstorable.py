"""Values that no database stores are refused like every other faulty value, wherever they stand."""

from typing import Any

import pytest

from tests.storefront.api.conftest import Merchant

NUL = "a\x00b"
BEYOND = 2**63


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/stock?sku=a%00b", None),
        ("GET", "/stock/a%00b", None),
        ("GET", "/orders?number=%00", None),
        ("GET", "/discounts?cursor=a%00b", None),
        ("GET", f"/search?min_price={BEYOND}", None),
        ("POST", "/discounts", {"code": NUL, "percent_bp": 100}),
        ("POST", "/discounts", {"code": "SUMMER", "amount": {"minor": BEYOND, "currency": "EUR"}}),
        ("POST", "/discounts", {"code": "SUMMER", "percent_bp": 100, "starts_at": "0001-01-01T00:00:00+14:00"}),
        ("PATCH", "/shop", {"name": NUL}),
        ("PATCH", "/shop", {"persona": {"name": NUL}}),
        ("PATCH", "/shop", {"order_prefix": NUL}),
    ],
)
async def test_a_value_that_cannot_be_stored_is_refused(
    merchant: Merchant, method: str, path: str, body: dict[str, Any] | None
) -> None:
    answer = await merchant.api.request(method, path, json=body)
    assert answer.status_code == 422, answer.text
    assert answer.json()["code"] == "invalid"


@pytest.mark.parametrize("path", ["/p/a%00b", "/o/a%00b", "/chat/a%00b", "/legal/a%00b/terms", "/withdraw/a%00b"])
async def test_an_address_that_cannot_be_stored_is_refused(merchant: Merchant, path: str) -> None:
    assert (await merchant.api.get(f"http://shop.test{path}")).status_code in {404, 422}
