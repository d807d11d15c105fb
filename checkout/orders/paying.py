"""What money, or its absence, does to an order. Callers hold the order's lock (`repository.lock`)."""

from collections.abc import Sequence
from enum import StrEnum

from catalog.kernel.unit_of_work import UnitOfWork
from checkout.carts import service as carts
from checkout.inventory import service as inventory
from checkout.inventory.availability import StockLine
from checkout.orders import repository
from checkout.orders.events import OrderExpired, OrderInException, OrderPaid, OrderPaymentPending
from checkout.orders.models import Order
from checkout.orders.states import ORDER, PAID_FOR, ExceptionReason, ExpiryReason, OrderState
from checkout.pricing import service as pricing


class PaidOutcome(StrEnum):
    """What became of an order whose money is there."""

    PAID = "paid"
    ALREADY_PAID = "already_paid"
    CANCELLED = "cancelled"
    STOCK_GONE = "stock_gone"
    PAID_TWICE = "paid_twice"
    IN_EXCEPTION = "in_exception"


async def mark_paid(uow: UnitOfWork, order: Order) -> PaidOutcome:
    """The whole amount is there: take the goods, once, and say so. Never raises for a state.

    PAID and ALREADY_PAID are well. CANCELLED: nothing changed, the money has to go back. STOCK_GONE and PAID_TWICE
    (another order of the same cart is paid): the order is an exception now, a person or a refund has to end it.
    IN_EXCEPTION: it was one before; `accept_exception` is how a person ends that. One for an amount that differs ends
    here: now the amount is there.
    """
    if order.state in PAID_FOR:
        return PaidOutcome.ALREADY_PAID
    if order.state == OrderState.CANCELLED:
        return PaidOutcome.CANCELLED
    if order.state == OrderState.EXCEPTION and not order.waits_for_right_amount:
        return PaidOutcome.IN_EXCEPTION
    siblings = await siblings_of(uow, order)
    if is_paid_otherwise(order, siblings):
        await mark_exception(uow, order, ExceptionReason.PAID_TWICE)
        return PaidOutcome.PAID_TWICE
    for each in siblings:
        if each.state == OrderState.AWAITING_PAYMENT:
            await expire_locked(uow, each, ExpiryReason.SUPERSEDED)
    if await take_goods(uow, order):
        return PaidOutcome.PAID
    await mark_exception(uow, order, ExceptionReason.STOCK_GONE)
    return PaidOutcome.STOCK_GONE


async def siblings_of(uow: UnitOfWork, order: Order) -> list[Order]:
    """Other orders of the same cart, locked."""
    return [each for each in await repository.of_cart(uow, order.cart_id) if each.id != order.id]


def is_paid_otherwise(order: Order, siblings: Sequence[Order]) -> bool:
    """Whether the cart has bought otherwise: in this very state, or in any while this order had run out.

    A page may be paid that was to be closed; who replaced an order by another one wants one of the two, also while the
    money for the other is on its way.
    """
    if order.state == OrderState.EXPIRED:
        return any(each.state in PAID_FOR or each.state == OrderState.PAYMENT_PENDING for each in siblings)
    return any(each.state in PAID_FOR and each.cart_version == order.cart_version for each in siblings)


async def take_goods(uow: UnitOfWork, order: Order) -> bool:
    """Consume the stock and make the order paid; False, with nothing changed, when the goods are not there."""
    if await inventory.consume(uow, order.id, cart_id=order.cart_id, lines=stock_lines(order)):
        return False
    await pricing.keep(uow, order.id)
    order.state = ORDER.move(OrderState(order.state), OrderState.PAID)
    order.reason = None
    order.paid_at = uow.now
    repository.add_event(uow, order.id, "paid")
    await carts.close(uow, order.cart_id, order.cart_version)
    uow.record(OrderPaid(order.id, order.customer_id, order.conversation_id, order.total_minor, order.currency))
    return True


async def mark_pending(uow: UnitOfWork, order: Order) -> bool:
    """The shopper has paid by a slow way: what they wish for meanwhile is another order's.

    False when the order is past that already, or its cart has changed: then it expires here, as it does by the news of
    the change, which may come later, and one of the two buys; the money is judged when it is there.
    """
    if order.state != OrderState.AWAITING_PAYMENT:
        return False
    if (await carts.lock_cart(uow, order.cart_id)).version != order.cart_version:
        await expire_locked(uow, order, ExpiryReason.SUPERSEDED)
        return False
    order.state = ORDER.move(OrderState.AWAITING_PAYMENT, OrderState.PAYMENT_PENDING)
    repository.add_event(uow, order.id, "payment_pending")
    await pricing.keep(uow, order.id)
    await carts.close(uow, order.cart_id, order.cart_version)
    uow.record(OrderPaymentPending(order.id, order.customer_id, order.conversation_id))
    return True


async def mark_exception(uow: UnitOfWork, order: Order, reason: ExceptionReason) -> bool:
    """Money came that does not fit. False when the order is an exception already or takes none.

    One for an amount that differs may become one for a reason that sends the money back.
    """
    if order.waits_for_right_amount:
        if reason == ExceptionReason.AMOUNT_DIFFERS:
            return False
    elif ORDER.can(OrderState(order.state), OrderState.EXCEPTION):
        order.state = ORDER.move(OrderState(order.state), OrderState.EXCEPTION)
    else:
        return False
    order.reason = str(reason)
    repository.add_event(uow, order.id, "exception")
    uow.record(OrderInException(order.id, order.customer_id, order.conversation_id, str(reason)))
    return True


async def expire_locked(uow: UnitOfWork, order: Order, reason: ExpiryReason) -> bool:
    """The order ran out unpaid: its goods are its cart's again, while that is the shopper's.

    False when it is past that already.
    """
    former = OrderState(order.state)
    if not ORDER.can(former, OrderState.EXPIRED):
        return False
    order.state = ORDER.move(former, OrderState.EXPIRED)
    order.reason = str(reason)
    repository.add_event(uow, order.id, "expired")
    if former is OrderState.AWAITING_PAYMENT or await carts.reopen(uow, order.cart_id, order.cart_version):
        await inventory.release_order(uow, order.id)
    else:
        await inventory.drop_order(uow, order.id)
    await pricing.give_back(uow, order.id)
    uow.record(OrderExpired(order.id, order.customer_id, order.conversation_id, str(reason)))
    return True


def stock_lines(order: Order) -> list[StockLine]:
    """The order's lines as stock knows them."""
    return [StockLine(line.variant_id, line.sku, line.quantity) for line in order.lines]
