"""Withdrawals declared by the online function."""

from uuid import UUID

from litestar import Router, get
from msgspec import to_builtins

from catalog.kernel.pages import Page, cut, read_cursor
from checkout.returns import withdrawals
from storefront.api.answers.trade import Withdrawal
from storefront.api.http import ApiRequest, Cursor, Limit, unit
from storefront.mail import mailing

_SCOPE = "orders"


@get("/withdrawals", summary="List withdrawals")
async def list_withdrawals(request: ApiRequest, cursor: Cursor = None, limit: Limit = 50) -> Page[Withdrawal]:
    """Newest first; `order_id` is null where a person has to match the declaration.

    With `letter_undelivered` the acknowledgement was refused for good: it has to reach the person in another way.
    """
    before = read_cursor(cursor, UUID)
    async with unit(request, _SCOPE) as uow:
        found = await withdrawals.page(uow, before=before, limit=limit + 1)
        lost = (await mailing.undelivered(uow)).withdrawals
    page = cut(found, limit, key=lambda each: each.id)
    items: list[Withdrawal] = [to_builtins(each) | {"letter_undelivered": each.id in lost} for each in page.items]
    return Page(tuple(items), page.next_cursor)


ROUTER = Router(path="/", tags=["Returns"], route_handlers=[list_withdrawals])
