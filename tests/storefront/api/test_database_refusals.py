"""What the database does not do: values that none stores are the caller's fault, one that is away is nobody's."""

from dataclasses import replace
from typing import Any

import pytest
from litestar import Litestar

from catalog.kernel.secrets import Secret
from storefront.app import create_app
from storefront.config import Settings
from tests.storefront.api.conftest import Merchant, client

NUL = "a\x00b"
BEYOND = 2**63


@pytest.fixture(scope="module")
def away(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Litestar:
    """The application with a database that does not answer."""
    nowhere = f"postgresql://nobody@/nothing?host={tmp_path_factory.mktemp('nowhere')}"
    return create_app(replace(settings, database_url=Secret(nowhere)))


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


@pytest.mark.parametrize("path", ["/p/A7K2QX", "/o/A7K2QX", "/chat/linden", "/withdraw/linden", "/legal/linden/terms"])
async def test_while_the_database_is_away_a_page_says_so_in_the_readers_language(away: Litestar, path: str) -> None:
    browser = {"accept": "text/html,*/*;q=0.8", "accept-language": "de-AT,en;q=0.5"}
    async with away.lifespan(), client(away, "a key") as api:
        page = await api.get(f"http://shop.test{path}", headers=browser)
        posted = await api.post(f"http://shop.test{path}", headers=browser, data={"step": "confirm"})
        call = await api.get("/orders", headers=browser)
    assert (page.status_code, page.headers["retry-after"], page.headers["cache-control"]) == (503, "1", "no-store")
    assert "<h1>Gerade nicht erreichbar</h1>" in page.text
    assert (posted.status_code, "<h1>Gerade nicht erreichbar</h1>" in posted.text) in {(503, True), (405, False)}
    assert (call.status_code, call.json()["code"]) == (503, "unavailable")


@pytest.mark.parametrize("path", ["/api/v1/orders", "/p/A7K2QX", "/chat/linden"])
async def test_while_the_database_is_away_a_request_may_be_repeated(away: Litestar, path: str) -> None:
    async with away.lifespan(), client(away, "a key") as api:
        answer = await api.get(f"http://shop.test{path}")
    assert answer.status_code == 503
    assert answer.json()["code"] == "unavailable"
    assert answer.headers["retry-after"] == "1"
