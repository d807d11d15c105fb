"""Withdrawals declared by the online function."""

from typing import Any
from uuid import UUID

from litestar import Router, get
from msgspec import to_builtins

from catalog.kernel.pages import cut, read_cursor
from checkout.returns import withdrawals
from storefront.api.http import ApiRequest, Cursor, Limit, unit
from storefront.mail import mailing

_SCOPE = "orders"


@get("/withdrawals", summary="List withdrawals")
async def list_withdrawals(request: ApiRequest, cursor: Cursor = None, limit: Limit = 50) -> dict[str, Any]:
    """Newest first; `order_id` is null where a person has to match the declaration.

    With `letter_undelivered` the acknowledgement was refused for good: it has to reach the person in another way.
    """
    before = read_cursor(cursor, UUID)
    async with unit(request, _SCOPE) as uow:
        found = await withdrawals.page(uow, before=before, limit=limit + 1)
        lost = (await mailing.undelivered(uow)).withdrawals
    page = cut(found, limit, key=lambda each: each.id)
    items = [to_builtins(each) | {"letter_undelivered": each.id in lost} for each in page.items]
    return {"items": items, "next_cursor": page.next_cursor}


ROUTER = Router(path="/", tags=["Returns"], route_handlers=[list_withdrawals])
