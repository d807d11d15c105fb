"""Discount codes."""

from datetime import datetime
from typing import Any

from litestar import Response, Router, get, post
from litestar.params import JSONBody
from msgspec import Struct, to_builtins

from catalog.kernel.money import Money
from catalog.kernel.pages import Page, cut, read_cursor
from catalog.kernel.unit_of_work import UnitOfWork
from checkout.pricing import service as pricing
from checkout.pricing.discounts import DiscountRule
from storefront.api.http import ApiRequest, Cursor, Limit, shop_of, unit
from storefront.api.idempotency import once

_SCOPE = "orders"


class DiscountForm(Struct, kw_only=True, forbid_unknown_fields=True):
    """A code: either percent_bp (1000 is 10 %) or an amount."""

    code: str
    percent_bp: int | None = None
    amount: Money | None = None
    max_redemptions: int | None = None
    per_person: int | None = None
    min_total: Money | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@get("/discounts", summary="List discount codes")
async def list_discounts(request: ApiRequest, cursor: Cursor = None, limit: Limit = 100) -> Page[DiscountRule]:
    """In alphabetical order."""
    async with unit(request, _SCOPE) as uow:
        found = await pricing.list_discounts(uow, after=read_cursor(cursor, str) or "", limit=limit + 1)
    return cut(found, limit, key=lambda rule: rule.code)


@post("/discounts", summary="Create a discount code", status_code=201)
async def create_discount(request: ApiRequest, data: JSONBody[DiscountForm]) -> Response[DiscountRule]:
    """Shoppers write the code in the chat."""
    rule = DiscountRule(
        code=data.code, percent_bp=data.percent_bp, amount=data.amount, min_total=data.min_total,
        max_redemptions=data.max_redemptions, per_person=data.per_person, starts_at=data.starts_at,
        ends_at=data.ends_at,
    )  # fmt: skip

    async def work(uow: UnitOfWork) -> tuple[int, Any]:
        return 201, to_builtins(await pricing.create_discount(uow, rule))

    return await once(request, shop_of(request, _SCOPE), work)


ROUTER = Router(path="/", tags=["Discounts"], route_handlers=[list_discounts, create_discount])
