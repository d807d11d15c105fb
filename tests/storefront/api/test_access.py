"""Keys: how often one may ask, and from when on it may ask again."""

import time

from catalog.kernel.secrets import fingerprint
from storefront.api import access
from storefront.bucket import Bucket
from tests.storefront.api.conftest import Merchant


async def test_a_key_over_its_rate_is_told_to_slow_down(merchant: Merchant) -> None:
    assert (await merchant.api.get("/shop")).status_code == 200
    _kept_of(merchant).bucket = Bucket(per_second=0.0, burst=1)
    assert (await merchant.api.get("/shop")).status_code == 200
    refused = await merchant.api.get("/shop")
    assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")


async def test_a_key_goes_on_at_its_rate_when_it_is_looked_up_again(merchant: Merchant) -> None:
    assert (await merchant.api.get("/shop")).status_code == 200
    kept = _kept_of(merchant)
    kept.bucket, kept.until = Bucket(per_second=0.0, burst=0), time.monotonic() - 1
    assert (await merchant.api.get("/shop")).status_code == 429


def _kept_of(merchant: Merchant) -> access._Seen:
    key = merchant.api.headers["authorization"].removeprefix("Bearer ")
    return access._seen[fingerprint(key)]
