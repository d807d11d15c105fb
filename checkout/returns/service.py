"""The life of a return, under its order's lock. The legal right is never hidden behind an offer: any reason will do."""

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from catalog.kernel.errors import Invalid
from catalog.kernel.ids import new_id
from catalog.kernel.pages import Page, cut, read_cursor
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.shops import profile as profiles
from catalog.shops.settings import LEGAL_RETURN_DAYS
from checkout.fulfilment import service as fulfilment
from checkout.inventory import service as inventory
from checkout.inventory.availability import StockLine
from checkout.orders import service as orders
from checkout.orders.models import Order
from checkout.orders.refunding import give_back
from checkout.orders.shares import Share, share_of_return
from checkout.payments import refunds
from checkout.payments.errors import Disputed, RefundTooLarge
from checkout.returns import repository
from checkout.returns.eligibility import is_open, last_day
from checkout.returns.errors import NotReceived, NotReturnable, NotShippedYet, ReturnWindowOver
from checkout.returns.events import (
    ReturnApproved,
    ReturnClosed,
    ReturnReceived,
    ReturnRefunded,
    ReturnRejected,
    ReturnRequested,
)
from checkout.returns.models import ReturnLine, ReturnRow
from checkout.returns.states import RETURN, ReturnState, Wish
from checkout.returns.values import LONGEST_REASON, Return, Returnable, checked_label, view, wanted_lines

MOST_PHOTOS = 10
_MOST_PER_PAGE = 200
_ENDED = frozenset({ReturnState.REJECTED, ReturnState.REFUNDED, ReturnState.CLOSED})


async def returnable(uow: UnitOfWork, order_id: UUID) -> Returnable:
    """What may come back and until when: what 'Rückgabe möglich bis 10.12.' is made of."""
    return await _returnable(uow, await orders.get(uow, order_id))


async def request(
    uow: UnitOfWork,
    order_id: UUID,
    *,
    lines: Sequence[tuple[str, int, str]],
    photos: Sequence[str] = (),
    wish: Wish | str = Wish.REFUND,
) -> Return:
    """A shopper wants to send back these SKUs, units and reasons (a reason may be empty).

    Raises NotShippedYet, ReturnWindowOver, NotReturnable for more than was sent and kept, Invalid for another SKU.
    """
    order = await orders.lock_order(uow, order_id)
    possible = await _returnable(uow, order)
    if possible.until is None:
        raise NotShippedYet(f"nothing of order {order.number} was sent; cancel it instead", number=order.number)
    wanted = wanted_lines(lines, order)
    if not possible.is_open:
        raise ReturnWindowOver(
            f"order {order.number} could be returned until {possible.until}", until=possible.until.isoformat()
        )
    for sku, (quantity, _) in wanted.items():
        if quantity > possible.units[sku]:
            raise NotReturnable(
                f"{sku}: {quantity} wanted, {possible.units[sku]} can come back", sku=sku, left=possible.units[sku]
            )
    if len(photos) > MOST_PHOTOS:
        raise Invalid(f"at most {MOST_PHOTOS} photos", pointer="/photos")
    row = ReturnRow(
        id=new_id(), shop_id=uow.shop_id, order_id=order_id, state=str(RETURN.initial), wish=str(Wish(wish)),
        photos=list(photos), rejection="", label_url="", label_code="", currency=order.currency, requested_at=uow.now,
        lines=[
            ReturnLine(sku=sku, shop_id=uow.shop_id, position=position, quantity=quantity, reason=reason)
            for position, (sku, (quantity, reason)) in enumerate(wanted.items(), start=1)
        ],
    )  # fmt: skip
    uow.session.add(row)
    await orders.count_returned(uow, order, row.units, "return_requested")
    uow.record(ReturnRequested(row.id, order.id, order.customer_id, order.conversation_id, row.wish))
    return view(row)


async def approve(uow: UnitOfWork, return_id: UUID, *, label_url: str = "", code: str = "") -> Return:
    """Expect the goods. The shopper is told the label's link and the drop-off code, where there are such.

    A repeat changes nothing. Raises Invalid for a link or code that cannot be told.
    """
    label_url, code = checked_label(label_url, code)
    row, order = await repository.lock(uow, return_id)
    if row.state == ReturnState.APPROVED:
        return view(row)
    row.state = RETURN.move(ReturnState(row.state), ReturnState.APPROVED)
    row.decided_at, row.label_url, row.label_code = uow.now, label_url, code
    await orders.note(uow, order.id, "return_approved")
    uow.record(ReturnApproved(row.id, order.id, order.customer_id, order.conversation_id, label_url, code))
    return view(row)


async def reject(uow: UnitOfWork, return_id: UUID, reason: str) -> Return:
    """Do not take it back (after all); the reason is told to the shopper. Its units may be asked for again.

    A repeat changes nothing.
    """
    row, order = await repository.lock(uow, return_id)
    if row.state == ReturnState.REJECTED:
        return view(row)
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise Invalid(f"a rejection needs a reason of 1 to {LONGEST_REASON} characters", pointer="/reason")
    row.state = RETURN.move(ReturnState(row.state), ReturnState.REJECTED)
    row.decided_at, row.rejection = uow.now, reason.strip()
    await orders.count_returned(uow, order, _negative(row), "return_rejected")
    uow.record(ReturnRejected(row.id, order.id, order.customer_id, order.conversation_id, row.rejection))
    return view(row)


async def receive(uow: UnitOfWork, return_id: UUID, *, with_refund: bool = True) -> Return:
    """The goods are here: back on the shelf once, and (unless told otherwise) their money is asked to go back.

    The refund is bounded by what is left of the payment, and units whose money goes back already bring none; a disputed
    payment gives none now (`refund` asks for it once the dispute is won). A repeat changes nothing.
    """
    row, order = await repository.lock(uow, return_id)
    if row.state in {ReturnState.RECEIVED, ReturnState.REFUNDED}:
        return view(row)
    worth = await _worth(uow, row, order)
    row.state = RETURN.move(ReturnState(row.state), ReturnState.RECEIVED)
    row.received_at, row.refund_minor = uow.now, worth.amount.minor
    await inventory.restock(uow, _stock_lines(row, order), reason="returned", reference=row.id)
    await orders.note(uow, order.id, "return_received")
    if with_refund:
        with suppress(Disputed):
            await _ask_refund(uow, row, order, worth)
    uow.record(
        ReturnReceived(
            row.id, order.id, order.customer_id, order.conversation_id, row.refund_minor, row.currency, row.refund_id
        )
    )
    await uow.flush()
    if not worth.amount or await refunds.all_is_back(uow, order.id):
        await mark_refunded(uow, row.id)
    return view(row)


async def refund(uow: UnitOfWork, return_id: UUID) -> Return:
    """Ask for the money of received goods to go back: not done at once, or failed. A repeat changes nothing.

    Units whose money went back meanwhile bring none: with nothing owed for any, the return counts as refunded. A bank
    may send money back when the return is over already. Raises NotReceived, Disputed, and RefundTooLarge when nothing
    is left of the payment.
    """
    row, order = await repository.lock(uow, return_id)
    if row.received_at is None or row.refund_minor is None:
        raise NotReceived(f"the return is {row.state}; receive its goods first", state=row.state)
    if not await _owes(uow, row):
        return view(row)
    worth = await _worth(uow, row, order)
    row.refund_minor = worth.amount.minor
    if not worth.amount:
        await mark_refunded(uow, row.id)
    elif not await _ask_refund(uow, row, order, worth):
        raise RefundTooLarge(f"nothing is left to refund of order {order.number}", number=order.number)
    await uow.flush()
    return view(row)


async def mark_refunded(uow: UnitOfWork, return_id: UUID) -> None:
    """The money went back. Nothing changes when that is known, or the goods are not even here."""
    row, order = await repository.lock(uow, return_id)
    if not RETURN.can(ReturnState(row.state), ReturnState.REFUNDED):
        return
    row.state = RETURN.move(ReturnState(row.state), ReturnState.REFUNDED)
    await orders.note(uow, order.id, "return_refunded")
    uow.record(ReturnRefunded(row.id, order.id, order.customer_id, order.conversation_id))


async def end_refunded(uow: UnitOfWork, order_id: UUID) -> None:
    """All money of an order has gone back, whichever way: so has that of its received returns."""
    await orders.lock_order(uow, order_id)
    if await refunds.all_is_back(uow, order_id):
        for each in await of_order(uow, order_id):
            await mark_refunded(uow, each.id)


async def close(uow: UnitOfWork, return_id: UUID) -> bool:
    """Nothing more will happen: the shopper kept the goods after all, or all is done. False when it is over already."""
    row, order = await repository.lock(uow, return_id)
    former = ReturnState(row.state)
    if not RETURN.can(former, ReturnState.CLOSED):
        return False
    row.state = RETURN.move(former, ReturnState.CLOSED)
    if former in {ReturnState.REQUESTED, ReturnState.APPROVED}:
        await orders.count_returned(uow, order, _negative(row), "return_closed")
    else:
        await orders.note(uow, order.id, "return_closed")
    uow.record(ReturnClosed(row.id, order.id, order.customer_id, order.conversation_id))
    return True


async def close_finished(uow: UnitOfWork, *, limit: int = 100) -> int:
    """Close what is over: refunded returns, and sent orders whose days to return are past and whose returns have ended.

    Gives the number of orders closed.
    """
    for row in await repository.page(uow, before=None, limit=limit, states=[ReturnState.REFUNDED], order_id=None):
        await close(uow, row.id)
    closed = 0
    sent_before = uow.now - timedelta(days=LEGAL_RETURN_DAYS)
    for order_id in await repository.left_in_peace(uow, sent_before=sent_before, over=_ENDED, limit=limit):
        if not (await returnable(uow, order_id)).is_open:
            closed += await orders.close(uow, order_id)
    return closed


async def get(uow: UnitOfWork, return_id: UUID) -> Return:
    """A return. Raises ReturnNotFound."""
    return view(await repository.get(uow, return_id))


async def of_order(uow: UnitOfWork, order_id: UUID) -> list[Return]:
    """An order's returns, oldest first."""
    return (await of_orders(uow, [order_id])).get(order_id, [])


async def of_orders(uow: UnitOfWork, order_ids: Sequence[UUID]) -> dict[UUID, list[Return]]:
    """Returns of many orders in one query, oldest first."""
    found: dict[UUID, list[Return]] = {}
    for row in await repository.of_orders(uow, order_ids):
        found.setdefault(row.order_id, []).append(view(row))
    return found


async def page(
    uow: UnitOfWork,
    *,
    cursor: str | None = None,
    limit: int = 50,
    states: Iterable[ReturnState] | None = None,
    order_id: UUID | None = None,
) -> Page[Return]:
    """Returns of the shop, newest first. Raises Invalid for a cursor that this list did not give out."""
    size = max(1, min(limit, _MOST_PER_PAGE))
    rows = await repository.page(
        uow, before=read_cursor(cursor, UUID), limit=size + 1, states=states, order_id=order_id
    )
    return cut([view(row) for row in rows], size, key=lambda each: each.id)


async def _returnable(uow: UnitOfWork, order: Order) -> Returnable:
    profile = await profiles.get(uow)
    parcels = await fulfilment.of_order(uow, order.id)
    first, last = order.shipping.get("days", (2, 4))
    until = last_day(
        placed_at=order.placed_at, shipped_at=[parcel.shipped_at for parcel in parcels],
        days=profile.settings.returns.days, transit=(int(first), int(last)), zone=profile.settings.timezone,
    )  # fmt: skip
    units = {line.sku: line.shipped - line.returned for line in order.lines}
    still = until is not None and is_open(until, uow.now, zone=profile.settings.timezone)
    return Returnable(units, until, still)


async def _worth(uow: UnitOfWork, row: ReturnRow, order: Order) -> Share:
    """What is to go back for a return that is here; with the last units of its order that is more than the goods."""
    came = Counter(order.never_sent) + Counter(row.units)
    for other in await of_order(uow, order.id):
        if other.received_at is not None and other.id != row.id:
            came.update({sku: quantity for sku, quantity, _ in other.lines})
    is_last = all(came[line.sku] >= line.quantity for line in order.lines)
    return share_of_return(order, await refunds.refunds(uow, order.id), row.units, is_last=is_last)


async def _owes(uow: UnitOfWork, row: ReturnRow) -> bool:
    """Whether money for goods that are here still has to be asked for."""
    if row.refund_id is None:
        return row.state == ReturnState.RECEIVED
    return not (await refunds.get_refund(uow, row.refund_id)).counts


async def _ask_refund(uow: UnitOfWork, row: ReturnRow, order: Order, worth: Share) -> bool:
    """Whether anything goes back; no more than is left of the payment does, and the return says so much."""
    made = await give_back(uow, order, worth, reason="return", return_id=row.id)
    if made is None:
        return False
    row.refund_id, row.refund_minor = made.id, made.amount.minor
    return True


def _negative(row: ReturnRow) -> dict[str, int]:
    return {sku: -quantity for sku, quantity in row.units.items()}


def _stock_lines(row: ReturnRow, order: Order) -> list[StockLine]:
    variants = {line.sku: line.variant_id for line in order.lines}
    return [StockLine(variants[line.sku], line.sku, line.quantity) for line in row.lines]
