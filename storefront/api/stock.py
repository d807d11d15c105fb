"""Stock by SKU: on hand is the merchant's word, reserved and available follow from it."""

from typing import Annotated, Any

from litestar import Response, Router, get, post, put
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import Struct

from catalog.kernel.errors import NotFound
from catalog.kernel.pages import Page
from catalog.kernel.unit_of_work import UnitOfWork
from checkout.inventory import service as inventory
from checkout.inventory.availability import Level
from checkout.inventory.errors import CountedMeanwhile
from storefront.api.answers.goods import Stock
from storefront.api.http import ApiRequest, IfMatch, revision_of, shop_of, tagged, unit
from storefront.api.idempotency import once
from storefront.api.problems import PreconditionFailed

_SCOPE = "catalog"


class StockForm(Struct, kw_only=True, forbid_unknown_fields=True):
    """Units on the shelf."""

    on_hand: int


class StockChange(Struct, kw_only=True, forbid_unknown_fields=True):
    """Units found (above zero) or lost (below)."""

    delta: int


@get("/stock", summary="Read the stock of several SKUs")
async def list_stock(
    request: ApiRequest,
    sku: Annotated[list[str], QueryParameter(description="repeat for each SKU, at most 200", max_items=200)],
) -> Page[Stock]:
    """In the order asked for; SKUs that the shop does not have are left out."""
    async with unit(request, _SCOPE) as uow:
        levels = await inventory.levels_of_sold(uow, sku)
    sold = [each for each in dict.fromkeys(sku) if each in levels]
    return Page(tuple(_present(each, levels[each]) for each in sold), None)


@get("/stock/{sku:path}", summary="Read stock")
async def read_stock(request: ApiRequest, sku: FromPath[str]) -> Response[Stock]:
    """Units on hand, reserved by carts and open orders, and available; the ETag is the units on hand.

    A SKU may hold slashes.
    """
    sku = sku.removeprefix("/")
    async with unit(request, _SCOPE) as uow:
        level = (await inventory.levels_of_sold(uow, [sku])).get(sku)
        if level is None:
            raise NotFound(f"this shop has no SKU {sku!r}", sku=sku)
    return tagged(_present(sku, level), level.on_hand)


@put("/stock/{sku:path}", summary="Set stock")
async def put_stock(
    request: ApiRequest, sku: FromPath[str], data: JSONBody[StockForm], if_match: IfMatch = None
) -> Response[Stock]:
    """Set the units on hand. Reservations stay. With If-Match, only when nothing was sold or counted since."""
    sku = sku.removeprefix("/")
    async with unit(request, _SCOPE) as uow:
        try:
            level = await inventory.set_on_hand(uow, sku, data.on_hand, counted_from=revision_of(if_match))
        except CountedMeanwhile as error:
            raise PreconditionFailed(error.detail) from error
    return tagged(_present(sku, level), level.on_hand)


@post("/stock/{sku:path}", summary="Change stock", status_code=200)
async def change_stock(request: ApiRequest, sku: FromPath[str], data: JSONBody[StockChange]) -> Response[Stock]:
    """Add units found or take away units lost, whatever is sold at the same moment. Reservations stay.

    With an Idempotency-Key a repeated request counts once.
    """

    async def work(uow: UnitOfWork) -> tuple[int, Any]:
        level = await inventory.adjust(uow, sku.removeprefix("/"), data.delta)
        return 200, _present(level.sku, level)

    return await once(request, shop_of(request, _SCOPE), work)


def _present(sku: str, level: Level) -> Stock:
    return {"sku": sku, "on_hand": level.on_hand, "reserved": level.reserved, "available": level.available}


ROUTER = Router(path="/", tags=["Stock"], route_handlers=[list_stock, read_stock, put_stock, change_stock])
