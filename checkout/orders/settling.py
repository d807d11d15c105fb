"""Money and order brought together: one idempotent function for webhook, return page, poller, reconciler and staff.

What was paid is what the ledger says; what shall be is decided from that alone, so doubled and late news changes
nothing. Money that buys nothing goes back by itself, and every such refund is an event, so that it is told.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from catalog.kernel.unit_of_work import UnitOfWork
from checkout.orders import service as orders
from checkout.orders.models import Order
from checkout.orders.states import PAID_FOR, ExceptionReason, ExpiryReason, OrderState
from checkout.payments import refunds
from checkout.payments import service as payments
from checkout.payments.errors import Disputed, RefundTooLarge
from checkout.payments.refunds import RefundView
from checkout.payments.service import PaymentView
from checkout.payments.states import COUNTED, PaymentState

# A debit takes up to fourteen working days; the goods are kept for it.
_PENDING_HOLD = timedelta(days=21)


async def settle(uow: UnitOfWork, order_id: UUID) -> OrderState:
    """Make the order what its payments say; the state that it is in then. Calling it again changes nothing.

    Takes the locks: cart, order, stock.
    """
    order = await orders.lock_order(uow, order_id)
    attempts = await payments.payments(uow, order_id)
    captures = sorted(
        (each for each in attempts if each.state == PaymentState.CAPTURED),
        key=lambda each: (each.captured_at or each.created_at, each.attempt),
    )
    if captures:
        for surplus in await _with_money(uow, order, captures):
            await _give_back(uow, order, surplus)
    else:
        await _without_money(uow, order, attempts)
    if await refunds.all_is_back(uow, order_id):
        await orders.end_refunded(uow, order)
    await uow.flush()
    return OrderState(order.state)


async def _with_money(uow: UnitOfWork, order: Order, captures: Sequence[PaymentView]) -> Sequence[PaymentView]:
    """Use one capture for the order; the captures whose money has to go back. Nobody shall pay it once more."""
    if order.state in PAID_FOR:
        return _all_but_one(order, captures)
    if order.state in {OrderState.CANCELLED, OrderState.EXCEPTION} and not order.waits_for_right_amount:
        return captures
    if any(each.captured == order.total for each in captures):
        outcome = await orders.mark_paid(uow, order)
        await payments.supersede(uow, order.id)
        return _all_but_one(order, captures) if outcome is orders.PaidOutcome.PAID else captures
    if await orders.mark_exception(uow, order, ExceptionReason.AMOUNT_DIFFERS):
        await payments.supersede(uow, order.id)
    return ()


async def _without_money(uow: UnitOfWork, order: Order, attempts: Sequence[PaymentView]) -> None:
    states = {each.state for each in attempts}
    if PaymentState.PENDING in states:
        if await orders.mark_pending(uow, order):
            await orders.extend_hold(uow, order, until=uow.now + _PENDING_HOLD)
    elif order.state == OrderState.PAYMENT_PENDING and PaymentState.FAILED in states:
        await orders.expire(uow, order.id, ExpiryReason.PAYMENT_FAILED)


def _all_but_one(order: Order, captures: Sequence[PaymentView]) -> Sequence[PaymentView]:
    """The surplus: every capture but the first that fits (a merchant may have accepted one that does not)."""
    used = next((each for each in captures if each.captured == order.total), captures[0])
    return [each for each in captures if each.id != used.id]


async def _give_back(uow: UnitOfWork, order: Order, capture: PaymentView) -> None:
    """Ask for the whole rest of a capture, once: what failed before waits for a person.

    Unless it failed because more was asked for than there was, as when a part had gone back at the provider's desk.
    """
    mine = [each for each in await refunds.refunds(uow, order.id) if each.payment_id == capture.id]
    left = capture.captured.minor - sum(_counted(mine)) if capture.captured is not None else 0
    failed = [each for each in mine if each.origin == "surplus" and each.state not in COUNTED]
    if left <= 0 or any(each.amount.minor <= left for each in failed):
        return
    with suppress(RefundTooLarge, Disputed):
        await refunds.request(
            uow, order_id=order.id, amount=None, reason=_reason(order), payment_id=capture.id, origin="surplus"
        )


def _counted(found: Sequence[RefundView]) -> list[int]:
    return [each.amount.minor for each in found if each.state in COUNTED]


def _reason(order: Order) -> str:
    match OrderState(order.state):
        case OrderState.CANCELLED:
            return "cancelled"
        case OrderState.EXCEPTION:
            return str(order.reason)
        case _:
            return "paid_twice"
