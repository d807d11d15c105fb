"""Stock over the API: counted anew, or changed by what was found and lost."""

from catalog.kernel.unit_of_work import Units
from tests.checkout.factories import TEE, make_variant
from tests.storefront.api.conftest import Merchant


async def test_stock_is_changed_by_what_was_found_or_lost(merchant: Merchant, units: Units) -> None:
    async with units(merchant.shop_id) as uow:
        await make_variant(uow, stock=5)
    key = {"idempotency-key": "two broke"}
    for _ in range(2):
        answer = await merchant.api.post(f"/stock/{TEE}", json={"delta": -2}, headers=key)
        assert (answer.status_code, answer.json()["on_hand"]) == (200, 3)
    assert (await merchant.api.post(f"/stock/{TEE}", json={"delta": 4})).json()["on_hand"] == 7
    refused = await merchant.api.post(f"/stock/{TEE}", json={"delta": -8})
    assert (refused.status_code, refused.json()["pointer"]) == (422, "/delta")
    assert (await merchant.api.post("/stock/NOTHING", json={"delta": 1})).status_code == 404
    assert (await merchant.api.get(f"/stock/{TEE}")).json()["on_hand"] == 7


async def test_a_count_is_set_only_over_the_one_it_is_based_on(merchant: Merchant, units: Units) -> None:
    async with units(merchant.shop_id) as uow:
        await make_variant(uow, stock=5)
    read = await merchant.api.get(f"/stock/{TEE}")
    assert read.headers["etag"] == '"5"'
    await merchant.api.post(f"/stock/{TEE}", json={"delta": -1})
    tagged = {"if-match": read.headers["etag"]}
    late = await merchant.api.put(f"/stock/{TEE}", json={"on_hand": 9}, headers=tagged)
    assert (late.status_code, late.json()["code"]) == (412, "precondition_failed")
    newest = {"if-match": (await merchant.api.get(f"/stock/{TEE}")).headers["etag"]}
    assert (await merchant.api.put(f"/stock/{TEE}", json={"on_hand": 9}, headers=newest)).json()["on_hand"] == 9
