"""Pay page `/p/{code}`, order page `/o/{code}` and legal texts: no script, no login.

GET of a payment link has no side effect (link previewers of chat apps fetch every address); the binding button is a
POST that answers 303 to the provider.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from litestar import Response, get, post
from litestar.params import FromPath
from markupsafe import Markup

from catalog.kernel import countries
from catalog.kernel.errors import NotFound
from catalog.shops import profile as profiles
from catalog.shops.profile import ShopProfile
from checkout.carts.values import CartView
from checkout.customers.addresses import FieldFault
from checkout.orders import service as orders
from checkout.paying import asking, opening, page
from checkout.paying.opening import Problem, ProblemKind, RedirectTo
from checkout.paying.page import LinkState, LinkView
from storefront.bootstrap import House
from storefront.web import order_view, pages, pay_view, prose, sheets
from storefront.web.sheets import PageRequest
from storefront.web.trade_phrases import PHRASES

_SEEN = {
    LinkState.PAID: ("pay.paid_title", "pay.paid"),
    LinkState.PENDING: ("pay.paid_title", "order.pending"),
    LinkState.EMPTY: ("pay.empty_title", "pay.gone"),
    LinkState.LOOKED_AT: ("pay.looked_at_title", "pay.looked_at"),
}
# The binding button answers 303 to the payment provider's page; the lab's stands on plain http.
_LAB_FORMS = ("http://127.0.0.1:*", "http://localhost:*")
_TROUBLE = {
    ProblemKind.CHANGED: "pay.superseded",
    ProblemKind.DESTINATION: "pay.destination",
    ProblemKind.UNAVAILABLE: "pay.unavailable",
    ProblemKind.NOT_DELIVERABLE: "pay.nowhere",
    ProblemKind.DISCOUNT_GONE: "pay.superseded",
    ProblemKind.NOT_READY: "pay.refused",
    ProblemKind.FIELDS: "pay.fault",
    ProblemKind.PROVIDER_DOWN: "pay.down",
}


@get("/p/{code:str}", include_in_schema=False, exception_handlers=sheets.gone("pay.gone"))
async def pay_page(request: PageRequest, code: FromPath[str]) -> Response[str]:
    """What is ordered, for how much, by which terms, and the binding button."""
    house = sheets.house_of(request)
    link = await _link(house, code)
    lacking = [one.sku for one in link.view.cart.lacking]
    what = _titles(link.view.cart, lacking)
    return _pay(house, link, notice=PHRASES.say(link.locale, "pay.unavailable", what=what) if lacking else "")


@post(
    "/p/{code:str}", include_in_schema=False, status_code=303, exception_handlers=sheets.gone("pay.gone"),
    request_max_body_size=sheets.FORM_BYTES,
)  # fmt: skip
async def pay(request: PageRequest, code: FromPath[str]) -> Response[str]:
    """Order with obligation to pay: 303 to the provider's page, or the page again with what stands in the way."""
    house = sheets.house_of(request)
    form = await sheets.filled(request)
    link = await _link(house, code)
    answer = await opening.pay(house.payments, link.shop.id, code, form)
    if isinstance(answer, RedirectTo):
        return Response("", status_code=303, headers={"Location": answer.url, "Cache-Control": "no-store"})
    return await _in_the_way(house, link, answer, form)


@get("/o/{code:str}", include_in_schema=False, exception_handlers=sheets.gone("order.gone"))
async def order_page(request: PageRequest, code: FromPath[str]) -> Response[str]:
    """Where an order stands: state, parcels, refunds, receipt. Coming back from the provider asks it at once."""
    house = sheets.house_of(request)
    async with house.units(None) as uow:
        shop_id, order_id = await orders.of_status_page(uow, code)
    if "session_id" in request.query_params:
        await asking.look(house.payments, shop_id, order_id)
    async with house.units(shop_id) as uow:
        shop = await profiles.get(uow)
        order = await orders.get(uow, order_id)
        view = await order_view.build(uow, order, shop, house.media)
    return sheets.answer("order.html", view["locale"], shop, view=view)


@get("/legal/{slug:str}/{kind:str}", include_in_schema=False, exception_handlers=sheets.gone("legal.gone"))
async def legal_page(request: PageRequest, slug: FromPath[str], kind: FromPath[str]) -> Response[str]:
    """A legal text of the shop in the reader's language."""
    shop = await sheets.shop_of(request, slug)
    if kind not in {"terms", "privacy", "withdrawal", "imprint"}:
        raise NotFound("there is no such legal text")
    locale = shop.locale(pages.wished(request))
    legal = shop.settings.legal
    text = shop.text(getattr(legal, kind), locale) or PHRASES.say(
        locale, "legal.missing", company=legal.company or shop.name, email=legal.email
    )
    title, blocks = prose.titled(text, PHRASES.say(locale, f"legal.{kind}"))
    return sheets.answer("legal.html", locale, shop, title=title, blocks=blocks)


@dataclass(frozen=True, slots=True)
class _Link:
    """A payment link as its page needs it. `today` is the shop's day."""

    view: LinkView
    shop: ShopProfile
    today: date

    @property
    def locale(self) -> str:
        return self.shop.locale(self.view.locale)


def _pay(
    house: House,
    link: _Link,
    *,
    notice: str = "",
    faults: tuple[FieldFault, ...] = (),
    status: int = 200,
) -> Response[str]:
    view, shop, locale = link.view, link.shop, link.locale
    if view.state in _SEEN:
        title, text = _SEEN[view.state]
        go = f"/o/{view.order.code}" if view.order is not None else ""
        return sheets.notice(shop, locale, title, text, go=go, label="pay.to_order")
    if view.state is LinkState.SUPERSEDED and not notice:
        notice = PHRASES.say(locale, "pay.superseded")
    model = pay_view.build(view, shop, locale, house.media, today=link.today, faults=faults)
    links = {name: f"/legal/{shop.slug}/{name}?lang={locale}" for name in ("terms", "privacy", "withdrawal")}
    terms = Markup(PHRASES.say(locale, "pay.terms", days=shop.settings.returns.days, **links))  # noqa: S704 - our own phrase
    return sheets.answer(
        "pay.html", locale, shop, view=model, notice=notice, tone="bad" if faults else "warn",
        terms=terms, status=status,
        forms=("https:", *_LAB_FORMS) if house.settings.lab else ("https:",),
    )  # fmt: skip


async def _in_the_way(house: House, link: _Link, problem: Problem, form: dict[str, str]) -> Response[str]:
    shop, locale, code = link.shop, link.locale, link.view.code
    if problem.kind is ProblemKind.SUPERSEDED and problem.code:
        return sheets.notice(
            shop, locale, "pay.superseded_title", "pay.superseded", go=f"/p/{problem.code}", label="pay.superseded_go"
        )
    if problem.kind is ProblemKind.EMPTY:
        return sheets.notice(shop, locale, "pay.empty_title", "pay.gone")
    if problem.kind is ProblemKind.PROVIDER_DOWN:
        return sheets.notice(shop, locale, "pay.down_title", "pay.down", go=f"/p/{code}", label="pay.again", status=503)
    fresh = await _link(house, code, form)
    cart, country = fresh.view.cart, fresh.view.delivery.country
    what = _titles(cart, [sku for sku, _, _ in problem.lines])
    notice = PHRASES.say(
        locale, _trouble(problem), what=what, country=countries.name(country, locale),
        total=cart.totals.total.format(locale),
    )  # fmt: skip
    status = 422 if problem.kind is ProblemKind.FIELDS else 409
    return _pay(house, fresh, notice=notice, faults=problem.fields, status=status)


def _titles(cart: CartView, skus: Iterable[str]) -> str:
    names = {line.sku: line.title for line in cart.lines}
    return ", ".join(names.get(sku, sku) for sku in skus)


def _trouble(problem: Problem) -> str:
    if problem.kind is not ProblemKind.AMOUNT:
        return _TROUBLE[problem.kind]
    if "least_minor" in problem.values:
        return "pay.too_small"
    return "pay.too_large" if "most_minor" in problem.values else "pay.not_payable"


async def _link(house: House, code: str, form: dict[str, str] | None = None) -> _Link:
    """Raises NotFound."""
    async with house.units(None) as uow:
        shop_id = await page.find_shop(uow, code)
    async with house.units(shop_id) as uow:
        shop = await profiles.get(uow)
        return _Link(await page.link_view(uow, code, form), shop, shop.day(uow.now))
