"""Attempts to pay: used again while open, superseded when not, moved by news in any order."""

from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.kernel.ids import new_id
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.shops.models import Shop
from checkout.payments import ledger, service
from checkout.payments.events import DisputeClosed, PaymentDisputed, PaymentExpired, PaymentFailed
from checkout.payments.gateway import AttemptReport, DisputeReport, OpenedSession, Outcome
from checkout.payments.states import PAYMENT, PAYMENT_ORDER, PaymentState, advance
from tests.checkout.payments.factories import (
    captured,
    hear,
    make_account,
    make_payment,
    news,
    session_news,
    state_by_ledger,
)
from tests.checkout.payments.values import euros

_REPORTS = st.builds(AttemptReport, outcome=st.none() | st.sampled_from(Outcome), payable=st.booleans())


@given(st.lists(_REPORTS, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_news_does_not_matter(reports: list[AttemptReport], random: object) -> None:
    shuffled = list(reports) * 2
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    start = PaymentState.CREATED
    assert ledger.standing(start, shuffled) == ledger.standing(start, reports)


@given(st.sampled_from(PaymentState), st.sampled_from(PaymentState))
def test_every_step_forward_is_a_move_of_the_table(before: PaymentState, heard: PaymentState) -> None:
    after = advance(PAYMENT, PAYMENT_ORDER, before, heard)
    assert after == before or PAYMENT.can(before, after)


_OPEN = ("warning_needs_response", "warning_under_review", "needs_response", "under_review", "news_to_us")
_ENDS = ("warning_closed", "prevented", "won", "lost")


def _dispute(dispute_id: str, status: str) -> DisputeReport:
    return DisputeReport(dispute_id, status, status in _ENDS, euros(5470))


_DISPUTES = st.builds(_dispute, st.sampled_from(("du_1", "du_2", "du_3")), st.sampled_from(_OPEN + _ENDS))


@given(st.lists(_DISPUTES, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_news_of_disputes_does_not_matter(reports: list[DisputeReport], random: object) -> None:
    shuffled = list(reports) * 2
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    assert ledger.shown_dispute(shuffled) == ledger.shown_dispute(reports)


@pytest.mark.parametrize(
    ("heard", "shown"),
    [
        ("1 needs_response, 1 warning_needs_response", "1 needs_response"),
        ("1 won, 1 needs_response", "1 won"),
        ("1 needs_response, 2 warning_under_review", "1 needs_response"),
        ("1 warning_needs_response, 2 lost", "2 lost"),
        ("1 under_review, 2 lost", "1 under_review"),
        ("1 warning_needs_response, 2 won", "1 warning_needs_response"),
        ("1 lost, 2 won", "1 lost"),
        ("1 news_to_us, 1 needs_response", "1 news_to_us"),
    ],
)
def test_a_payment_shows_what_holds_its_money(heard: str, shown: str) -> None:
    reports = [_dispute(*each.split()) for each in heard.split(", ")]
    assert ledger.shown_dispute(reports) == _dispute(*shown.split())


async def test_an_open_page_is_used_again(shop: Shop, uow: UnitOfWork) -> None:
    order_id = new_id()
    first = await make_payment(uow, order_id=order_id, session=None)
    again = await make_payment(uow, order_id=order_id, session=None)
    assert first.id == again.id


async def test_a_page_about_to_close_is_superseded_and_named_for_closing(shop: Shop, uow: UnitOfWork) -> None:
    order_id = new_id()
    first = await make_payment(uow, order_id=order_id)
    uow.now += timedelta(minutes=44)
    second, to_close = await service.begin_attempt(
        uow, order_id=order_id, amount=euros(5470), cart_version=1, success_url="s", cancel_url="c"
    )
    assert (second.attempt, to_close) == (2, (first.id,))
    assert (await service.get_payment(uow, first.id)).state == PaymentState.SUPERSEDED
    assert (await service.stored_attempt(uow, second.id)).idempotency_key == f"{order_id}:checkout:1:2"


async def test_a_refused_attempt_gives_the_next_one_a_new_key(shop: Shop, uow: UnitOfWork) -> None:
    order_id = new_id()
    first = await make_payment(uow, order_id=order_id, session=None)
    await service.attempt_refused(uow, first.id, "amount_too_small")
    await service.attempt_refused(uow, first.id, "again")
    second = await make_payment(uow, order_id=order_id, session=None)
    assert (second.attempt, second.state) == (2, PaymentState.CREATED)
    assert (await service.get_payment(uow, first.id)).state == PaymentState.FAILED


async def test_a_webhook_faster_than_our_own_commit_finds_the_attempt_by_its_metadata(
    shop: Shop, uow: UnitOfWork
) -> None:
    payment = await make_payment(uow, session=None)
    assert payment.provider_id is None
    await hear(uow, payment.account_id, captured(payment))
    after = await service.get_payment(uow, payment.id)
    assert (after.state, after.captured, after.provider_id) == (PaymentState.CAPTURED, euros(5470), "cs_1")


async def test_a_page_that_is_superseded_before_it_is_made_is_to_be_closed(shop: Shop, uow: UnitOfWork) -> None:
    payment = await make_payment(uow, session=None)
    assert await service.supersede(uow, payment.order_id) == ()
    opened = OpenedSession(
        "cs_1", "https://pay.example/cs_1", payment.expires_at, payment.amount, session_news(payment)
    )
    for _ in range(2):
        kept = await service.attempt_opened(uow, payment.id, opened)
        assert (kept.state, kept.url) == (PaymentState.SUPERSEDED, opened.url)
    queued = await uow.fetch("SELECT task_name, args::jsonb->>'payment_id' AS of FROM procrastinate_jobs")
    assert [tuple(row) for row in queued] == [("payments.expire_session", str(payment.id))]


async def test_a_superseded_page_that_is_paid_all_the_same_is_captured(shop: Shop, uow: UnitOfWork) -> None:
    payment = await make_payment(uow)
    assert await service.supersede(uow, payment.order_id) == (payment.id,)
    await hear(uow, payment.account_id, captured(payment))
    assert (await service.get_payment(uow, payment.id)).state == PaymentState.CAPTURED
    assert await service.supersede(uow, payment.order_id) == ()


@pytest.mark.parametrize("order", list(permutations(range(4)))[::5])
async def test_a_page_paid_by_debit_ends_the_same_in_any_order_of_news(
    shop: Shop, uow: UnitOfWork, order: tuple[int, ...]
) -> None:
    payment = await make_payment(uow)
    pending = session_news(payment, kind="checkout.session.completed", status="complete", intent="pi_1")
    paid = session_news(
        payment, kind="checkout.session.async_payment_succeeded", status="complete", paid="paid", intent="pi_1"
    )
    heard = [pending, paid, session_news(payment, intent="pi_1"), pending]
    for index in order:
        await hear(uow, payment.account_id, heard[index])
    assert (await service.get_payment(uow, payment.id)).state == PaymentState.CAPTURED
    assert await state_by_ledger(uow, payment.id) == PaymentState.CAPTURED


async def test_a_bounced_debit_is_told_once(shop: Shop, uow: UnitOfWork) -> None:
    payment = await make_payment(uow)
    failed = session_news(payment, kind="checkout.session.async_payment_failed", status="complete", intent="pi_1")
    for _ in range(2):
        await hear(uow, payment.account_id, failed)
    assert [event for event in uow.recorded if isinstance(event, PaymentFailed)] == [
        PaymentFailed(payment.order_id, payment.id, None)
    ]


async def test_an_expired_page_is_told_once_and_money_after_it_is_kept(shop: Shop, uow: UnitOfWork) -> None:
    payment = await make_payment(uow)
    expired = session_news(payment, kind="checkout.session.expired", status="expired")
    await hear(uow, payment.account_id, expired)
    await hear(uow, payment.account_id, expired)
    assert sum(isinstance(event, PaymentExpired) for event in uow.recorded) == 1
    await hear(uow, payment.account_id, captured(payment))
    assert (await service.get_payment(uow, payment.id)).state == PaymentState.CAPTURED


async def test_a_declined_card_keeps_the_page_open(shop: Shop, uow: UnitOfWork) -> None:
    payment = await make_payment(uow)
    declined = news(
        "payment_intent.payment_failed",
        {
            "id": "pi_1",
            "object": "payment_intent",
            "status": "requires_payment_method",
            "amount": 5470,
            "currency": "eur",
            "last_payment_error": {"code": "card_declined", "decline_code": "generic_decline"},
            "metadata": {"order_id": str(payment.order_id), "attempt": "1"},
        },
    )
    await hear(uow, payment.account_id, declined)
    after = await service.get_payment(uow, payment.id)
    assert (after.state, after.closed, after.failure) == (PaymentState.OPEN, False, "generic_decline")


async def test_the_same_event_twice_is_one_line_of_the_ledger(shop: Shop, uow: UnitOfWork) -> None:
    payment = await make_payment(uow)
    event = captured(payment)
    assert await ledger.store_event(uow, payment.account_id, event) is not None
    assert await ledger.store_event(uow, payment.account_id, event) is None


async def test_news_of_a_payment_not_known_yet_waits_for_it(shop: Shop, uow: UnitOfWork) -> None:
    payment = await make_payment(uow)
    dispute = {
        "id": "du_1",
        "object": "dispute",
        "status": "needs_response",
        "amount": 5470,
        "currency": "eur",
        "payment_intent": "pi_1",
        "reason": "fraudulent",
        "evidence_details": {"due_by": 1_791_000_000},
    }
    await hear(uow, payment.account_id, news("charge.dispute.created", dispute))
    assert not (await service.get_payment(uow, payment.id)).disputed
    await hear(uow, payment.account_id, captured(payment))
    assert (await service.get_payment(uow, payment.id)).disputed
    closed = news("charge.dispute.closed", dispute | {"status": "won"})
    await hear(uow, payment.account_id, closed)
    await hear(uow, payment.account_id, news("charge.dispute.updated", dispute))
    assert not (await service.get_payment(uow, payment.id)).disputed
    told = [event for event in uow.recorded if isinstance(event, PaymentDisputed | DisputeClosed)]
    assert [type(event) for event in told] == [PaymentDisputed, DisputeClosed]
    assert [event.due_by for event in told if isinstance(event, PaymentDisputed)] == ["2026-10-03T04:00:00+00:00"]


async def test_two_disputes_at_a_time_are_each_told_and_each_hold_the_goods(shop: Shop, uow: UnitOfWork) -> None:
    payment = await make_payment(uow)
    await hear(uow, payment.account_id, captured(payment))

    async def say(dispute_id: str, kind: str, status: str) -> bool:
        dispute = {
            "id": dispute_id, "object": "dispute", "status": status, "amount": 1000, "currency": "eur",
            "payment_intent": "pi_1",
        }  # fmt: skip
        await hear(uow, payment.account_id, news(f"charge.dispute.{kind}", dispute))
        return (await service.get_payment(uow, payment.id)).disputed

    assert await say("du_1", "created", "needs_response")
    assert await say("du_2", "created", "needs_response")
    assert await say("du_2", "updated", "under_review")
    assert await say("du_1", "closed", "won")  # the second is still open
    assert not await say("du_2", "closed", "won")
    assert await say("du_3", "created", "needs_response")
    assert await say("du_3", "closed", "lost")
    assert await say("du_4", "closed", "won")  # the money of the third is gone all the same
    told = [
        (type(event).__name__, event.dispute_id)
        for event in uow.recorded
        if isinstance(event, PaymentDisputed | DisputeClosed)
    ]
    assert told == [
        ("PaymentDisputed", "du_1"), ("PaymentDisputed", "du_2"), ("DisputeClosed", "du_1"), ("DisputeClosed", "du_2"),
        ("PaymentDisputed", "du_3"), ("DisputeClosed", "du_3"), ("PaymentDisputed", "du_4"), ("DisputeClosed", "du_4"),
    ]  # fmt: skip


async def test_another_shops_session_on_the_same_account_is_kept_and_left_alone(shop: Shop, uow: UnitOfWork) -> None:
    account_id = await make_account(uow)
    foreign = news(
        "checkout.session.completed",
        {"id": "cs_9", "object": "checkout.session", "status": "complete", "payment_status": "paid", "metadata": {}},
    )
    await hear(uow, account_id, foreign)
    stored = await uow.fetchrow("SELECT payment_id, processed_at FROM payment_event WHERE shop_id = $1", uow.shop_id)
    assert stored is not None
    assert stored["payment_id"] is None
    assert stored["processed_at"] is not None
