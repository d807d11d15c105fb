"""What words and taps wish for: found in the goods and in the cart, asked about where something is missing, done."""

from collections.abc import Sequence
from dataclasses import replace as changed
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bots.conversations.memory import Pending
from bots.dialogues.cart import change, clear
from bots.dialogues.cart_questions import ask_next, ask_on
from bots.dialogues.cart_variants import Length, Line, Question, other_lengths, settle
from bots.messages.outbound import Text
from bots.replies import goods
from bots.understanding.reading import CartOp as Wish
from bots.understanding.reading import Reading
from catalog.products.listing import Listing
from checkout.carts.values import Add, CartOp, ChangeVariant, Clear, Remove, SetQuantity

if TYPE_CHECKING:
    from bots.turns.turn import Turn


async def from_reading(turn: "Turn", reading: Reading) -> bool:
    """Do what a reading asks of the cart; False when it asks nothing that can be done or asked about."""
    if [wish.op for wish in reading.cart_ops] == ["clear"]:
        await clear(turn)
        return True
    if not reading.cart_ops:
        return False
    _answer_parked(turn, reading.cart_ops)
    settled = await _settled(turn, reading)
    asks_more = any(one.products for one in reading.unclear)
    if settled is not None:
        await change(turn, settled, quiet=asks_more)
        if turn.memory.parked:
            await ask_next(turn)
        return True
    cart = await turn.cart_lines()
    handles = list(dict.fromkeys(wish.product for wish in reading.cart_ops if wish.product))
    shelf = {listing.handle: listing for listing in await goods.load(turn, handles)}
    ops: list[CartOp] = []
    questions: list[Question] = []
    lengths: list[Length] = []
    for wish in reading.cart_ops:
        line = _line(cart, wish)
        listing = shelf.get(wish.product or (line.handle if line else ""))
        found = _translate(turn, reading, wish, line, listing)
        if isinstance(found, Question):
            questions.append(found)
        elif found is not None:
            ops.append(found)
            if isinstance(found, Add) and listing is not None:
                lengths += other_lengths(listing, found.sku, wish, reading)
    ops, questions = _exchanged(turn, cart, reading, ops, questions)
    if ops:
        await change(turn, ops, lengths=() if asks_more else lengths, quiet=asks_more or bool(questions))
    await ask_on(turn, questions)
    return bool(ops or questions)


async def add_all(turn: "Turn", handles: Sequence[str]) -> None:
    """One of each piece that is in stock, those sold out named first; what has to be asked is asked in turn."""
    listed = await goods.load(turn, handles)
    gone = [turn.say("cart.out_of_stock", title=listing.title) for listing in listed if listing.available <= 0]
    if gone:
        turn.reply(Text(text="\n".join(gone)))
    wishes = tuple(Wish(op="add", product=listing.handle, quantity=1) for listing in listed if listing.available > 0)
    if not await from_reading(turn, Reading(cart_ops=wishes)) and not gone:
        turn.reply(Text(text=turn.say("browse.gone")))


async def buy(
    turn: "Turn", handle: str, *, colour: str | None = None, size: str | None = None, quantity: int = 1
) -> None:
    """Put a product into the cart, asking for what is not settled yet."""
    wish = Wish(op="add", product=handle, colour=colour, size=size, quantity=quantity)
    if not await from_reading(turn, Reading(cart_ops=(wish,))):
        turn.reply(Text(text=turn.say("browse.gone")))


async def answer_option(turn: "Turn", kind: str, value: str) -> None:
    """The answer to an open question about a colour or a size."""
    pending = turn.memory.pending
    if pending is None or pending.product is None:
        focus = turn.memory.focus
        if focus is None:
            turn.reply(Text(text=turn.say("ask.product")))
            return
        pending = Pending("option", product=focus.product, colour=focus.colour, size=focus.size)
    product = pending.product or ""
    colour = value if kind == "colour" else pending.colour
    size = value if kind == "size" else pending.size
    if pending.op == "change_variant" and pending.line is not None:
        wish = Wish(op="change_variant", product=pending.product, colour=colour, size=size, line=pending.line)
        await from_reading(turn, Reading(cart_ops=(wish,)))
        return
    await buy(turn, product, colour=colour, size=size, quantity=pending.quantity)


def awaits_product(turn: "Turn") -> bool:
    """Whether it was asked which of several products is meant."""
    return turn.memory.pending is not None and turn.memory.pending.ask == "product"


async def answer_product(turn: "Turn", handle: str) -> None:
    """The answer to an open question about a product."""
    if (pending := turn.memory.pending) is not None:
        await buy(turn, handle, colour=pending.colour, size=pending.size, quantity=pending.quantity)


def _answer_parked(turn: "Turn", wishes: Sequence[Wish]) -> None:
    """A piece that is named now, with its size, need not be asked about later."""
    named = {wish.product for wish in wishes if wish.op == "add"}
    parked = tuple(one for one in turn.memory.parked if one.product not in named)
    turn.memory = replace(turn.memory, parked=parked)


async def _settled(turn: "Turn", reading: Reading) -> list[CartOp] | None:
    """Operations of a message that only adds and leaves nothing to ask: no need to read the goods first."""
    wishes = [_coloured(turn, wish) for wish in reading.cart_ops]
    taking_place = turn.memory.pending is not None and "instead_of" in turn.memory.pending.data
    if taking_place or reading.size_candidates or any(wish.op != "add" or wish.product is None for wish in wishes):
        return None
    shelf = await turn.desk.shelf(turn.uow, turn.shop)
    skus = [shelf.sku(wish.product or "", colour=wish.colour, size=wish.size) for wish in wishes]
    if not skus or None in skus:
        return None
    return [Add(sku, wish.quantity or 1) for sku, wish in zip(skus, wishes, strict=True) if sku is not None]


def _translate(
    turn: "Turn", reading: Reading, wish: Wish, line: Line | None, listing: Listing | None
) -> CartOp | Question | None:
    """A wish in the cart's terms, or what has to be asked first; None when it names nothing that is there."""
    if wish.op == "add" and listing is not None:
        found = settle(listing, _coloured(turn, wish), reading)
        return found if isinstance(found, Question) else Add(found.sku, wish.quantity or 1)
    if line is None:
        return Clear() if wish.op == "clear" else None
    match wish.op:
        case "set_quantity":
            return SetQuantity(line.id, wish.quantity or 1)
        case "remove":
            return Remove(line.id)
        case "change_variant" if listing is not None:
            found = settle(listing, wish, reading, line=line)
            return found if isinstance(found, Question) else ChangeVariant(line.id, found.sku, wish.quantity)
        case _:
            return None


def _exchanged(
    turn: "Turn", cart: Sequence[Line], reading: Reading, ops: list[CartOp], questions: list[Question]
) -> tuple[list[CartOp], list[Question]]:
    """One product for another as one step: it takes the place once it is settled, and only where it can be had."""
    line, wished = _given_up(turn, cart, reading), ops
    if reading.intents == ("change_cart",) and ops and isinstance(ops[0], Remove):
        line, wished = _line(cart, reading.cart_ops[0]), ops[1:]
    if line is not None:
        match wished, questions:
            case [Add() as new], []:
                return [ChangeVariant(line.id, new.sku, new.quantity)], []
            case [], [asked]:
                return [], [changed(asked, instead_of=str(line.id))]
    return ops, questions


def _given_up(turn: "Turn", cart: Sequence[Line], reading: Reading) -> Line | None:
    """The line whose place the product takes that is asked about, where the words answer that question."""
    pending = turn.memory.pending
    if pending is None or "instead_of" not in pending.data:
        return None
    if [(wish.op, wish.product) for wish in reading.cart_ops] != [("add", pending.product)]:
        return None
    return next((line for line in cart if str(line.id) == pending.data["instead_of"]), None)


def _coloured(turn: "Turn", wish: Wish) -> Wish:
    """A product that was shown or spoken of in one colour is meant in that colour, unless another one is named."""
    if wish.colour is not None or wish.product is None:
        return wish
    focus = turn.memory.focus
    shown = turn.memory.shown_colours.get(wish.product)
    spoken = focus.colour if focus is not None and focus.product == wish.product else None
    return replace(wish, colour=shown or spoken) if shown or spoken else wish


def _line(cart: Sequence[Line], wish: Wish) -> Line | None:
    if wish.line is not None and 0 < wish.line <= len(cart):
        return cart[wish.line - 1]
    if wish.product and wish.op != "add":
        return next((line for line in reversed(cart) if line.handle == wish.product), None)
    return None
