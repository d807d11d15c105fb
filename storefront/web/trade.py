"""Pay page `/p/{code}`, order page `/o/{code}`, withdrawal `/withdraw/{shop}` and legal texts: no script, no login.

GET of a payment link has no side effect (link previewers of chat apps fetch every address); the binding button is a
POST that answers 303 to the provider.
"""

from typing import Any
from uuid import UUID

from litestar import MediaType, Request, Response, get, post
from litestar.datastructures import State
from litestar.params import FromPath
from markupsafe import Markup

from catalog.kernel.errors import NotFound
from catalog.shops import profile as profiles
from catalog.shops import service as shops
from catalog.shops.profile import ShopProfile
from checkout.orders import service as orders
from checkout.paying import opening, page
from checkout.paying.opening import Problem, ProblemKind, RedirectTo
from checkout.paying.page import LinkState, LinkView
from storefront.bootstrap import House
from storefront.web import order_view, pages, pay_view
from storefront.web.trade_phrases import PHRASES

PageRequest = Request[Any, Any, State]
_SEEN = {
    LinkState.PAID: ("pay.paid_title", "pay.paid"),
    LinkState.PENDING: ("pay.paid_title", "order.pending"),
    LinkState.EMPTY: ("pay.empty_title", "pay.gone"),
    LinkState.LOOKED_AT: ("pay.over_title", "order.state.exception"),
}
_TROUBLE = {
    ProblemKind.CHANGED: "pay.superseded",
    ProblemKind.UNAVAILABLE: "pay.unavailable",
    ProblemKind.NOT_DELIVERABLE: "pay.nowhere",
    ProblemKind.DISCOUNT_GONE: "pay.superseded",
    ProblemKind.AMOUNT: "pay.too_small",
    ProblemKind.NOT_READY: "pay.refused",
    ProblemKind.FIELDS: "pay.fault",
    ProblemKind.PROVIDER_DOWN: "pay.down",
}


@get("/p/{code:str}", include_in_schema=False)
async def pay_page(request: PageRequest, code: FromPath[str]) -> Response[str]:
    """What is ordered, for how much, by which terms, and the binding button."""
    house: House = request.app.state.house
    try:
        view, shop = await _link(house, code)
    except NotFound:
        return _missing(request)
    return _pay(house, view, shop)


@post("/p/{code:str}", include_in_schema=False, status_code=303)
async def pay(request: PageRequest, code: FromPath[str]) -> Response[str]:
    """Order with obligation to pay: 303 to the provider's page, or the page again with what stands in the way."""
    house: House = request.app.state.house
    form = {name: str(value)[:300] for name, value in (await request.form()).items() if isinstance(value, str)}
    try:
        view, shop = await _link(house, code)
        answer = await opening.pay(house.payments, shop.id, code, form)
    except NotFound:
        return _missing(request)
    if isinstance(answer, RedirectTo):
        return Response("", status_code=303, headers={"Location": answer.url, "Cache-Control": "no-store"})
    return await _in_the_way(house, shop, view, answer, form)


@get("/o/{code:str}", include_in_schema=False)
async def order_page(request: PageRequest, code: FromPath[str]) -> Response[str]:
    """Where an order stands: state, parcels, refunds, receipt. Coming back from the provider asks it at once."""
    house: House = request.app.state.house
    async with house.units(None) as uow:
        row = await uow.fetchrow("/* all shops */ SELECT id, shop_id FROM shop_order WHERE code = $1", code)
    if row is None:
        return _missing(request, "order.gone")
    if "session_id" in request.query_params:
        await opening.look(house.payments, row["shop_id"], row["id"])
    async with house.units(row["shop_id"]) as uow:
        shop = await profiles.get(uow)
        order = await orders.get(uow, row["id"])
        view = await order_view.build(uow, order, shop, house.media)
    return _page("order.html", view["locale"], shop, view=view)


@get("/legal/{slug:str}/{kind:str}", include_in_schema=False)
async def legal_page(request: PageRequest, slug: FromPath[str], kind: FromPath[str]) -> Response[str]:
    """A legal text of the shop in the reader's language."""
    shop = await _shop(request, slug)
    if shop is None or kind not in {"terms", "privacy", "withdrawal", "imprint"}:
        return _missing(request)
    locale = shop.locale(request.query_params.get("lang") or _wished(request))
    legal = shop.settings.legal
    text = shop.text(getattr(legal, kind), locale) or PHRASES.say(
        locale, "legal.missing", company=legal.company or shop.name, email=legal.email
    )
    return _page("legal.html", locale, shop, title=PHRASES.say(locale, f"legal.{kind}"), text=text)


def _pay(
    house: House,
    view: LinkView,
    shop: ShopProfile,
    *,
    notice: str = "",
    faults: tuple[str, ...] = (),
    given: dict[str, str] | None = None,
    status: int = 200,
) -> Response[str]:
    locale = shop.locale(view.locale)
    if view.state is LinkState.EMPTY and view.order is None:
        return _other(shop, locale, "pay.empty_title", "pay.gone")
    if view.state in _SEEN:
        title, text = _SEEN[view.state]
        go = f"/o/{view.order.code}" if view.order is not None else ""
        return _other(shop, locale, title, text, go=go, label="pay.to_order")
    if view.state is LinkState.SUPERSEDED and not notice:
        notice = PHRASES.say(locale, "pay.superseded")
    model = pay_view.build(view, shop, locale, house.media, extra=faults)
    links = {name: f"/legal/{shop.slug}/{name}?lang={locale}" for name in ("terms", "privacy", "withdrawal")}
    terms = Markup(PHRASES.say(locale, "pay.terms", days=shop.settings.returns.days, **links))  # noqa: S704 - our own phrase
    return _page(
        "pay.html", locale, shop, view=model, notice=notice, tone="bad" if faults else "warn", faults=faults,
        given=given or model["given"], terms=terms, status=status,
        forms=("http://127.0.0.1:*", "http://localhost:*") if house.settings.lab else (),
    )  # fmt: skip


async def _in_the_way(
    house: House, shop: ShopProfile, view: LinkView, problem: Problem, form: dict[str, str]
) -> Response[str]:
    locale = shop.locale(view.locale)
    if problem.kind is ProblemKind.SUPERSEDED and problem.code:
        return _other(
            shop, locale, "pay.superseded_title", "pay.superseded", go=f"/p/{problem.code}", label="pay.superseded_go"
        )
    if problem.kind is ProblemKind.EMPTY:
        return _other(shop, locale, "pay.empty_title", "pay.gone")
    if problem.kind is ProblemKind.PROVIDER_DOWN:
        return _other(shop, locale, "pay.down_title", "pay.down", go=f"/p/{view.code}", label="pay.again", status=503)
    fresh, _ = await _link(house, view.code)
    names = {line.sku: line.title for line in fresh.cart.lines}
    what = ", ".join(names.get(sku, sku) for sku, _, _ in problem.lines)
    notice = PHRASES.say(locale, _TROUBLE[problem.kind], what=what)
    faults = tuple(fault.field for fault in problem.fields)
    status = 422 if problem.kind is ProblemKind.FIELDS else 409
    return _pay(house, fresh, shop, notice=notice, faults=faults, given=form, status=status)


async def _link(house: House, code: str) -> tuple[LinkView, ShopProfile]:
    async with house.units(None) as uow:
        shop_id = await page.find_shop(uow, code)
    async with house.units(shop_id) as uow:
        return await page.link_view(uow, code), await profiles.get(uow)


async def _shop(request: PageRequest, slug: str) -> ShopProfile | None:
    house: House = request.app.state.house
    try:
        async with house.units(None) as uow:
            shop_id: UUID = await shops.find_shop(uow, slug)
    except NotFound:
        return None
    async with house.units(shop_id) as uow:
        return await profiles.get(uow)


def _other(
    shop: ShopProfile, locale: str, title: str, text: str, *, go: str = "", label: str = "", status: int = 200
) -> Response[str]:
    return _page(
        "pay_other.html", locale, shop, title=PHRASES.say(locale, title), text=PHRASES.say(locale, text), go=go,
        label=PHRASES.say(locale, label) if label else "", status=status,
    )  # fmt: skip


def _missing(request: PageRequest, key: str = "pay.gone") -> Response[str]:
    locale = "de" if (_wished(request) or "").startswith("de") else "en"
    shop = {"name": "", "slug": "-"}
    return _page("pay_other.html", locale, shop, title=PHRASES.say(locale, f"{key}_title"),
                 text=PHRASES.say(locale, key), go="", label="", status=404)  # fmt: skip


def _page(
    template: str, locale: str, shop: object, *, status: int = 200, forms: tuple[str, ...] = (), **values: object
) -> Response[str]:
    def say(key: str, /, **filled: object) -> str:
        return PHRASES.say(locale, key, **filled)

    html = pages.render(template, locale, say=say, shop=shop, **values)
    return Response(
        html,
        status_code=status,
        media_type=MediaType.HTML,
        headers={**pages.headers(forms=forms), "Cache-Control": "no-store"},
    )


def _wished(request: PageRequest) -> str | None:
    return (request.headers.get("accept-language") or "").split(",")[0].strip() or None
