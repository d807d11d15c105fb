"""Withdrawals declared by the online function."""

from typing import Any

from litestar import Router, get
from msgspec import to_builtins

from checkout.returns import withdrawals
from storefront.api.http import ApiRequest, Cursor, Limit, unit, uuid_of

_SCOPE = "orders"


@get("/withdrawals", summary="List withdrawals")
async def list_withdrawals(request: ApiRequest, cursor: Cursor = None, limit: Limit = 50) -> dict[str, Any]:
    """Newest first; `order_id` is null where a person has to match the declaration."""
    before = uuid_of(cursor, "/cursor") if cursor else None
    async with unit(request, _SCOPE) as uow:
        found = await withdrawals.page(uow, before=before, limit=limit + 1)
    more = str(found[limit - 1].id) if len(found) > limit else None
    return {"items": [to_builtins(each) for each in found[:limit]], "next_cursor": more}


ROUTER = Router(path="/", tags=["Returns"], route_handlers=[list_withdrawals])
