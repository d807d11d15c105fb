"""A small house around the web chat: one shop, one account, an inbox that answers from a table, a real server."""

import asyncio
import base64
import hashlib
import hmac
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import httpx
import msgspec
import uvicorn
from litestar import Litestar
from litestar.datastructures import State

from bots.channels.base import Account, Envelope, MediaLinks
from bots.channels.webchat.adapter import WebchatChannel
from bots.channels.webchat.rates import Limits
from bots.messages.fitted import rich
from bots.messages.inbound import InboundEvent, PersonEvent, TextReceived
from bots.messages.outbound import Message, Text
from catalog.images.links import ReceivedLinks
from catalog.images.store import MediaStore
from catalog.kernel.ids import new_id
from catalog.kernel.listen import Listener
from catalog.kernel.secrets import Secret
from catalog.kernel.unit_of_work import Units
from catalog.shops import profile as profiles
from storefront.media import rendition
from storefront.outside import trusted
from storefront.web.assets import static_file
from storefront.web.chat.ports import ChatDoor, ChatTools
from storefront.web.chat.routes import routes

Replies = Callable[[InboundEvent], Sequence[Message]]


def echo(event: InboundEvent) -> Sequence[Message]:
    """The simplest shop: says what was said."""
    return [Text(text=f"echo: {event.text}")] if isinstance(event, TextReceived) else []


@dataclass
class TableInbox:
    """Answers each event once, like the turn's inbox: what it has returned for stays answered."""

    channel: WebchatChannel
    media: MediaLinks
    replies: Replies = echo
    seen: dict[str, InboundEvent] = field(default_factory=dict)
    received: list[InboundEvent] = field(default_factory=list)
    pause_s: float = 0.0
    fail_next: int = 0

    async def __call__(self, account: Account, events: Sequence[InboundEvent]) -> None:
        """Take the events."""
        for event in events:
            if self.fail_next:
                self.fail_next -= 1
                raise OSError("the database went away")
            if event.dedupe_key in self.seen:
                continue
            self.seen[event.dedupe_key] = event
            self.received.append(event)
            await self._answer(event)

    async def _answer(self, event: InboundEvent) -> None:
        if not isinstance(event, PersonEvent):
            return
        if self.pause_s:
            for call in self.channel.acknowledge(event, typing=True):
                await self.channel.send(call)
            await asyncio.sleep(self.pause_s)
        for number, message in enumerate(self.replies(event)):
            envelope = Envelope(
                address=event.sender.address, message_id=f"{event.dedupe_key}:{number}", media=self.media, locale="de"
            )
            await self.channel.send(self.channel.render(rich(message), envelope))


@dataclass
class House:
    """What a test talks to."""

    url: str
    tools: ChatTools
    chat: ChatDoor
    inbox: TableInbox
    app: Litestar
    _server: uvicorn.Server | None = None
    _serving: asyncio.Task[None] | None = None

    @property
    def account_id(self) -> str:
        """Id of the web chat account, which is the widget's id."""
        return self.chat.account.id

    @property
    def base(self) -> str:
        """Where the account's calls begin."""
        return f"{self.url}/webhooks/webchat/{self.account_id}"

    @property
    def ws(self) -> str:
        """Address of the WebSocket."""
        return f"{self.base.replace('http', 'ws', 1)}/ws"

    async def start(self) -> None:
        """Serve on the address the house has."""
        port = int(self.url.rpartition(":")[2])
        config = uvicorn.Config(
            self.app, host="127.0.0.1", port=port, log_level="critical", lifespan="off", ws="websockets-sansio",
            timeout_graceful_shutdown=1,
        )  # fmt: skip
        self._server = uvicorn.Server(config)
        self._serving = asyncio.create_task(self._server._serve())
        while not self._server.started:  # noqa: ASYNC110 - uvicorn tells in no other way
            await asyncio.sleep(0.01)

    async def stop(self) -> None:
        """Stop serving, as a restart does."""
        if self._server is not None and self._serving is not None:
            self._server.should_exit = True
            await self._serving

    async def session(self, **body: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
        """Open a session from the install's own page."""
        answer = await self.post("/widget/session", body)
        assert answer.status_code == 200, answer.text
        opened: dict[str, Any] = answer.json()
        return opened

    async def post(
        self, path: str, body: object = None, *, token: str | None = None, origin: str | None = None
    ) -> httpx.Response:
        """A POST with JSON."""
        headers = {"Origin": self.url if origin is None else origin}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        async with httpx.AsyncClient(verify=trusted()) as client:
            return await client.post(self.base + path, json=body, headers=headers)

    async def get(self, path: str, *, token: str | None = None) -> httpx.Response:
        """A GET."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with httpx.AsyncClient(verify=trusted()) as client:
            return await client.get(self.base + path, headers=headers)


@dataclass
class _OneDoor:
    chat: ChatDoor

    async def by_id(self, account_id: str) -> ChatDoor | None:
        return self.chat if account_id == self.chat.account.id else None

    async def by_shop(self, slug: str) -> ChatDoor | None:
        return self.chat if slug == self.chat.shop.slug else None

    async def elsewhere(self, slug: str, entry: str) -> str | None:
        return None


@asynccontextmanager
async def open_house(
    units: Units,
    dsn: str,
    shop_id: UUID,
    *,
    limits: Limits | None = None,
    media: MediaStore | None = None,
    port: int | None = None,
    replies: Replies = echo,
) -> AsyncIterator[House]:
    """A served web chat with an account in the database."""
    store = media or MediaStore.open("memory://")
    async with units(shop_id) as uow:
        shop = await profiles.get(uow)
        account = await _account(uow, shop_id)
    url = f"http://127.0.0.1:{port or free_port()}"
    channel = WebchatChannel(account, units=units, media=store)
    inbox = TableInbox(channel, MediaLinks(base=url), replies)
    async with Listener(dsn) as listener:
        chat = ChatDoor(channel, shop)
        tools = ChatTools(
            units=units, listener=listener, directory=_OneDoor(chat), inbox=inbox, media=store, public_url=url,
            received=ReceivedLinks(Secret("a key for tests"), url),
            limits=limits or Limits(sessions_per_minute=1_000),
        )  # fmt: skip
        app = Litestar(
            [routes(_given(tools)), static_file, rendition], openapi_config=None,
            state=State({"house": SimpleNamespace(store=store, received=tools.received)}),
        )  # fmt: skip
        house = House(url, tools, chat, inbox, app)
        await house.start()
        try:
            yield house
        finally:
            await house.stop()


def _given(tools: ChatTools) -> Callable[[], ChatTools]:
    def given() -> ChatTools:
        return tools

    return given


def identity_of(house: House, subject: str, **wrong: object) -> str:
    """A token by which the shop's own site vouches for a customer; `wrong`: what is not as it should be."""
    now = datetime.now(UTC).timestamp()
    lives = wrong.get("exp", 240)
    assert isinstance(lives, int)
    payload = {
        "sub": wrong.get("sub", subject), "aud": wrong.get("aud", house.account_id), "iat": int(now),
        "exp": int(now) + lives, "nonce": wrong.get("nonce", str(uuid4())), "name": "Cleo", "email": "c@shop.example",
    }  # fmt: skip
    header = {"alg": wrong.get("alg", "HS256"), "typ": "JWT"}

    def part(raw: bytes) -> str:
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    head = f"{part(msgspec.json.encode(header))}.{part(msgspec.json.encode(payload))}"
    secret = str(wrong.get("secret", "shared with the shop")).encode()
    return f"{head}.{part(hmac.new(secret, head.encode(), hashlib.sha256).digest())}"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def _account(uow: Any, shop_id: UUID) -> Account:  # noqa: ANN401 - a UnitOfWork
    account_id = new_id()
    await uow.execute(
        """INSERT INTO channel_account (id, shop_id, kind, name, credentials, sealed, provider_account, created_at)
           VALUES ($1, $2, 'webchat', 'Page', '{}', '', $1::uuid::text, $3)""",
        account_id, shop_id, uow.now,
    )  # fmt: skip
    return Account(
        id=str(account_id), shop_id=str(shop_id), kind="webchat", name="Page",
        credentials={
            "allowed_origins": ["https://shop.example"], "identity_secret": Secret("shared with the shop"),
            "token_secret": Secret("a token secret"),
        },
    )  # fmt: skip
