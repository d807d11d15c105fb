"""A unit of work commits once or not at all, and a connection that was left in disorder is never used again."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from asyncpg import DeadlockDetectedError, InterfaceError, PostgresError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from catalog.kernel.clock import SystemClock
from catalog.kernel.db import Lent, create_engine
from catalog.kernel.pool import ConnectionsBusy
from catalog.kernel.unit_of_work import Units, repeated


class _FaultError(Exception):
    """Something went wrong."""


_TABLE = "CREATE TABLE IF NOT EXISTS scratch (n int)"


@pytest.fixture
async def narrow(engine: AsyncEngine) -> AsyncIterator[Units]:
    """Units with one connection only: whoever does not give it back stops everybody."""
    url = engine.url.render_as_string(hide_password=False).replace("postgresql+asyncpg", "postgresql")
    own = create_engine(url, pool_size=1)
    units = Units(own, SystemClock())
    async with units(None) as uow:
        await uow.execute(_TABLE)
    yield units
    async with units(None) as uow:
        await uow.execute("DROP TABLE scratch")
    await own.dispose()


async def _count(units: Units) -> int:
    async with units(None) as uow:
        found: int = await uow.fetchval("SELECT count(*) FROM scratch")
        return found


async def _backend(units: Units) -> int:
    async with units(None) as uow:
        found: int = await uow.fetchval("SELECT pg_backend_pid()")
        return found


async def test_what_is_left_in_order_is_committed(narrow: Units) -> None:
    async with narrow(None) as uow:
        await uow.execute("INSERT INTO scratch VALUES (1)")
    assert await _count(narrow) == 1


async def test_an_error_leaves_nothing_and_keeps_the_connection(narrow: Units) -> None:
    backend = await _backend(narrow)

    async def fail() -> None:
        async with narrow(None) as uow:
            await uow.execute("INSERT INTO scratch VALUES (1)")
            raise _FaultError

    with pytest.raises(_FaultError):
        await fail()
    assert await _count(narrow) == 0
    assert await _backend(narrow) == backend


async def test_driver_and_orm_speak_in_the_same_transaction(narrow: Units) -> None:
    async with narrow(None) as uow:
        await uow.execute("INSERT INTO scratch VALUES (1)")
        assert (await uow.session.execute(text("SELECT count(*) FROM scratch"))).scalar_one() == 1
        await uow.session.execute(text("INSERT INTO scratch VALUES (2)"))
        assert await uow.fetchval("SELECT count(*) FROM scratch") == 2
    assert await _count(narrow) == 2


async def test_what_the_orm_wrote_is_rolled_back_with_the_rest(narrow: Units) -> None:
    async def fail() -> None:
        async with narrow(None) as uow:
            await uow.session.execute(text("INSERT INTO scratch VALUES (2)"))
            raise _FaultError

    with pytest.raises(_FaultError):
        await fail()
    assert await _count(narrow) == 0


@pytest.mark.parametrize("with_orm", [False, True])
async def test_the_connection_of_a_cancelled_task_is_thrown_away(narrow: Units, *, with_orm: bool) -> None:
    backend = await _backend(narrow)
    inside = asyncio.Event()

    async def work() -> None:
        async with narrow(None) as uow:
            await uow.execute("INSERT INTO scratch VALUES (1)")
            if with_orm:
                await uow.session.execute(text("SELECT 1"))
            inside.set()
            await uow.fetchval("SELECT pg_sleep(0.5)")

    task = asyncio.create_task(work())
    await inside.wait()
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await _count(narrow) == 0
    assert await _backend(narrow) != backend


async def test_a_task_cancelled_while_it_waits_for_a_connection_takes_none_with_it(narrow: Units) -> None:
    async with narrow(None):
        waiting = asyncio.create_task(_count(narrow))
        await asyncio.sleep(0.02)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    assert await asyncio.wait_for(_count(narrow), 5) == 0


async def test_who_waits_for_a_connection_gets_it_before_who_comes_later(narrow: Units) -> None:
    served: list[str] = []

    async def again_and_again() -> None:
        for _ in range(20):
            async with narrow(None) as uow:
                await uow.fetchval("SELECT 1")
            served.append("busy")

    async def once() -> None:
        await asyncio.sleep(0)  # the others have begun
        async with narrow(None):
            served.append("waiting")

    await asyncio.gather(again_and_again(), again_and_again(), once())
    assert served.index("waiting") < 5


async def test_waiting_too_long_for_a_connection_names_the_way_out(narrow: Units) -> None:
    pool: Any = narrow.engine.pool
    pool._timeout = 0.05
    async with narrow(None):
        with pytest.raises(ConnectionsBusy, match="STOREFRONT_POOL_SIZE"):
            await _count(narrow)
    assert await _count(narrow) == 0


async def test_a_connection_thrown_away_leaves_its_place_to_another(narrow: Units) -> None:
    lent = await Lent.of(narrow.engine)
    waiting = asyncio.create_task(_count(narrow))
    lent.throw_away()
    lent.give_back()
    assert await waiting == 0


async def test_a_connection_that_the_server_closed_is_replaced(narrow: Units, units: Units) -> None:
    backend = await _backend(narrow)
    async with units(None) as uow:
        await uow.fetchval("SELECT pg_terminate_backend($1)", backend)
    await asyncio.sleep(0.1)
    assert await _backend(narrow) != backend


async def test_a_server_that_takes_no_connections_is_the_drivers_error(narrow: Units) -> None:
    url = narrow.engine.url.set(drivername="postgresql", database="nowhere").render_as_string(hide_password=False)
    engine = create_engine(url, pool_size=1)
    for _ in range(2):
        with pytest.raises(PostgresError):
            await _count(Units(engine, SystemClock()))
    await engine.dispose()


async def test_a_server_that_goes_away_inside_a_transaction_is_an_error_once(narrow: Units, units: Units) -> None:
    async def work() -> None:
        async with narrow(None) as uow:
            backend = await uow.fetchval("SELECT pg_backend_pid()")
            async with units(None) as other:
                await other.fetchval("SELECT pg_terminate_backend($1)", backend)
            await asyncio.sleep(0.1)
            await uow.fetchval("SELECT 1")

    with pytest.raises((PostgresError, InterfaceError)):
        await work()
    assert await _count(narrow) == 0


async def test_who_was_ended_to_break_a_deadlock_tries_again(units: Units) -> None:
    both = asyncio.Barrier(2)
    tries: list[str] = []

    async def lock(first: int, second: int) -> None:
        async with units(None) as uow:
            tries.append(f"{first}{second}")
            await uow.execute("SELECT pg_advisory_xact_lock(4711, $1)", first)
            if len(tries) <= 2:
                await both.wait()
            await uow.execute("SELECT pg_advisory_xact_lock(4711, $1)", second)

    await asyncio.gather(repeated(lambda: lock(1, 2)), repeated(lambda: lock(2, 1)))
    assert len(tries) == 3


async def test_a_step_that_always_deadlocks_is_given_up() -> None:
    tries: list[int] = []

    async def step() -> None:
        tries.append(1)
        raise DeadlockDetectedError

    with pytest.raises(DeadlockDetectedError):
        await repeated(step, tries=3)
    assert len(tries) == 3
