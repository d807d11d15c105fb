"""Why the cart refused something, in the shopper's language; a wish for what is sold out is counted."""

from typing import TYPE_CHECKING, assert_never

from msgspec.structs import replace

from bots.conversations.memory import Focus
from bots.dialogues import finding
from bots.replies import goods
from catalog.products.listing import by_sku
from checkout.carts.values import (
    DiscountRefused,
    NothingToUndo,
    OutOfStock,
    Refusal,
    TooMany,
    TooManyLines,
    UnknownLine,
    UnknownSku,
)

if TYPE_CHECKING:
    from bots.turns.turn import Turn

_PLAIN_REFUSALS: dict[type, str] = {
    UnknownLine: "cart.no_line",
    NothingToUndo: "cart.nothing_to_undo",
}


async def words(turn: "Turn", refusal: Refusal, *, added: bool = False) -> str:
    """Why something was not done, in the shopper's language. What was to be `added` is spoken of from now on."""
    match refusal:
        case OutOfStock():
            title = await _title(turn, refusal.sku, focus=added)
            await finding.sold_out(turn, title, refusal.sku)
            if refusal.available <= 0:
                return turn.say("cart.out_of_stock", title=title)
            return turn.say("cart.short", title=title, wanted=refusal.wanted, available=refusal.available)
        case TooMany() | TooManyLines():
            return turn.say("cart.too_many", limit=refusal.limit)
        case UnknownSku():
            return turn.say("cart.unknown", title=await _title(turn, refusal.sku, focus=False))
        case UnknownLine() | NothingToUndo():
            return turn.say(_PLAIN_REFUSALS[type(refusal)])
        case DiscountRefused():
            return turn.say("cart.voucher_no", code=refusal.code)
        case _:
            assert_never(refusal)


async def _title(turn: "Turn", sku: str, *, focus: bool) -> str:
    listing = (await by_sku(turn.uow, [sku], turn.locale)).get(sku)
    variant = listing.variant(sku) if listing else None
    if not (listing and variant):
        return sku
    if focus:
        colour, size = goods.kind_of(variant.options, "colour"), goods.kind_of(variant.options, "size")
        turn.memory = replace(turn.memory, focus=Focus(listing.handle, colour, size))
    return goods.full_title(listing, variant)
