"""What the pay, order, legal and withdrawal pages share: whose page it is, how it is answered, what is not there."""

from typing import Any
from uuid import UUID

from litestar import MediaType, Request, Response
from litestar.datastructures import State
from litestar.types import ExceptionHandler

from catalog.kernel.errors import NotFound
from catalog.shops import profile as profiles
from catalog.shops import service as shops
from catalog.shops.profile import ShopProfile
from storefront.bootstrap import House
from storefront.web import pages
from storefront.web.trade_phrases import PHRASES

PageRequest = Request[Any, Any, State]
FORM_BYTES = 64 * 1024  # of a filled form; a stranger's is taken apart field by field
_FIELD_LENGTH = 300


def house_of(request: PageRequest) -> House:
    """The house that answers."""
    house: House = request.app.state.house
    return house


async def shop_of(request: PageRequest, slug: str) -> ShopProfile:
    """The shop of an address. Raises NotFound."""
    house = house_of(request)
    async with house.units(None) as uow:
        shop_id: UUID = await shops.find_shop(uow, slug)
    async with house.units(shop_id) as uow:
        return await profiles.get(uow)


async def filled(request: PageRequest) -> dict[str, str]:
    """The texts of a filled form, each cut where nobody writes on."""
    return {name: value[:_FIELD_LENGTH] for name, value in (await request.form()).items() if isinstance(value, str)}


def answer(
    template: str,
    locale: str,
    shop: ShopProfile | None,
    *,
    status: int = 200,
    forms: tuple[str, ...] = (),
    **values: object,
) -> Response[str]:
    """A page of the shop, never kept by anybody. `forms`: where its form's answer may lead beside here."""
    html = pages.render(template, locale, phrases=PHRASES, shop=shop, **values)
    headers = {**pages.headers(forms=forms), "Cache-Control": "no-store"}
    return Response(html, status_code=status, media_type=MediaType.HTML, headers=headers)


def notice(
    shop: ShopProfile | None, locale: str, title: str, text: str, *, go: str = "", label: str = "", status: int = 200
) -> Response[str]:
    """A page of a heading, a sentence and at most one way on; all but the address `go` are keys of phrases."""
    return answer(
        "notice.html", locale, shop, status=status, title=PHRASES.say(locale, title), text=PHRASES.say(locale, text),
        go=go, label=PHRASES.say(locale, label) if label else "",
    )  # fmt: skip


def gone(key: str) -> "dict[int | type[Exception], ExceptionHandler[Any]]":
    """Exception handlers of a page that may not be there; what is said then are the phrases `key` and `key`_title."""

    def missing(request: PageRequest, _: NotFound) -> Response[str]:
        locale = pages.spoken(pages.wished(request), PHRASES.locales)
        return notice(None, locale, f"{key}_title", key, status=404)

    return {NotFound: missing}
