"""A provider that answers as the test says, the real adapter before it, and the sender that brings it the outbox."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
import msgspec

from bots.channels import registry
from bots.channels.base import Channel, ChannelTools, MediaLinks
from bots.conversations.events import DeliveryFailed
from bots.delivery import news
from bots.delivery.sender import Sender
from bots.messages.inbound import InboundEvent
from catalog.kernel.unit_of_work import Units
from catalog.shops.models import Shop
from tests.conftest import FrozenClock
from tests.contracts import channels
from tests.scenarios.goods import fill
from tests.scenarios.phone import Phone, desk_for, open_account

Answer = Callable[[httpx.Request], httpx.Response]
ERROR = {"message": "no", "error_data": {"details": "because"}}


def refused(code: int, status: int = 400) -> httpx.Response:
    """Meta's no."""
    return httpx.Response(status, json={"error": {**ERROR, "code": code}})


@dataclass(slots=True)
class Provider:
    """The phone's provider for one shop: takes every message until `answers` holds something else to say."""

    units: Units
    phone: Phone
    answers: list[Answer] = field(default_factory=list)
    taken: list[dict[str, Any]] = field(default_factory=list)
    before_answer: Callable[[], Awaitable[None]] | None = None
    reply: dict[str, Any] | None = None
    series: str = "hello"

    @property
    def account_id(self) -> UUID:
        """The account whose messages come here."""
        return self.phone.door.account_id

    async def get(self, account_id: UUID, shop_id: UUID) -> Channel:
        """The account's real adapter, its network replaced."""
        http = httpx.AsyncClient(transport=httpx.MockTransport(self._answer))
        account = channels.account(self.phone.door.kind, id=str(account_id), shop_id=str(shop_id))
        return registry.build(account, ChannelTools(http=http))

    async def deliver(self) -> None:
        """Bring everything that is due."""
        sender = Sender(self.units, self, MediaLinks(base="https://shop.test"))
        while await sender.step():
            pass

    async def tell(self, *events: InboundEvent) -> None:
        """News from the provider."""
        async with self.units(self.phone.shop_id) as uow:
            await news.take(uow, self.account_id, events)

    async def rows(self) -> list[Any]:
        """The outbox of the shop, in order."""
        async with self.units(self.phone.shop_id) as uow:
            return await uow.fetch("SELECT * FROM outbound_message WHERE shop_id = $1 ORDER BY seq", uow.shop_id)

    async def states(self) -> list[tuple[str, str | None]]:
        """State and reason of every message, in order."""
        return [(row["state"], row["reason"]) for row in await self.rows()]

    @property
    def said(self) -> list[str]:
        """What the person reads, in the order it came: words, or the template's name."""
        return [words(one) for one in self.taken]

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        if self.before_answer is not None:
            await self.before_answer()
        if self.answers:
            answer = self.answers.pop(0)(request)
            if answer.status_code != httpx.codes.OK:
                return answer
        self.taken.append(msgspec.json.decode(request.content))
        return httpx.Response(200, json=self.reply or {"messages": [{"id": f"{self.series}.{len(self.taken)}"}]})


async def opened(units: Units, shop: Shop, clock: FrozenClock, kind: str) -> Provider:
    """The provider of a new account of a shop that sells something, and somebody there who has not written yet."""
    desk = desk_for(units)
    async with units(shop.id) as uow:
        await fill(uow, desk.store)
    return Provider(units, Phone(units, shop.id, desk, await open_account(units, shop.id, kind), clock))


async def failures(provider: Provider) -> list[str]:
    """What the merchant is told of messages that did not arrive."""
    async with provider.units(provider.phone.shop_id) as uow:
        rows = await uow.fetch(
            "SELECT payload::jsonb->>'reason' AS reason FROM domain_event WHERE shop_id = $1 AND name = $2",
            uow.shop_id, DeliveryFailed.name,
        )  # fmt: skip
    return [row["reason"] for row in rows]


def words(body: dict[str, Any]) -> str:
    """The words of a call's body, or its template's name."""
    match body["type"]:
        case "text":
            return str(body["text"]["body"])
        case "template":
            return f"[{body['template']['name']}]"
        case kind:
            return str(body[kind].get("body", {}).get("text") or body[kind].get("caption") or "")
