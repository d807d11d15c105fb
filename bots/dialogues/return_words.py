"""Typed answers to the questions of a return: why, another size instead, or plainly back with it."""

from typing import TYPE_CHECKING

from bots.conversations.memory import Pending
from bots.dialogues import returns
from bots.dialogues.context import context_of
from bots.messages.outbound import Text
from bots.replies import goods
from bots.understanding import reading as readings
from catalog.products.listing import by_sku

if TYPE_CHECKING:
    from bots.turns.turn import Turn

_BACK = frozenset({"return_item", "refund_status"})


async def words_of(turn: "Turn", text: str) -> bool:
    """Take the words as the answer to a return's open question; False when they are something else."""
    pending = turn.memory.pending
    if pending is not None and pending.ask == "return_reason":
        return await _why(turn, pending, text)
    if pending is not None and pending.ask == "return_confirm":
        return await _instead(turn, pending, text)
    return False


async def _why(turn: "Turn", pending: Pending, text: str) -> bool:
    reader = await turn.desk.reader(turn.uow, turn.shop)
    reading = reader.read(text, await context_of(turn), lang=turn.locale)
    if reading.reason not in returns.REASONS:
        return False
    await returns.because(turn, {**pending.data, "reason": reading.reason})
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
    if size is not None:
        if not await returns.exchange(turn, data, size):
            turn.reply(Text(text=turn.say("product.stock_none", title=f"{listing.title}, {size}")))
        return True
    if not _BACK.intersection(reading.intents) or reading.reason is not None:  # a fault told again is no yes
        return False
    await returns.give_back(turn, data)
    return True
