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
from bots.dialogues.orders import under_way
from bots.dialogues.return_exchange import STEP, other_size, take_other_size
from bots.dialogues.return_request import human, many, nothing, request
from bots.messages.action_ids import action_id, whole_of
from bots.messages.outbound import Action, Choices, FormQuestion, Text
from bots.replies import goods
from bots.replies import orders as words
from catalog.kernel.locale import say_date
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
_ANSWERS = frozenset({"rwhy", "rphoto", "rmany", "exch"})  # taps about the piece that goes back
_SAID = {"reason", "quantity"}  # of what was told before the piece was
_MOST = 10  # orders looked through, and pieces to choose from
_ASKS = re.compile(
    r"\?\s*$|^\W*(?:(?:und|and|also|so)\s+)?"
    r"(?:kann?|könn\w*|koenn\w*|darf|dürf\w*|geht|gibt|was wenn|can|could|may|what if|is it)\b"
    r"|\b(?:was (?:heißt|heisst|bedeutet|meint|soll)|what does|what'?s|meaning of)\b",
    re.IGNORECASE,
)


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
        turn.reply(Text(text=turn.say("return.over", day=say_date(over, turn.locale)), actions=(human(turn),)))
    elif not await under_way(turn):
        nothing(turn)


async def tapped(turn: "Turn", verb: str, rest: str) -> None:
    """A tap in the middle of a return."""
    pending = turn.memory.pending
    data = dict(pending.data) if pending is not None and pending.ask.startswith("return_") else {}
    over = verb in _ANSWERS and "sku" not in data  # answered before, and tapped once more
    if not (over and await under_way(turn)):
        await _go_on(turn, verb, rest, data)


async def _go_on(turn: "Turn", verb: str, rest: str, data: dict[str, str]) -> None:
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
                nothing(turn)
        case "rwhy":
            await because(turn, {**data, "reason": rest})
        case "rphoto":
            await request(turn, data)
        case "rmany":
            await many(turn, data, rest)
        case "exch":
            await request(turn, {**data, "wish": Wish.EXCHANGE.value, "sku_new": await named.sku(turn, rest)})


async def again(turn: "Turn", data: dict[str, str]) -> None:
    """Name the piece once more, with what was said of it since."""
    found = [one for one in await _candidates(turn) if one.order.number == data.get("order")]
    piece = next((one for one in found if one.line.sku == data.get("sku")), None)
    if piece is not None:
        await _piece(turn, piece, {key: data[key] for key in _SAID & data.keys()}, wish=data.get("wished", ""))


def do_without_photo(turn: "Turn") -> None:
    """Whoever has no photo now may send it later, or go on without."""
    _ask_for_photo(turn, "return.photo_later")


async def photos(turn: "Turn", media_ids: Sequence[str]) -> bool:
    """Pictures while a return waits for one; False when none does."""
    pending = turn.memory.pending
    if pending is None or pending.ask != "return_photo":
        return False
    await request(turn, {**pending.data, "photo": "\n".join(media_ids[: returns.MOST_PHOTOS])})
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
        nothing(turn)


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
    other = await other_size(turn, one.line, reason, size) if reason in STEP or size or wish else None
    if other is not None:
        variant, label = other
        data["sku_new"] = variant.sku
        actions.append(Action(id=action_id("exch", variant.sku), title=turn.say("action.exchange_for", size=label)))
    actions += [Action(id="ret:go", title=turn.say("action.return")), human(turn)]
    focus = Focus(one.line.handle, goods.kind_of(one.line.options, "colour"), goods.kind_of(one.line.options, "size"))
    turn.memory = replace(turn.memory, focus=focus, pending=Pending("return_confirm", data=data))
    turn.reply(Text(text="\n".join(lines), actions=tuple(actions)))


async def give_back(turn: "Turn", data: dict[str, str]) -> None:
    """Go on to giving the piece back: why, when that is not said yet."""
    if "sku" not in data:
        nothing(turn)
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
    await request(turn, data)


def _ask_for_photo(turn: "Turn", key: str) -> None:
    skip = Action(id="rphoto:skip", title=turn.say("action.skip"))
    turn.reply(FormQuestion(text=turn.say(key), field="note", actions=(skip,)))
