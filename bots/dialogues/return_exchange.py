"""Another size or colour of a piece instead of its money."""

from typing import TYPE_CHECKING

from bots.dialogues.return_request import request, spoken_of
from bots.messages.outbound import Text
from bots.replies import goods
from bots.replies import orders as words
from catalog.products.listing import Listing, VariantListing, by_sku, option_kind, options_of
from checkout.orders.models import OrderLine
from checkout.returns.states import Wish

if TYPE_CHECKING:
    from bots.turns.turn import Turn

STEP = {"too_small": 1, "too_large": -1}


async def exchange(turn: "Turn", data: dict[str, str], size: str) -> bool:
    """Take another size of the piece spoken of instead of money; False when that is not in stock."""
    found = await spoken_of(turn, data)
    other = await other_size(turn, found[1], None, size) if found is not None else None
    if other is None:
        return False
    await request(turn, {**data, "wish": Wish.EXCHANGE.value, "sku_new": other[0].sku})
    return True


async def exchange_same(turn: "Turn", data: dict[str, str]) -> None:
    """Take the same piece once more in place of the one that goes back; told where none is left."""
    found = await spoken_of(turn, data)
    if found is None:
        return
    line = found[1]
    listing = (await by_sku(turn.uow, [line.sku], turn.locale)).get(line.sku)
    shelf = await goods.on_shelf(turn.uow, [listing]) if listing is not None else []
    there = next((one.variant(line.sku) for one in shelf), None)
    if there is None or there.available <= 0:
        turn.reply(Text(text=turn.say("product.stock_none", title=words.line_title(line))))
        return
    await request(turn, {**data, "wish": Wish.EXCHANGE.value, "sku_new": line.sku})


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
        await request(turn, {**data, "wish": Wish.EXCHANGE.value, "sku_new": other.sku})
        return
    shade = listing.called(colour)
    title = f"{listing.title} {shade}, {size}" if size else f"{listing.title} {shade}"
    turn.reply(Text(text=turn.say("product.stock_none", title=title)))


async def take_other_size(turn: "Turn", data: dict[str, str]) -> None:
    """Take the size that was offered instead of money."""
    await request(turn, {**data, "wish": Wish.EXCHANGE.value})


async def other_size(
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
    step = STEP.get(reason or "", 0)
    if present not in values or not step:
        return []
    at = values.index(present)
    return values[at + 1 :] if step > 0 else values[:at][::-1]
