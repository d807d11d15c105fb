"""Typed answers to the questions of a return: why, how many, another size instead, no photo, back or kept after all."""

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bots.conversations.memory import Pending
from bots.dialogues import return_exchange, return_request, returns
from bots.dialogues.context import context_of
from bots.messages.outbound import Text
from bots.replies import goods
from bots.understanding import reading as readings
from bots.understanding.normalise import fold
from bots.understanding.numbers import LARGEST, quantities
from bots.understanding.returning import same_again
from catalog.products.listing import by_sku

if TYPE_CHECKING:
    from bots.turns.turn import Turn
    from bots.understanding.reading import Reading

_ASKS = re.compile(
    r"\?\s*$|^\W*(?:(?:und|and|also|so|aber|but|ok|okay)\s+)*"
    r"(?:w(?:ie|o|ann|as|er|elche\w*|ohin|arum)|how|wh(?:ere|en|at|o|ich|y)s?|muss|soll|ist|is|did|do|does|has|am|are)\b",
    re.IGNORECASE,
)
_WISHES = re.compile(r"^\W*(?:\w+\s+)?(?:kann|könnte?|koennte?|darf|can|could|may)\s+(?:ich|i)\b", re.IGNORECASE)
_KEPT = re.compile(r"\b(?:behalt\w*|keep\w* (?:it|them|em|this|these|those|the|my))\b", re.IGNORECASE)
_NOT = re.compile(
    r"\b(?:nicht|nich|net|ned|kein\w*|no|not|never|without|ohne|\w+n['’]t|(?:ca|wo|do|does|did|is|are)nt)\b",
    re.IGNORECASE,
)
_PHOTO = re.compile(r"\b(?:fotos?|bild(?:er)?|photos?|pics?|pictures?|kamera|camera)\b", re.IGNORECASE)
_WITHOUT = re.compile(r"\b(?:ohne|without)(?: (?:ein|a|any))? (?:fotos?|bild|photos?|pics?|pictures?)\b", re.IGNORECASE)
_BUYS = re.compile(
    r"\b(?:noch|dazu|zusätzlich|extra|another|more|add|buy|kauf\w*|bestell\w*|order|cart|basket|\w*korb)\b",
    re.IGNORECASE,
)
_WORTH = re.compile(r"\b(?:wie ?viel|was|how much|will|does|do|kost\w*)\b", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_BRIEF = 6  # words of an answer to how many
_ALL = re.compile(r"\b(?:alle[sn]?|beide[sn]?|all|both|everything)\b", re.IGNORECASE)


async def words_of(turn: "Turn", text: str) -> bool:
    """Take the words as the answer to a return's open question; False when they are something else."""
    pending = turn.memory.pending
    if pending is None or not pending.ask.startswith("return_"):
        return False
    if await _is_kept(turn, pending, text):
        turn.memory = replace(turn.memory, pending=None)
        turn.reply(Text(text=turn.say("undo.cancelled")))
        return True
    if _is_same_again(pending, text):
        await return_exchange.exchange_same(turn, dict(pending.data))
        return True
    if _PHOTO.search(text) and pending.data.get("reason") in returns.PHOTO_FOR and pending.ask != "return_photo":
        await returns.because(turn, dict(pending.data))
        return True
    return await _answered(turn, pending, text) or await _asked(turn, pending, text)


async def _is_kept(turn: "Turn", pending: Pending, text: str) -> bool:
    """'die behalte ich doch', of the piece spoken of and no other."""
    if not _KEPT.search(text) or _NOT.search(text) or _ASKS.search(text) or _number(text) is not None:
        return False
    reading = await _read(turn, text)
    return reading.search is None and not _is_of_other_goods(pending, reading)


def _is_same_again(pending: Pending, text: str) -> bool:
    """'umtauschen gegen das gleiche', of a piece that is no wrong size."""
    misfit = pending.data.get("reason") in return_exchange.STEP
    return "sku" in pending.data and not misfit and not _NOT.search(text) and same_again(fold(text))


async def _answered(turn: "Turn", pending: Pending, text: str) -> bool:
    match pending.ask:
        case "return_reason":
            return await _why(turn, pending, text)
        case "return_confirm":
            return await _instead(turn, pending, text) or await _further(turn, pending, text)
        case "return_quantity":
            return await _how_many(turn, pending, text)
        case "return_photo" if _WITHOUT.search(text):
            await returns.tapped(turn, "rphoto", "skip")
            return True
        case "return_photo":
            return await _no_photo(turn, text)
    return False


async def _no_photo(turn: "Turn", text: str) -> bool:
    """A no to the question for a photo is no more than that: the piece goes back all the same."""
    spoken_of = _PHOTO.search(text) and _NOT.search(text)
    if not spoken_of and "deny" not in (await _read(turn, text)).intents:
        return False
    returns.do_without_photo(turn)
    return True


async def _why(turn: "Turn", pending: Pending, text: str) -> bool:
    reading = await _read(turn, text)
    if reading.reason not in returns.REASONS or _is_of_other_goods(pending, reading):
        return False
    await returns.because(turn, {**pending.data, "reason": reading.reason})
    return True


async def _how_many(turn: "Turn", pending: Pending, text: str) -> bool:
    if _ASKS.search(text):
        return False
    number = str(LARGEST) if _ALL.search(text) else _number(text)
    if number is None:
        return False
    await return_request.many(turn, dict(pending.data), number)
    return True


async def _instead(turn: "Turn", pending: Pending, text: str) -> bool:
    """'in 31 bitte' of trousers that shall go back is an exchange, and no second pair."""
    data = dict(pending.data)
    sku = data.get("sku", "")
    listing = (await by_sku(turn.uow, [sku], turn.locale)).get(sku)
    variant = listing.variant(sku) if listing is not None else None
    if listing is None or variant is None:
        return False
    asked = readings.Pending(
        op="add", product=listing.handle, colour=goods.kind_of(variant.options, "colour"), quantity=1, missing=("size",)
    )
    reader = await turn.desk.reader(turn.uow, turn.shop)
    reading = reader.read(text, readings.Context(pending=asked), lang=turn.locale)
    size = next((op.size for op in reading.cart_ops if op.product == listing.handle and op.size), None)
    if size is None:
        return False
    if not await return_exchange.exchange(turn, data, size):
        turn.reply(Text(text=turn.say("product.stock_none", title=f"{listing.title}, {size}")))
    return True


async def _further(turn: "Turn", pending: Pending, text: str) -> bool:
    """The reason, where only the wish to give back was told before, the exchange that was offered, or a plain wish.

    A question is none of them, and a fault told again is no yes.
    """
    if _ASKS.search(text) and not _WISHES.search(text):
        return False
    reading, data = await _read(turn, text), dict(pending.data)
    if reading.handover or _is_of_other_goods(pending, reading):
        return False
    if (colour := _other_colour(reading, data)) is not None and not _BUYS.search(text):
        await return_exchange.exchange_colour(turn, data, colour)
    elif reading.cart_ops and not _BUYS.search(text) and (number := _number(text)) is not None:
        await returns.again(turn, {**data, "quantity": number})
    elif "exchange_item" in reading.intents and "sku_new" in data:
        await return_exchange.take_other_size(turn, data)
    elif reading.reason in returns.REASONS and "reason" not in data:
        await returns.because(turn, {**data, "reason": reading.reason})
    elif "return_item" in reading.intents and reading.reason is None:
        await returns.give_back(turn, data)
    else:
        return False
    return True


async def _asked(turn: "Turn", pending: Pending, text: str) -> bool:
    """'wie viel bekomme ich zurück?', of the piece spoken of."""
    if "sku" not in pending.data or not _WORTH.search(text):
        return False
    reading = await _read(turn, text)
    if "price" not in reading.asks or reading.product != pending.data.get("product"):
        return False
    await return_request.say_worth(turn, dict(pending.data))
    return True


def _other_colour(reading: "Reading", data: dict[str, str]) -> str | None:
    """The colour wished for in place of that of the piece spoken of."""
    ops = [(op.product, op.colour) for op in reading.cart_ops] or [(reading.product, reading.colour)]
    found = [colour for product, colour in ops if product == data.get("product") and colour]
    return next((colour for colour in found if colour != data.get("colour")), None)


def _is_of_other_goods(pending: Pending, reading: "Reading") -> bool:
    return bool(reading.items) and pending.data.get("product") not in reading.items


async def _read(turn: "Turn", text: str) -> "Reading":
    reader = await turn.desk.reader(turn.uow, turn.shop)
    return reader.read(text, await context_of(turn), lang=turn.locale)


def _number(text: str) -> str | None:
    """How many, of a short answer: the first number, so that of `one of three` it is the one."""
    said = [fold(word) for word in _WORD.findall(text)]
    known = quantities()
    numbers = (int(word) if word.isdecimal() else known.get(word, 0) for word in said)
    return next((str(number) for number in numbers if number), None) if len(said) <= _BRIEF else None
