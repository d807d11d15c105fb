"""The withdrawal function `/withdraw/{shop}` (§ 356a BGB): two steps, no login, no reason, a confirmation to keep."""

from typing import Any
from zoneinfo import ZoneInfo

from litestar import MediaType, Request, Response, get, post
from litestar.datastructures import State
from litestar.params import FromPath

from catalog.kernel.locale import say_date, say_time
from catalog.shops import profile as profiles
from catalog.shops import service as shops
from catalog.shops.profile import ShopProfile
from checkout.returns import withdrawals
from storefront.bootstrap import House
from storefront.web import pages
from storefront.web.trade_phrases import PHRASES

PageRequest = Request[Any, Any, State]
_FIELDS = ("number", "name", "email", "what")


@get("/withdraw/{slug:str}", include_in_schema=False)
async def withdraw_page(request: PageRequest, slug: FromPath[str]) -> Response[str]:
    """Who withdraws from which order; `?order=` fills in the number."""
    shop = await _shop(request, slug)
    given = {"number": request.query_params.get("order", "")[:50]}
    return _page(request, shop, step="form", given=given)


@post("/withdraw/{slug:str}", include_in_schema=False, status_code=200)
async def withdraw(request: PageRequest, slug: FromPath[str]) -> Response[str]:
    """First the declaration is shown for checking, then confirmed; only the confirmation counts."""
    shop = await _shop(request, slug)
    form = {name: value[:300] for name, value in (await request.form()).items() if isinstance(value, str)}
    given = {name: form.get(name, "") for name in _FIELDS}
    missing = withdrawals.faults(number=given["number"], name=given["name"], email=given["email"])
    if missing:
        return _page(request, shop, step="form", given=given, faults=missing, status=422)
    if form.get("step") == "back":
        return _page(request, shop, step="form", given=given)
    if form.get("step") != "confirm":
        return _page(request, shop, step="confirm", given=given)
    house: House = request.app.state.house
    async with house.units(shop.id) as uow:
        made = await withdrawals.declare(uow, **given)
    local = made.declared_at.astimezone(ZoneInfo(shop.settings.timezone))
    locale = _locale(request, shop)
    return _page(
        request, shop, step="done", given=given, reference=str(made.id),
        day=say_date(local.date(), locale, weekday=True), time=say_time(local, locale),
    )  # fmt: skip


async def _shop(request: PageRequest, slug: str) -> ShopProfile:
    """The shop of an address. Raises NotFound."""
    house: House = request.app.state.house
    async with house.units(None) as uow:
        shop_id = await shops.find_shop(uow, slug)
    async with house.units(shop_id) as uow:
        return await profiles.get(uow)


def _locale(request: PageRequest, shop: ShopProfile) -> str:
    wished = request.query_params.get("lang") or (request.headers.get("accept-language") or "").split(",")[0]
    return shop.locale(wished)


def _page(
    request: PageRequest,
    shop: ShopProfile,
    *,
    step: str,
    given: dict[str, str],
    faults: tuple[str, ...] = (),
    status: int = 200,
    **more: str,
) -> Response[str]:
    locale = _locale(request, shop)

    def say(key: str, /, **filled: object) -> str:
        return PHRASES.say(locale, key, **filled)

    values = {"reference": "", "day": "", "time": "", **more}
    html = pages.render("withdraw.html", locale, say=say, shop=shop, step=step, given=given, faults=faults, **values)
    headers = {**pages.headers(), "Cache-Control": "no-store"}
    return Response(html, status_code=status, media_type=MediaType.HTML, headers=headers)
