"""What paying does when orders and carts change: pages nobody shall pay any more are closed, money is put right."""

from typing import assert_never
from uuid import UUID

from catalog.kernel.unit_of_work import UnitOfWork
from checkout.carts.events import CartSuperseded
from checkout.orders import service as orders
from checkout.orders.events import OrderCancelled, OrderExpired
from checkout.orders.settling import settle
from checkout.orders.states import ExpiryReason
from checkout.paying import repository
from checkout.payments import service as payments
from checkout.payments.events import DisputeClosed, FraudWarned, PaymentDisputed, RefundSucceeded


async def supersede_order(uow: UnitOfWork, event: CartSuperseded) -> None:
    """A cart changed after it was ordered: the order that waits for its payment is out of date, its page closes."""
    for order_id in await repository.awaiting_of_cart(uow, event.cart_id, version=event.ordered_version):
        await _close(uow, order_id)
        await orders.expire(uow, order_id, ExpiryReason.SUPERSEDED)


async def close_pages(uow: UnitOfWork, event: OrderExpired) -> None:
    """An order ran out: nobody shall pay it any more; who just did is heard when the page closes."""
    await _close(uow, event.order_id)


async def refund_cancelled(uow: UnitOfWork, event: OrderCancelled) -> None:
    """An order was called off: its pages close, and money that it had goes back."""
    await _close(uow, event.order_id)
    await settle(uow, event.order_id)


async def end_refunded(uow: UnitOfWork, event: RefundSucceeded) -> None:
    """Money has gone back: with all of it, nothing more of the order leaves."""
    await settle(uow, event.order_id)


async def note_trouble(uow: UnitOfWork, event: PaymentDisputed | DisputeClosed | FraudWarned) -> None:
    """Each dispute, its end, and each fraud warning stands on the order's timeline, where whoever ships it looks."""
    match event:
        case PaymentDisputed():
            kind = "payment_disputed"
        case DisputeClosed():
            kind = f"dispute_{event.outcome}"
        case FraudWarned():
            kind = "fraud_warned"
        case _:
            assert_never(event)
    await orders.lock_order(uow, event.order_id)
    await orders.note(uow, event.order_id, kind)


async def _close(uow: UnitOfWork, order_id: UUID) -> None:
    await orders.lock_order(uow, order_id)
    await payments.supersede(uow, order_id)
