"""A POST with an Idempotency-Key may be repeated: once in effect, the same answer, secrets included."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta

import httpx
import pytest
from litestar import Litestar

from catalog.kernel.unit_of_work import Units
from tests.catalog.images.pictures import encoded, halves
from tests.storefront.api.conftest import Merchant
from tests.storefront.api.test_products import product

KEY = {"idempotency-key": "order of 9 o'clock"}


async def add_hook(merchant: Merchant, path: str = "first") -> httpx.Response:
    return await merchant.api.post("/webhooks", json={"url": f"https://shop.example/{path}"}, headers=KEY)


async def test_a_repeated_request_has_one_effect_and_the_same_answer(merchant: Merchant) -> None:
    first, again = await add_hook(merchant), await add_hook(merchant)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert len((await merchant.api.get("/webhooks")).json()["items"]) == 1


async def test_requests_at_the_same_moment_get_the_answer_of_one(merchant: Merchant) -> None:
    answers = await asyncio.gather(*(add_hook(merchant) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["secret"] for answer in answers}) == 1
    assert sum("idempotent-replayed" in answer.headers for answer in answers) == 4


async def test_a_key_of_another_request_is_refused(merchant: Merchant) -> None:
    await add_hook(merchant)
    assert (await merchant.api.post("/products", json=product("hose"), headers={"idempotency-key": "p"})).is_success
    for refused in (
        await add_hook(merchant, "second"),
        await merchant.api.post("/products", json=product("rock"), headers={"idempotency-key": "p"}),
    ):
        assert (refused.status_code, refused.json()["pointer"]) == (422, "/Idempotency-Key")


@pytest.mark.parametrize("key", ["", "k" * 256])
async def test_a_key_that_cannot_be_kept_is_refused(merchant: Merchant, key: str) -> None:
    hook = {"url": "https://shop.example/first"}
    refused = await merchant.api.post("/webhooks", json=hook, headers={"idempotency-key": key})
    assert (refused.status_code, refused.json()["pointer"]) == (422, "/Idempotency-Key")


async def test_a_refused_request_may_be_mended_under_the_same_key(merchant: Merchant) -> None:
    refused = await merchant.api.post("/webhooks", json={"url": "nowhere"}, headers=KEY)
    assert refused.status_code == 422
    assert (await add_hook(merchant)).status_code == 201


async def test_an_answer_is_kept_sealed_and_for_a_day(merchant: Merchant, units: Units) -> None:
    secret = (await add_hook(merchant)).json()["secret"]
    async with units(merchant.shop_id) as uow:
        kept = await uow.fetchval("SELECT answer FROM idempotency_key WHERE shop_id = $1", uow.shop_id)
        assert secret.encode() not in kept
        await uow.execute(
            "UPDATE idempotency_key SET at = at - $2::interval WHERE shop_id = $1", uow.shop_id, timedelta(hours=25)
        )
    assert (await add_hook(merchant)).json()["secret"] != secret


async def test_a_repeated_upload_is_one_though_its_body_is_written_anew(merchant: Merchant, units: Units) -> None:
    def upload(picture: bytes, boundary: str, name: str = "tee.png") -> Awaitable[httpx.Response]:
        kind = {"content-type": f"multipart/form-data; boundary={boundary}"}
        return merchant.api.post("/images", files={"file": (name, picture, "image/png")}, headers=KEY | kind)

    tee, belt = encoded(halves()), encoded(halves((48, 64)))
    first, again = await upload(tee, "one"), await upload(tee, "two")
    assert (first.status_code, again.status_code) == (201, 201)
    assert (again.json(), again.headers["idempotent-replayed"]) == (first.json(), "true")
    for refused in (await upload(belt, "three"), await upload(tee, "four", "belt.png")):
        assert (refused.status_code, refused.json()["pointer"]) == (422, "/Idempotency-Key")
    async with units(merchant.shop_id) as uow:
        assert await uow.fetchval("SELECT count(*) FROM upload WHERE shop_id = $1", uow.shop_id) == 1


async def test_a_repeated_product_fetches_its_pictures_no_second_time(
    merchant: Merchant, app: Litestar, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched: list[str] = []

    async def fetch(url: str) -> bytes:
        fetched.append(url)
        return encoded(halves())

    monkeypatch.setattr(app.state.house.pictures, "fetch", fetch)
    body = {
        "handle": "tee", "title": {"de": "Tee"}, "images": [{"url": "https://pictures.example/tee.png"}],
        "variants": [{"sku": "TEE", "price": {"minor": 100, "currency": "EUR"}}],
    }  # fmt: skip
    first, again = [await merchant.api.post("/products", json=body, headers=KEY) for _ in range(2)]
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert fetched == ["https://pictures.example/tee.png"]


async def test_a_repeated_channel_tells_how_it_was_connected(merchant: Merchant) -> None:
    body = {"kind": "webchat", "name": "Site", "credentials": {"allowed_origins": ["https://shop.example"]}}
    first, again = [await merchant.api.post("/channels", json=body, headers=KEY) for _ in range(2)]
    assert again.headers["idempotent-replayed"] == "true"
    assert first.json() == again.json()
    assert first.json()["state"] == "connected"
