"""The whole application on loopback, over the test's database, with a shop in it and a page of a real browser."""

import functools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from playwright.async_api import Browser, Page

from catalog.kernel.ids import new_id
from catalog.kernel.unit_of_work import Units
from catalog.shops import service as shops
from storefront import config
from storefront.app import create_app
from tests.storefront.lab.serving import served

DESKTOP = (1280, 800)
_routed = functools.cache(create_app)  # routes are made once; what a test changes lies in the house of its serving


@dataclass(frozen=True)
class Install:
    """Where it answers, and a key of its shop."""

    url: str
    key: str


@asynccontextmanager
async def installed(units: Units, dsn: str, home: Path, shop_id: UUID, *, lab: str = "0") -> AsyncIterator[Install]:
    """A served install; `lab`: the setting."""
    settings = config.load(
        {}, database_url=dsn, secret_key="a secret key of the tests, long enough", home=str(home), lab=lab
    )
    async with units(shop_id) as uow:
        _, key = await shops.create_key(uow, name="test")
    async with served(_routed(settings)) as url:
        yield Install(url, key)


@asynccontextmanager
async def opened(browser: Browser, url: str, *, size: tuple[int, int] = DESKTOP) -> AsyncIterator[Page]:
    """A page, English; nothing may go wrong in its scripts or be forbidden by its own policy."""
    context = await browser.new_context(locale="en-GB", viewport={"width": size[0], "height": size[1]})
    page = await context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None)
    await page.goto(url)
    yield page
    await context.close()
    assert not faults


async def make_account(units: Units, shop_id: UUID, kind: str, *, api_base: str | None = None) -> UUID:
    """A channel account without secrets."""
    account_id = new_id()
    async with units(shop_id) as uow:
        await uow.execute(
            "INSERT INTO channel_account (id, shop_id, kind, name, credentials, sealed, api_base, provider_account,"
            " state, created_at) VALUES ($1, $2, $3, $3, '{}', '', $4, $1::uuid::text, 'connected', $5)",
            account_id, shop_id, kind, api_base, uow.now,
        )  # fmt: skip
    return account_id


async def make_conversation(
    units: Units, shop_id: UUID, words: str, *, needs_person: str | None = None, reading: object = None
) -> UUID:
    """A person who wrote once on Telegram and was handed over; `reading`: what the words were taken for."""
    account_id, conversation_id, message_id = await make_account(units, shop_id, "telegram"), new_id(), new_id()
    async with units(shop_id) as uow:
        await uow.execute(
            "INSERT INTO conversation (id, shop_id, account_id, kind, address, customer_id, locale, needs_person,"
            " last_inbound_at, created_at, updated_at)"
            " VALUES ($1, $2, $3, 'telegram', '4711', $1, 'de', $4, $5, $5, $5)",
            conversation_id, shop_id, account_id, needs_person, uow.now,
        )  # fmt: skip
        await uow.execute(
            "INSERT INTO inbound_message (id, shop_id, account_id, conversation_id, dedupe_key, provider_id, kind,"
            " body, text, at, received_at, not_before, outcome, outcome_detail)"
            " VALUES ($1, $2, $3, $4, 'm1', 'm1', 'TextReceived', '{}', $5, $6, $6, $6, 'handed_over', $7::jsonb)",
            message_id, shop_id, account_id, conversation_id, words, uow.now,
            json.dumps({"kind": "handed_over", "reason": "asked", **({"reading": reading} if reading else {})}),
        )  # fmt: skip
    return conversation_id
