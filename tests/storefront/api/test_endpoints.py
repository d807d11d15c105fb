"""The merchant's own webhooks: signed as Standard Webhooks says, repeated with growing pauses, guarded."""

import asyncio
import dataclasses
import json
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
from litestar import Litestar
from standardwebhooks import Webhook

from catalog.kernel.ids import new_id
from catalog.kernel.unit_of_work import Units
from checkout.orders.events import OrderExpired, OrderPaymentPending
from storefront import endpoints
from storefront.bootstrap import House
from tests.conftest import FrozenClock
from tests.storefront.api.conftest import Merchant

ORDER: dict[str, Any] = {"order_id": new_id(), "customer_id": new_id(), "conversation_id": None}
EVENT = OrderExpired(**ORDER, reason="unpaid")
Answer = Callable[[httpx.Request], httpx.Response]


class Receiver:
    """The merchant's server."""

    def __init__(self, merchant: Merchant, house: House, units: Units) -> None:
        self.merchant = merchant
        self.units = units
        self.heard: list[httpx.Request] = []
        self.answer: Answer = lambda _: httpx.Response(204)
        self.house = dataclasses.replace(
            house, units=units, http=httpx.AsyncClient(transport=httpx.MockTransport(self._take))
        )

    async def _take(self, request: httpx.Request) -> httpx.Response:
        self.heard.append(request)
        return self.answer(request)

    async def wants(self, *events: str, url: str = "https://shop.example/hook") -> dict[str, Any]:
        """Add an endpoint."""
        return cast("dict[str, Any]", await self.merchant.create("/webhooks", {"url": url, "events": list(events)}))

    async def tell(self, event: Any = EVENT) -> list[str]:  # noqa: ANN401 - an event
        """Let the event happen; the deliveries that it makes."""
        async with self.units(self.merchant.shop_id) as uow:
            await endpoints.fan_out(uow, event)
        return [job["delivery_id"] for job, _ in await self.jobs()]

    async def jobs(self) -> list[tuple[dict[str, str], datetime | None]]:
        """Tries that wait, with the database's instant each waits for."""
        async with self.units(None) as uow:
            rows = await uow.fetch("SELECT args, scheduled_at FROM procrastinate_jobs ORDER BY id")
        return [(json.loads(row["args"]), row["scheduled_at"]) for row in rows]

    async def deliver(self, delivery_id: str) -> None:
        """Try once."""
        await endpoints.deliver(self.house, shop_id=str(self.merchant.shop_id), delivery_id=delivery_id)

    async def failing(self) -> bool:
        """Whether the merchant is shown that it fails."""
        (shown,) = (await self.merchant.api.get("/webhooks")).json()["items"]
        return shown["failing_since"] is not None


@pytest.fixture
async def receiver(app: Litestar, merchant: Merchant, units: Units) -> AsyncIterator[Receiver]:
    made = Receiver(merchant, app.state.house, units)
    yield made
    await made.house.http.aclose()


async def test_an_event_arrives_signed_and_once(receiver: Receiver, clock: FrozenClock) -> None:
    secret = (await receiver.wants())["secret"]
    (delivery,) = await receiver.tell()
    await receiver.deliver(delivery)
    await receiver.deliver(delivery)
    (request,) = receiver.heard
    assert request.headers["webhook-id"] == delivery
    told = Webhook(secret).verify(request.content, dict(request.headers))
    assert told == {
        "type": EVENT.name, "timestamp": clock.now.isoformat().replace("+00:00", "Z"),
        "data": {
            "order_id": str(EVENT.order_id), "customer_id": str(EVENT.customer_id), "conversation_id": None,
            "reason": "unpaid",
        },
    }  # fmt: skip


async def test_each_delivery_is_its_own(receiver: Receiver) -> None:
    await receiver.wants()
    await receiver.tell()
    first, second = await receiver.tell(OrderPaymentPending(**ORDER))
    for delivery in (second, first):
        await receiver.deliver(delivery)
    assert [json.loads(request.content)["type"] for request in receiver.heard] == ["OrderPaymentPending", EVENT.name]


async def test_an_endpoint_hears_only_what_it_asked_for(receiver: Receiver) -> None:
    await receiver.wants(EVENT.name)
    assert not await receiver.tell(OrderPaymentPending(**ORDER))
    assert len(await receiver.tell()) == 1


async def test_what_fails_is_tried_again_later_and_later_and_then_no_more(receiver: Receiver) -> None:
    await receiver.wants()
    (delivery,) = await receiver.tell()
    receiver.answer = lambda _: httpx.Response(500)
    for _ in range(20):
        await receiver.deliver(delivery)
    _, *tries = await receiver.jobs()
    waits = [instant for _, instant in tries if instant is not None]
    assert len(waits) == len(tries) == 7
    assert waits == sorted(waits)
    assert waits[-1] - waits[0] > timedelta(hours=11)
    assert await receiver.failing()


async def test_an_endpoint_that_answers_again_is_well(receiver: Receiver) -> None:
    await receiver.wants()
    (delivery,) = await receiver.tell()
    receiver.answer = lambda _: httpx.Response(410)
    await receiver.deliver(delivery)
    assert await receiver.failing()
    receiver.answer = lambda _: httpx.Response(200)
    await receiver.deliver(delivery)
    assert not await receiver.failing()


class _Endless(httpx.AsyncByteStream):
    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            await asyncio.sleep(0)
            yield b" " * 65_536


async def test_an_answer_without_end_is_not_read(receiver: Receiver) -> None:
    await receiver.wants()
    (delivery,) = await receiver.tell()
    receiver.answer = lambda _: httpx.Response(200, stream=_Endless())
    await asyncio.wait_for(receiver.deliver(delivery), 5)
    assert not await receiver.failing()


async def test_an_address_inward_is_not_called_outside_the_lab(receiver: Receiver) -> None:
    await receiver.wants(url="http://127.0.0.1:9/hook")
    (delivery,) = await receiver.tell()
    receiver.house = dataclasses.replace(receiver.house, settings=cast("Any", SimpleNamespace(lab=False)))
    await receiver.deliver(delivery)
    assert not receiver.heard
    assert await receiver.failing()
