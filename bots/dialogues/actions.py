"""Taps: what each action id does. Typing an offered title or number is the same as tapping it."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bots.conversations.memory import Focus, Offer
from bots.dialogues import (
    browse,
    captions,
    cart,
    cart_lines,
    cart_wishes,
    greet,
    named,
    orders,
    pay,
    person,
    pick,
    returns,
    sending,
    words,
)
from bots.messages.action_ids import action_id
from bots.messages.inbound import CartReceived, ProductAsked
from bots.messages.outbound import Text
from bots.replies.phrases import PHRASES
from catalog.products.listing import by_sku, option_kind
from checkout.carts.values import Add

if TYPE_CHECKING:
    from bots.turns.turn import Turn

_BARE = re.compile(r"[^\w\s/,-]")
_STANDING = {
    "action.browse": "browse", "action.looks": "looks", "action.change": "edit", "action.cart": "cart",
    "action.empty": "clear", "action.more": "more", "action.my_orders": "orders",
}  # fmt: skip
_LONGEST_NUMBER = 3  # digits of a number that was offered


def offered(turn: "Turn", text: str) -> Offer | None:
    """The offer that the text names: its title whole, or its number alone; else what may be typed at any time."""
    plain = _plain(text)
    if not plain:
        return None
    for offer in turn.memory.offers:
        if _plain(offer.title) == plain:
            return offer
    if plain.isdecimal() and len(plain) <= _LONGEST_NUMBER:
        number = int(plain)
        return next((offer for offer in turn.memory.offers if offer.number == number), None)
    return _standing(turn, plain)


@lru_cache(maxsize=64)
def _titles(locale: str) -> Mapping[str, Offer]:
    """What may be typed at any time in a language, by its plain words."""
    told = {PHRASES.say(locale, key): verb for key, verb in _STANDING.items()}
    return {_plain(title): Offer(verb, title) for title, verb in told.items()}


def _standing(turn: "Turn", plain: str) -> Offer | None:
    """A button of an earlier answer, typed: those that mean the same wherever the conversation is."""
    if (found := _titles(turn.locale).get(plain)) is not None:
        return found
    focus = turn.memory.focus
    if focus is not None and _plain(title := turn.say("action.more_pictures")) == plain:
        return Offer(action_id("pics", focus.product), title)
    return None


async def perform(turn: "Turn", chosen: str, title: str) -> None:
    """Do what an action id says. One that is not (or no longer) known is read as its title's words."""
    verb, _, rest = chosen.partition(":")
    match verb:
        case "browse":
            await browse.categories(turn)
        case "looks":
            await browse.looks(turn)
        case "look":
            if not await browse.lookbook(turn, rest):
                await browse.looks(turn)
        case "cat":
            await browse.category(turn, await named.category(turn, rest))
        case "more":
            await browse.more(turn)
        case "show" if cart_wishes.awaits_product(turn) and title != turn.say("action.details"):
            await cart_wishes.answer_product(turn, await named.handle(turn, rest))
        case "show":
            await browse.show_handle(turn, await named.handle(turn, rest))
        case "pics":
            await browse.pictures(turn, await named.handle(turn, rest))
        case _:
            await _trade(turn, verb, rest, title)


async def _trade(turn: "Turn", verb: str, rest: str, title: str) -> None:
    match verb:
        case "buy":
            handle = await named.handle(turn, rest)
            focus = turn.memory.focus if turn.memory.focus and turn.memory.focus.product == handle else None
            await cart_wishes.buy(
                turn, handle, colour=focus.colour if focus else None, size=focus.size if focus else None
            )
        case "add":
            await cart.change(turn, [Add(await named.sku(turn, rest))])
        case "opt":
            kind, _, value = rest.partition(":")
            await cart_wishes.answer_option(turn, kind, await named.value(turn, value))
        case "swap":
            old, _, new = rest.partition(":")
            await cart_lines.swap(turn, await named.sku(turn, old), await named.sku(turn, new))
        case "less":
            await cart_lines.less(turn, await named.sku(turn, rest))
        case "size":
            await cart_lines.other_size(turn, await named.sku(turn, rest))
        case "pay":
            await pay.checkout(turn)
        case "ship":
            await sending.choose(turn, rest)
        case "yes" | "no":
            await pick.answer(turn, yes=verb == "yes")
        case _:
            await _service(turn, verb, rest, title)


async def _service(turn: "Turn", verb: str, rest: str, title: str) -> None:
    match verb:
        case "cart" | "edit" | "clear":
            await {"cart": cart.show, "edit": cart.edit, "clear": cart.clear}[verb](turn)
        case "human":
            person.hand_over(turn, "asked")
        case "bot":
            person.call_back(turn)
        case "orders":
            await orders.list_all(turn)
        case "order":
            await orders.show(turn, rest)
        case "cancel":
            await orders.ask_cancel(turn, rest)
        case "ret" | "rline" | "rwhy" | "rphoto" | "rmany" | "exch":
            await returns.tapped(turn, verb, rest)
        case "help":
            greet.help_text(turn)
        case _ if title:
            await words.read(turn, title, first=False)
        case _:
            greet.unclear(turn)


async def ordered(turn: "Turn", event: CartReceived) -> None:
    """A cart from the provider's own catalogue: our SKUs, our prices. A question beside it is answered too."""
    await cart.change(turn, [Add(line.sku, line.quantity) for line in event.lines])
    if not await captions.answer_at_once(turn, event.text):
        await captions.answer_about_goods(turn, event.text)


async def asked_about(turn: "Turn", event: ProductAsked) -> None:
    """A product picked in the provider's catalogue, with or without words."""
    listing = (await by_sku(turn.uow, [event.sku], turn.locale)).get(event.sku)
    if listing is None:
        turn.reply(Text(text=turn.say("browse.gone")))
        return
    variant = listing.variant(event.sku)
    options = {option_kind(name): value for name, value in (variant.options if variant else {}).items()}
    turn.memory = replace(
        turn.memory, focus=Focus(listing.handle, options.get("colour"), options.get("size")), shown=(listing.handle,)
    )
    if event.text:
        await words.read(turn, event.text, first=False)
    else:
        await browse.show_handle(turn, listing.handle)


def _plain(text: str) -> str:
    return " ".join(_BARE.sub(" ", text).casefold().split())
