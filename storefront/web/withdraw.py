"""The withdrawal function `/withdraw/{shop}` (§ 356a BGB): two steps, no login, no reason, an acknowledgement to keep.

The page itself is the acknowledgement, to print or to save; where the install has a mail server, it goes out by e-mail
as well. The page names no e-mail that is not on its way.
"""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.params import FromPath

from catalog.kernel import rates
from catalog.kernel.locale import say_day, say_time
from catalog.shops.profile import ShopProfile
from checkout.returns import withdrawals
from storefront.mail import letters, mailing
from storefront.web import pages, sheets
from storefront.web.chat.gate import network
from storefront.web.sheets import PageRequest
from storefront.web.trade_phrases import PHRASES

_FIELDS = ("number", "name", "email", "what")
_HOUR = timedelta(hours=1)
# Households, offices and the phones of a whole carrier share an address; a machine that fills mailboxes has one, too.
_MOST_OF_NETWORK = 60


@get("/withdraw/{slug:str}", include_in_schema=False, exception_handlers=sheets.gone("legal.gone"))
async def withdraw_page(request: PageRequest, slug: FromPath[str]) -> Response[str]:
    """Who withdraws from which order; `?order=` fills in the number."""
    shop = await sheets.shop_of(request, slug)
    given = {"number": request.query_params.get("order", "")[:50]}
    return _page(request, shop, step="form", given=given)


@post(
    "/withdraw/{slug:str}", include_in_schema=False, status_code=200, exception_handlers=sheets.gone("legal.gone"),
    request_max_body_size=sheets.FORM_BYTES,
)  # fmt: skip
async def withdraw(request: PageRequest, slug: FromPath[str]) -> Response[str]:
    """First the declaration is shown for checking, then confirmed; only the confirmation counts."""
    shop = await sheets.shop_of(request, slug)
    form = await sheets.filled(request)
    given = {name: form.get(name, "") for name in _FIELDS}
    missing = withdrawals.faults(number=given["number"], name=given["name"], email=given["email"])
    if missing:
        return _page(request, shop, step="form", given=given, faults=missing, status=422)
    if form.get("step") == "back":
        return _page(request, shop, step="form", given=given)
    if form.get("step") != "confirm":
        return _page(request, shop, step="confirm", given=given)
    house, locale = sheets.house_of(request), shop.locale(pages.wished(request))
    async with house.units(shop.id) as uow:
        over = await rates.count(uow, {f"withdraw:{network(request)}": _MOST_OF_NETWORK}, window=_HOUR)
        if over is not None:
            return _later(request, shop, given, over.wait)
        made = await withdrawals.declare(uow, **given)
        mailed = house.mailer is not None and await mailing.acknowledge(uow, made, locale)
    local = made.declared_at.astimezone(ZoneInfo(shop.settings.timezone))
    return _page(
        request, shop, step="done", given=given, reference=made.id, mailed=mailed,
        text=letters.acknowledgement(made, shop, locale).text, day=say_day(local.date(), locale),
        time=say_time(local, locale),
    )  # fmt: skip


def _later(request: PageRequest, shop: ShopProfile, given: dict[str, str], wait: timedelta) -> Response[str]:
    """What was filled in stays on the page, to be confirmed then."""
    seconds = max(1, int(wait.total_seconds()))
    told = PHRASES.count(shop.locale(pages.wished(request)), "withdraw.later", -(-seconds // 60))
    refused = _page(request, shop, step="confirm", given=given, notice=told, status=429)
    refused.headers["Retry-After"] = str(seconds)
    return refused


def _page(
    request: PageRequest,
    shop: ShopProfile,
    *,
    step: str,
    given: dict[str, str],
    faults: tuple[str, ...] = (),
    notice: str = "",
    status: int = 200,
    **done: Any,  # noqa: ANN401 - what the last step shows
) -> Response[str]:
    locale, mails = shop.locale(pages.wished(request)), sheets.house_of(request).mailer is not None
    return sheets.answer(
        "withdraw.html", locale, shop, status=status, step=step, given=given, faults=faults,
        notice=notice, mails=mails, **done,
    )  # fmt: skip
