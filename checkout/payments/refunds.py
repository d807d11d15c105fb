"""Money back. Bounded by what was captured and not given back; asked for in one transaction, performed outside it.

A refund is a row before the provider hears of it, and its key is made from the row's id, so a repeated call after a
crash cannot pay twice. Whoever requests one holds the order's lock.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from catalog.kernel import jobs
from catalog.kernel.errors import Conflict, Invalid
from catalog.kernel.ids import new_id
from catalog.kernel.money import Money, total
from catalog.kernel.unit_of_work import UnitOfWork
from checkout.payments import ledger, repository
from checkout.payments.errors import Disputed, MoneyGoesBack, RefundTooLarge
from checkout.payments.events import RefundRequested
from checkout.payments.gateway import RefundOrder
from checkout.payments.models import Payment, Refund
from checkout.payments.states import COUNTED, REFUND, REFUNDABLE_DISPUTES, PaymentState, RefundState


@dataclass(frozen=True, slots=True)
class RefundView:
    """A refund as others see it; `units` are places in lines by SKU, `shipping` is what of it is for delivery."""

    id: UUID
    order_id: UUID
    payment_id: UUID
    return_id: UUID | None
    state: RefundState
    origin: str
    amount: Money
    units: Mapping[str, Sequence[int]]
    shipping: Money
    reason: str
    provider_id: str | None
    failure: str | None
    requested_at: datetime
    settled_at: datetime | None

    @property
    def counts(self) -> bool:
        """Whether its money is back, or on its way."""
        return self.state in COUNTED


@dataclass(frozen=True, slots=True)
class ToPerform:
    """What performing a refund needs; `doubtful` when an earlier call may have reached the provider."""

    account_id: UUID
    order: RefundOrder
    doubtful: bool
    provider_id: str | None


async def refundable(uow: UnitOfWork, order_id: UUID) -> Sequence[tuple[Payment, Money]]:
    """Each capture of the order with what is left of it, the first capture first. Locks the attempts."""
    found = []
    for payment in await repository.lock_payments(uow, order_id):
        if payment.state != PaymentState.CAPTURED or payment.captured_minor is None:
            continue
        left = payment.captured_minor - await repository.counted_refunds(uow, payment.id)
        found.append((payment, Money(left, payment.captured_currency or payment.currency)))
    return sorted(found, key=lambda pair: (pair[0].captured_at or pair[0].created_at, pair[0].attempt))


async def request(
    uow: UnitOfWork,
    *,
    order_id: UUID,
    amount: Money | None,
    reason: str,
    return_id: UUID | None = None,
    payment_id: UUID | None = None,
    origin: str = "shop",
    units: Mapping[str, Sequence[int]] | None = None,
    shipping: Money | None = None,
) -> RefundView:
    """Ask for money to go back: `amount`, or the rest of one capture. Asked again for a return, the same refund.

    `units` and `shipping` are kept with it. Without `payment_id` the capture with most left gives. Raises
    RefundTooLarge, Disputed, or Invalid for no money.
    """
    if return_id is not None and (earlier := await _of_return(uow, order_id, return_id)):
        return view(earlier)
    payment, left = await _source(uow, order_id, payment_id)
    wanted = _wanted(amount, left)
    if _is_held(payment):
        raise Disputed(
            "the payer's bank holds this payment in a dispute, and a refund would pay twice;"
            " answer the dispute at the provider, and refund once it is won"
        )
    refund = _row(uow, payment, amount=wanted, reason=reason, return_id=return_id, origin=origin)
    refund.units = {sku: list(places) for sku, places in (units or {}).items()}
    refund.shipping_minor = shipping.minor if shipping else 0
    await uow.flush()
    uow.record(RefundRequested(order_id, refund.id, return_id, wanted.minor, wanted.currency, reason))
    await perform_later(uow, refund.id)
    return view(refund)


async def perform_later(uow: UnitOfWork, refund_id: UUID) -> None:
    """Ask the provider after this transaction; what waits already is not doubled."""
    args = {"shop_id": str(uow.shop_id), "refund_id": str(refund_id)}
    await jobs.defer(uow, "payments.perform_refund", args, queueing_lock=f"refund:{refund_id}")


async def to_perform(uow: UnitOfWork, refund_id: UUID) -> ToPerform | None:
    """What to send, or None when the refund is settled. Notes the try before the call is made."""
    refund = await repository.get_refund(uow, refund_id)
    if refund.state not in {RefundState.REQUESTED, RefundState.PENDING}:
        return None
    payment = await repository.get_payment(uow, refund.payment_id)
    if payment.intent_id is None:
        raise Conflict("the provider's payment is not known yet; the refund waits for it", refund_id=refund_id)
    doubtful = refund.tries > 0
    refund.tries += 1
    await uow.flush()
    return ToPerform(
        account_id=payment.account_id,
        order=RefundOrder(
            refund_id=refund.id,
            order_id=refund.order_id,
            intent_id=payment.intent_id,
            amount=Money(refund.amount_minor, refund.currency),
            idempotency_key=refund.idempotency_key,
            return_id=refund.return_id,
        ),
        doubtful=doubtful,
        provider_id=refund.provider_id,
    )


async def refused(uow: UnitOfWork, refund_id: UUID, reason: str) -> None:
    """The provider will not send it: the money is owed again, and somebody is told."""
    refund = await repository.get_refund(uow, refund_id)
    if refund.state != RefundState.REQUESTED:
        return
    refund.state = REFUND.move(RefundState.REQUESTED, RefundState.FAILED)
    refund.failure = reason[:200]
    ledger.refund_failed(uow, refund)


async def answer_spoilt(uow: UnitOfWork, refund_id: UUID) -> None:
    """The provider keeps a fault with the key: when a look shows that nothing was sent, the next call has a new key."""
    refund = await repository.get_refund(uow, refund_id)
    if refund.state == RefundState.REQUESTED and refund.provider_id is None:
        refund.idempotency_key = f"{refund.order_id}:refund:{refund.id}:{refund.tries}"


async def check_some_stays(uow: UnitOfWork, order_id: UUID) -> None:
    """Raises MoneyGoesBack when all that was captured is asked to go back, or has gone. Nothing captured is fine."""
    captures = await refundable(uow, order_id)
    if captures and not any(left.minor > 0 for _, left in captures):
        raise MoneyGoesBack(
            "all money of this order goes back, so nothing is sold or sent for it;"
            " if the goods are to go all the same, place a new order for them",
            order_id=order_id,
        )


async def all_is_back(uow: UnitOfWork, order_id: UUID) -> bool:
    """Whether all that was captured for the order has gone back; False where nothing was captured."""
    taken = [each.captured_minor or 0 for each in await repository.payments_of(uow, [order_id])]
    done = [each.amount.minor for each in await refunds(uow, order_id) if each.state == RefundState.SUCCEEDED]
    return 0 < sum(taken) <= sum(done)


async def going_back(uow: UnitOfWork, order_id: UUID, currency: str) -> Money:
    """What goes back by itself of an order that is called off: what is left, and what that was asked for already.

    A disputed payment gives nothing: its bank has the money.
    """
    left = [left for payment, left in await refundable(uow, order_id) if not _is_held(payment)]
    asked = [
        each.amount
        for each in await refunds(uow, order_id)
        if each.state in COUNTED and (each.origin, each.reason) == ("surplus", "cancelled")
    ]
    return total([each for each in (*left, *asked) if each.currency == currency and each.minor > 0], currency)


async def refunds(uow: UnitOfWork, order_id: UUID) -> Sequence[RefundView]:
    """Every refund of the order, oldest first."""
    return [view(refund) for refund in await repository.refunds_of(uow, [order_id])]


async def refunds_by_order(uow: UnitOfWork, order_ids: Sequence[UUID]) -> dict[UUID, list[RefundView]]:
    """Every refund of these orders, for lists."""
    found: dict[UUID, list[RefundView]] = {order_id: [] for order_id in order_ids}
    for refund in await repository.refunds_of(uow, order_ids):
        found[refund.order_id].append(view(refund))
    return found


async def get_refund(uow: UnitOfWork, refund_id: UUID) -> RefundView:
    """One refund. Raises NotFound."""
    return view(await repository.get_refund(uow, refund_id))


def view(refund: Refund) -> RefundView:
    """The refund as others see it."""
    return RefundView(
        id=refund.id,
        order_id=refund.order_id,
        payment_id=refund.payment_id,
        return_id=refund.return_id,
        state=RefundState(refund.state),
        origin=refund.origin,
        amount=Money(refund.amount_minor, refund.currency),
        units=refund.units,
        shipping=Money(refund.shipping_minor, refund.currency),
        reason=refund.reason,
        provider_id=refund.provider_id,
        failure=refund.failure,
        requested_at=refund.requested_at,
        settled_at=refund.settled_at,
    )


def _is_held(payment: Payment) -> bool:
    return payment.dispute_id is not None and payment.dispute_status not in REFUNDABLE_DISPUTES


async def _of_return(uow: UnitOfWork, order_id: UUID, return_id: UUID) -> Refund | None:
    for refund in await repository.refunds_of(uow, [order_id]):
        if refund.return_id == return_id and refund.state not in {RefundState.FAILED, RefundState.CANCELED}:
            return refund
    return None


def _wanted(amount: Money | None, left: Money) -> Money:
    """What goes back of what is left: the amount, or all of it. Raises Invalid, RefundTooLarge."""
    if amount is None:
        if left.minor <= 0:
            raise RefundTooLarge("nothing is left to refund")
        return left
    if amount.currency != left.currency:
        raise Invalid(f"the order was paid in {left.currency}", pointer="/amount/currency", value=amount.currency)
    if amount.minor <= 0:
        raise Invalid("a refund is more than nothing", pointer="/amount/minor", value=amount.minor)
    if left < amount:
        raise RefundTooLarge(
            f"{amount.decimal()} {amount.currency} wanted, {left.decimal()} left of what was paid",
            wanted_minor=amount.minor,
            left_minor=left.minor,
        )
    return amount


async def _source(uow: UnitOfWork, order_id: UUID, payment_id: UUID | None) -> tuple[Payment, Money]:
    captures = await refundable(uow, order_id)
    if payment_id is not None:
        captures = [(payment, left) for payment, left in captures if payment.id == payment_id]
    if not captures:
        raise RefundTooLarge("nothing was paid, so nothing can be refunded", order_id=order_id)
    return max(captures, key=lambda pair: pair[1].minor)


def _row(
    uow: UnitOfWork, payment: Payment, *, amount: Money, reason: str, return_id: UUID | None, origin: str
) -> Refund:
    refund_id = new_id()
    refund = Refund(
        id=refund_id,
        shop_id=uow.shop_id,
        order_id=payment.order_id,
        payment_id=payment.id,
        return_id=return_id,
        state=REFUND.initial,
        origin=origin,
        amount_minor=amount.minor,
        currency=amount.currency,
        reason=reason,
        idempotency_key=f"{payment.order_id}:refund:{refund_id}",
        tries=0,
        requested_at=uow.now,
    )
    uow.session.add(refund)
    return refund
