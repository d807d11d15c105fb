"""What a payment gateway keeps: same call same effect, three outcomes. Stripe's own description judges the wire."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from catalog.kernel.errors import Forged, Misconfigured, Unreadable
from catalog.kernel.ids import new_id
from catalog.kernel.money import Money
from catalog.kernel.secrets import Secret
from checkout.payments.errors import AmountNotPayable, ProviderDown, ProviderRefused
from checkout.payments.gateway import AttemptReport, Outcome, ProviderEvent, RefundOrder, RefundReport
from checkout.payments.states import RefundState
from checkout.payments.stripe import StripeCredentials, StripeGateway
from checkout.payments.stripe_signature import sign
from storefront.lab.stripe_double import sessions
from storefront.lab.stripe_double.delivery import compose
from storefront.lab.stripe_double.operations import tick
from tests.checkout.payments.description import description
from tests.checkout.payments.values import euros, make_attempt, make_line, make_order
from tests.checkout.payments.wiring import WEBHOOK_SECRET, Wired, wired


@pytest.fixture
async def pair() -> AsyncIterator[Wired]:
    async with wired() as made:
        made.double.configure_webhook("https://shop.example/webhooks/stripe/1", WEBHOOK_SECRET)
        yield made
        _judge(made)


def _judge(made: Wired) -> None:
    """Every request the client made and every answer and event the double gave fits Stripe's description."""
    judge = description()
    for request in made.wire.requests:
        assert judge.request_errors(request) == [], request.url
    for status, body in made.wire.answers:
        assert (judge.object_errors(body) if status == 200 else judge.error_errors(body)) == [], body
    for event in made.double.objects["event"].values():
        assert judge.object_errors(event) == [], event["type"]


def _attempt(event: ProviderEvent) -> AttemptReport:
    assert isinstance(event.report, AttemptReport)
    return event.report


def _refund(event: ProviderEvent) -> RefundReport:
    assert isinstance(event.report, RefundReport)
    return event.report


async def _paid(pair: Wired, *, total: int = 5470) -> tuple[str, RefundOrder]:
    order = make_order(total=total)
    opened = await pair.gateway.open_session(make_attempt(order), order)
    sessions.pay(pair.double, opened.session_id, method="card", email=None, name=None)
    report = _attempt(await pair.gateway.fetch_session(opened.session_id))
    assert report.intent_id is not None
    refund_id = new_id()
    wanted = RefundOrder(
        refund_id, order.order_id, report.intent_id, euros(1990), f"{order.order_id}:refund:{refund_id}"
    )
    return opened.session_id, wanted


async def test_a_session_carries_exactly_the_orders_total_and_its_id(pair: Wired) -> None:
    order = make_order()
    opened = await pair.gateway.open_session(make_attempt(order), order)
    made = pair.double.objects["checkout.session"][opened.session_id]
    assert made["amount_total"] == order.total.minor == 5470
    assert made["client_reference_id"] == str(order.order_id) == made["metadata"]["order_id"]
    assert opened.url.endswith("#fidkdWxOYHwnPyd1blpxYHZxWjA0")
    assert _attempt(opened.event).outcome is None


@pytest.mark.parametrize("total", [0, 51, 4981, 5469, 5470])
async def test_a_discount_leaves_the_total_exact(pair: Wired, total: int) -> None:
    order = make_order(make_line(1667, quantity=3), make_line(99, quantity=1, sku="B"), shipping=370, total=total)
    opened = await pair.gateway.open_session(make_attempt(order), order)
    assert pair.double.objects["checkout.session"][opened.session_id]["amount_total"] == total


async def test_the_same_attempt_opens_the_same_page(pair: Wired) -> None:
    order = make_order()
    attempt = make_attempt(order)
    first = await pair.gateway.open_session(attempt, order)
    assert (await pair.gateway.open_session(attempt, order)).session_id == first.session_id
    assert len(pair.double.objects["checkout.session"]) == 1


async def test_an_answer_that_never_arrived_is_asked_for_again_under_the_same_key(pair: Wired) -> None:
    pair.double.faults.cut_next = 1
    order = make_order()
    opened = await pair.gateway.open_session(make_attempt(order), order)
    assert list(pair.double.objects["checkout.session"]) == [opened.session_id]
    assert len(pair.wire.requests) == 2


async def test_while_the_provider_is_down_the_refusal_says_that_later_is_right(pair: Wired) -> None:
    pair.double.faults.down = True
    order = make_order()
    with pytest.raises(ProviderDown):
        await pair.gateway.open_session(make_attempt(order), order)
    pair.double.faults.down = False
    await pair.gateway.open_session(make_attempt(order), order)


async def test_too_many_calls_are_told_as_unavailable(pair: Wired) -> None:
    pair.double.faults.rate_limit_next = 1
    with pytest.raises(ProviderDown):
        await pair.gateway.check()
    assert (await pair.gateway.check()).live is False


async def test_a_stored_fault_is_known_by_its_answer(pair: Wired) -> None:
    pair.double.faults.error_500_stored_next = 1
    order = make_order()
    with pytest.raises(ProviderDown) as refusal:
        await pair.gateway.open_session(make_attempt(order), order)
    assert refusal.value.values["stored"] is True


async def test_the_same_key_for_another_order_is_refused(pair: Wired) -> None:
    order, other = make_order(), make_order(make_line(100))
    attempt = make_attempt(order)
    await pair.gateway.open_session(attempt, order)
    with pytest.raises(ProviderRefused):
        await pair.gateway.open_session(attempt, other)


async def test_a_wrong_key_names_the_operators_next_step(pair: Wired) -> None:
    broken = StripeGateway(
        StripeCredentials(Secret("sk_live_wrong"), ()), api_base="https://stripe.example", http=pair.http
    )
    with pytest.raises(Misconfigured, match="storefront doctor"):
        await broken.check()


async def test_a_total_below_the_least_charge_is_refused_before_any_call(pair: Wired) -> None:
    order = make_order(make_line(20, quantity=1), shipping=0)
    with pytest.raises(AmountNotPayable):
        await pair.gateway.open_session(make_attempt(order), order)
    assert pair.wire.requests == []


async def test_a_paid_page_is_captured_with_its_amount(pair: Wired) -> None:
    session_id, _ = await _paid(pair)
    report = _attempt(await pair.gateway.fetch_session(session_id))
    assert (report.outcome, report.amount, report.payable) == (Outcome.CAPTURED, euros(5470), False)


async def test_a_free_order_is_captured_at_once(pair: Wired) -> None:
    order = make_order(total=0)
    opened = await pair.gateway.open_session(make_attempt(order), order)
    sessions.pay(pair.double, opened.session_id, method="card", email=None, name=None)
    report = _attempt(await pair.gateway.fetch_session(opened.session_id))
    assert (report.outcome, report.amount, report.intent_id) == (Outcome.CAPTURED, euros(0), None)


async def test_a_declined_card_leaves_the_page_payable(pair: Wired) -> None:
    order = make_order()
    opened = await pair.gateway.open_session(make_attempt(order), order)
    assert sessions.pay(pair.double, opened.session_id, method="declined:x", email=None, name=None) == "declined"
    assert _attempt(await pair.gateway.fetch_session(opened.session_id)).payable
    assert sessions.pay(pair.double, opened.session_id, method="card", email=None, name=None) == "paid"


@pytest.mark.parametrize(("method", "outcome"), [("sepa", Outcome.CAPTURED), ("sepa_fails", Outcome.FAILED)])
async def test_delayed_money_is_pending_and_then_decided(pair: Wired, method: str, outcome: Outcome) -> None:
    order = make_order()
    opened = await pair.gateway.open_session(make_attempt(order), order)
    sessions.pay(pair.double, opened.session_id, method=method, email=None, name=None)
    assert _attempt(await pair.gateway.fetch_session(opened.session_id)).outcome is Outcome.PENDING
    sessions.money_arrives(pair.double, opened.session_id, fails=method == "sepa_fails")
    assert _attempt(await pair.gateway.fetch_session(opened.session_id)).outcome is outcome


async def test_closing_a_page_that_was_just_paid_says_that_it_is_paid(pair: Wired) -> None:
    session_id, _ = await _paid(pair)
    assert _attempt(await pair.gateway.expire_session(session_id)).outcome is Outcome.CAPTURED


async def test_a_closed_page_takes_no_money(pair: Wired) -> None:
    order = make_order()
    opened = await pair.gateway.open_session(make_attempt(order), order)
    report = _attempt(await pair.gateway.expire_session(opened.session_id))
    assert (report.outcome, report.payable) == (None, False)
    assert sessions.pay(pair.double, opened.session_id, method="card", email=None, name=None) == "expired"
    assert _attempt(await pair.gateway.expire_session(opened.session_id)) == report


async def test_a_page_runs_out_by_the_doubles_own_time(pair: Wired) -> None:
    order = make_order()
    opened = await pair.gateway.open_session(make_attempt(order), order)
    later = pair.double.now() + 3600
    pair.double.now_source = lambda: later
    tick(pair.double)
    assert _attempt(await pair.gateway.fetch_session(opened.session_id)).payable is False


async def test_a_refund_repeated_is_one_refund_and_can_be_found_by_our_id(pair: Wired) -> None:
    _, wanted = await _paid(pair)
    assert await pair.gateway.find_refund(wanted.intent_id, wanted.refund_id) is None
    first = _refund(await pair.gateway.refund(wanted))
    assert _refund(await pair.gateway.refund(wanted)) == first
    assert (first.state, first.amount, first.refund_id) == (RefundState.SUCCEEDED, euros(1990), wanted.refund_id)
    found = await pair.gateway.find_refund(wanted.intent_id, wanted.refund_id)
    assert found is not None
    assert _refund(found) == first == _refund(await pair.gateway.fetch_refund(first.provider_id))


async def test_a_refund_above_the_rest_is_refused(pair: Wired) -> None:
    _, wanted = await _paid(pair, total=2000)
    await pair.gateway.refund(wanted)
    again = RefundOrder(new_id(), wanted.order_id, wanted.intent_id, euros(11), "another key")
    with pytest.raises(ProviderRefused):
        await pair.gateway.refund(again)


async def test_signed_news_is_understood_and_forged_news_is_not(pair: Wired) -> None:
    session_id, _ = await _paid(pair)
    now = datetime.now(UTC)
    webhooks = [compose(pair.double, entry) for entry in pair.double.deliveries]
    heard = [
        pair.gateway.verify_and_parse_webhook(webhook.body, webhook.headers["Stripe-Signature"], now)
        for webhook in webhooks
    ]
    assert {event.kind for event in heard} == {
        "payment_intent.succeeded",
        "charge.succeeded",
        "checkout.session.completed",
    }
    done = next(_attempt(event) for event in heard if event.kind == "checkout.session.completed")
    assert (done.session_id, done.outcome) == (session_id, Outcome.CAPTURED)
    body, header = webhooks[0].body, webhooks[0].headers["Stripe-Signature"]
    for forged_body, forged_header in ((body + b" ", header), (body, None), (body, "t=1"), (body, header[:-1] + "x")):
        with pytest.raises(Forged):
            pair.gateway.verify_and_parse_webhook(forged_body, forged_header, now)


@pytest.mark.parametrize("minutes", [-6, 6])
async def test_a_signature_too_old_or_from_the_future_is_forged(pair: Wired, minutes: int) -> None:
    await _paid(pair)
    webhook = compose(pair.double, pair.double.deliveries[0])
    with pytest.raises(Forged):
        pair.gateway.verify_and_parse_webhook(
            webhook.body, webhook.headers["Stripe-Signature"], datetime.now(UTC) + timedelta(minutes=minutes)
        )


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff\xfe", b'{"object":"v2.core.event"}', b'{"object":"event"}'])
async def test_well_signed_nonsense_is_unreadable(pair: Wired, body: bytes) -> None:
    now = datetime.now(UTC)
    header = sign(body, Secret(WEBHOOK_SECRET), int(now.timestamp()))
    with pytest.raises(Unreadable):
        pair.gateway.verify_and_parse_webhook(body, header, now)


async def test_the_reconciler_reads_what_webhooks_told_and_no_more(pair: Wired) -> None:
    session_id, wanted = await _paid(pair)
    await pair.gateway.refund(wanted)
    since = datetime.now(UTC) - timedelta(hours=1)
    heard = [event async for event in pair.gateway.events_since(since)]
    assert {event.kind for event in heard} == {
        "payment_intent.succeeded",
        "checkout.session.completed",
        "refund.created",
        "charge.refunded",
    }
    told = pair.double.objects["event"]
    assert all(event.event_id in told for event in heard)
    assert session_id in {event.report.session_id for event in heard if isinstance(event.report, AttemptReport)}


async def test_currencies_that_stripe_counts_differently_are_charged_exactly(pair: Wired) -> None:
    for currency, minor, units in (("JPY", 500, 500), ("ISK", 500, 50_000), ("KWD", 5120, 5120), ("HUF", 99900, 99900)):
        order = make_order(make_line(minor, quantity=1, currency=currency), shipping=0, currency=currency)
        opened = await pair.gateway.open_session(make_attempt(order), order)
        assert pair.double.objects["checkout.session"][opened.session_id]["amount_total"] == units
        assert opened.amount == Money(minor, currency)
