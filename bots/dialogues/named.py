"""What the parts of an action id name: a product, a variant, an option's value, a category; found again where cut."""

from typing import TYPE_CHECKING

from bots.messages.action_ids import CUT, start_of, whole_of

if TYPE_CHECKING:
    from bots.turns.turn import Turn

_HANDLES = "SELECT handle FROM product WHERE shop_id = $1 AND starts_with(handle, $2)"
_SKUS = "SELECT sku FROM variant WHERE shop_id = $1 AND starts_with(sku, $2)"
_VALUES = (
    "SELECT DISTINCT o.value FROM variant v, jsonb_each_text(v.options) o"
    " WHERE v.shop_id = $1 AND starts_with(o.value, $2)"
)
_TOPS = (
    "SELECT DISTINCT split_part(category_path, '/', 1) FROM product"
    " WHERE shop_id = $1 AND starts_with(category_path, $2)"
)


async def handle(turn: "Turn", part: str) -> str:
    """The handle of a product."""
    return await _whole(turn, part, _HANDLES)


async def sku(turn: "Turn", part: str) -> str:
    """The SKU of a variant."""
    return await _whole(turn, part, _SKUS)


async def value(turn: "Turn", part: str) -> str:
    """A colour or size as the merchant writes it."""
    return await _whole(turn, part, _VALUES)


async def category(turn: "Turn", part: str) -> str:
    """The path of a category at the top."""
    return await _whole(turn, part, _TOPS)


async def _whole(turn: "Turn", part: str, query: str) -> str:
    if CUT not in part:
        return part
    rows = await turn.uow.fetch(query, turn.uow.shop_id, start_of(part))
    return whole_of(part, [row[0] for row in rows]) or part
