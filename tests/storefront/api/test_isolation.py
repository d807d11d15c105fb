"""Two shops on one install: what belongs to one does not exist for the other, whatever id is named."""

from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest
from litestar import Litestar

from catalog.kernel.ids import new_id
from catalog.kernel.unit_of_work import Units
from catalog.shops.models import Shop
from tests.conftest import FrozenClock
from tests.storefront.api import seeding
from tests.storefront.api.conftest import Merchant, client, key_of

# By their own words each shop names these, so that both may have the same.
_NAMES = frozenset({"sku", "handle", "code", "path"})
_BODIES = {
    "messages": {"text": "hallo"}, "fulfilments": {"carrier": "DHL", "tracking_code": "1"}, "reject": {"reason": "no"},
    "refunds": {"amount": {"minor": 100, "currency": "EUR"}},
}  # fmt: skip
_CHANGES = {"payment-accounts": {"credentials": {"secret_key": "sk_test_other", "webhook_secret": "whsec_other"}}}


@pytest.fixture
async def stranger(app: Litestar, units: Units, shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    """Another merchant of the same install, with a key of his own and nothing else."""
    other = new_id()
    async with units(None) as uow:
        await uow.execute(
            "INSERT INTO shop (id, slug, name, currency, country, default_locale, locales, settings, revision,"
            " catalog_revision, next_order_number, created_at) SELECT $2, 'other', name, currency, country,"
            " default_locale, locales, settings, 1, 1, 1001, created_at FROM shop WHERE id = $1 /* all shops */",
            shop.id, other,
        )  # fmt: skip
    async with client(app, await key_of(units, other)) as api:
        yield api


async def test_every_id_of_another_shop_is_unknown(
    app: Litestar, merchant: Merchant, stranger: httpx.AsyncClient, units: Units, clock: FrozenClock
) -> None:
    known = await seeding.one_of_each(units, merchant.shop_id, merchant.api, clock)
    description = (await merchant.api.get("http://shop.test/api/openapi.json")).json()
    tried = 0
    for path, methods in description["paths"].items():
        names = [part.strip("{}") for part in path.split("/") if part.startswith("{")]
        if not names or _NAMES & set(names):
            continue
        url = path.format(**{name: known.get(name, str(new_id())) for name in names})
        for method in sorted(methods):
            body = _BODIES.get(path.rpartition("/")[2], _CHANGES.get(path.split("/")[3], {}))
            answer = await stranger.request(
                method, f"http://shop.test{url}", json=body if method not in {"get", "delete"} else None
            )
            assert answer.status_code in {404, 422}, f"{method} {path}: {answer.status_code} {answer.text}"
            assert answer.status_code == 404 or method not in {"get", "delete"}, f"{method} {path}: {answer.text}"
            tried += 1
    assert tried > 20


async def test_lists_show_nothing_of_another_shop(
    merchant: Merchant, stranger: httpx.AsyncClient, units: Units, clock: FrozenClock
) -> None:
    await seeding.one_of_each(units, merchant.shop_id, merchant.api, clock)
    for path in (
        "products", "categories", "lookbooks", "channels", "payment-accounts", "conversations", "orders", "returns",
        "discounts", "webhooks", "search?q=tee",
    ):  # fmt: skip
        answer = await stranger.get(f"/{path}")
        assert (answer.status_code, answer.json().get("items")) == (200, []), f"{path}: {answer.text}"
        mine = (await merchant.api.get(f"/{path}")).json()["items"]
        assert mine or path == "discounts", path


async def test_the_same_words_name_each_shops_own(
    merchant: Merchant, stranger: httpx.AsyncClient, units: Units, clock: FrozenClock
) -> None:
    known = await seeding.one_of_each(units, merchant.shop_id, merchant.api, clock)
    before = (await merchant.api.get(f"/stock/{known['sku']}")).json()
    assert (await stranger.get(f"/stock/{known['sku']}")).status_code == 404
    assert (await stranger.put(f"/stock/{known['sku']}", json={"on_hand": 0})).status_code == 404
    assert (await stranger.post(f"/stock/{known['sku']}", json={"delta": -1})).status_code == 404
    assert (await merchant.api.get(f"/stock/{known['sku']}")).json() == before
    assert (await stranger.put(f"/categories/{known['path']}", json={"title": {"de": "Ihre"}})).status_code == 200
    mine = (await merchant.api.get("/categories")).json()["items"]
    assert {"de": "Ihre"} not in [item["title"] for item in mine]


async def test_a_wrong_key_sees_nothing(app: Litestar, units: Units, shop_id: UUID) -> None:
    async with client(app, "sk_shop_wrong") as nobody:
        assert (await nobody.get("/orders")).status_code == 401
