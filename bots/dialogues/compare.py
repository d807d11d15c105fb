"""Goods side by side, and the sizes a person had of them before."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from bots.dialogues.context import past_orders
from bots.messages.outbound import Text
from bots.replies import goods
from catalog.products.listing import Listing

if TYPE_CHECKING:
    from bots.turns.turn import Turn

_FACTS = ("material", "care", "fit")
_MOST = 4


async def products(turn: "Turn", handles: Sequence[str]) -> bool:
    """Each by its number with price, what it is made of, colours and sizes; False when there are not two."""
    found = (await goods.load(turn, handles))[:_MOST]
    if len(found) < 2:  # noqa: PLR2004 - nothing to compare
        return False
    parts = [_told(turn, listing, number) for number, listing in enumerate(found, start=1)]
    turn.memory = replace(turn.memory, shown=tuple(listing.handle for listing in found), shown_colours={}, page=0)
    cards = [goods.card(turn, listing, number) for number, listing in enumerate(found, start=1)]
    hint = turn.say("browse.hint", example=goods.example(turn, cards))
    turn.reply(Text(text="\n\n".join([*parts, hint])))
    return True


async def prices(turn: "Turn", handles: Sequence[str]) -> bool:
    """What each costs by its number, and all that can be bought together; False when there are not two."""
    found = await goods.load(turn, handles)
    there = [listing for listing in found if listing.available > 0]
    if len(there) < 2:  # noqa: PLR2004 - nothing to add up
        return False
    lines = [
        turn.say(
            "browse.line" if listing in there else "browse.line_sold_out",
            number=number, title=listing.title, price=goods.lowest_price(turn, listing),
        )
        for number, listing in enumerate(found, start=1)
    ]  # fmt: skip
    total = sum((listing.cheapest.price for listing in there[1:]), there[0].cheapest.price)
    turn.memory = replace(turn.memory, shown=tuple(listing.handle for listing in found), page=0)
    turn.reply(Text(text="\n".join([*lines, turn.say("product.together", total=total.format(turn.locale))])))
    return True


async def last_sizes(turn: "Turn", handle: str | None) -> bool:
    """The size of a product in the newest order that has it, or of everything in the newest; False when none has."""
    orders = await past_orders(turn)
    bought = [(order.number, line) for order in orders for line in order.lines if line.size]
    if handle is not None:
        bought = [one for one in bought if one[1].product == handle][:1]
    elif bought:
        bought = [one for one in bought if one[0] == bought[0][0]]
    titles = {one.handle: one.title for one in await goods.load(turn, [line.product for _, line in bought])}
    lines = [
        turn.say("size.last", title=titles[line.product], size=line.size, number=number)
        for number, line in bought
        if line.product in titles
    ]
    if lines:
        turn.reply(Text(text="\n".join(dict.fromkeys(lines))))
    return bool(lines)


def _told(turn: "Turn", listing: Listing, number: int) -> str:
    attributes: dict[str, Any] = msgspec.json.decode(listing.attributes)
    price = goods.price_of(turn, listing)
    lines = [turn.say("browse.line", number=number, title=listing.title, price=price)]
    for fact in _FACTS:
        if value := attributes.get(fact):
            words = turn.shop.text(value, turn.locale) if isinstance(value, dict) else str(value)
            lines.append(turn.say(f"product.{fact}", value=words))
    lines += [
        turn.say(f"product.{kind}s", values=goods.names(values, turn.locale))
        for kind in ("colour", "size")
        if (values := goods.values(listing, kind))
    ]
    return "\n".join(lines)
