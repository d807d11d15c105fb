"""Returns in conversation: which piece, why, a photo where it matters, then money back or another size.

The legal right is never hidden behind an offer: 'Zurückgeben' stands beside every exchange.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bots.conversations.memory import Focus, Pending
from bots.dialogues import info, named
from bots.messages.action_ids import action_id, whole_of
from bots.messages.outbound import Action, Choices, FormQuestion, Text
from bots.replies import goods
from bots.replies import orders as words
from catalog.kernel.errors import ShopError
from catalog.kernel.locale import say_date
from catalog.kernel.money import Money, total
from catalog.products.listing import Listing, VariantListing, by_sku, option_kind, options_of
from checkout.orders import service as orders
from checkout.orders.models import Order, OrderLine
from checkout.orders.states import SHIPPED, OrderState
from checkout.returns import service as returns
from checkout.returns.states import Wish

if TYPE_CHECKING:
    from bots.turns.turn import Turn
    from bots.understanding.reading import Reading

REASONS = ("too_small", "too_large", "defective", "wrong_item", "not_liked")
PHOTO_FOR = frozenset({"defective", "wrong_item"})
_STEP = {"too_small": 1, "too_large": -1}
_SAID = {"reason", "quantity"}  # of what was told before the piece was
_MOST = 10
_ASKS = re.compile(
    r"\?\s*$|^\W*(?:(?:und|and|also|so)\s+)?"
    r"(?:kann?|könn\w*|koenn\w*|darf|dürf\w*|geht|gibt|was wenn|can|could|may|what if|is it)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d{1,3}")  # a tap's id comes back from outside: it may say anything


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line that may come back."""

    order: Order
    line: OrderLine


async def begin(turn: "Turn", reading: "Reading", text: str) -> None:
    """'die hose ist zu weit', 'ich möchte etwas zurückgeben'; who has nothing yet and asks hears whether one could."""
    found = await _candidates(turn)
    named = [one for one in found if one.line.handle in reading.items] if reading.items else found
    if reading.order:
        named = [one for one in named if one.order.number == reading.order] or named
    reason = reading.reason if reading.reason in REASONS else None
    wish = "exchange" if "exchange_item" in reading.intents else ""
    said = {"reason": reason, "quantity": str(reading.quantity) if reading.quantity else None}
    data = {key: value for key, value in said.items() if value}
    if len(named) == 1 or (named and reading.items):
        await _piece(turn, named[0], data, size=reading.size, wish=wish)
    elif found:
        _which(turn, named or found, data)
    elif _ASKS.search(text):
        await info.return_policy(turn, reading, text)
    elif (over := await _over(turn)) is not None:
        turn.reply(Text(text=turn.say("return.over", day=say_date(over, turn.locale)), actions=(_human(turn),)))
    else:
        turn.reply(Text(text=turn.say("return.none"), actions=(_human(turn),)))


async def tapped(turn: "Turn", verb: str, rest: str) -> None:
    """A tap in the middle of a return."""
    pending = turn.memory.pending
    data = dict(pending.data) if pending is not None and pending.ask.startswith("return_") else {}
    match verb:
        case "ret" if rest == "go":
            await give_back(turn, data)
        case "ret":
            found = [one for one in await _candidates(turn) if one.order.number == rest]
            if len(found) == 1:
                await _piece(turn, found[0], {})
            else:
                _which(turn, found, {})
        case "rline":
            number, _, sku = rest.partition(":")
            ordered = [one for one in await _candidates(turn) if one.order.number == number]
            sku = whole_of(sku, [one.line.sku for one in ordered]) or sku
            found = [one for one in ordered if one.line.sku == sku]
            if found:
                await _piece(turn, found[0], {key: data[key] for key in _SAID & data.keys()})
            else:
                turn.reply(Text(text=turn.say("return.none"), actions=(_human(turn),)))
        case "rwhy":
            await because(turn, {**data, "reason": rest})
        case "rphoto":
            await _request(turn, data)
        case "rmany":
            await many(turn, data, rest)
        case "exch":
            await _request(turn, {**data, "wish": Wish.EXCHANGE.value, "sku_new": await named.sku(turn, rest)})


async def exchange(turn: "Turn", data: dict[str, str], size: str) -> bool:
    """Take another size of the piece spoken of instead of money; False when that is not in stock."""
    order = await orders.find_by_number(turn.uow, turn.customer_id, data.get("order", ""))
    line = next((line for line in order.lines if line.sku == data.get("sku")), None) if order else None
    other = await _other_size(turn, line, None, size) if line is not None else None
    if other is None:
        return False
    await _request(turn, {**data, "wish": Wish.EXCHANGE.value, "sku_new": other[0].sku})
    return True


async def exchange_colour(turn: "Turn", data: dict[str, str], colour: str) -> None:
    """Take the piece spoken of in another colour instead of money, in the size that was offered, if any was."""
    sku = data.get("sku_new") or data.get("sku", "")
    found = (await by_sku(turn.uow, [sku], turn.locale)).get(sku)
    present = found.variant(sku) if found is not None else None
    if found is None or present is None:
        return
    listing = (await goods.on_shelf(turn.uow, [found]))[0]
    size = goods.kind_of(present.options, "size")
    other = next((one for one in goods.choose(listing, colour=colour, size=size) if one.available > 0), None)
    if other is not None:
        await _request(turn, {**data, "wish": Wish.EXCHANGE.value, "sku_new": other.sku})
        return
    shade = listing.called(colour)
    title = f"{listing.title} {shade}, {size}" if size else f"{listing.title} {shade}"
    turn.reply(Text(text=turn.say("product.stock_none", title=title)))


async def again(turn: "Turn", data: dict[str, str]) -> None:
    """Name the piece once more, with what was said of it since."""
    found = [one for one in await _candidates(turn) if one.order.number == data.get("order")]
    piece = next((one for one in found if one.line.sku == data.get("sku")), None)
    if piece is not None:
        await _piece(turn, piece, {key: data[key] for key in _SAID & data.keys()}, wish=data.get("wished", ""))


async def say_worth(turn: "Turn", data: dict[str, str]) -> None:
    """What comes back for the piece, and what sending it costs."""
    order = await orders.find_by_number(turn.uow, turn.customer_id, data.get("order", ""))
    line = next((line for line in order.lines if line.sku == data.get("sku")), None) if order else None
    if order is None or line is None:
        return
    wanted = data.get("quantity", "")
    quantity = min(int(wanted) if _NUMBER.fullmatch(wanted) else 1, line.shipped - line.returned)
    said = [turn.say("return.worth", amount=_worth(order, line, quantity).format(turn.locale))]
    said.append(turn.shop.text(turn.shop.settings.returns.note, turn.locale))
    turn.reply(Text(text="\n".join(part for part in said if part)))


async def take_other_size(turn: "Turn", data: dict[str, str]) -> None:
    """Take the size that was offered instead of money."""
    await _request(turn, {**data, "wish": Wish.EXCHANGE.value})


async def many(turn: "Turn", data: dict[str, str], number: str) -> None:
    """Go on with how many pieces go back."""
    await _request(turn, {**data, "quantity": number})


def do_without_photo(turn: "Turn") -> None:
    """Whoever has no photo now may send it later, or go on without."""
    _ask_for_photo(turn, "return.photo_later")


async def photos(turn: "Turn", media_ids: Sequence[str]) -> bool:
    """Pictures while a return waits for one; False when none does."""
    pending = turn.memory.pending
    if pending is None or pending.ask != "return_photo":
        return False
    await _request(turn, {**pending.data, "photo": "\n".join(media_ids[: returns.MOST_PHOTOS])})
    return True


def insist_on_photo(turn: "Turn") -> bool:
    """Something came instead of the photo that a return waits for, and nobody would see it; False when none waits."""
    if turn.memory.pending is None or turn.memory.pending.ask != "return_photo":
        return False
    _ask_for_photo(turn, "return.photo_only")
    return True


async def confirmed(turn: "Turn", pending: Pending, *, yes: bool) -> None:
    """A yes or no to 'this piece?': yes goes on to what was wished for, another size or giving it back."""
    if yes and "sku_new" in pending.data and pending.data.get("wished") == Wish.EXCHANGE:
        await take_other_size(turn, dict(pending.data))
    elif yes:
        await give_back(turn, dict(pending.data))
    else:
        turn.reply(Text(text=turn.say("undo.cancelled")))


async def _candidates(turn: "Turn") -> list[Candidate]:
    """Lines of the person's orders that were sent, are not back yet and may still come back."""
    found = await orders.of_customer(turn.uow, turn.customer_id, limit=_MOST)
    candidates: list[Candidate] = []
    for order in found:
        if OrderState(order.state) in SHIPPED:
            possible = await returns.returnable(turn.uow, order.id)
            if possible.is_open:
                candidates += [Candidate(order, line) for line in order.lines if possible.units.get(line.sku, 0) > 0]
    return candidates


async def _over(turn: "Turn") -> date | None:
    """The last day on which the person's latest order could come back, where it was sent and that day is past."""
    for order in await orders.of_customer(turn.uow, turn.customer_id, limit=1):
        possible = await returns.returnable(turn.uow, order.id)
        if any(possible.units.values()) and not possible.is_open:
            return possible.until
    return None


def _which(turn: "Turn", found: list[Candidate], data: dict[str, str]) -> None:
    turn.memory = replace(turn.memory, pending=Pending("return_line", data=data))
    options = tuple(
        Action(
            id=action_id("rline", one.order.number, one.line.sku), title=words.line_title(one.line),
            description=one.order.number,
        )
        for one in found[:_MOST]
    )  # fmt: skip
    if options:
        turn.reply(Choices(text=turn.say("return.which"), options=options, button=turn.say("action.choose")))
    else:
        turn.reply(Text(text=turn.say("return.none"), actions=(_human(turn),)))


async def _piece(
    turn: "Turn", one: Candidate, said: dict[str, str], *, size: str | None = None, wish: str = ""
) -> None:
    """Name the piece, say until when, and offer both: another size, and giving it back. It is spoken of from now on."""
    title, reason = words.line_title(one.line), said.get("reason")
    data = {**said, "order": one.order.number, "sku": one.line.sku, "product": one.line.handle, "wished": wish}
    data |= {"colour": goods.kind_of(one.line.options, "colour") or ""}
    possible = await returns.returnable(turn.uow, one.order.id)
    lines = [turn.say("return.sorry", title=title, number=one.order.number)]
    if possible.until is not None:
        lines.append(turn.say("return.until", day=say_date(possible.until, turn.locale)))
    actions: list[Action] = []
    other = await _other_size(turn, one.line, reason, size) if reason in _STEP or size or wish else None
    if other is not None:
        variant, label = other
        data["sku_new"] = variant.sku
        actions.append(Action(id=action_id("exch", variant.sku), title=turn.say("action.exchange_for", size=label)))
    actions += [Action(id="ret:go", title=turn.say("action.return")), _human(turn)]
    focus = Focus(one.line.handle, goods.kind_of(one.line.options, "colour"), goods.kind_of(one.line.options, "size"))
    turn.memory = replace(turn.memory, focus=focus, pending=Pending("return_confirm", data=data))
    turn.reply(Text(text="\n".join(lines), actions=tuple(actions)))


async def _other_size(
    turn: "Turn", line: OrderLine, reason: str | None, wanted: str | None
) -> tuple[VariantListing, str] | None:
    """The size wished for, or the next one in the right direction, if it is in stock."""
    found = (await by_sku(turn.uow, [line.sku], turn.locale)).get(line.sku)
    if found is None:
        return None
    listing = (await goods.on_shelf(turn.uow, [found]))[0]
    name = next((name for name in listing.options if option_kind(name) == "size"), None)
    if name is None or name not in line.options:
        return None
    same = {key: value for key, value in line.options.items() if key != name}
    there = {variant.options[name]: variant for variant in listing.matching(same) if variant.available > 0}
    for value in _in_order(listing, name, str(line.options[name]), reason, wanted):
        if value in there:
            return there[value], value.partition("/")[0] if "/" in value else value
    return None


def _in_order(listing: Listing, name: str, present: str, reason: str | None, wanted: str | None) -> list[str]:
    """Sizes to offer, best first. Of a size like 32/32 the width changes and the length stays."""
    if wanted:
        return [wanted, *(value for value in options_of(listing)[name] if value.startswith(f"{wanted}/"))]
    values = list(options_of(listing)[name])
    if "/" in present:
        length = present.partition("/")[2]
        values = sorted((v for v in values if v.partition("/")[2] == length), key=lambda v: (len(v), v))
    step = _STEP.get(reason or "", 0)
    if present not in values or not step:
        return []
    at = values.index(present)
    return values[at + 1 :] if step > 0 else values[:at][::-1]


async def give_back(turn: "Turn", data: dict[str, str]) -> None:
    """Go on to giving the piece back: why, when that is not said yet."""
    if "sku" not in data:
        turn.reply(Text(text=turn.say("return.none"), actions=(_human(turn),)))
    elif "reason" in data:
        await because(turn, data)
    else:
        turn.memory = replace(turn.memory, pending=Pending("return_reason", data=data))
        options = tuple(Action(id=f"rwhy:{reason}", title=turn.say(f"return.reason.{reason}")) for reason in REASONS)
        turn.reply(Choices(text=turn.say("return.reason"), options=options, button=turn.say("action.choose")))


async def because(turn: "Turn", data: dict[str, str]) -> None:
    """Go on with the reason: a photo where that shows it, else the request."""
    if data.get("reason") in PHOTO_FOR and "photo" not in data:
        turn.memory = replace(turn.memory, pending=Pending("return_photo", data=data))
        _ask_for_photo(turn, "return.photo")
        return
    await _request(turn, data)


def _ask_for_photo(turn: "Turn", key: str) -> None:
    skip = Action(id="rphoto:skip", title=turn.say("action.skip"))
    turn.reply(FormQuestion(text=turn.say(key), field="note", actions=(skip,)))


async def _request(turn: "Turn", data: dict[str, str]) -> None:
    order = await orders.find_by_number(turn.uow, turn.customer_id, data.get("order", ""))
    line = next((line for line in order.lines if line.sku == data.get("sku")), None) if order else None
    if order is None or line is None:
        _nothing(turn)
        return
    units = line.shipped - line.returned
    wanted = data.get("quantity", "")
    if units > 1 and not _NUMBER.fullmatch(wanted):
        _how_many(turn, units, data)
        return
    turn.memory = replace(turn.memory, pending=None)
    quantity = min(int(wanted) if _NUMBER.fullmatch(wanted) else 1, units)
    wish = Wish(data.get("wish", Wish.REFUND.value))
    try:
        await returns.request(
            turn.uow, order.id, lines=[(line.sku, quantity, data.get("reason", ""))],
            photos=data.get("photo", "").splitlines(), wish=wish,
        )  # fmt: skip
    except ShopError:
        _nothing(turn)
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


def _nothing(turn: "Turn") -> None:
    turn.memory = replace(turn.memory, pending=None)
    turn.reply(Text(text=turn.say("return.none"), actions=(_human(turn),)))


def _human(turn: "Turn") -> Action:
    return Action(id="human", title=turn.say("action.human"))
