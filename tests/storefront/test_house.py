"""The fixtures every other test stands on."""

import asyncio

import asyncpg

from catalog.kernel.unit_of_work import UnitOfWork, Units
from catalog.shops.models import Shop


async def test_a_rolled_back_transaction_holds_its_shop(uow: UnitOfWork, shop: Shop) -> None:
    assert await uow.fetchval("SELECT slug FROM shop WHERE id = $1", shop.id) == "linden"


async def test_committed_work_is_seen_by_the_next_transaction(units: Units, shop: Shop) -> None:
    async with units(shop.id) as uow:
        await uow.execute("UPDATE shop SET name = 'Loom' WHERE id = $1", shop.id)
    async with units(shop.id) as uow:
        assert await uow.fetchval("SELECT name FROM shop WHERE id = $1", shop.id) == "Loom"


async def test_nothing_of_another_test_is_left(uow: UnitOfWork) -> None:
    assert await uow.fetchval("SELECT count(*) FROM shop") == 1


async def test_a_transaction_after_a_database_restart_finds_a_living_connection(units: Units, dsn: str) -> None:
    async with units(None) as uow:
        backend = await uow.fetchval("SELECT pg_backend_pid()")
    other = await asyncpg.connect(dsn)
    await other.execute("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                        " AND datname = current_database()")  # fmt: skip
    await other.close()
    await asyncio.sleep(0.1)
    async with units(None) as uow:
        assert await uow.fetchval("SELECT pg_backend_pid()") != backend
