"""Reports: what was sold, what was talked about, what was asked for in vain. Days are the shop's."""

from datetime import date
from typing import Annotated, cast

from litestar import Router, get
from litestar.params import QueryParameter

from catalog.kernel.pages import Page, cut, page_of, read_cursor
from catalog.search import demand
from catalog.search.demand import Unmet
from catalog.shops import profile as profiles
from storefront.api.answers.talk import OutcomeCount
from storefront.api.answers.trade import Sales, SalesDay, Waiting
from storefront.api.http import ApiRequest, Cursor, Limit, unit

_SCOPE = "orders"

_SALES = """
SELECT (paid_at AT TIME ZONE $2)::date AS day, count(*) AS orders, sum(total_minor)::bigint AS total_minor,
       sum(tax_minor)::bigint AS tax_minor, sum(shipping_minor)::bigint AS shipping_minor
FROM shop_order WHERE shop_id = $1 AND paid_at IS NOT NULL
  AND ($3::date IS NULL OR (paid_at AT TIME ZONE $2)::date >= $3)
  AND ($4::date IS NULL OR (paid_at AT TIME ZONE $2)::date <= $4)
  AND ($5::date IS NULL OR (paid_at AT TIME ZONE $2)::date < $5)
GROUP BY 1 ORDER BY 1 DESC LIMIT $6
"""

_TALK = """
SELECT outcome, count(*) AS messages FROM conversation JOIN inbound_message ON conversation_id = conversation.id
WHERE conversation.shop_id = $1 AND ($3::date IS NULL OR (received_at AT TIME ZONE $2)::date >= $3)
  AND ($4::date IS NULL OR (received_at AT TIME ZONE $2)::date <= $4)
GROUP BY 1
"""

_WAITING = """
SELECT
  (SELECT count(*) FROM conversation WHERE shop_id = $1 AND needs_person IS NOT NULL) AS conversations,
  (SELECT count(*) FROM shop_order WHERE shop_id = $1 AND state IN ('paid', 'fulfilling', 'exception')) AS orders,
  (SELECT count(*) FROM return_request WHERE shop_id = $1 AND state IN ('requested', 'approved')) AS returns,
  (SELECT count(*) FROM channel_account WHERE shop_id = $1 AND removed_at IS NULL
   AND (state <> 'connected' OR failing_since IS NOT NULL)) AS channels
"""

From = Annotated[date | None, QueryParameter(name="from", description="first day, as 2026-11-01")]
To = Annotated[date | None, QueryParameter(name="to", description="last day")]


@get("/reports/sales", summary="Sales by day")
async def sales(
    request: ApiRequest, first: From = None, last: To = None, cursor: Cursor = None, limit: Limit = 200
) -> Sales:
    """Orders paid, their totals and tax, newest day first."""
    before = read_cursor(cursor, date)
    async with unit(request, _SCOPE) as uow:
        shop = await profiles.get(uow)
        rows = await uow.fetch(_SALES, uow.shop_id, shop.settings.timezone, first, last, before, limit + 1)
    page = cut(rows, limit, key=lambda row: row["day"])
    items = cast("list[SalesDay]", [dict(row) for row in page.items])
    return {"currency": shop.currency, "items": items, "next_cursor": page.next_cursor}


@get("/reports/conversations", summary="Messages by outcome")
async def conversations(
    request: ApiRequest, first: From = None, last: To = None, cursor: Cursor = None, limit: Limit = 200
) -> Page[OutcomeCount]:
    """How messages ended, the most frequent first; `open` are those under way."""
    async with unit(request, _SCOPE) as uow:
        shop = await profiles.get(uow)
        rows = await uow.fetch(_TALK, uow.shop_id, shop.settings.timezone, first, last)
    found = [OutcomeCount(outcome=row["outcome"] or "open", messages=row["messages"]) for row in rows]
    return page_of(found, _weight, tuple[int, str], cursor=cursor, limit=limit, descending=True)


@get("/reports/unmet-demand", summary="What was asked for in vain")
async def unmet_demand(
    request: ApiRequest, first: From = None, last: To = None, cursor: Cursor = None, limit: Limit = 200
) -> Page[Unmet]:
    """Searches in chat that found nothing, and wishes for pieces that were sold out, by day; newest day first."""
    async with unit(request, _SCOPE) as uow:
        return await demand.page(uow, first=first, last=last, cursor=cursor, limit=limit)


@get("/reports/waiting", summary="What waits for somebody of the shop")
async def waiting(request: ApiRequest) -> Waiting:
    """Conversations that need a person, orders to send or to look into, returns to decide or to receive, dead channels.

    A channel is dead while its provider is not connected, or refuses what is sent; `GET /channels` says why.
    """
    async with unit(request, _SCOPE) as uow:
        (row,) = await uow.fetch(_WAITING, uow.shop_id)
    return cast("Waiting", dict(row))


def _weight(counted: OutcomeCount) -> tuple[int, str]:
    return counted["messages"], counted["outcome"]


ROUTER = Router(path="/", tags=["Reports"], route_handlers=[sales, conversations, unmet_demand, waiting])
