"""Channel accounts: added with their credentials, connected to the provider after the commit."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from litestar import Response, Router, delete, get, patch, post
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from bots.channels.accounts import service as accounts
from bots.channels.accounts.models import ChannelAccount
from bots.channels.registry import CHANNELS
from bots.delivery import reviews
from catalog.kernel.pages import page_of
from catalog.kernel.unit_of_work import UnitOfWork
from storefront.api.answers.settings import Channel, Channels, ReviewedChannel
from storefront.api.http import ApiRequest, Cursor, IfMatch, Limit, house_of, made, revision_of, shop_of, tagged, unit
from storefront.api.idempotency import once
from storefront.api.problems import PreconditionFailed
from storefront.bootstrap import House

_SCOPE = "settings"


class ChannelForm(Struct, kw_only=True, forbid_unknown_fields=True):
    """A channel account to add."""

    kind: str
    name: str
    credentials: dict[str, Any] = {}
    api_base: str | None = None


class ChannelChange(Struct, kw_only=True, forbid_unknown_fields=True):
    """What a PATCH sets; credentials are merged field by field."""

    name: str | None = None
    credentials: dict[str, Any] | None = None
    api_base: str | None = None


@get("/channels", summary="List channels")
async def list_channels(request: ApiRequest, cursor: Cursor = None, limit: Limit = 200) -> Channels:
    """The shop's channel accounts, oldest first, each with its state and its templates' reviews."""
    house = house_of(request)
    async with unit(request, _SCOPE) as uow:
        found = await accounts.list_accounts(uow)
        page = page_of(found, _age, tuple[datetime, UUID], cursor=cursor, limit=limit)
        templates = await reviews.states(uow, [row.id for row in page.items])
    items = [_shown(house, row) | {"templates": templates[row.id]} for row in page.items]
    return {
        "items": cast("list[ReviewedChannel]", items), "next_cursor": page.next_cursor, "kinds": sorted(CHANNELS)
    }  # fmt: skip


@post("/channels", summary="Add a channel", status_code=201)
async def create_channel(request: ApiRequest, data: JSONBody[ChannelForm]) -> Response[Channel]:
    """The account is kept first and connected then; a provider's refusal shows as `state` and `detail`."""
    house, shop_id = house_of(request), shop_of(request, _SCOPE)

    async def work(uow: UnitOfWork) -> tuple[int, Any]:
        created = await accounts.create_account(
            uow, house.vault, kind=data.kind, name=data.name, given=data.credentials, api_base=data.api_base,
            allow_private=house.settings.lab,
        )  # fmt: skip
        return 201, _shown(house, created.row, created.told)

    answer = await once(request, shop_id, work)
    channel_id = UUID(str(answer.content["id"]))
    if "Idempotent-Replayed" in answer.headers:
        async with unit(request, _SCOPE) as uow:
            row = await accounts.get_account(uow, channel_id)
        connected = row.state, row.detail or None
    else:
        connected = await _connect(request, channel_id)
    answer.content["state"], answer.content["detail"] = connected
    return made(request, answer)


@get("/channels/{channel_id:uuid}", summary="Read a channel")
async def read_channel(request: ApiRequest, channel_id: FromPath[UUID]) -> Response[ReviewedChannel]:
    """One account; secret credentials only say that they are set. The ETag is its revision."""
    async with unit(request, _SCOPE) as uow:
        row = await accounts.get_account(uow, channel_id)
        templates = await reviews.states(uow, [channel_id])
    return tagged(_shown(house_of(request), row) | {"templates": templates[channel_id]}, row.revision)


@patch("/channels/{channel_id:uuid}", summary="Change a channel")
async def change_channel(
    request: ApiRequest, channel_id: FromPath[UUID], data: JSONBody[ChannelChange], if_match: IfMatch = None
) -> Response[Channel]:
    """Only what is sent changes; new credentials are connected at once."""
    house = house_of(request)
    async with unit(request, _SCOPE) as uow:
        try:
            row = await accounts.change_account(
                uow, house.vault, channel_id, name=data.name, given=data.credentials, api_base=data.api_base,
                allow_private=house.settings.lab, if_match=revision_of(if_match),
            )  # fmt: skip
        except accounts.StaleAccount as error:
            raise PreconditionFailed(error.detail) from error
        body = _shown(house, row)
    if data.credentials is not None or data.api_base is not None:
        body["state"], body["detail"] = await _connect(request, channel_id)
    return tagged(body, row.revision)


@post("/channels/{channel_id:uuid}/connect", summary="Connect a channel again", status_code=200)
async def connect(request: ApiRequest, channel_id: FromPath[UUID]) -> Channel:
    """Register the webhook at the provider once more."""
    state, detail = await _connect(request, channel_id)
    async with unit(request, _SCOPE) as uow:
        row = await accounts.get_account(uow, channel_id)
    return cast("Channel", _shown(house_of(request), row) | {"state": state, "detail": detail})


@delete("/channels/{channel_id:uuid}", summary="Remove a channel", status_code=204)
async def remove_channel(request: ApiRequest, channel_id: FromPath[UUID]) -> None:
    """Its webhooks are answered 404 from now on; conversations stay readable."""
    async with unit(request, _SCOPE) as uow:
        await accounts.remove_account(uow, house_of(request).vault, channel_id)


def _age(row: ChannelAccount) -> tuple[datetime, UUID]:
    return row.created_at, row.id


def _shown(house: House, row: ChannelAccount, told: Mapping[str, str] | None = None) -> dict[str, Any]:
    return accounts.present(row, house.vault, public_url=house.settings.public_url, told=told)


async def _connect(request: ApiRequest, channel_id: UUID) -> tuple[str, str | None]:
    detail = await house_of(request).directory.connect(channel_id, shop_of(request, _SCOPE))
    return ("not_connected", detail) if detail else ("connected", None)


ROUTER = Router(
    path="/", tags=["Channels"],
    route_handlers=[list_channels, create_channel, read_channel, change_channel, connect, remove_channel],
)  # fmt: skip
