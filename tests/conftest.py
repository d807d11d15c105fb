"""The house of every test: a real PostgreSQL, one database per worker process, a clock that stands still."""

import gc
import os
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import asyncpg
import msgspec
import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy.ext.asyncio import AsyncEngine

from catalog.kernel.db import create_engine
from catalog.kernel.ids import new_id
from catalog.kernel.unit_of_work import UnitOfWork, Units
from catalog.shops.models import Shop
from catalog.shops.settings import ShopSettings
from tests import database, distribution

# How quickly a busy machine makes up examples says nothing about what is tested with them.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")

_SERVER = pytest.StashKey[str]()
_CLEANUP = pytest.StashKey[ExitStack]()


def _server(config: pytest.Config) -> str:
    """The run's server, started when first asked for and stopped at the end of the run."""
    if config.stash.get(_SERVER, None) is None:
        stack = config.stash[_CLEANUP] = ExitStack()
        external, programs = (os.environ.get(f"STOREFRONT_TEST_{name}") for name in ("DATABASE_URL", "POSTGRES"))
        url = stack.enter_context(database.running_server(external, Path(programs) if programs else None))
        database.make_template(url)
        config.stash[_SERVER] = url
    return config.stash[_SERVER]


class _ForWorkers:
    """With pytest-xdist, the controlling process runs the server and tells the workers where it is."""

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: object) -> None:
        """Called by pytest-xdist for each worker before it starts."""
        node.workerinput["server"] = _server(node.config)  # type: ignore[attr-defined]  # xdist has no types


@pytest.hookimpl(wrapper=True, optionalhook=True)
def pytest_xdist_auto_num_workers() -> Generator[None, int, int]:
    """With `-n auto`: one process more than processors, as many a test waits for a browser or for other processes."""
    return (yield) + 1


def pytest_configure(config: pytest.Config) -> None:
    """A worker process is told its server; the controller will tell."""
    told: dict[str, str] | None = getattr(config, "workerinput", None)
    if told is None:
        config.pluginmanager.register(_ForWorkers())
        config.pluginmanager.register(distribution.Controller())
    else:
        config.stash[_SERVER] = told["server"]
        config.pluginmanager.register(distribution.Worker())


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is collected lives to the end: the garbage collector need not look at it again and again, nor meanwhile."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server if this process started it."""
    if (stack := config.stash.get(_CLEANUP, None)) is not None:
        stack.close()


class FrozenClock:
    """Stands still at a Monday morning until a test moves it."""

    moved = timedelta(0)

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    async def read(self, connection: asyncpg.Connection) -> datetime:
        """The instant the test chose."""
        return self.now

    def advance(self, **units: float) -> datetime:
        """Move forward, as `advance(hours=24)`; the new instant."""
        self.now += timedelta(**units)
        return self.now


@pytest.fixture
def clock() -> FrozenClock:
    """Time of this test."""
    return FrozenClock()


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> str:
    """URL of the server's maintenance database, for tests that make databases of their own."""
    return _server(request.config)


@pytest.fixture(scope="session")
def dsn(server: str) -> Iterator[str]:
    """The libpq URL of this process's database."""
    name = f"storefront_test_{os.getpid()}"
    yield database.recreate(server, name)
    database.drop(server, name)


@pytest.fixture(scope="session")
async def engine(dsn: str) -> AsyncIterator[AsyncEngine]:
    """The product's engine on this process's database."""
    made = create_engine(dsn, pool_size=10)
    yield made
    await made.dispose()


@pytest.fixture(scope="session")
async def broom(dsn: str) -> AsyncIterator[database.Broom]:
    """What empties this process's database."""
    made = database.Broom(dsn)
    yield made
    await made.put_away()


@pytest.fixture
async def units(engine: AsyncEngine, clock: FrozenClock, broom: database.Broom) -> AsyncIterator[Units]:
    """Transactions that commit. Afterwards every table is emptied."""
    yield Units(engine, clock)
    await broom.sweep()


@pytest.fixture
def shop_id() -> UUID:
    """The id of this test's shop; new for each test, so that no cache of a process remembers another one's."""
    return new_id()


@pytest.fixture
async def uow(
    engine: AsyncEngine, clock: FrozenClock, shop_id: UUID, request: pytest.FixtureRequest
) -> AsyncIterator[UnitOfWork]:
    """One transaction of the test's shop, rolled back afterwards. Beside `units`, the shop is committed already."""
    with suppress(_RolledBack):
        async with Units(engine, clock)(shop_id) as transaction:
            if "units" not in request.fixturenames:
                await _insert_shop(transaction, shop_id)
            yield transaction
            raise _RolledBack


@pytest.fixture
async def _committed_shop(units: Units, shop_id: UUID) -> Shop:
    async with units(shop_id) as transaction:
        return await _insert_shop(transaction, shop_id)


@pytest.fixture
def shop(request: pytest.FixtureRequest, shop_id: UUID) -> Shop:
    """The shop "linden" (EUR, DE, de and en): inside `uow` when the test has one and no `units`, else committed."""
    if "uow" in request.fixturenames and "units" not in request.fixturenames:
        transaction: UnitOfWork = request.getfixturevalue("uow")
        return _shop(shop_id, transaction.now)
    committed: Shop = request.getfixturevalue("_committed_shop")
    return committed


class _RolledBack(Exception):
    pass


def _shop(shop_id: UUID, now: datetime) -> Shop:
    return Shop(
        id=shop_id, slug="linden", name="Linden", currency="EUR", country="DE", default_locale="de",
        locales=["de", "en"], settings=msgspec.to_builtins(ShopSettings()), revision=1, catalog_revision=1,
        next_order_number=1001, created_at=now,
    )  # fmt: skip


async def _insert_shop(uow: UnitOfWork, shop_id: UUID) -> Shop:
    uow.session.add(_shop(shop_id, uow.now))
    await uow.flush()
    return _shop(shop_id, uow.now)
