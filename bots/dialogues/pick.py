"""Resolving what a message points at: a product of those shown, a fact about it, a yes or a no to an open question."""

import re
from collections.abc import Sequence
from dataclasses import replace as changed
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bots.conversations.memory import Focus
from bots.dialogues import (
    browse,
    cart,
    cart_questions,
    cart_wishes,
    compare,
    facts,
    finding,
    greet,
    orders,
    pay,
    person,
    returns,
)
from bots.messages.action_ids import action_id
from bots.messages.outbound import Action, Text
from bots.replies import goods
from bots.understanding.reading import Refused, Unclear
from catalog.products.listing import Listing

if TYPE_CHECKING:
    from bots.turns.turn import Turn
    from bots.understanding.reading import Reading

_FEW = 3
_SIDE_BY_SIDE = {"difference": compare.products, "price": compare.prices}  # by what is asked
_DROPS = re.compile(
    r"\b(?:never ?mind|nvm|leave it|forget|no need|vergiss|vergesst|lass|lasst|egal|schon gut|passt schon|erledigt"
    r"|nötig)\b",
    re.IGNORECASE,
)


async def about(turn: "Turn", reading: "Reading", text: str) -> None:
    """A product named, pointed at or in focus: show it or answer what was asked of it."""
    if await _of_several(turn, reading):
        return
    handle = reading.product or (turn.memory.focus.product if turn.memory.focus and not reading.search else None)
    found = await goods.load(turn, [handle]) if handle else []
    if not found:
        await browse.from_reading(turn, reading, text)
        return
    listing = found[0]
    before = turn.memory.focus if turn.memory.focus and turn.memory.focus.product == listing.handle else Focus("")
    focus = Focus(listing.handle, reading.colour or before.colour, reading.size or before.size)
    turn.memory = replace(turn.memory, focus=focus)
    what_like = "product_question" in reading.intents and set(reading.tells) <= {"sold_out"}
    if not what_like and await say_why_not(turn, reading):
        return
    if "stock_question" in reading.intents:
        await stock(turn, listing, colour=reading.colour, size=reading.size)
        if "restock" in reading.asks:
            _when_back(turn)
    elif "size_advice" in reading.intents:
        facts.fit(turn, listing)
    elif "product_question" in reading.intents and "picture" in reading.asks:
        await browse.pictures(turn, listing.handle)
    elif "product_question" not in reading.intents or not facts.answer(turn, listing, reading, text):
        await browse.product(turn, listing, colour=reading.colour, size=reading.size)


async def _of_several(turn: "Turn", reading: "Reading") -> bool:
    """What is asked of more than one product, of none in particular, or of what was bought before."""
    side_by_side = next((_SIDE_BY_SIDE[one] for one in reading.asks if one in _SIDE_BY_SIDE), None)
    if side_by_side is not None and len(reading.items) > 1 and await side_by_side(turn, reading.items):
        return True
    if "last_size" in reading.asks and await compare.last_sizes(turn, reading.product):
        return True
    if len(reading.items) > 1 and "select_item" in reading.intents:
        await cart_wishes.add_all(turn, reading.items)
        return True
    if "product" in reading.missing and reading.search is None:
        turn.reply(Text(text=turn.say("pick.which" if turn.memory.shown else "ask.product")))
        return True
    if "size_advice" in reading.intents and reading.search is None and not (reading.product or turn.memory.focus):
        turn.reply(Text(text=turn.say("ask.product")))
        return True
    return False


async def stock(turn: "Turn", listing: Listing, *, colour: str | None, size: str | None) -> None:
    """Is it there? Says how many when few are left, and what else is there when it is not."""
    asked = goods.choose(listing, colour=colour, size=size)
    there = [variant for variant in asked if variant.available > 0]
    name = goods.full_title(listing, asked[0]) if len(asked) == 1 else _spoken(listing, colour, size)
    if there:
        left = sum(variant.available for variant in there)
        key = "product.stock_few" if len(asked) == 1 and left <= _FEW else "product.stock_yes"
        turn.reply(Text(text=turn.say(key, title=name, n=left), actions=_buy(turn, listing)))
        return
    if asked:
        await finding.sold_out(turn, name, asked[0].sku)
    others = [variant for variant in listing.variants if variant.available > 0]
    if not others:
        turn.reply(Text(text=turn.say("product.stock_none", title=listing.title)))
        return
    instead = goods.named(listing, goods.instead(listing, colour=colour, size=size))
    turn.reply(Text(text=turn.say("product.stock_no", title=name, others=instead)))


def _when_back(turn: "Turn") -> None:
    """Beside what is not there: nobody here knows when it will be."""
    last = turn.replies[-1]
    if isinstance(last, Text) and not last.actions:
        ask = Action(id=greet.ASK_TEAM, title=turn.say("action.human"))
        turn.replies[-1] = changed(last, text=f"{last.text}\n{turn.say('product.when_back')}", actions=(ask,))


def _spoken(listing: Listing, colour: str | None, size: str | None) -> str:
    """The product with as much of colour and size as was spoken of."""
    shade = f" {listing.called(colour)}" if colour else ""
    return f"{listing.title}{shade}, {size}" if size else f"{listing.title}{shade}"


async def say_why_not(turn: "Turn", reading: "Reading") -> bool:
    """Tell of a colour or size that does not exist, or is sold out; False when nothing stands in the way."""
    if not {"no_such_colour", "no_such_size", "sold_out"}.intersection(reading.tells):
        return False
    last = Refused(product=reading.product or "", colour=reading.colour, size=reading.size, tells=reading.tells)
    refused = reading.refused if len(reading.refused) > 1 else (last,)
    listed = {listing.handle: listing for listing in await goods.load(turn, [one.product for one in refused])}
    before = len(turn.replies)
    for one in refused:
        if one.product in listed:
            await _why_not(turn, listed[one.product], one)
    said = [reply.text for reply in turn.replies[before:] if isinstance(reply, Text)]
    if len(said) > 1:
        turn.replies[before:] = [Text(text="\n".join(said))]
    return bool(listed)


async def _why_not(turn: "Turn", listing: Listing, refused: Refused) -> None:
    colour = refused.colour if refused.colour in goods.values(listing, "colour") else None
    size = refused.size if refused.size in goods.values(listing, "size") else None
    turn.memory = replace(turn.memory, focus=Focus(listing.handle, colour, size))
    if listing.available <= 0:  # no other colour or size would help
        await stock(turn, listing, colour=refused.colour, size=refused.size)
    elif "no_such_colour" in refused.tells and refused.colour:
        others = goods.named(listing, goods.values(listing, "colour"))
        named = listing.called(refused.colour)
        key = "product.no_colour" if others else "product.one_colour"
        turn.reply(Text(text=turn.say(key, title=listing.title, colour=named, others=others)))
    elif "no_such_size" in refused.tells and refused.size:
        others = goods.named(listing, goods.values(listing, "size"))
        key = "product.no_size" if others else "product.one_size"
        turn.reply(Text(text=turn.say(key, title=listing.title, size=refused.size, others=others)))
    else:
        await stock(turn, listing, colour=refused.colour, size=refused.size)


async def offer(turn: "Turn", reading: "Reading", key: str) -> None:
    """Say the phrase and show the candidates."""
    if reading.items:
        await browse.show(turn, list(reading.items), turn.say(key))
    else:
        turn.reply(Text(text=turn.say(key)))


async def answer(turn: "Turn", *, yes: bool) -> None:
    """A yes or no to the shop's open question; without one, a yes to a full cart means paying."""
    if yes and any(offer.id == greet.ASK_TEAM for offer in turn.memory.offers):
        person.hand_over(turn, "asked")
        return
    pending = turn.memory.pending
    if pending is None:
        if yes and not (await turn.cart()).is_empty:
            await pay.checkout(turn)
        elif yes:
            greet.greeting(turn, first=True)
        else:
            turn.reply(Text(text=turn.say("undo.cancelled")))
        return
    turn.memory = replace(turn.memory, pending=None)
    match pending.ask:
        case "length" | "address" if yes:
            await pay.checkout(turn)
        case "cancel_order" if yes and pending.order and pending.data:  # long ago: other things were spoken of since
            await orders.ask_cancel(turn, pending.order)
        case "cancel_order" if yes and pending.order:
            await orders.cancel_now(turn, pending.order)
        case "return_confirm":
            await returns.confirmed(turn, pending, yes=yes)
        case _:
            turn.reply(Text(text=turn.say("undo.cancelled")))


async def ask_which(turn: "Turn", unclear: Sequence[Unclear]) -> None:
    """Goods wanted beside others that may be several, one after the other, behind what else is to be asked."""
    unknown = [one.words for one in unclear if not one.products]
    asked = [cart_questions.which_product(one) for one in unclear if one.products]
    if asked:
        turn.memory = replace(turn.memory, parked=(*turn.memory.parked, *asked))
    if asked and turn.memory.pending is None:
        await cart_questions.ask_next(turn)
    elif unknown:
        turn.reply(Text(text=turn.say("pick.not_had", names=", ".join(unknown))))


def wait(turn: "Turn") -> None:
    """Somebody asks for a moment: what was asked stays open."""
    turn.reply(Text(text=turn.say("undo.no_hurry")))


async def leave(turn: "Turn", text: str) -> None:
    """'doch nicht': an order just paid is cancelled, an open question dropped, else the last change undone.

    Words that only drop a subject ('never mind') cancel no order.
    """
    if turn.memory.pending is not None:
        turn.memory = replace(turn.memory, pending=None)
        turn.reply(Text(text=turn.say("undo.cancelled")))
        return
    if _DROPS.search(text) and not await turn.cart_lines():
        turn.reply(Text(text=turn.say("undo.cancelled")))
    elif not await orders.offer_cancel(turn):
        await cart.undo(turn)


def _buy(turn: "Turn", listing: Listing) -> tuple[Action, ...]:
    return (Action(id=action_id("buy", listing.handle), title=turn.say("action.add"), primary=True),)
