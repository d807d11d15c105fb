"""What nobody could have read or kept is the caller's fault, told as such: no 500, no traceback for the operator."""

import re
from typing import Any

import pytest

from catalog.shops.models import Shop
from tests.storefront.api.conftest import Merchant

HOST = "http://shop.test"
NESTED = b'{"handle":"d","title":{"de":"x"},"attributes":{"a":' + b"[" * 5000 + b"]" * 5000 + b'},"variants":[]}'
ODD: dict[str, dict[str, Any]] = {
    "a link's code with NUL": {"method": "GET", "url": f"{HOST}/p/%00"},
    "an order's code with NUL": {"method": "GET", "url": f"{HOST}/o/%00"},
    "a shop's name with NUL": {"method": "GET", "url": f"{HOST}/chat/%00"},
    "a query with NUL": {"method": "GET", "url": "/orders?number=%00"},
    "a name with NUL": {"method": "PATCH", "url": "/shop", "json": {"name": "a\x00"}},
    "a price beyond any": {"method": "GET", "url": "/search?q=x&min_price=99999999999999999999999"},
    "an amount beyond any": {
        "method": "POST", "url": "/discounts", "json": {"code": "ABC", "amount": {"minor": 10**25, "currency": "EUR"}},
    },
    "nesting without end": {"method": "POST", "url": "/products", "content": NESTED},
    "no UTF-8": {"method": "POST", "url": "/products", "content": b'{"handle":"\xff"}'},
}  # fmt: skip


async def test_a_revision_of_any_length_is_none_of_ours(merchant: Merchant) -> None:
    for tag in ("1" * 5000, "1" * 30):
        answer = await merchant.api.patch("/shop", json={"name": "x"}, headers={"if-match": f'"{tag}"'})
        assert answer.status_code == 412, answer.text


@pytest.mark.parametrize("odd", ODD)
async def test_what_cannot_be_kept_is_refused(merchant: Merchant, odd: str) -> None:
    answer = await merchant.api.request(**ODD[odd], headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) in {(422, "invalid"), (400, "invalid")}, answer.text


async def test_a_missing_body_is_told_what_to_send(merchant: Merchant) -> None:
    told = {}
    for path, operations in (await merchant.api.get(f"{HOST}/api/openapi.json")).json()["paths"].items():
        for method, operation in operations.items():
            sent = operation.get("requestBody", {})
            if sent.get("required") and "application/json" in sent["content"]:
                answer = await merchant.api.request(method, f"{HOST}{re.sub('{[^}]+}', str(merchant.shop_id), path)}")
                told[method, path.removeprefix("/api/v1")] = answer.status_code, answer.json()["detail"]
    assert {(status, detail.partition(";")[0]) for status, detail in told.values()} == {
        (400, "the request has no body")
    }
    assert told["post", "/products"][1].endswith("send a JSON object with `title`, `handle`")
    assert told["patch", "/shop"][1].endswith("send a JSON object with the fields that you want to set, or `{}`")


async def test_a_form_of_a_page_is_bounded(merchant: Merchant, shop: Shop) -> None:
    fields = b"&".join(b"a%d=1" % number for number in range(20_000))
    for path in (f"/withdraw/{shop.slug}", "/p/unknown"):
        answer = await merchant.api.post(
            f"{HOST}{path}", content=fields, headers={"content-type": "application/x-www-form-urlencoded"}
        )
        assert answer.status_code == 413, path
