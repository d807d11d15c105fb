"""Orders in conversation: where is it, is it paid, cancel it, the receipt, the refund."""

import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bots.conversations.memory import Pending
from bots.dialogues import pay, person
from bots.messages.outbound import Action, Choices, Text
from bots.replies import orders as words
from catalog.kernel.locale import say_date
from checkout.fulfilment import service as fulfilment
from checkout.fulfilment.service import Fulfilment
from checkout.orders import service as orders
from checkout.orders.errors import TooLateToCancel
from checkout.orders.models import Order
from checkout.orders.states import PAID_FOR, SHIPPED, OrderState
from checkout.payments import refunds as refunding
from checkout.pricing.shipping import delivery_days
from checkout.returns import service as returns
from checkout.returns.states import ReturnState, Wish
from checkout.returns.values import Return

if TYPE_CHECKING:
    from bots.turns.turn import Turn
    from bots.understanding.reading import Reading

_GONE = frozenset({OrderState.EXPIRED, OrderState.CANCELLED})
_AHEAD = frozenset({ReturnState.REQUESTED, ReturnState.APPROVED, ReturnState.RECEIVED})  # the money comes after these
_SEVERAL = re.compile(
    r"\b(?:bestellungen|pakete|lieferungen|orders|parcels|packages"
    r"|(?:beide|zwei|two|both) (?:sachen|bestell\w*|things|of them))\b",
    re.IGNORECASE,
)
# 'zugestellt, aber hier ist nichts': what the carrier says is not so, and a person has to look into it.
_HANDED_OVER = re.compile(r"\b(?:zugestellt|abgeliefert|geliefert|abgegeben|delivered|dropped off)\b", re.IGNORECASE)
_NOT_HERE = re.compile(
    r"\b(?:nix|nichts|nie|nicht (?:da|hier|bekommen|erhalten|gekriegt|angekommen)|kein paket|nothing|never|nowhere"
    r"|not here|(?:isn'?t|not|haven'?t|didn'?t) (?:here|there|arrive\w*|get|got|receive\w*)|no (?:parcel|package))\b",
    re.IGNORECASE,
)
# Who says so has nothing in hand yet.
_WAITS = re.compile(
    r"\b(?:wo|wann|noch|immer|warte (?:auf|schon|seit|ich)|verloren|verschwunden|verschollen|weg|fehlt"
    r"|where\w*|when|still|yet|waiting|lost"
    r"|missing|late|overdue|not|\w+n['’]?t)\b",
    re.IGNORECASE,
)
# What goes back has been handed in.
_SENT_BACK = re.compile(
    r"\b(?:abgegeben|abgeschickt|losgeschickt|weggeschickt|eingeworfen|zurückgeschickt|zur post gebracht"
    r"|dropped (?:it|them) off|posted (?:it|them)|handed (?:it|them) in|sent (?:it|them) (?:off|back))\b",
    re.IGNORECASE,
)
_MOST = 8
_DAYS = (2, 5)  # of an order whose way of sending has none


async def track(turn: "Turn", reading: "Reading", text: str) -> None:
    """Where the parcel is, or whether it is paid, from data; the newest order unless one is named, or several are."""
    if _SEVERAL.search(text) and reading.field is None and (reading.order or "") not in text:
        await list_all(turn)
        return
    if _SENT_BACK.search(text) and "?" not in text and await under_way(turn):
        return
    order = await _meant(turn, reading)
    if order is None:
        return
    if OrderState(order.state) in SHIPPED and _HANDED_OVER.search(text) and _NOT_HERE.search(text):
        person.hand_over(turn, "complaint", key="complaint.sorry")
        return
    if reading.field == "shipping_address":
        street, city = order.delivery["street"], f"{order.delivery['postal_code']} {order.delivery['city']}"
        turn.reply(Text(text=turn.say("order.goes_to", number=order.number, street=street, city=city)))
        return
    await say_where(turn, order, waits=bool(_WAITS.search(text) or _NOT_HERE.search(text)))


async def say_where(turn: "Turn", order: Order, *, waits: bool = False) -> None:
    """The order's state with the tracking of every parcel; to who waits for it, since when it is overdue."""
    parcels = await fulfilment.of_order(turn.uow, order.id)
    lines = [words.state_words(turn, order)]
    if OrderState(order.state) in SHIPPED and parcels:
        lines += [
            turn.say("order.tracking", carrier=parcel.carrier, code=parcel.tracking_code, url=parcel.tracking_url)
            for parcel in parcels
        ]
        due = _due(turn, order, parcels)
        late = waits and due < turn.local(turn.now).date() and order.state != OrderState.CLOSED
        lines += [turn.say("order.overdue", day=say_date(due, turn.locale, weekday=True))] if late else []
    elif order.state == OrderState.PAID:
        lines = [turn.say("order.not_shipped", number=order.number, state=turn.say(f"order.state.{order.state}"))]
    turn.reply(
        words.status(
            order, "\n".join(lines), locale=turn.locale, public_url=turn.desk.public_url, actions=_ways(turn, order)
        )
    )


def _due(turn: "Turn", order: Order, parcels: Sequence[Fulfilment]) -> date:
    """The day by which the last parcel should be there."""
    low, high = order.shipping.get("days", _DAYS)
    return delivery_days(turn.local(parcels[-1].shipped_at).date(), (low, high))[1]


async def paid(turn: "Turn", *, else_say: str = "pay.not_yet") -> None:
    """'bezahlt?': yes with the number, still on its way, or not yet (`else_say`) with the link."""
    found = await orders.of_customer(turn.uow, turn.customer_id, limit=1)
    order = found[0] if found else None
    if order is not None and OrderState(order.state) in PAID_FOR:
        turn.reply(Text(text=turn.say("pay.paid_already", number=order.number, total=order.total.format(turn.locale))))
    elif order is not None and order.state == OrderState.PAYMENT_PENDING:
        turn.reply(Text(text=turn.say("pay.pending", number=order.number)))
    elif not (await turn.cart()).is_empty:
        turn.reply(Text(text=turn.say(else_say)))
        await pay.checkout(turn)
    else:
        turn.reply(Text(text=turn.say("pay.no_order")))


async def list_all(turn: "Turn") -> None:
    """The person's orders to choose from."""
    found = await orders.of_customer(turn.uow, turn.customer_id, limit=_MOST)
    if not found:
        turn.reply(Text(text=turn.say("order.none"), actions=(_human(turn),)))
        return
    options = tuple(
        Action(
            id=f"order:{order.number}", title=order.number,
            description=f"{turn.say(f'order.state.{order.state}')} · {order.total.format(turn.locale)}",
        )
        for order in found
    )  # fmt: skip
    turn.reply(Choices(text=turn.say("order.list"), options=options, button=turn.say("action.choose")))


async def show(turn: "Turn", number: str) -> None:
    """One of the person's own orders."""
    order = await orders.find_by_number(turn.uow, turn.customer_id, number)
    if order is None:
        turn.reply(Text(text=turn.say("order.not_yours"), actions=(_human(turn),)))
        return
    await say_where(turn, order)


async def cancel(turn: "Turn", reading: "Reading", _text: str) -> None:
    """Ask before cancelling; say honestly when it is too late."""
    order = await _meant(turn, reading)
    if order is not None:
        await ask_cancel(turn, order.number)


async def ask_cancel(turn: "Turn", number: str) -> None:
    """The question before an order is called off."""
    order = await orders.find_by_number(turn.uow, turn.customer_id, number)
    if order is None:
        turn.reply(Text(text=turn.say("order.not_yours"), actions=(_human(turn),)))
        return
    if OrderState(order.state) in SHIPPED:
        back = Action(id=f"ret:{order.number}", title=turn.say("action.return"))
        turn.reply(Text(text=turn.say("order.too_late", number=order.number), actions=(back,)))
        return
    turn.memory = replace(turn.memory, pending=Pending("cancel_order", order=order.number))
    text = turn.say("order.cancel_ask", number=order.number, total=order.total.format(turn.locale))
    turn.reply(Text(text=text, actions=_yes_no(turn)))


def interrupt(turn: "Turn", asked: Pending) -> None:
    """Other things were spoken of since it was asked whether to cancel: a yes is asked for once more."""
    if asked.ask == "cancel_order":
        turn.memory = replace(turn.memory, pending=replace(asked, data={"interrupted": "yes"}))


async def offer_cancel(turn: "Turn") -> bool:
    """'doch nicht' after an order that is not packed yet; False when there is none."""
    if not turn.thread.has_orders or not (await turn.cart()).is_empty:
        return False
    found = await orders.of_customer(turn.uow, turn.customer_id, limit=1)
    if not found or OrderState(found[0].state) in SHIPPED | _GONE:
        return False
    await ask_cancel(turn, found[0].number)
    return True


async def cancel_now(turn: "Turn", number: str) -> None:
    """Call it off; the refund follows by itself and is told when it is on its way."""
    order = await orders.find_by_number(turn.uow, turn.customer_id, number)
    if order is None:
        turn.reply(Text(text=turn.say("order.not_yours")))
        return
    try:
        await orders.cancel(turn.uow, order.id, orders.CancelledBy.SHOPPER)
    except TooLateToCancel:
        turn.reply(Text(text=turn.say("order.too_late", number=order.number)))
        return
    back = await refunding.going_back(turn.uow, order.id, order.currency)
    key = "order.cancelled_refund" if back.minor else "order.cancelled"
    turn.reply(Text(text=turn.say(key, number=order.number, total=back.format(turn.locale))))


async def change(turn: "Turn", _reading: "Reading", _text: str) -> None:
    """A placed order is changed by a person; who has none yet only asks whether it could be."""
    if not turn.thread.has_orders:
        turn.reply(Text(text=turn.say("order.changeable"), actions=(_human(turn),)))
        return
    if turn.memory.pending is not None and turn.memory.pending.ask == "cancel_order":
        turn.memory = replace(turn.memory, pending=None)
    person.hand_over(turn, "change_order", key="order.change_person")


async def refunds(turn: "Turn", reading: "Reading", _text: str) -> None:
    """Where the money is: of the order that is spoken of, else of the newest that any goes back for.

    Before any does, how far the return is, or the payment; and to whoever has nothing under way, how it goes.
    """
    if "not_your_order" in reading.tells:
        turn.reply(Text(text=turn.say("order.not_yours"), actions=(_human(turn),)))
        return
    found = await orders.of_customer(turn.uow, turn.customer_id, limit=_MOST)
    if await _goes_back(turn, sorted(found, key=lambda order: order.number != reading.order)):
        return
    if any(order.state == OrderState.PAYMENT_PENDING for order in found):
        await paid(turn)
    else:
        turn.reply(Text(text=f"{turn.say('refund.none')}\n{turn.say('refund.how')}", actions=(_human(turn),)))


async def under_way(turn: "Turn") -> bool:
    """Say how far what goes back is; False when nothing does."""
    return await _goes_back(turn, await orders.of_customer(turn.uow, turn.customer_id, limit=_MOST))


async def _goes_back(turn: "Turn", ordered: Sequence[Order]) -> bool:
    back = await refunding.refunds_by_order(turn.uow, [order.id for order in ordered])
    returned = await returns.of_orders(turn.uow, [order.id for order in ordered])
    for order in ordered:
        told = [
            turn.say(f"refund.state.{one.state}", amount=one.amount.format(turn.locale), number=order.number)
            for one in back.get(order.id, ())
        ] or [_how_far(turn, one, order.number) for one in returned.get(order.id, ()) if one.state in _AHEAD]
        if told:
            turn.reply(Text(text="\n".join(told)))
            return True
    return False


def _how_far(turn: "Turn", one: Return, number: str) -> str:
    """What became of a return so far, and when its money comes."""
    said = turn.say(f"return.state.{one.state}", number=number)
    waits = one.wish is Wish.REFUND and one.state is not ReturnState.RECEIVED
    return f"{said} {turn.say('return.money')}" if waits else said


async def invoice(turn: "Turn", reading: "Reading", _text: str) -> None:
    """The receipt's page; who has not ordered yet only asks whether there will be one."""
    if not turn.thread.has_orders and not reading.order and "not_your_order" not in reading.tells:
        turn.reply(Text(text=turn.say("order.invoice_later")))
        return
    order = await _meant(turn, reading)
    if order is not None:
        url = words.page_of(order, turn.desk.public_url)
        turn.reply(Text(text=turn.say("order.invoice", number=order.number, url=url)))


async def _meant(turn: "Turn", reading: "Reading", *, quiet: bool = False) -> Order | None:
    """The order that is spoken of: the one named if it is the person's own, else the newest that lives."""
    if reading.order:
        order = await orders.find_by_number(turn.uow, turn.customer_id, reading.order)
        if order is not None:
            return order
    if "not_your_order" in reading.tells:
        turn.reply(Text(text=turn.say("order.not_yours"), actions=(_human(turn),)))
        return None
    found = await orders.of_customer(turn.uow, turn.customer_id, limit=_MOST)
    living = next((order for order in found if OrderState(order.state) not in _GONE), found[0] if found else None)
    if living is None and not quiet:
        lacking = "no_number" in reading.tells
        key = "order.without_number" if lacking else "order.none"
        turn.memory = replace(turn.memory, pending=None if lacking else _number_asked())
        turn.reply(Text(text=turn.say(key), actions=(_human(turn),)))
    return living


def is_told(turn: "Turn", reading: "Reading") -> bool:
    """Whether the words answer the question for an order's number."""
    pending = turn.memory.pending
    asked = pending is not None and pending.ask == "order"
    return asked and (reading.order is not None or "not_your_order" in reading.tells)


def _number_asked() -> Pending:
    return Pending("order", op="track", missing=("order_number",))


def _ways(turn: "Turn", order: Order) -> tuple[Action, ...]:
    if OrderState(order.state) in SHIPPED:
        return (Action(id=f"ret:{order.number}", title=turn.say("action.return")), _human(turn))
    if order.state == OrderState.PAID:
        return (Action(id=f"cancel:{order.number}", title=turn.say("action.cancel_order")),)
    return ()


def _yes_no(turn: "Turn") -> tuple[Action, ...]:
    return (Action(id="yes", title=turn.say("action.yes"), primary=True), Action(id="no", title=turn.say("action.no")))


def _human(turn: "Turn") -> Action:
    return Action(id="human", title=turn.say("action.human"))
