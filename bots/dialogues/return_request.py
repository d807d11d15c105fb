"""The request for a return: how many pieces, what comes back for them, and what the shopper hears of it."""

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bots.conversations.memory import Pending
from bots.messages.outbound import Action, Choices, Text
from bots.replies import goods
from bots.replies import orders as words
from catalog.kernel.errors import ShopError
from catalog.kernel.money import Money, total
from catalog.products.listing import by_sku
from checkout.orders import service as orders
from checkout.orders.models import Order, OrderLine
from checkout.returns import service as returns
from checkout.returns.states import Wish

if TYPE_CHECKING:
    from bots.turns.turn import Turn

_NUMBER = re.compile(r"\d{1,3}")  # a tap's id comes back from outside: it may say anything
_MOST = 10  # numbers that a shopper chooses from


async def spoken_of(turn: "Turn", data: dict[str, str]) -> tuple[Order, OrderLine] | None:
    """The order and its line that a return in the making is about, or None when it is not the person's."""
    order = await orders.find_by_number(turn.uow, turn.customer_id, data.get("order", ""))
    line = next((line for line in order.lines if line.sku == data.get("sku")), None) if order else None
    return None if order is None or line is None else (order, line)


async def request(turn: "Turn", data: dict[str, str]) -> None:
    """Request the return, or ask how many pieces of several go back."""
    found = await spoken_of(turn, data)
    if found is None:
        turn.memory = replace(turn.memory, pending=None)
        nothing(turn)
        return
    order, line = found
    units = line.shipped - line.returned
    if units > 1 and not _NUMBER.fullmatch(data.get("quantity", "")):
        _how_many(turn, units, data)
        return
    turn.memory = replace(turn.memory, pending=None, focus=None)  # a size said now is no wish for one more
    quantity = _quantity(line, data)
    wish = Wish(data.get("wish", Wish.REFUND.value))
    try:
        await returns.request(
            turn.uow, order.id, lines=[(line.sku, quantity, data.get("reason", ""))],
            photos=data.get("photo", "").splitlines(), wish=wish,
        )  # fmt: skip
    except ShopError:
        nothing(turn)
        return
    title = words.line_title(line)
    if wish is Wish.EXCHANGE:
        await _say_exchanged(turn, order, line, data.get("sku_new", ""))
        return
    amount = _worth(order, line, quantity).format(turn.locale)
    turn.reply(Text(text=turn.say("return.requested", title=title, number=order.number, amount=amount)))


def _how_many(turn: "Turn", units: int, data: dict[str, str]) -> None:
    turn.memory = replace(turn.memory, pending=Pending("return_quantity", data=data))
    options = tuple(Action(id=f"rmany:{number}", title=str(number)) for number in range(1, min(units, _MOST) + 1))
    turn.reply(Choices(text=turn.say("return.how_many"), options=options, button=turn.say("action.choose")))


async def many(turn: "Turn", data: dict[str, str], number: str) -> None:
    """Go on with how many pieces go back."""
    await request(turn, {**data, "quantity": number})


async def say_worth(turn: "Turn", data: dict[str, str]) -> None:
    """What comes back for the piece, and what sending it costs."""
    found = await spoken_of(turn, data)
    if found is None:
        return
    order, line = found
    said = [turn.say("return.worth", amount=_worth(order, line, _quantity(line, data)).format(turn.locale))]
    said.append(turn.shop.text(turn.shop.settings.returns.note, turn.locale))
    turn.reply(Text(text="\n".join(part for part in said if part)))


def _quantity(line: OrderLine, data: dict[str, str]) -> int:
    wanted = data.get("quantity", "")
    return min(int(wanted) if _NUMBER.fullmatch(wanted) else 1, line.shipped - line.returned)


def _worth(order: Order, line: OrderLine, quantity: int) -> Money:
    """What will go back: the units' share of the line, and with the last unit of an order its standard delivery."""
    shares = Money(line.total_minor - line.discount_minor, line.currency).allocate_payable([1] * line.quantity)
    worth = total(shares[:quantity], line.currency)
    if all(each.returned >= each.quantity for each in order.lines):
        worth += order.money(int(order.shipping.get("standard_minor", order.shipping_minor)))
    return worth


async def _say_exchanged(turn: "Turn", order: Order, line: OrderLine, sku: str) -> None:
    found = (await by_sku(turn.uow, [sku], turn.locale)).get(sku)
    variant = found.variant(sku) if found is not None else None
    title, options = words.line_title(line), variant.options if variant is not None else {}
    if found is None or variant is None or goods.kind_of(options, "colour") == goods.kind_of(line.options, "colour"):
        size = goods.kind_of(options, "size") or sku
        told = turn.say("return.requested_exchange", title=title, number=order.number, size=size)
    else:
        other = goods.full_title(found, variant)
        told = turn.say("return.requested_other", title=title, number=order.number, other=other)
    turn.reply(Text(text=told))


def nothing(turn: "Turn") -> None:
    """There is nothing that could come back; a person may know more."""
    turn.reply(Text(text=turn.say("return.none"), actions=(human(turn),)))


def human(turn: "Turn") -> Action:
    """The button that calls a person of the team."""
    return Action(id="human", title=turn.say("action.human"))
