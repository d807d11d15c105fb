"""The lab: a page with a phone and a desk, the install's clock, and the doubles' switches. Only where settings open it.

The phone of a provider's double is spoken to over loopback, by the double's own `/_lab` paths; what the person does
there comes back to the shop as the provider's signed webhook.
"""

from typing import Any
from urllib.parse import quote, urlencode

import httpx
import msgspec
from litestar import MediaType, Request, Response, get, post
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, JSONBody
from msgspec import Struct

from bots.channels.accounts import service as channel_accounts
from bots.delivery import outbox
from bots.turns import run as turns
from catalog.kernel import clock, jobs
from catalog.kernel import outbox as events
from catalog.kernel.errors import Invalid, NotFound, Unavailable
from catalog.kernel.ids import ShopId
from catalog.kernel.money import EXPONENTS
from catalog.shops import profile as profiles
from catalog.shops import service as shops
from checkout.payments import accounts as payment_accounts
from storefront.bootstrap import House
from storefront.web import pages
from storefront.web.assets import ASSETS
from storefront.web.desk_phrases import PHRASES, strings

LabRequest = Request[Any, Any, State]
_LONGEST_JUMP_S = 400 * 86_400
_VERBS = frozenset({"say", "tap", "picture", "location", "start", "read", "block", "unblock", "order", "react", "pay"})
_TIMEOUT_S = 30.0
_keys: dict[ShopId, str] = {}


class Jump(Struct, kw_only=True, forbid_unknown_fields=True):
    """How far to move the install's time."""

    advance_seconds: int


@get("/lab", include_in_schema=False)
async def lab_page(request: LabRequest) -> Response[str]:
    """Phone and desk side by side; `?shop=` chooses one of several shops, `?lang=` the language."""
    house: House = request.app.state.house
    async with house.units(None) as uow:
        known = await shops.list_shops(uow)
    if not known:
        raise NotFound("this install has no shop yet: storefront shop create …")
    wanted = request.query_params.get("shop")
    shop_id = next((found for found, slug, _ in known if slug == wanted), known[0][0])
    async with house.units(shop_id) as uow:
        shop = await profiles.get(uow)
        kinds = [row.kind for row in await channel_accounts.list_accounts(uow)]
    locale = shop.locale(pages.wished(request))
    config = {
        "shop": {"id": str(shop.id), "slug": shop.slug, "name": shop.name},
        "key": await _key(house, shop_id),
        "locale": locale,
        "kinds": [kind for kind in ("webchat", "whatsapp", "telegram") if kind in kinds],
        "persona": shop.settings.persona.name,
        "media": house.media.base,
        "icons": ASSETS.url("icons.svg"),
        "say": strings(locale),
        "places": EXPONENTS,
    }
    html = pages.render("lab.html", locale, phrases=PHRASES, shop=shop, config=config)
    return Response(html, media_type=MediaType.HTML, headers=pages.headers(images=[house.media.base]))


@post("/lab/api/clock", include_in_schema=False, status_code=200)
async def move_clock(request: LabRequest, data: JSONBody[Jump]) -> dict[str, Any]:
    """Move the install's time forward; what was due by then happens now."""
    if not 0 <= data.advance_seconds <= _LONGEST_JUMP_S:
        raise Invalid(f"time moves 0 to {_LONGEST_JUMP_S} seconds forward", pointer="/advance_seconds")
    house: House = request.app.state.house
    async with house.units(None) as uow:
        offset = await clock.advance(uow.driver, data.advance_seconds)
        await jobs.advance(uow.driver, data.advance_seconds)
        for channel in (outbox.CHANNEL, events.CHANNEL, turns.CHANNEL):
            uow.notify(channel)
    async with house.units(None) as uow:
        return {"now": uow.now, "offset_seconds": offset}


@get("/lab/api/clock", include_in_schema=False)
async def read_clock(request: LabRequest) -> dict[str, Any]:
    """The install's time."""
    house: House = request.app.state.house
    async with house.units(None) as uow:
        offset = await uow.fetchval("SELECT offset_seconds FROM lab_clock")
        return {"now": uow.now, "offset_seconds": offset or 0}


@get("/lab/api/phone/{kind:str}/thread", include_in_schema=False)
async def phone_thread(request: LabRequest, kind: FromPath[str], person: FromQuery[str], shop: FromQuery[str]) -> Any:  # noqa: ANN401
    """The person's thread as the provider's app would show it, payloads whole."""
    return await _double(request, shop, kind, "GET", f"/_lab/person/{quote(person)}/thread")


@post("/lab/api/phone/{kind:str}/{verb:str}", include_in_schema=False, status_code=200)
async def phone_does(
    request: LabRequest, kind: FromPath[str], verb: FromPath[str], person: FromQuery[str], shop: FromQuery[str]
) -> Any:  # noqa: ANN401 - the double's answer
    """The person writes, taps, blocks, sends a picture: the body goes on as it is, with a file's caption and name."""
    if verb not in _VERBS:
        raise NotFound(f"a person cannot {verb}")
    told = {name: request.query_params[name] for name in ("kind", "caption", "name") if name in request.query_params}
    path = f"/_lab/person/{quote(person)}/{verb}?{urlencode(told)}"
    return await _double(request, shop, kind, "POST", path, await request.body(), request.headers.get("content-type"))


@get("/lab/api/faults/{kind:str}", include_in_schema=False)
async def read_faults(request: LabRequest, kind: FromPath[str], shop: FromQuery[str]) -> Any:  # noqa: ANN401
    """A provider's switches as they stand."""
    return await _double(request, shop, kind, "GET", "/_lab/faults")


@post("/lab/api/faults/{kind:str}", include_in_schema=False, status_code=200)
async def set_faults(
    request: LabRequest, kind: FromPath[str], shop: FromQuery[str], data: JSONBody[dict[str, Any]]
) -> Any:  # noqa: ANN401 - the double's answer
    """Turn a provider's switches; an empty object clears them."""
    if not data:
        return await _double(request, shop, kind, "DELETE", "/_lab/faults")
    return await _double(request, shop, kind, "POST", "/_lab/faults", msgspec.json.encode(data))


async def _double(
    request: LabRequest, slug: str, kind: str, method: str, path: str, body: bytes = b"", mime: str | None = None
) -> Any:  # noqa: ANN401 - the double's answer
    house: House = request.app.state.house
    url = f"{await _base(house, slug, kind)}{path}"
    head = {"content-type": mime or "application/json"}
    try:
        answer = await house.http.request(method, url, content=body, headers=head, timeout=_TIMEOUT_S)
    except httpx.HTTPError as error:
        raise Unavailable(f"the double of {kind} does not answer; is the demo still starting?") from error
    if answer.status_code >= 500:  # noqa: PLR2004 - HTTP
        raise Unavailable(f"the double of {kind} failed with {answer.status_code}")
    try:
        return Response(answer.json(), status_code=answer.status_code)
    except ValueError as error:
        raise Unavailable(f"what answers at the api_base of {kind} is no double of it") from error


async def _base(house: House, slug: str, kind: str) -> str:
    """Where the double is: the api_base of the shop's account."""
    async with house.units(None) as uow:
        shop_id = await shops.find_shop(uow, slug)
    async with house.units(shop_id) as uow:
        if kind == "stripe":
            bases = [row.api_base for row in await payment_accounts.list_accounts(uow) if row.kind == kind]
        else:
            bases = [row.api_base for row in await channel_accounts.list_accounts(uow) if row.kind == kind]
    base = next((found for found in bases if found), None)
    if base is None:
        raise NotFound(f"this shop has no double of {kind}")
    return base


async def _key(house: House, shop_id: ShopId) -> str:
    """A key for the lab's desk, made once per process."""
    if shop_id not in _keys:
        async with house.units(shop_id) as uow:
            _, _keys[shop_id] = await shops.create_key(uow, name="lab")
    return _keys[shop_id]


ROUTES = (lab_page, move_clock, read_clock, phone_thread, phone_does, read_faults, set_faults)
