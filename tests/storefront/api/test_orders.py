"""Orders over the API: refunds by lines, and parcels of what is disputed."""

from uuid import UUID

from catalog.kernel.unit_of_work import Units
from checkout.orders.settling import settle
from checkout.payments import service as payments
from checkout.returns import service as returns
from tests.checkout.factories import TEE, make_capture, make_order, make_variant
from tests.checkout.payments.factories import hear, news
from tests.storefront.api.conftest import Merchant


async def _paid_order(units: Units, shop_id: UUID) -> tuple[UUID, UUID]:
    async with units(shop_id) as uow:
        await make_variant(uow)
        order = await make_order(uow, {TEE: 2}, paid=True)
        return order.id, await make_capture(uow, order)


async def test_lines_are_refunded_for_what_they_cost(merchant: Merchant, units: Units) -> None:
    order_id, _ = await _paid_order(units, merchant.shop_id)
    path = f"/orders/{order_id}/refunds"
    made = await merchant.create(path, {"lines": [{"sku": TEE, "quantity": 1}], "reason": "too wide"})
    assert (made["amount"], made["reason"]) == ({"minor": 2490, "currency": "EUR"}, "too wide")
    assert (made["lines"], made["shipping"]["minor"]) == ([{"sku": TEE, "quantity": 1}], 0)
    shown = (await merchant.api.get(f"/orders/{order_id}")).json()
    assert [(line["quantity"], line["refundable"]) for line in shown["lines"]] == [(2, 1)]
    assert shown["refunds"] == [made]
    refused = (await merchant.api.post(path, json={"lines": [{"sku": TEE, "quantity": 2}]})).json()
    assert refused["detail"] == f"{TEE}: 2 wanted, 1 left to refund"
    for body, pointer in (
        ({"lines": []}, "/lines"),
        ({"lines": [{"sku": TEE, "quantity": 3}]}, "/lines/0/quantity"),
        ({"lines": [{"sku": TEE, "quantity": 1}], "amount": {"minor": 1, "currency": "EUR"}}, "/lines"),
    ):
        refused = await merchant.api.post(path, json=body)
        assert (refused.status_code, refused.json()["pointer"]) == (422, pointer)
    assert (await merchant.create(path, {}))["amount"]["minor"] == 2490


async def test_a_refund_without_a_body_is_of_the_rest(merchant: Merchant, units: Units) -> None:
    order_id, _ = await _paid_order(units, merchant.shop_id)
    await merchant.create(f"/orders/{order_id}/refunds", {"lines": [{"sku": TEE, "quantity": 1}]})
    rest = await merchant.api.post(f"/orders/{order_id}/refunds")
    assert (rest.status_code, rest.json()["amount"]["minor"]) == (201, 2490)


async def test_a_disputed_order_is_shipped_only_at_the_merchants_word(merchant: Merchant, units: Units) -> None:
    order_id, payment_id = await _paid_order(units, merchant.shop_id)
    async with units(merchant.shop_id) as uow:
        payment = await payments.get_payment(uow, payment_id)
        dispute = {
            "id": "du_1", "object": "dispute", "status": "needs_response", "amount": 4980, "currency": "eur",
            "payment_intent": payment.intent_id,
        }  # fmt: skip
        await hear(uow, payment.account_id, news("charge.dispute.created", dispute))
    (shown,) = (await merchant.api.get(f"/orders/{order_id}")).json()["payments"]
    assert shown["disputed"]
    path = f"/orders/{order_id}/fulfilments"
    refused = await merchant.api.post(path, json={"carrier": "dhl"})
    assert (refused.status_code, refused.json()["code"]) == (409, "payment_disputed")
    assert "repeat with despite_dispute" in refused.json()["detail"]
    await merchant.create(path, {"carrier": "dhl", "despite_dispute": True})


async def test_of_two_payments_that_differ_one_is_accepted_and_the_other_goes_back(
    merchant: Merchant, units: Units
) -> None:
    async with units(merchant.shop_id) as uow:
        await make_variant(uow)
        order = await make_order(uow)
        for attempt, minor in ((2, 4970), (3, 4960)):
            payment_id = await make_capture(uow, order)
            await uow.execute(
                "UPDATE payment SET attempt = $2, captured_minor = $3 WHERE id = $1", payment_id, attempt, minor
            )
        await settle(uow, order.id)
    shown = (await merchant.api.get(f"/orders/{order.id}")).json()
    assert (shown["state"], shown["refunds"]) == ("exception", [])
    accepted = (await merchant.api.post(f"/orders/{order.id}/accept")).json()
    assert (accepted["state"], [each["amount"]["minor"] for each in accepted["refunds"]]) == ("paid", [4960])


async def test_the_rest_of_a_partly_sent_order_is_cancelled(merchant: Merchant, units: Units) -> None:
    order_id, _ = await _paid_order(units, merchant.shop_id)
    path = f"/orders/{order_id}/cancel-rest"
    refused = await merchant.api.post(path)
    assert (refused.status_code, refused.json()["code"]) == (409, "not_partly_sent")
    await merchant.create(f"/orders/{order_id}/fulfilments", {"lines": [{"sku": TEE, "quantity": 1}]})
    closed = (await merchant.api.post(path)).json()
    assert (closed["state"], [each["amount"]["minor"] for each in closed["refunds"]]) == ("closed", [2490])
    assert (await merchant.api.post(path, json={"refund": False})).json() == closed


async def test_a_return_that_brings_no_money_is_closed_once(merchant: Merchant, units: Units) -> None:
    order_id, _ = await _paid_order(units, merchant.shop_id)
    await merchant.create(f"/orders/{order_id}/fulfilments", {})
    async with units(merchant.shop_id) as uow:
        asked = await returns.request(uow, order_id, lines=[(TEE, 1, "")])
    assert (await merchant.api.post(f"/returns/{asked.id}/approve")).status_code == 200
    await merchant.api.post(f"/returns/{asked.id}/receive", json={"refund": False})
    closed = [(await merchant.api.post(f"/returns/{asked.id}/close")).json() for _ in range(2)]
    assert [(each["state"], each["refund_id"]) for each in closed] == [("closed", None)] * 2


async def test_a_return_is_approved_with_a_label_and_a_code_or_without(merchant: Merchant, units: Units) -> None:
    order_id, _ = await _paid_order(units, merchant.shop_id)
    await merchant.create(f"/orders/{order_id}/fulfilments", {})
    async with units(merchant.shop_id) as uow:
        asked = await returns.request(uow, order_id, lines=[(TEE, 1, "")])
    label = {"label_url": "https://post.example/r/1", "code": "QR-77"}
    refused = await merchant.api.post(f"/returns/{asked.id}/approve", json={"label_url": "http://post.example/r/1"})
    assert (refused.status_code, refused.json()["pointer"]) == (422, "/label_url")
    approved = (await merchant.api.post(f"/returns/{asked.id}/approve", json=label)).json()
    assert approved | label == approved
    assert (await merchant.api.get(f"/returns/{asked.id}")).json() == approved


NOTHING = {"conversations": 0, "orders": 0, "returns": 0, "channels": 0}


async def test_what_waits_is_counted_whatever_the_length_of_the_lists(merchant: Merchant, units: Units) -> None:
    assert (await merchant.api.get("/reports/waiting")).json() == NOTHING
    order_id, _ = await _paid_order(units, merchant.shop_id)
    assert (await merchant.api.get("/reports/waiting")).json()["orders"] == 1
    await merchant.create(f"/orders/{order_id}/fulfilments", {"lines": [{"sku": TEE, "quantity": 1}]})
    assert (await merchant.api.get("/reports/waiting")).json()["orders"] == 1  # a second parcel is to be sent
    await merchant.create(f"/orders/{order_id}/fulfilments", {})
    async with units(merchant.shop_id) as uow:
        await returns.request(uow, order_id, lines=[(TEE, 1, "")])
    assert (await merchant.api.get("/reports/waiting")).json() == NOTHING | {"returns": 1}
