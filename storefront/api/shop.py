"""The shop itself: persona, languages, tax, shipping, returns, hours, legal texts."""

from typing import Any, cast

import msgspec
from litestar import Response, Router, get, patch
from litestar.params import JSONBody
from msgspec import UNSET, Struct, UnsetType

from catalog.kernel.errors import Conflict
from catalog.products import reindexing
from catalog.shops import profile as profiles
from catalog.shops import service as shops
from catalog.shops.profile import ShopProfile
from catalog.shops.settings import read_settings
from storefront.api.answers.settings import Shop
from storefront.api.http import ApiRequest, IfMatch, revision_of, tagged, unit
from storefront.api.problems import PreconditionFailed

_SCOPE = "settings"


class ShopChange(Struct, kw_only=True, forbid_unknown_fields=True):
    """What a PATCH sets; objects are merged one level deep, lists change as a whole."""

    name: str | UnsetType = UNSET
    languages: list[str] | UnsetType = UNSET
    persona: dict[str, Any] | UnsetType = UNSET
    tax: dict[str, Any] | UnsetType = UNSET
    shipping: list[dict[str, Any]] | UnsetType = UNSET
    returns: dict[str, Any] | UnsetType = UNSET
    hours: dict[str, list[str]] | UnsetType = UNSET
    timezone: str | UnsetType = UNSET
    legal: dict[str, Any] | UnsetType = UNSET
    order_prefix: str | UnsetType = UNSET
    hold_minutes: int | UnsetType = UNSET


@get("/shop", summary="Read the shop")
async def read_shop(request: ApiRequest) -> Response[Shop]:
    """All settings; the ETag is their revision."""
    async with unit(request, _SCOPE) as uow:
        found = await profiles.get(uow)
    return tagged(present(found), found.revision)


@patch("/shop", summary="Change the shop")
async def change_shop(request: ApiRequest, data: JSONBody[ShopChange], if_match: IfMatch = None) -> Response[Shop]:
    """Only what is sent changes; it holds from the next message on. Search speaks a new language a little later."""
    async with unit(request, _SCOPE) as uow:
        before = await profiles.lock(uow)
        values: dict[str, Any] = msgspec.to_builtins(before.settings)
        for name, present_value in list(values.items()):
            sent = getattr(data, name, UNSET)
            if sent is not UNSET:
                merges = isinstance(sent, dict) and name != "hours"
                values[name] = {**present_value, **sent} if merges else sent
        wanted = revision_of(if_match)
        try:
            found = await shops.change_settings(
                uow, read_settings(values), expected_revision=wanted,
                name=None if isinstance(data.name, UnsetType) else data.name,
                locales=None if isinstance(data.languages, UnsetType) else data.languages,
            )  # fmt: skip
        except Conflict as error:
            raise PreconditionFailed(error.detail) from error
        if found.locales != before.locales:
            await reindexing.begin(uow)
    return tagged(present(found), found.revision)


def present(found: ShopProfile) -> Shop:
    """A shop as the contract has it."""
    shown = {
        "id": found.id, "slug": found.slug, "name": found.name, "currency": found.currency,
        "country": found.country, "languages": list(found.locales), "revision": found.revision,
        **msgspec.structs.asdict(found.settings),
    }  # fmt: skip
    return cast("Shop", shown)


ROUTER = Router(path="/", tags=["Shop"], route_handlers=[read_shop, change_shop])
