"""Channel accounts: what may be set, and that a secret which went in comes out nowhere."""

from typing import Any
from uuid import UUID

import pytest

from bots.channels.accounts import standing
from catalog.kernel.unit_of_work import Units
from tests.storefront.api.conftest import Merchant

TELEGRAM: dict[str, Any] = {
    "kind": "telegram", "name": "Bot", "credentials": {"bot_token": "5550001:AA-token"},
    "api_base": "http://127.0.0.1:9",
}  # fmt: skip


async def test_kept_secrets_are_told_to_no_new_address(merchant: Merchant) -> None:
    made = await merchant.create("/channels", TELEGRAM)
    address = f"/channels/{made['id']}"
    moved = await merchant.api.patch(address, json={"api_base": "http://127.0.0.1:10"})
    assert (moved.status_code, moved.json()["pointer"]) == (422, "/api_base")
    assert (await merchant.api.get(address)).json()["api_base"] == "http://127.0.0.1:9"
    same = await merchant.api.patch(address, json={"api_base": "http://127.0.0.1:9/", "name": "Charles"})
    assert (same.status_code, same.json()["name"]) == (200, "Charles")
    anew = {"api_base": "http://127.0.0.1:10", "credentials": {"bot_token": "5550001:BB-token"}}
    assert (await merchant.api.patch(address, json=anew)).status_code == 200


async def test_a_secret_shows_whether_it_is_set(merchant: Merchant) -> None:
    made = await merchant.create("/channels", TELEGRAM)
    secrets = made["credentials"]["bot_token"], made["credentials"]["payment_provider_token"]
    assert secrets == ({"set": True}, {"set": False})
    change = {"credentials": {"payment_provider_token": "5550001:TEST:1"}}
    changed = (await merchant.api.patch(f"/channels/{made['id']}", json=change)).json()
    assert changed["credentials"]["payment_provider_token"] == {"set": True}


async def test_a_channel_that_does_not_work_waits_for_the_merchant_with_the_providers_words(
    merchant: Merchant, units: Units
) -> None:
    made = await merchant.create("/channels", TELEGRAM)
    assert (await merchant.api.get("/reports/waiting")).json()["channels"] == 1
    async with units(merchant.shop_id) as uow:
        await uow.execute("UPDATE channel_account SET state = 'connected', detail = '' WHERE shop_id = $1", uow.shop_id)
    assert (await merchant.api.get("/reports/waiting")).json()["channels"] == 0
    async with units(merchant.shop_id) as uow:
        await standing.fail(uow, UUID(made["id"]), "Unauthorized (401)")
    shown = (await merchant.api.get(f"/channels/{made['id']}")).json()
    assert (shown["state"], shown["detail"]) == ("failing", "Unauthorized (401)")
    assert (await merchant.api.get("/reports/waiting")).json()["channels"] == 1
    assert (await merchant.api.post(f"/channels/{made['id']}/connect")).json()["state"] == "not_connected"


async def test_a_channel_is_changed_only_from_the_one_that_was_read(merchant: Merchant) -> None:
    made = await merchant.api.post("/channels", json=TELEGRAM)
    address = made.headers["location"]
    read = await merchant.api.get(f"http://shop.test{address}")
    assert read.headers["etag"] == made.headers["etag"] == f'"{read.json()["revision"]}"'
    based = {"if-match": read.headers["etag"]}
    first, late = [
        await merchant.api.patch(f"http://shop.test{address}", json={"name": name}, headers=based) for name in "AB"
    ]
    assert (first.status_code, late.status_code) == (200, 412)
    again = await merchant.api.patch(
        f"http://shop.test{address}", json={"name": "C"}, headers={"if-match": first.headers["etag"]}
    )
    assert again.json()["name"] == "C"


@pytest.mark.parametrize("origin", ["https://a.test;script-src", "https://a.test,https://b.test", "https://müller.test",
                                    "https://*", "https://a.test'self'", "https://user@a.test"])  # fmt: skip
async def test_an_origin_holds_nothing_that_means_something_in_a_policy(merchant: Merchant, origin: str) -> None:
    form = {"kind": "webchat", "name": "Page", "credentials": {"allowed_origins": [origin]}}
    refused = await merchant.api.post("/channels", json=form)
    assert (refused.status_code, refused.json()["pointer"]) == (422, "/credentials/allowed_origins")


@pytest.mark.parametrize("origin", ["https://shop.example", "http://localhost:3000", "https://xn--mller-kva.example/",
                                    "http://[::1]:8080"])  # fmt: skip
async def test_every_origin_that_a_page_can_have_is_taken(merchant: Merchant, origin: str) -> None:
    made = await merchant.create(
        "/channels", {"kind": "webchat", "name": "Page", "credentials": {"allowed_origins": [origin]}}
    )
    page = await merchant.api.get(f"http://shop.test/chat/w/{made['id']}")
    assert origin in page.headers["content-security-policy"]


async def test_the_description_is_shown_by_no_page_that_loads_code_from_elsewhere(merchant: Merchant) -> None:
    for path in ("", "/", "/scalar", "/swagger", "/redoc", "/elements", "/rapidoc"):
        answer = await merchant.api.get(f"http://shop.test/api{path}")
        assert "<script" not in answer.text, path
    assert (await merchant.api.get("http://shop.test/api/openapi.json")).json()["openapi"].startswith("3.1")
