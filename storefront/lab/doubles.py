"""The doubles' process: every provider's double under one loopback port, by the first part of the path.

It knows the lab's accounts from the database: those whose `api_base` points here. The doubles live by the install's
clock, deliver webhooks to the install's public address, and keep what they know under `HOME/lab`.
"""

import asyncio
import logging
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast
from uuid import UUID

import asyncpg
import uvicorn
import uvloop
from litestar.types import ASGIApp, LifeSpanReceiveMessage, LifeSpanSendMessage, Receive, Scope, Send

from bots.channels.accounts import service as channel_accounts
from bots.channels.base import Account
from catalog.kernel.errors import ShopError
from catalog.kernel.ids import ShopId
from catalog.kernel.secrets import Secret
from catalog.shops import service as shops
from checkout.payments import accounts as payment_accounts
from storefront.bootstrap import House, open_house
from storefront.config import Settings
from storefront.lab.stripe_double.app import create_app as stripe_app
from storefront.lab.stripe_double.double import StripeDouble
from storefront.lab.telegram_double.app import create_app as telegram_app
from storefront.lab.telegram_double.double import TelegramDouble
from storefront.lab.whatsapp_double.app import create_app as whatsapp_app
from storefront.lab.whatsapp_double.double import Number, WhatsAppDouble

_log = logging.getLogger(__name__)
_CLOCK_EVERY_S = 0.5
_AGAIN_S = 2.0
_AWAY = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)


def base_of(port: int) -> str:
    """Where the doubles are, for the accounts that use them; a provider's own base is this and `/{kind}`."""
    return f"http://127.0.0.1:{port}"


@dataclass(slots=True)
class LabTime:
    """The install's time, read every half second: the lab moves it in the database."""

    dsn: str
    offset_s: float = 0.0

    def now(self) -> float:
        """Unix seconds."""
        return time.time() + self.offset_s

    async def follow(self) -> None:
        """Until cancelled."""
        while True:
            with suppress(*_AWAY):
                connection = await asyncpg.connect(self.dsn)
                try:
                    while True:
                        self.offset_s = float(
                            await connection.fetchval("SELECT max(offset_seconds) FROM lab_clock") or 0
                        )
                        await asyncio.sleep(_CLOCK_EVERY_S)
                finally:
                    connection.terminate()
            await asyncio.sleep(_CLOCK_EVERY_S)


@dataclass(slots=True)
class Doubles:
    """One of each provider."""

    settings: Settings
    base: str
    clock: LabTime
    folder: Path
    stripe: StripeDouble = field(init=False)
    whatsapp: WhatsAppDouble = field(init=False)
    telegram: TelegramDouble = field(init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        now = self.clock.now
        self.stripe = StripeDouble(base_url=f"{self.base}/stripe", path=self.folder / "stripe.json", now=now)
        self.whatsapp = WhatsAppDouble(base_url=f"{self.base}/whatsapp", now=now)
        self.telegram = TelegramDouble(now=now)

    def applications(self) -> Mapping[str, ASGIApp]:
        """Each double's application by its part of the path."""
        return {
            "stripe": stripe_app(self.stripe),
            "whatsapp": whatsapp_app(self.whatsapp),
            "telegram": telegram_app(self.telegram),
        }

    async def learn(self, house: House) -> None:
        """Tell the doubles where the install's accounts want their webhooks, and connect the channels."""
        async with house.units(None) as uow:
            known = await shops.list_shops(uow)
            payments = [one for one in await payment_accounts.all_accounts(uow) if self._is_here(one.api_base)]
        for payment in payments:
            secrets = house.vault.open(payment.sealed, context=f"payment_account:{payment.id}")["webhook_secret"]
            first = secrets if isinstance(secrets, str) else secrets[0]
            self.stripe.configure_webhook(f"{self.settings.public_url}/webhooks/stripe/{payment.id}", first)
        met: list[tuple[ShopId, Account]] = []
        for shop_id, _, _ in known:
            async with house.units(shop_id) as uow:
                rows = [one for one in await channel_accounts.list_accounts(uow) if self._is_here(one.api_base)]
                met += [
                    (shop_id, await channel_accounts.open_account(
                        uow, house.vault, row.id, public_url=self.settings.public_url, allow_private=True
                    ))
                    for row in rows
                ]  # fmt: skip
        for _, account in met:
            self._meet(account)
        await asyncio.gather(*(self._connected(house, shop_id, account) for shop_id, account in met))

    async def _connected(self, house: House, shop_id: ShopId, account: Account) -> None:
        try:
            await house.directory.connect(UUID(account.id), shop_id)
        except ShopError as error:
            _log.warning("double.unconnected", extra={"fields": {"kind": account.kind, "error": error.code}})

    def _meet(self, account: Account) -> None:
        """What a merchant enters at the provider: the number and its callback, the bot and its token."""
        told = {
            name: value.reveal() if isinstance(value, Secret) else value for name, value in account.credentials.items()
        }
        if account.kind == "whatsapp":
            self.whatsapp.connect(
                Number(
                    phone_number_id=told["phone_number_id"], waba_id=told["waba_id"], app_secret=told["app_secret"],
                    access_token=told["access_token"],
                    callback_url=f"{self.settings.public_url}/webhooks/whatsapp/{account.id}",
                )
            )  # fmt: skip
        elif account.kind == "telegram":
            self.telegram.token = told["bot_token"]

    def _is_here(self, api_base: str | None) -> bool:
        return api_base is not None and api_base.startswith(self.base)


def serve(settings: Settings, listening: socket.socket) -> None:
    """Serve every double on a listening socket until told to stop."""
    base = base_of(listening.getsockname()[1])
    uvloop.run(_run(Doubles(settings, base, LabTime(settings.dsn), settings.home / "lab"), listening))


async def _run(doubles: Doubles, listening: socket.socket) -> None:
    applications = doubles.applications()
    server = uvicorn.Server(
        uvicorn.Config(
            _by_first_part(applications), loop="uvloop", http="httptools", ws="none", lifespan="off", access_log=False,
            log_config=None, server_header=False, timeout_graceful_shutdown=2,
        )
    )  # fmt: skip
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(open_house(doubles.settings))
        for application in applications.values():
            await stack.enter_async_context(_alive(application))
        tasks = [
            asyncio.create_task(doubles.clock.follow(), name="lab clock"),
            asyncio.create_task(insisting(lambda: doubles.learn(house)), name="lab accounts"),
        ]
        await server.serve(sockets=[listening])
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def insisting(learn: Callable[[], Awaitable[None]], *, pause_s: float = _AGAIN_S) -> None:
    """Until it is done: doubles that know no account send no webhook, and the lab would wait without a word."""
    while True:
        try:
            return await learn()
        except (*_AWAY, ShopError) as error:
            _log.warning("double.accounts_unknown", extra={"fields": {"error": str(error)[:200]}})
        await asyncio.sleep(pause_s)


@asynccontextmanager
async def _alive(application: ASGIApp) -> AsyncIterator[None]:
    """The application between its startup and its shutdown, as the ASGI lifespan protocol says."""
    told: asyncio.Queue[LifeSpanReceiveMessage] = asyncio.Queue()
    answered: asyncio.Queue[str] = asyncio.Queue()

    async def send(message: LifeSpanSendMessage) -> None:
        answered.put_nowait(message["type"])

    scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": {}}

    async def live() -> None:
        await application(cast("Scope", scope), cast("Receive", told.get), cast("Send", send))

    life = asyncio.create_task(live())
    told.put_nowait({"type": "lifespan.startup"})
    if (said := await answered.get()) != "lifespan.startup.complete":
        raise RuntimeError(f"a double did not start: {said}")
    try:
        yield
    finally:
        told.put_nowait({"type": "lifespan.shutdown"})
        await life


def _by_first_part(applications: Mapping[str, ASGIApp]) -> ASGIApp:
    """One application out of several: `/stripe/v1/refunds` is the double of Stripe's `/v1/refunds`."""

    async def route(scope: Scope, receive: Receive, send: Send) -> None:
        first, _, rest = scope["path"].lstrip("/").partition("/")
        application = applications.get(first)
        if application is None:
            await send({"type": "http.response.start", "status": 404, "headers": [(b"content-length", b"0")]})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            return
        inner = dict(scope) | {"path": f"/{rest}", "raw_path": f"/{rest}".encode()}
        await application(cast("Scope", inner), receive, send)

    return route
