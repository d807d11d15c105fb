"""The merchant's own webhooks on their way: one delivery per event and endpoint, signed, retried with backoff.

Signatures are those of Standard Webhooks (standardwebhooks.com): headers webhook-id, webhook-timestamp and
webhook-signature over "id.timestamp.body".
"""

import asyncio
import logging
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import httpx
import msgspec
from standardwebhooks import Webhook

from catalog.kernel import events, jobs
from catalog.kernel.addresses import check_outside_url
from catalog.kernel.clock import machine_now
from catalog.kernel.errors import ShopError
from catalog.kernel.events import DomainEvent
from catalog.kernel.ids import new_id
from catalog.kernel.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from storefront.bootstrap import House

_log = logging.getLogger(__name__)
_WAITS = tuple(timedelta(seconds=seconds) for seconds in (5, 60, 300, 1800, 7200, 18_000, 43_200))
_TIMEOUT_S = 15.0
_OK = range(200, 300)


async def fan_out(uow: UnitOfWork, event: DomainEvent) -> None:
    """Store a delivery for every endpoint that wants the event."""
    rows = await uow.fetch(
        "SELECT id FROM webhook_endpoint WHERE shop_id = $1 AND active AND (events = '{}' OR $2 = ANY(events))",
        uow.shop_id, event.name,
    )  # fmt: skip
    told = {"type": event.name, "timestamp": uow.now, "data": msgspec.Raw(events.encode(event).encode())}
    body = msgspec.json.encode(told).decode()
    for row in rows:
        delivery_id = new_id()
        await uow.execute(
            "INSERT INTO webhook_delivery (id, shop_id, endpoint_id, event, body, at) VALUES ($1, $2, $3, $4, $5, $6)",
            delivery_id, uow.shop_id, row["id"], event.name, body, uow.now,
        )  # fmt: skip
        await jobs.defer(uow, "endpoints.deliver", {"shop_id": str(uow.shop_id), "delivery_id": str(delivery_id)})


async def deliver(house: "House", *, shop_id: str, delivery_id: str) -> None:
    """Try one delivery. A failure marks the endpoint; the next try waits longer, and after the last there is none."""
    shop = UUID(shop_id)
    async with house.units(shop) as uow:
        row = await uow.fetchrow(
            "SELECT d.id, d.body, d.attempts, e.id AS endpoint_id, e.url, e.sealed FROM webhook_delivery d"
            " JOIN webhook_endpoint e ON e.id = d.endpoint_id"
            " WHERE d.id = $1 AND d.shop_id = $2 AND d.done_at IS NULL AND e.active",
            UUID(delivery_id), shop,
        )  # fmt: skip
    if row is None:
        return
    secret = house.vault.open(row["sealed"], context=str(row["endpoint_id"]))["secret"]
    status = await _send(house, row["url"], secret, delivery_id, row["body"])
    async with house.units(shop) as uow:
        done = status in _OK
        await uow.execute(
            "UPDATE webhook_delivery SET attempts = attempts + 1, status = $3, done_at = $4"
            " WHERE id = $1 AND shop_id = $2",
            row["id"], shop, status, uow.now if done else None,
        )  # fmt: skip
        await uow.execute(
            "UPDATE webhook_endpoint SET failing_since = CASE WHEN $3 THEN NULL ELSE coalesce(failing_since, $4) END"
            " WHERE id = $1 AND shop_id = $2",
            row["endpoint_id"], shop, done, uow.now,
        )  # fmt: skip
        if not done and row["attempts"] < len(_WAITS):
            await jobs.defer(
                uow, "endpoints.deliver", {"shop_id": shop_id, "delivery_id": delivery_id},
                at=uow.now + _WAITS[row["attempts"]],
            )  # fmt: skip


async def _send(house: "House", url: str, secret: str, message_id: str, body: str) -> int:
    """The endpoint's status; 0 when it did not answer or its address is not allowed any more."""
    now = machine_now()
    headers = {
        "content-type": "application/json", "webhook-id": message_id, "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(message_id, now, body),
    }  # fmt: skip
    try:
        check_outside_url(url, allow_private=house.settings.lab)
        # The status is all we need: what else comes is not read, however long it is.
        async with (
            asyncio.timeout(_TIMEOUT_S),
            house.http.stream("POST", url, content=body, headers=headers, timeout=_TIMEOUT_S) as answer,
        ):
            return answer.status_code
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, ShopError) as error:
        _log.info("endpoint.failed", extra={"fields": {"delivery": message_id, "error": type(error).__name__}})
        return 0
