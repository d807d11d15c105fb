"""The doubles' process: every provider's double under one loopback port, by the first part of the path.

It knows the lab's accounts from the database: those whose `api_base` points here. The doubles live by the install's
clock, deliver webhooks to the install's public address, and keep what they know under `HOME/lab`.
"""

import asyncio
import logging
import socket
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import asyncpg
import uvicorn
import uvloop
from litestar import Litestar
from litestar.types import ASGIApp, Receive, Scope, Send

from bots.channels.accounts import service as channel_accounts
from catalog.kernel.errors import ShopError
from catalog.shops import service as shops
from checkout.payments import accounts as payment_accounts
from storefront.bootstrap import House, open_house
from storefront.config import Settings
from storefront.lab.stripe_double.app import create_app as stripe_app
from storefront.lab.stripe_double.double import StripeDouble

_log = logging.getLogger(__name__)
_CLOCK_EVERY_S = 0.5


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
            with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
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

    def __post_init__(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.stripe = StripeDouble(base_url=f"{self.base}/stripe", path=self.folder / "stripe.json", now=self.clock.now)

    def applications(self) -> Mapping[str, Litestar]:
        """Each double's application by its part of the path."""
        return {"stripe": stripe_app(self.stripe)}

    async def learn(self, house: House) -> None:
        """Tell the doubles where the install's accounts want their webhooks, and connect the channels."""
        async with house.units(None) as uow:
            known = await shops.list_shops(uow)
            payments = [one for one in await payment_accounts.all_accounts(uow) if self._is_here(one.api_base)]
        for payment in payments:
            secrets = house.vault.open(payment.sealed, context=f"payment_account:{payment.id}")["webhook_secret"]
            first = secrets if isinstance(secrets, str) else secrets[0]
            self.stripe.configure_webhook(f"{self.settings.public_url}/webhooks/stripe/{payment.id}", first)
        for shop_id, _, _ in known:
            async with house.units(shop_id) as uow:
                accounts = [one for one in await channel_accounts.list_accounts(uow) if self._is_here(one.api_base)]
            for account in accounts:
                try:
                    await channel_accounts.connect(house.units, await house.directory.get(account.id, shop_id))
                except ShopError as error:
                    _log.warning("double.unconnected", extra={"fields": {"kind": account.kind, "error": error.code}})

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
            await stack.enter_async_context(application.lifespan())
        tasks = [
            asyncio.create_task(doubles.clock.follow(), name="lab clock"),
            asyncio.create_task(doubles.learn(house), name="lab accounts"),
        ]
        await server.serve(sockets=[listening])
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _by_first_part(applications: Mapping[str, Litestar]) -> ASGIApp:
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
