"""The ledger of provider news, and what news does to attempts and refunds.

Payment state is a function of the ledger: each report says a state, the latest of them in the order of `states.py`
stands, so doubled and shuffled news changes nothing. The caller holds the lock of the order that `locate` names.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from catalog.kernel.ids import new_id
from catalog.kernel.unit_of_work import UnitOfWork
from checkout.payments import repository, stripe_reading
from checkout.payments.events import (
    DisputeClosed,
    FraudWarned,
    PaymentDisputed,
    PaymentExpired,
    PaymentFailed,
    RefundFailed,
    RefundSucceeded,
)
from checkout.payments.gateway import (
    AttemptReport,
    DisputeReport,
    FraudReport,
    Outcome,
    ProviderEvent,
    RefundReport,
    Report,
    Unconcerned,
)
from checkout.payments.models import Payment, PaymentEvent, Refund
from checkout.payments.states import (
    DISPUTE_ORDER,
    PAYMENT,
    PAYMENT_ORDER,
    REFUND,
    REFUND_ORDER,
    REFUNDABLE_DISPUTES,
    PaymentState,
    RefundState,
    advance,
    later,
)

# A word that is new at the provider holds the money like an open dispute.
_UNKNOWN_DISPUTE = DISPUTE_ORDER.index("under_review")
_GONE = frozenset({RefundState.FAILED, RefundState.CANCELED})


async def store_event(uow: UnitOfWork, account_id: UUID, event: ProviderEvent) -> UUID | None:
    """Keep news once; its id in the ledger, or None when it was there already."""
    order_id = getattr(event.report, "order_id", None)
    return await repository.store(uow, account_id, event, order_id=order_id)


async def locate(uow: UnitOfWork, account_id: UUID, report: Report) -> UUID | None:
    """The order that news speaks of, so that the caller can lock it before applying; None while unknown here."""
    payment = await _payment(uow, account_id, report)
    return payment.order_id if payment else None


async def apply_event(uow: UnitOfWork, account_id: UUID, ledger_id: UUID) -> UUID | None:
    """Do what a line of the ledger says, once; the order it changed, or None while its payment is unknown here.

    Lines that waited for this payment to become known are applied with it.
    """
    line = await repository.get_event(uow, ledger_id)
    if line.processed_at is not None:
        return None
    payment = await _apply_line(uow, account_id, line)
    if payment is None:
        return None
    for waiting in await repository.waiting_events(
        uow, account_id, order_id=payment.order_id, intent_id=payment.intent_id
    ):
        await _apply_line(uow, account_id, waiting)
    return payment.order_id


async def note_foreign(uow: UnitOfWork, account_id: UUID, ledger_id: UUID) -> None:
    """Finish with news that can never find a payment here; what may still find one goes on waiting."""
    line = await repository.get_event(uow, ledger_id)
    if line.processed_at is None and not _may_find_one(read_line(line)):
        await _apply_line(uow, account_id, line)


def heard_state(report: AttemptReport) -> PaymentState:
    """The state that a report, alone, says."""
    match report.outcome:
        case Outcome.CAPTURED:
            return PaymentState.CAPTURED
        case Outcome.PENDING:
            return PaymentState.PENDING
        case Outcome.FAILED if not report.payable:
            return PaymentState.FAILED
        case _:
            return PaymentState.OPEN if report.payable else PaymentState.EXPIRED


def standing(start: PaymentState, reports: Iterable[AttemptReport]) -> PaymentState:
    """The state after any number of reports in any order, from a state of our own making."""
    state = start
    for report in reports:
        state = later(PAYMENT_ORDER, state, heard_state(report))
    return state


def page_gone(session_id: str, now: datetime) -> ProviderEvent:
    """News of our own: a page is over, and the provider will not say how it ended."""
    return stripe_reading.look("look.session_gone", {"id": session_id, "created": int(now.timestamp())}, livemode=False)


def shown_dispute(reports: Sequence[DisputeReport]) -> DisputeReport:
    """What a payment shows of its disputes, heard in any order: it may have more than one, even at a time.

    Of each dispute the furthest that was heard; then one that holds the money, the open before the lost, else one that
    is open.
    """

    def far(one: DisputeReport) -> tuple[int, str, str]:
        rank = DISPUTE_ORDER.index(one.status) if one.status in DISPUTE_ORDER else _UNKNOWN_DISPUTE
        return rank, one.status, one.dispute_id

    furthest = {one.dispute_id: one for one in sorted(reports, key=far)}
    return max(furthest.values(), key=lambda one: (one.status not in REFUNDABLE_DISPUTES, not one.closed, far(one)))


def read_line(line: PaymentEvent) -> Report:
    """What a kept line of the ledger says."""
    return stripe_reading.reread(line.body)


def refund_failed(uow: UnitOfWork, refund: Refund) -> None:
    """The money came back or never left: the refund is over, and whoever owes it is told."""
    refund.settled_at = uow.now
    uow.record(
        RefundFailed(
            refund.order_id,
            refund.id,
            refund.return_id,
            refund.amount_minor,
            refund.currency,
            refund.reason,
            refund.failure,
        )
    )


async def _payment(uow: UnitOfWork, account_id: UUID, report: Report) -> Payment | None:
    match report:
        case AttemptReport():
            return await repository.find_payment(uow, account_id, report)
        case RefundReport():
            return await repository.payment_of_refund(uow, account_id, report)
        case DisputeReport(intent_id=str() as intent_id) | FraudReport(intent_id=str() as intent_id):
            return await repository.find_by_intent(uow, account_id, intent_id)
        case _:
            return None


async def _apply_line(uow: UnitOfWork, account_id: UUID, line: PaymentEvent) -> Payment | None:
    report = read_line(line)
    payment = await _payment(uow, account_id, report)
    match report:
        case AttemptReport() if payment is not None:
            _apply_attempt(uow, payment, report)
        case RefundReport() if payment is not None:
            await _apply_refund(uow, payment, report)
        case DisputeReport() if payment is not None:
            await _apply_dispute(uow, payment, report)
        case FraudReport() if payment is not None:
            payment.fraud_warned = True
            uow.record(FraudWarned(payment.order_id, payment.id))
        case _ if _may_find_one(report):
            return None
        case _:
            pass
    line.payment_id = payment.id if payment else None
    line.processed_at = uow.now
    await uow.flush()
    return payment


def _may_find_one(report: Report) -> bool:
    """Whether news without a payment may find one later. A session without our metadata is another shop's."""
    match report:
        case AttemptReport():
            return report.order_id is not None
        case RefundReport() | DisputeReport() | FraudReport():
            return report.intent_id is not None
        case Unconcerned():
            return False


def _apply_attempt(uow: UnitOfWork, payment: Payment, report: AttemptReport) -> None:
    before = PaymentState(payment.state)
    payment.provider_id = payment.provider_id or report.session_id
    payment.intent_id = payment.intent_id or report.intent_id
    payment.failure = report.reason or payment.failure
    heard = heard_state(report)
    if heard != PaymentState.OPEN:
        payment.closed_at = payment.closed_at or uow.now
    state = advance(PAYMENT, PAYMENT_ORDER, before, heard)
    if state == before:
        return
    payment.state = state
    if state == PaymentState.CAPTURED:
        amount = report.amount
        payment.captured_minor = amount.minor if amount else payment.amount_minor
        payment.captured_currency = amount.currency if amount else payment.currency
        payment.captured_at = uow.now
    elif state == PaymentState.FAILED:
        uow.record(PaymentFailed(payment.order_id, payment.id, payment.failure))
    elif state == PaymentState.EXPIRED:
        uow.record(PaymentExpired(payment.order_id, payment.id))


async def _apply_refund(uow: UnitOfWork, payment: Payment, report: RefundReport) -> None:
    refund = await repository.find_refund(uow, payment, report)
    if refund is None:
        refund = _foreign_refund(uow, payment, report)
    refund.provider_id = report.provider_id
    refund.failure = report.failure or refund.failure
    before = RefundState(refund.state)
    state = advance(REFUND, REFUND_ORDER, before, report.state)
    if state == before:
        return
    refund.state = state
    if state == RefundState.SUCCEEDED:
        refund.settled_at = uow.now
        uow.record(
            RefundSucceeded(
                refund.order_id,
                refund.id,
                refund.return_id,
                refund.amount_minor,
                refund.currency,
                refund.reason,
            )
        )
    elif state in _GONE and before not in _GONE:
        refund_failed(uow, refund)


def _foreign_refund(uow: UnitOfWork, payment: Payment, report: RefundReport) -> Refund:
    """A refund made in the provider's own desk: it counts like ours."""
    refund = Refund(
        id=new_id(),
        shop_id=uow.shop_id,
        order_id=payment.order_id,
        payment_id=payment.id,
        state=REFUND.initial,
        origin="provider",
        amount_minor=report.amount.minor,
        currency=report.amount.currency,
        reason="made at the payment provider",
        idempotency_key=f"provider:{report.provider_id}",
        tries=0,
        requested_at=uow.now,
    )
    uow.session.add(refund)
    return refund


async def _apply_dispute(uow: UnitOfWork, payment: Payment, report: DisputeReport) -> None:
    """Each dispute, and its end, is told once, whatever of it is heard first."""
    lines = await repository.dispute_lines(uow, payment.id)
    heard = [one for line in lines if isinstance(one := read_line(line), DisputeReport)]
    if report.dispute_id not in {one.dispute_id for one in heard}:
        due_by = report.due_by.isoformat() if report.due_by else None
        uow.record(
            PaymentDisputed(
                payment.order_id,
                payment.id,
                report.dispute_id,
                report.amount.minor,
                report.amount.currency,
                report.reason,
                due_by,
            )
        )
    if report.closed and report.dispute_id not in {one.dispute_id for one in heard if one.closed}:
        uow.record(DisputeClosed(payment.order_id, payment.id, report.dispute_id, report.status))
    shown = shown_dispute([*heard, report])
    payment.dispute_id, payment.dispute_status, payment.dispute_closed = shown.dispute_id, shown.status, shown.closed
