"""What is kept for a while is let go of afterwards, a batch at a time."""

import asyncio
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest

from bots.channels.base import Account
from bots.channels.webchat import rates, sessions
from bots.channels.webchat.sessions import Asked
from catalog.kernel.secrets import Secret
from catalog.kernel.unit_of_work import UnitOfWork, Units
from catalog.shops.models import Shop
from catalog.shops.service import create_shop
from checkout.returns import service as returns
from storefront import bootstrap, housekeeping
from tests.conftest import FrozenClock
from tests.storefront.web.install import make_account


async def remember(units: Units, shop: Shop, *keys: str) -> None:
    async with units(shop.id) as uow:
        for key in keys:
            await uow.execute(
                "INSERT INTO idempotency_key (shop_id, key, digest, at) VALUES ($1, $2, '', $3)", shop.id, key, uow.now
            )


async def remembered(units: Units, shop: Shop) -> set[str]:
    async with units(shop.id) as uow:
        return {row["key"] for row in await uow.fetch("SELECT key FROM idempotency_key WHERE shop_id = $1", shop.id)}


async def test_what_is_old_goes_and_what_is_young_stays(units: Units, shop: Shop, clock: FrozenClock) -> None:
    await remember(units, shop, "old", "older")
    clock.advance(hours=23)
    await remember(units, shop, "young")
    clock.advance(hours=2)
    await housekeeping.prune(house(units))
    assert await remembered(units, shop) == {"young"}


async def test_a_shop_that_cannot_be_tidied_holds_up_no_other(
    units: Units, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with units(None) as uow:
        await create_shop(uow, name="Other", currency="EUR", country="DE", locales=["de"])
    tidied: list[UUID] = []

    async def only_one(uow: UnitOfWork) -> int:
        tidied.append(uow.shop_id)
        if len(tidied) == 1:
            raise RuntimeError("nobody thought of this")
        return 0

    monkeypatch.setattr(returns, "close_finished", only_one)
    await bootstrap.tidy(house(units))
    assert len(set(tidied)) == 2


async def test_nobody_is_counted_or_let_in_longer_than_told(units: Units, shop: Shop, clock: FrozenClock) -> None:
    account = Account(
        id=str(await make_account(units, shop.id, "webchat")), shop_id=str(shop.id), kind="webchat", name="Page",
        credentials={"token_secret": Secret("a token secret")},
    )  # fmt: skip
    visits: list[sessions.Opened] = []
    for _ in range(2):
        async with units(shop.id) as uow:
            asked = Asked(origin="https://shop.example", locale="de", now=uow.now)
            opened = await sessions.open_session(uow, account, asked)
            visits.append(opened)
            await rates.count(uow, UUID(account.id), {f"send:{opened.session_id}": 5}, window=timedelta(minutes=1))
        clock.advance(days=20)
    await housekeeping.prune(house(units))
    async with units(shop.id) as uow:
        assert await _counted(uow, "webchat_session") == await _counted(uow, "webchat_refresh") == 1
        assert await _counted(uow, "use_count") == 0
        asked = Asked(origin="https://shop.example", locale="de", now=uow.now, refresh=visits[-1].refresh)
        assert (await sessions.open_session(uow, account, asked)).session_id == visits[-1].session_id


async def _counted(uow: UnitOfWork, table: str) -> int:
    found: int = await uow.fetchval(f"SELECT count(*) FROM {table} WHERE shop_id = $1", uow.shop_id)  # noqa: S608 - a constant
    return found


async def test_a_batch_is_gone_for_good_before_the_next_is_begun(
    units: Units, shop: Shop, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "_AT_ONCE", 1)
    await remember(units, shop, "first", "second")
    clock.advance(days=2)
    async with units(shop.id) as uow:
        await uow.fetchval("SELECT key FROM idempotency_key WHERE shop_id = $1 AND key = 'second' FOR UPDATE", shop.id)
        pruning = asyncio.create_task(housekeeping.prune(house(units)))  # waits for the second row
        async with asyncio.timeout(10):
            while await remembered(units, shop) != {"second"}:
                pass
    await asyncio.wait_for(pruning, 10)
    assert await remembered(units, shop) == set()


def house(units: Units) -> Any:  # noqa: ANN401 - what pruning needs of a house
    return cast("Any", SimpleNamespace(units=units))
