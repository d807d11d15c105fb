"""Refunds: bounded by what was captured, asked for once, told when they fail."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.kernel.errors import Conflict, Invalid
from catalog.kernel.ids import new_id
from catalog.kernel.money import Money
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.shops.models import Shop
from checkout.payments import refunds, service
from checkout.payments.errors import Disputed, RefundTooLarge
from checkout.payments.events import RefundFailed, RefundRequested, RefundSucceeded
from checkout.payments.service import PaymentView
from checkout.payments.states import RefundState
from tests.checkout.payments.factories import captured, hear, make_payment, news, refund_news, session_news
from tests.checkout.payments.values import euros


async def _captured(uow: UnitOfWork) -> PaymentView:
    payment = await make_payment(uow)
    await hear(uow, payment.account_id, captured(payment))
    return await service.get_payment(uow, payment.id)


async def test_refunds_never_exceed_what_was_captured(shop: Shop, uow: UnitOfWork) -> None:
    payment = await _captured(uow)
    first = await refunds.request(uow, order_id=payment.order_id, amount=euros(5000), reason="x")
    with pytest.raises(RefundTooLarge) as refusal:
        await refunds.request(uow, order_id=payment.order_id, amount=euros(471), reason="x")
    assert refusal.value.values["left_minor"] == 470
    rest = await refunds.request(uow, order_id=payment.order_id, amount=None, reason="x")
    assert (first.amount.minor + rest.amount.minor, rest.state) == (5470, RefundState.REQUESTED)
    with pytest.raises(RefundTooLarge):
        await refunds.request(uow, order_id=payment.order_id, amount=None, reason="x")


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wishes=st.lists(st.tuples(st.integers(1, 6000), st.sampled_from(RefundState)), max_size=6))
async def test_whatever_is_asked_the_sum_stays_within_the_capture(
    shop: Shop, uow: UnitOfWork, wishes: list[tuple[int, RefundState]]
) -> None:
    payment = await make_payment(uow, session=f"cs_{new_id().hex}")
    intent = f"pi_{new_id().hex}"
    await hear(uow, payment.account_id, captured(payment, session=payment.provider_id or "", intent=intent))
    for minor, state in wishes:
        try:
            made = await refunds.request(uow, order_id=payment.order_id, amount=euros(minor), reason="x")
        except RefundTooLarge:
            continue
        if state != RefundState.REQUESTED:
            event = refund_news(intent=intent, refund=f"re_{made.id.hex}", amount=minor, status=state, ours=made.id)
            await hear(uow, payment.account_id, event)
        counted = [
            refund.amount.minor
            for refund in await refunds.refunds(uow, payment.order_id)
            if refund.state not in {RefundState.FAILED, RefundState.CANCELED}
        ]
        assert sum(counted) <= 5470


async def test_nothing_paid_means_nothing_to_refund(shop: Shop, uow: UnitOfWork) -> None:
    payment = await make_payment(uow)
    with pytest.raises(RefundTooLarge):
        await refunds.request(uow, order_id=payment.order_id, amount=None, reason="x")


@pytest.mark.parametrize("amount", [Money(100, "USD"), euros(0), euros(-5)])
async def test_other_money_and_no_money_are_refused(shop: Shop, uow: UnitOfWork, amount: Money) -> None:
    payment = await _captured(uow)
    with pytest.raises(Invalid):
        await refunds.request(uow, order_id=payment.order_id, amount=amount, reason="x")


async def test_the_same_return_is_refunded_once_until_its_refund_fails(shop: Shop, uow: UnitOfWork) -> None:
    payment = await _captured(uow)
    return_id = new_id()
    wish = {"order_id": payment.order_id, "amount": euros(1990), "reason": "return", "return_id": return_id}
    first = await refunds.request(uow, **wish)  # type: ignore[arg-type]  # a mapping of mixed values
    assert (await refunds.request(uow, **wish)).id == first.id  # type: ignore[arg-type]  # as above
    await hear(uow, payment.account_id, refund_news(status="failed", ours=first.id))
    assert (await refunds.get_refund(uow, first.id)).state == RefundState.FAILED
    assert (await refunds.request(uow, **wish)).id != first.id  # type: ignore[arg-type]  # as above


async def test_a_refund_that_comes_back_days_later_is_owed_again_and_told(shop: Shop, uow: UnitOfWork) -> None:
    payment = await _captured(uow)
    made = await refunds.request(uow, order_id=payment.order_id, amount=None, reason="x")
    for status in ("pending", "succeeded", "succeeded", "failed", "failed", "succeeded"):
        await hear(uow, payment.account_id, refund_news(status=status, ours=made.id, amount=5470))
    after = await refunds.get_refund(uow, made.id)
    assert (after.state, after.failure) == (RefundState.FAILED, "expired_or_canceled_card")
    told = [
        type(event) for event in uow.recorded if isinstance(event, RefundRequested | RefundSucceeded | RefundFailed)
    ]
    assert told == [RefundRequested, RefundSucceeded, RefundFailed]
    assert (await refunds.request(uow, order_id=payment.order_id, amount=None, reason="again")).amount == euros(5470)


async def test_a_refund_made_at_the_provider_counts_like_ours(shop: Shop, uow: UnitOfWork) -> None:
    payment = await _captured(uow)
    await hear(uow, payment.account_id, refund_news(amount=5000))
    found = await refunds.refunds(uow, payment.order_id)
    assert [(refund.origin, refund.amount, refund.provider_id) for refund in found] == [
        ("provider", euros(5000), "re_1")
    ]
    with pytest.raises(RefundTooLarge):
        await refunds.request(uow, order_id=payment.order_id, amount=euros(471), reason="x")


async def test_a_refund_that_is_called_off_at_the_provider_is_owed_again_and_told(shop: Shop, uow: UnitOfWork) -> None:
    payment = await _captured(uow)
    made = await refunds.request(uow, order_id=payment.order_id, amount=None, reason="x")
    for status in ("pending", "canceled"):
        await hear(uow, payment.account_id, refund_news(status=status, ours=made.id, amount=5470))
    assert (await refunds.get_refund(uow, made.id)).state == RefundState.CANCELED
    assert [type(event) for event in uow.recorded][-1] is RefundFailed
    assert (await refunds.request(uow, order_id=payment.order_id, amount=None, reason="again")).amount == euros(5470)


async def test_a_provider_refund_that_arrives_before_the_payment_waits_for_it(shop: Shop, uow: UnitOfWork) -> None:
    payment = await make_payment(uow)
    await hear(uow, payment.account_id, refund_news(amount=1000))
    assert await refunds.refunds(uow, payment.order_id) == []
    await hear(uow, payment.account_id, captured(payment))
    assert [refund.amount for refund in await refunds.refunds(uow, payment.order_id)] == [euros(1000)]


async def test_a_dispute_that_began_as_an_inquiry_holds_the_money_when_it_is_heard_newest_first(
    shop: Shop, uow: UnitOfWork
) -> None:
    payment = await _captured(uow)
    dispute = {"id": "du_1", "object": "dispute", "amount": 5470, "currency": "eur", "payment_intent": "pi_1"}
    for kind, status in (
        ("funds_withdrawn", "needs_response"), ("updated", "needs_response"), ("created", "warning_needs_response"),
    ):  # fmt: skip
        await hear(uow, payment.account_id, news(f"charge.dispute.{kind}", dispute | {"status": status}))
    with pytest.raises(Disputed):
        await refunds.request(uow, order_id=payment.order_id, amount=None, reason="")


async def test_a_disputed_payment_is_not_refunded_too(shop: Shop, uow: UnitOfWork) -> None:
    payment = await _captured(uow)
    dispute = {"id": "du_1", "object": "dispute", "status": "needs_response", "amount": 5470, "currency": "eur"}
    await hear(uow, payment.account_id, news("charge.dispute.created", dispute | {"payment_intent": "pi_1"}))
    with pytest.raises(Disputed):
        await refunds.request(uow, order_id=payment.order_id, amount=None, reason="x")


async def test_a_refund_waits_until_the_providers_payment_is_known(shop: Shop, uow: UnitOfWork) -> None:
    payment = await make_payment(uow)
    paid = session_news(payment, kind="checkout.session.completed", status="complete", paid="paid")
    await hear(uow, payment.account_id, paid)
    made = await refunds.request(uow, order_id=payment.order_id, amount=None, reason="x")
    with pytest.raises(Conflict, match="is not known yet"):
        await refunds.to_perform(uow, made.id)
    await hear(uow, payment.account_id, captured(payment))
    sent = await refunds.to_perform(uow, made.id)
    assert sent is not None
    assert (sent.order.intent_id, sent.doubtful) == ("pi_1", False)


async def test_a_refund_that_is_on_its_way_is_refused_no_more(shop: Shop, uow: UnitOfWork) -> None:
    payment = await _captured(uow)
    made = await refunds.request(uow, order_id=payment.order_id, amount=None, reason="x")
    await hear(uow, payment.account_id, refund_news(status="pending", ours=made.id, amount=5470))
    await refunds.refused(uow, made.id, "an answer that came late")
    after = await refunds.get_refund(uow, made.id)
    assert (after.state, after.failure) == (RefundState.PENDING, None)
    assert not [event for event in uow.recorded if isinstance(event, RefundFailed)]


async def test_what_to_send_is_the_same_until_the_key_is_spoilt(shop: Shop, uow: UnitOfWork) -> None:
    payment = await _captured(uow)
    made = await refunds.request(uow, order_id=payment.order_id, amount=None, reason="x")
    first = await refunds.to_perform(uow, made.id)
    second = await refunds.to_perform(uow, made.id)
    assert first is not None
    assert second is not None
    assert first.order == second.order
    assert (first.doubtful, second.doubtful) == (False, True)
    assert first.order.idempotency_key == f"{payment.order_id}:refund:{made.id}"
    await refunds.answer_spoilt(uow, made.id)
    third = await refunds.to_perform(uow, made.id)
    assert third is not None
    assert third.order.idempotency_key == f"{payment.order_id}:refund:{made.id}:2"
    await refunds.refused(uow, made.id, "charge_already_refunded")
    assert await refunds.to_perform(uow, made.id) is None
