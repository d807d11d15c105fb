"""What can be asked of orders. Changes take the locks in their order: cart, order, stock."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import msgspec

from catalog.kernel.errors import Invalid
from catalog.kernel.pages import Page, cut, read_cursor
from catalog.kernel.unit_of_work import UnitOfWork
from checkout.inventory import service as inventory
from checkout.orders import paying, repository
from checkout.orders.errors import NotInException, NotPartlySent, OrderNotFound, TooLateToCancel
from checkout.orders.events import OrderCancelled, OrderClosed, OrderFulfilled, OrderRestCancelled
from checkout.orders.models import Order
from checkout.orders.paying import PaidOutcome, mark_exception, mark_paid, mark_pending
from checkout.orders.placing import HOLD_SLACK, PAYMENT_WINDOW, place
from checkout.orders.presenting import present
from checkout.orders.states import (
    ORDER,
    PAID_FOR,
    CancelledBy,
    ExceptionReason,
    ExpiryReason,
    OrderState,
)
from checkout.orders.values import BoughtLine
from checkout.payments import refunds
from checkout.pricing import service as pricing

__all__ = [
    "HOLD_SLACK",
    "PAYMENT_WINDOW",
    "CancelledBy",
    "ExceptionReason",
    "ExpiryReason",
    "PaidOutcome",
    "mark_exception",
    "mark_paid",
    "mark_pending",
    "place",
    "present",
]

_MOST_PER_PAGE = 200


async def get(uow: UnitOfWork, order_id: UUID) -> Order:
    """An order with lines and events, unlocked. Raises OrderNotFound."""
    return await repository.get(uow, order_id)


async def lock_order(uow: UnitOfWork, order_id: UUID) -> Order:
    """Lock the order's cart and the order; with lines and events. Raises OrderNotFound."""
    return await repository.lock(uow, order_id)


async def of_status_page(uow: UnitOfWork, code: str) -> tuple[UUID, UUID]:
    """Shop and order of the page `/o/{code}`, with a unit of work of the install. Raises OrderNotFound."""
    found = await repository.find_shop(uow, code)
    if found is None:
        raise OrderNotFound("no order has this page; check its address")
    return found["shop_id"], found["id"]


async def find_by_number(uow: UnitOfWork, customer_id: UUID, number: str) -> Order | None:
    """A person's own order by what they call it: 'K-1042', 'k1042' and '#1042' are one."""
    wanted = "".join(number.split()).lstrip("#").replace("-", "").upper()
    return await repository.find_by_number(uow, customer_id, wanted)


async def of_customer(
    uow: UnitOfWork, customer_id: UUID, *, states: Collection[OrderState] | None = None, limit: int = 20
) -> Sequence[Order]:
    """A person's orders, newest first; those of rows proven to be the same person are theirs."""
    return await repository.of_customer(uow, customer_id, states=states, limit=limit)


async def page(
    uow: UnitOfWork,
    *,
    cursor: str | None = None,
    limit: int = 50,
    states: Collection[OrderState] | None = None,
    customer_id: UUID | None = None,
    conversation_id: UUID | None = None,
    number: str | None = None,
) -> Page[Order]:
    """Orders of the shop, newest first. Raises Invalid for a cursor that this list did not give out."""
    size = max(1, min(limit, _MOST_PER_PAGE))
    found = await repository.page(
        uow, before=read_cursor(cursor, UUID), limit=size + 1, states=states, customer_id=customer_id,
        conversation_id=conversation_id, number=number,
    )  # fmt: skip
    return cut(found, size, key=lambda order: order.id)


async def extend_hold(uow: UnitOfWork, order: Order, *, until: datetime) -> None:
    """Keep the goods of a locked order at least until then: the end of its payment page plus HOLD_SLACK."""
    if until > order.hold_until:
        order.hold_until = until
        await inventory.extend_for_order(uow, order.id, until=until)


async def expire(uow: UnitOfWork, order_id: UUID, reason: ExpiryReason = ExpiryReason.UNPAID) -> bool:
    """End an order that waits for its money. False, and nothing changed, when it does not wait (any more)."""
    return await paying.expire_locked(uow, await repository.lock(uow, order_id), reason)


async def cancel(uow: UnitOfWork, order_id: UUID, by: CancelledBy | str) -> Order:
    """Call an order off before anything is packed. A repeat changes nothing.

    Goods go back on the shelf; with money taken, OrderCancelled says that it has to go back. Raises TooLateToCancel
    once something was packed, and for an order that had expired.
    """
    order = await repository.lock(uow, order_id)
    former = OrderState(order.state)
    if former is OrderState.CANCELLED:
        return order
    if not ORDER.can(former, OrderState.CANCELLED):
        way_out = "nobody paid it" if former is OrderState.EXPIRED else "take the goods back as a return"
        raise TooLateToCancel(
            f"order {order.number} is {former} and cannot be cancelled: {way_out}", number=order.number, state=former
        )
    has_money = former in {OrderState.PAID, OrderState.EXCEPTION} and bool(order.total_minor)
    await _call_off(uow, order, CancelledBy(by), refund_needed=has_money)
    return await repository.get(uow, order_id)


async def end_refunded(uow: UnitOfWork, order: Order) -> None:
    """All money of a locked order has gone back: nothing (more) of it leaves, and no more money is owed.

    An exception, or an order of which nothing was sent, is cancelled; one sent in part is closed. Others stay.
    """
    if order.state in {OrderState.PAID, OrderState.EXCEPTION}:
        await _call_off(uow, order, CancelledBy.MERCHANT, refund_needed=False)
    elif order.state == OrderState.FULFILLING:
        await call_off_rest(uow, order)


async def call_off_rest(uow: UnitOfWork, order: Order) -> bool:
    """Nothing more of a locked order that is sent in part leaves: the rest is back on the shelf, the order closed.

    False when that is so already. What was sent can still come back. Raises NotPartlySent.
    """
    if order.never_sent:
        return False
    if order.state != OrderState.FULFILLING:
        raise NotPartlySent(
            f"order {order.number} is {order.state}; a rest is what is left of an order sent in part",
            number=order.number, state=order.state,
        )  # fmt: skip
    rest = [
        replace(line, quantity=order.unsent[line.sku]) for line in paying.stock_lines(order) if line.sku in order.unsent
    ]
    await inventory.restock(uow, rest, reason="cancelled", reference=order.id)
    repository.add_event(uow, order.id, "rest_cancelled")
    uow.record(OrderRestCancelled(order.id, order.customer_id, order.conversation_id))
    _close(uow, order)
    await uow.flush()
    return True


async def accept_exception(uow: UnitOfWork, order_id: UUID) -> PaidOutcome:
    """A person decides that the money is good for the order, and its goods are taken.

    STOCK_GONE and PAID_TWICE leave it an exception. Raises NotInException for an order that is none and is not paid,
    MoneyGoesBack when the shop gives the money back already.
    """
    order = await repository.lock(uow, order_id)
    if order.state in PAID_FOR:
        return PaidOutcome.ALREADY_PAID
    if order.state != OrderState.EXCEPTION:
        raise NotInException(
            f"order {order.number} is {order.state}; only an order in exception is accepted", state=order.state
        )
    if paying.is_paid_otherwise(order, await paying.siblings_of(uow, order)):
        return PaidOutcome.PAID_TWICE
    await refunds.check_some_stays(uow, order_id)
    return PaidOutcome.PAID if await paying.take_goods(uow, order) else PaidOutcome.STOCK_GONE


async def count_shipped(uow: UnitOfWork, order: Order, quantities: Mapping[str, int]) -> None:
    """Units of a locked order left in a parcel; with the last of them the order is fulfilled."""
    for line in order.lines:
        line.shipped += quantities.get(line.sku, 0)
    if order.state == OrderState.PAID:
        order.state = ORDER.move(OrderState.PAID, OrderState.FULFILLING)
    repository.add_event(uow, order.id, "shipped")
    if all(line.shipped == line.quantity for line in order.lines):
        order.state = ORDER.move(OrderState(order.state), OrderState.FULFILLED)
        order.fulfilled_at = uow.now
        repository.add_event(uow, order.id, "fulfilled")
        uow.record(OrderFulfilled(order.id, order.customer_id, order.conversation_id))
    await uow.flush()


async def count_returned(uow: UnitOfWork, order: Order, quantities: Mapping[str, int], kind: str) -> None:
    """Units of a locked order come back (negative: they do not after all); `kind` goes on the timeline."""
    for line in order.lines:
        line.returned += quantities.get(line.sku, 0)
    await note(uow, order.id, kind)


async def close(uow: UnitOfWork, order_id: UUID) -> bool:
    """Nothing more will happen to it. False when it is closed already or something still may happen."""
    order = await repository.lock(uow, order_id)
    if order.state != OrderState.FULFILLED:
        return False
    _close(uow, order)
    return True


async def note(uow: UnitOfWork, order_id: UUID, kind: str) -> None:
    """Put a moment of another feature (a return, a refund) on the order's timeline; never `paid`."""
    if kind == "paid":
        raise Invalid("only a payment makes an order paid", pointer="/type")
    repository.add_event(uow, order_id, kind)
    await uow.flush()


async def last_bought(uow: UnitOfWork, customer_id: UUID, *, limit: int = 50) -> list[BoughtLine]:
    """What a person bought, newest first, with what of it came back: what 'noch mal' can mean."""
    rows = await repository.last_bought(uow, customer_id, limit=limit)
    return [BoughtLine(**{**dict(row), "options": msgspec.json.decode(row["options"])}) for row in rows]


async def _call_off(uow: UnitOfWork, order: Order, by: CancelledBy, *, refund_needed: bool) -> None:
    """Cancel a locked order: its goods and its use of a discount code are free again."""
    former = OrderState(order.state)
    order.state = ORDER.move(former, OrderState.CANCELLED)
    repository.add_event(uow, order.id, "cancelled")
    if former is OrderState.PAID:
        await inventory.restock(uow, paying.stock_lines(order), reason="cancelled", reference=order.id)
    else:
        await inventory.drop_order(uow, order.id)
    await pricing.give_back(uow, order.id)
    uow.record(OrderCancelled(order.id, order.customer_id, order.conversation_id, str(by), refund_needed))
    await uow.flush()


def _close(uow: UnitOfWork, order: Order) -> None:
    order.state = ORDER.move(OrderState(order.state), OrderState.CLOSED)
    repository.add_event(uow, order.id, "closed")
    uow.record(OrderClosed(order.id, order.customer_id, order.conversation_id))
