"""Payment accounts over the API: the secrets stay inside, and one is removed only when another takes the money."""

from typing import Any

from tests.storefront.api.conftest import Merchant


def form(number: int) -> dict[str, Any]:
    """A Stripe account as a merchant enters it."""
    return {"kind": "stripe", "credentials": {"secret_key": f"sk_test_{number}", "webhook_secret": f"whsec_{number}"}}


async def test_an_account_is_changed_and_shows_no_secret(merchant: Merchant) -> None:
    made = await merchant.create("/payment-accounts", form(1))
    assert made["credentials"] == {"secret_key": {"set": True}, "webhook_secret": {"set": True}}
    changed = await merchant.api.patch(
        f"/payment-accounts/{made['id']}",
        json={"credentials": form(1)["credentials"] | {"webhook_secret": ["whsec_2"]}},
    )
    assert changed.json() == made | {"revision": 2}


async def test_an_account_is_changed_only_from_the_one_that_was_read(merchant: Merchant) -> None:
    made = await merchant.api.post("/payment-accounts", json=form(1))
    path = f"http://shop.test{made.headers['location']}"
    read = await merchant.api.get(path)
    assert (read.json(), read.headers["etag"]) == (made.json(), made.headers["etag"])
    based = {"if-match": read.headers["etag"]}
    body = {"credentials": form(1)["credentials"]}
    first, late = [await merchant.api.patch(path, json=body, headers=based) for _ in range(2)]
    assert (first.status_code, late.status_code) == (200, 412)
    assert (await merchant.api.get(path)).headers["etag"] == first.headers["etag"]


async def test_the_active_account_stays_until_another_is_active(merchant: Merchant) -> None:
    first, second = [await merchant.create("/payment-accounts", form(number)) for number in (1, 2)]
    path = f"/payment-accounts/{first['id']}"
    refused = await merchant.api.delete(path)
    assert (refused.status_code, refused.json()["code"]) == (409, "payment_account_in_use")
    assert (await merchant.api.post(f"/payment-accounts/{second['id']}/activate")).json()["active"]
    assert (await merchant.api.delete(path)).status_code == 204
    assert [one["id"] for one in (await merchant.api.get("/payment-accounts")).json()["items"]] == [second["id"]]
    gone = [
        await merchant.api.delete(path),
        await merchant.api.patch(path, json={"credentials": form(1)["credentials"]}),
        await merchant.api.post(f"{path}/activate"),
        await merchant.api.post(f"http://shop.test/webhooks/stripe/{first['id']}", content=b"{}"),
    ]
    assert [answer.status_code for answer in gone] == [404, 404, 404, 404]
