"""Attempts to pay. Whoever calls holds the order's lock; the provider is asked between transactions, never inside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from catalog.kernel import jobs
from catalog.kernel.ids import new_id
from catalog.kernel.money import Money
from catalog.kernel.unit_of_work import UnitOfWork
from checkout.payments import accounts, ledger, repository
from checkout.payments.gateway import AttemptView, OpenedSession
from checkout.payments.models import Payment
from checkout.payments.states import PAYMENT, PaymentState

# Stripe's shortest page lives 30 minutes; the rest is the time in which a lost answer can be asked for again.
PAGE_LIFE = timedelta(minutes=45)
SHORTEST_PAGE = timedelta(minutes=30)
# A page about to close is no help to a shopper who has just asked for it.
_TOO_LATE = timedelta(minutes=2)
# A dispute or an inquiry that ended so left the money here; under way or lost, it takes what the goods were paid with.
_WON = frozenset({"won", "warning_closed"})


@dataclass(frozen=True, slots=True)
class PaymentView:
    """An attempt as others see it."""

    id: UUID
    order_id: UUID
    account_id: UUID
    attempt: int
    state: PaymentState
    amount: Money
    provider_id: str | None
    intent_id: str | None
    url: str | None
    expires_at: datetime
    captured: Money | None
    captured_at: datetime | None
    closed: bool
    disputed: bool  # a bank asks the money back, or has got it
    fraud_warned: bool  # the card network takes it for fraud, and no dispute was won since
    failure: str | None
    created_at: datetime


async def begin_attempt(
    uow: UnitOfWork,
    *,
    order_id: UUID,
    amount: Money,
    cart_version: int,
    success_url: str,
    cancel_url: str,
) -> tuple[PaymentView, tuple[UUID, ...]]:
    """The attempt to pay this order now, and the attempts whose pages have to be closed before its own is opened.

    A page that is still open is used again, and one the provider may or may not have made is asked for again; else
    older attempts are superseded and a new one begins. Raises NoPaymentAccount.
    """
    account = await accounts.active_account(uow)
    before = await repository.lock_payments(uow, order_id)
    newest = before[-1] if before else None
    if newest is not None and newest.account_id == account.id and _usable(uow, newest, amount):
        return view(newest), await _close_later(uow, before[:-1])
    _supersede(before)
    number = len(before) + 1
    payment = Payment(
        id=new_id(),
        shop_id=uow.shop_id,
        order_id=order_id,
        account_id=account.id,
        attempt=number,
        state=PAYMENT.initial,
        amount_minor=amount.minor,
        currency=amount.currency,
        idempotency_key=f"{order_id}:checkout:{cart_version}:{number}",
        success_url=success_url,
        cancel_url=cancel_url,
        expires_at=(uow.now + PAGE_LIFE).replace(microsecond=0),
        dispute_closed=False,
        created_at=uow.now,
    )
    uow.session.add(payment)
    await uow.flush()
    return view(payment), await _close_later(uow, before)


async def attempt_opened(uow: UnitOfWork, payment_id: UUID, opened: OpenedSession) -> PaymentView:
    """The provider made the page. The same answer again changes nothing; a page already paid stays paid."""
    payment = await repository.get_payment(uow, payment_id)
    payment.url = payment.url or opened.url
    await uow.flush()
    stored = await ledger.store_event(uow, payment.account_id, opened.event)
    if stored is not None:
        await ledger.apply_event(uow, payment.account_id, stored)
    if payment.state == PaymentState.SUPERSEDED:
        await _close_later(uow, [payment])
    return view(payment)


async def attempt_refused(uow: UnitOfWork, payment_id: UUID, reason: str) -> None:
    """The provider will not make this page: the next attempt has a new number and so a new key."""
    payment = await repository.get_payment(uow, payment_id)
    if payment.state == PaymentState.CREATED:
        payment.state = PAYMENT.move(PaymentState.CREATED, PaymentState.FAILED)
        payment.failure = reason[:200]
        payment.closed_at = uow.now
        await uow.flush()


async def supersede(uow: UnitOfWork, order_id: UUID) -> tuple[UUID, ...]:
    """Nobody shall pay this order any more (newer cart, cancellation): the attempts whose pages have to be closed."""
    payments = await repository.lock_payments(uow, order_id)
    _supersede(payments)
    await uow.flush()
    return await _close_later(uow, payments)


async def payments(uow: UnitOfWork, order_id: UUID) -> Sequence[PaymentView]:
    """Every attempt of the order, oldest first."""
    return [view(payment) for payment in await repository.payments_of(uow, [order_id])]


async def payments_by_order(uow: UnitOfWork, order_ids: Sequence[UUID]) -> dict[UUID, list[PaymentView]]:
    """Every attempt of these orders, for lists."""
    found: dict[UUID, list[PaymentView]] = {order_id: [] for order_id in order_ids}
    for payment in await repository.payments_of(uow, order_ids):
        found[payment.order_id].append(view(payment))
    return found


async def get_payment(uow: UnitOfWork, payment_id: UUID) -> PaymentView:
    """One attempt. Raises NotFound."""
    return view(await repository.get_payment(uow, payment_id))


async def looked_at(uow: UnitOfWork, payment_id: UUID) -> None:
    """The poller has looked: others come first next time."""
    payment = await repository.get_payment(uow, payment_id)
    payment.looked_at = uow.now


async def stored_attempt(uow: UnitOfWork, payment_id: UUID) -> AttemptView:
    """The attempt exactly as it was stored: a repeated call has to compare equal at the provider."""
    payment = await repository.get_payment(uow, payment_id)
    return AttemptView(
        payment_id=payment.id,
        order_id=payment.order_id,
        attempt=payment.attempt,
        amount=Money(payment.amount_minor, payment.currency),
        expires_at=payment.expires_at,
        idempotency_key=payment.idempotency_key,
        success_url=payment.success_url,
        cancel_url=payment.cancel_url,
    )


def view(payment: Payment) -> PaymentView:
    """The attempt as others see it."""
    captured = None
    if payment.captured_minor is not None:
        captured = Money(payment.captured_minor, payment.captured_currency or payment.currency)
    return PaymentView(
        id=payment.id,
        order_id=payment.order_id,
        account_id=payment.account_id,
        attempt=payment.attempt,
        state=PaymentState(payment.state),
        amount=Money(payment.amount_minor, payment.currency),
        provider_id=payment.provider_id,
        intent_id=payment.intent_id,
        url=payment.url,
        expires_at=payment.expires_at,
        captured=captured,
        captured_at=payment.captured_at,
        closed=payment.closed_at is not None,
        disputed=payment.dispute_id is not None and payment.dispute_status not in _WON,
        fraud_warned=payment.fraud_warned and payment.dispute_status not in _WON,
        failure=payment.failure,
        created_at=payment.created_at,
    )


def _usable(uow: UnitOfWork, payment: Payment, amount: Money) -> bool:
    if Money(payment.amount_minor, payment.currency) != amount or payment.closed_at is not None:
        return False
    if payment.state == PaymentState.OPEN:
        return payment.url is not None and payment.expires_at - uow.now > _TOO_LATE
    return payment.state == PaymentState.CREATED and payment.expires_at - uow.now > SHORTEST_PAGE


def _supersede(payments: Sequence[Payment]) -> None:
    for payment in payments:
        if repository.is_live(payment):
            payment.state = PAYMENT.move(PaymentState(payment.state), PaymentState.SUPERSEDED)


async def _close_later(uow: UnitOfWork, payments: Sequence[Payment]) -> tuple[UUID, ...]:
    """Pages that may still take money are closed after this transaction, whatever becomes of its process."""
    open_pages = tuple(
        payment.id for payment in payments if payment.provider_id is not None and payment.closed_at is None
    )
    for payment_id in open_pages:
        args = {"shop_id": str(uow.shop_id), "payment_id": str(payment_id)}
        await jobs.defer(uow, "payments.expire_session", args, queueing_lock=f"page:{payment_id}")
    return open_pages
