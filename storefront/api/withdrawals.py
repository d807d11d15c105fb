"""Withdrawals declared by the online function."""

from typing import Any

from litestar import Router, get
from msgspec import to_builtins

from checkout.returns import withdrawals
from storefront.api.http import ApiRequest, Cursor, Limit, unit, uuid_of
from storefront.mail import mailing

_SCOPE = "orders"


@get("/withdrawals", summary="List withdrawals")
async def list_withdrawals(request: ApiRequest, cursor: Cursor = None, limit: Limit = 50) -> dict[str, Any]:
    """Newest first; `order_id` is null where a person has to match the declaration.

    With `letter_undelivered` the acknowledgement was refused for good: it has to reach the person in another way.
    """
    before = uuid_of(cursor, "/cursor") if cursor else None
    async with unit(request, _SCOPE) as uow:
        found = await withdrawals.page(uow, before=before, limit=limit + 1)
        lost = (await mailing.undelivered(uow)).withdrawals
    more = str(found[limit - 1].id) if len(found) > limit else None
    items = [to_builtins(each) | {"letter_undelivered": each.id in lost} for each in found[:limit]]
    return {"items": items, "next_cursor": more}


ROUTER = Router(path="/", tags=["Returns"], route_handlers=[list_withdrawals])
