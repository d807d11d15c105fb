"""The merchant's own webhooks: events of the shop, signed as Standard Webhooks says (standardwebhooks.com)."""

import base64
import os
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from litestar import Response, Router, delete, get, post
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from catalog.kernel import events
from catalog.kernel.addresses import check_outside_url
from catalog.kernel.errors import Invalid, NotFound
from catalog.kernel.ids import new_id
from catalog.kernel.pages import page_of
from catalog.kernel.unit_of_work import UnitOfWork
from storefront.api.answers.settings import NewWebhook, Webhook, Webhooks
from storefront.api.http import ApiRequest, Cursor, Limit, house_of, shop_of, unit
from storefront.api.idempotency import once

_SCOPE = "settings"
_MOST = 20


class EndpointForm(Struct, kw_only=True, forbid_unknown_fields=True):
    """Where to send, and which events (none named: all)."""

    url: str
    events: list[str] = []


@get("/webhooks", summary="List webhooks")
async def list_endpoints(request: ApiRequest, cursor: Cursor = None, limit: Limit = 200) -> Webhooks:
    """The shop's endpoints, oldest first, and the names of all events."""
    async with unit(request, _SCOPE) as uow:
        rows = await uow.fetch(
            "SELECT id, url, events, active, failing_since, created_at FROM webhook_endpoint WHERE shop_id = $1",
            uow.shop_id,
        )
    page = page_of(
        rows, lambda row: (row["created_at"], row["id"]), tuple[datetime, UUID], cursor=cursor, limit=limit
    )  # fmt: skip
    items = cast("list[Webhook]", [dict(row) for row in page.items])
    return {"items": items, "next_cursor": page.next_cursor, "known_events": sorted(events.known())}


@post("/webhooks", summary="Add a webhook", status_code=201)
async def create_endpoint(request: ApiRequest, data: JSONBody[EndpointForm]) -> Response[NewWebhook]:
    """The signing secret (`whsec_…`) is shown this once."""
    house = house_of(request)
    check_outside_url(data.url, allow_private=house.settings.lab, pointer="/url")
    for number, name in enumerate(data.events):
        if name not in events.known():
            raise Invalid(f"there is no event {name!r}", pointer=f"/events/{number}")
    secret = "whsec_" + base64.b64encode(os.urandom(32)).decode()
    endpoint_id = new_id()
    sealed = house.vault.seal({"secret": secret}, context=str(endpoint_id))

    async def work(uow: UnitOfWork) -> tuple[int, Any]:
        count = await uow.fetchval("SELECT count(*) FROM webhook_endpoint WHERE shop_id = $1", uow.shop_id)
        if count >= _MOST:
            raise Invalid(f"a shop has at most {_MOST} webhooks; remove one first", pointer="/url")
        await uow.execute(
            "INSERT INTO webhook_endpoint (id, shop_id, url, events, sealed, created_at)"
            " VALUES ($1, $2, $3, $4, $5, $6)",
            endpoint_id, uow.shop_id, data.url, data.events, sealed, uow.now,
        )  # fmt: skip
        return 201, {"id": str(endpoint_id), "url": data.url, "events": data.events, "secret": secret}

    return await once(request, shop_of(request, _SCOPE), work)


@delete("/webhooks/{endpoint_id:uuid}", summary="Remove a webhook", status_code=204)
async def delete_endpoint(request: ApiRequest, endpoint_id: FromPath[UUID]) -> None:
    """Nothing more is sent there."""
    async with unit(request, _SCOPE) as uow:
        removed = await uow.execute(
            "DELETE FROM webhook_endpoint WHERE id = $1 AND shop_id = $2", endpoint_id, uow.shop_id
        )
        if not removed:
            raise NotFound("there is no such webhook")


ROUTER = Router(path="/", tags=["Webhooks"], route_handlers=[list_endpoints, create_endpoint, delete_endpoint])
