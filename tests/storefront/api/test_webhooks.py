"""Webhook addresses: what is refused before anything of it is looked at."""

import os

import pytest

from catalog.kernel.ids import new_id
from storefront import webhooks
from tests.storefront.api.conftest import Merchant

HOST = "http://shop.test/webhooks"


async def test_an_account_answers_at_its_own_kind_alone(merchant: Merchant) -> None:
    made = await merchant.create(
        "/channels", {"kind": "webchat", "name": "Chat", "credentials": {"allowed_origins": []}}
    )
    for address in (f"telegram/{made['id']}", f"webchat/{new_id()}", f"stripe/{made['id']}"):
        assert (await merchant.api.post(f"{HOST}/{address}", json={})).status_code == 404, address


@pytest.mark.parametrize("kind", ["telegram", "telegram/below", "stripe"])
async def test_a_body_larger_than_any_provider_sends_is_refused(merchant: Merchant, kind: str) -> None:
    kind, _, below = kind.partition("/")
    address = await _address(merchant, kind)
    fits, too_large = b" " * webhooks._MOST_BYTES, b" " * (webhooks._MOST_BYTES + 1)
    path = f"{address}/{below}" if below else address
    assert (await merchant.api.post(path, content=fits)).status_code in {400, 401}
    assert (await merchant.api.post(path, content=too_large)).status_code == 413


async def _address(merchant: Merchant, kind: str) -> str:
    if kind == "stripe":
        secrets = {"secret_key": "sk_test_webhooks", "webhook_secret": "whsec_dGVzdHM"}
        account = await merchant.create("/payment-accounts", {"kind": kind, "credentials": secrets})
    else:
        account = await merchant.create(
            "/channels", {"kind": kind, "name": kind, "credentials": {"bot_token": "5550001:AA-token"},
                          "api_base": "http://127.0.0.1:9"},
        )  # fmt: skip
    return f"{HOST}/{kind}/{account['id']}"


async def test_addresses_that_strangers_make_up_fill_no_counters(merchant: Merchant) -> None:
    for kind in ("made-up", "invented", "stripe-x"):
        assert (await merchant.api.post(f"{HOST}/{kind}/{new_id()}", json={})).status_code == 404
    counted = (await merchant.api.get("http://shop.test/metrics")).text
    assert f'storefront_webhook_refused_total{{kind="unknown",status="404",process="{os.getpid()}"}}' in counted
    assert "made-up" not in counted
    assert "invented" not in counted
