"""Keys: how often one may ask, and from when on it may ask again."""

import pytest

from catalog.kernel.secrets import fingerprint
from storefront.api import access
from tests.storefront.api.conftest import Merchant


async def test_a_key_over_its_rate_is_told_to_slow_down(merchant: Merchant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "_PER_SECOND", 0.0)
    assert (await merchant.api.get("/shop")).status_code == 200
    _kept_of(merchant).tokens = 1.5
    assert (await merchant.api.get("/shop")).status_code == 200
    refused = await merchant.api.get("/shop")
    assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")


async def test_a_key_that_rested_may_ask_again_at_once(merchant: Merchant) -> None:
    assert (await merchant.api.get("/shop")).status_code == 200
    kept = _kept_of(merchant)
    kept.tokens, kept.at, kept.until = 0.0, kept.at - 60, kept.at - 50  # a burst, then a minute of rest
    assert (await merchant.api.get("/shop")).status_code == 200


def _kept_of(merchant: Merchant) -> access._Seen:
    key = merchant.api.headers["authorization"].removeprefix("Bearer ")
    return access._seen[fingerprint(key)]
