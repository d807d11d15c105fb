"""The whole application on this process's database: in process for most tests, on a socket for foreign clients."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

import httpx
import pytest
import uvicorn
from litestar import Litestar

from catalog.kernel import jobs as kernel_jobs
from catalog.kernel.unit_of_work import Units
from catalog.shops import service as shops
from catalog.shops.models import Shop
from storefront import config, jobs
from storefront.app import create_app
from storefront.bootstrap import TASKS
from storefront.config import Settings
from tests.lending import one_connection_each
from tests.storefront.api import promises


@pytest.fixture(scope="session")
def settings(dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return config.load(
        {}, database_url=dsn, secret_key="a key for tests, long enough to be one", lab="1", pool_size="8",
        media_url=str(tmp_path_factory.mktemp("media")), public_url="http://shop.test", log_level="ERROR",
        home=str(tmp_path_factory.mktemp("home")),
    )  # fmt: skip


@pytest.fixture(scope="session")
def routed(settings: Settings) -> Litestar:
    """The application, its routes made once; what a test changes lies in the house of its life."""
    return create_app(settings)


@pytest.fixture
async def app(routed: Litestar) -> AsyncIterator[Litestar]:
    """The application from its first to its last lifespan event."""
    made, started, over = routed, asyncio.Event(), asyncio.Event()

    async def live() -> None:
        # In one task from beginning to end: a fixture is left in another task than it was entered in.
        async with made.lifespan():
            with one_connection_each(made.state.house.engine):
                started.set()
                await over.wait()

    life = asyncio.create_task(live())
    await started.wait()
    yield made
    over.set()
    await life


@dataclass(frozen=True)
class Merchant:
    """A shop and its way in."""

    shop_id: UUID
    api: httpx.AsyncClient

    async def create(self, path: str, body: Any) -> Any:  # noqa: ANN401 - JSON
        """What a POST made."""
        answer = await self.api.post(path, json=body)
        assert answer.status_code in {200, 201}, answer.text
        return answer.json()


@pytest.fixture
async def merchant(app: Litestar, units: Units, shop: Shop) -> AsyncIterator[Merchant]:
    """The merchant of `shop`, in process."""
    async with client(app, await key_of(units, shop.id)) as api:
        yield Merchant(shop.id, api)


async def run_jobs(app: Litestar) -> None:
    """Run every job that is due, and those that these leave, as a worker of the application would."""
    house = app.state.house
    async with jobs.opened(jobs.build(house.dsn, house, TASKS)) as queue:
        while await _due(house.units):  # a worker that finds nothing stops, though a job in hand may leave another
            await jobs.work(queue, until_idle=True)


async def _due(units: Units) -> int:
    async with units(None) as uow:
        return (await kernel_jobs.backlog(uow.driver))["due"]


def client(app: Litestar, key: str) -> httpx.AsyncClient:
    """Somebody with a key, who takes no answer that the API's description does not promise."""

    async def check(answer: httpx.Response) -> None:
        await answer.aread()
        promises.of(app).check(answer.request.method, answer.request.url.path, answer)

    return httpx.AsyncClient(
        transport=httpx.ASGITransport(cast("Any", app), raise_app_exceptions=False), base_url="http://shop.test/api/v1",
        headers={"authorization": f"Bearer {key}"}, timeout=30, event_hooks={"response": [check]},
    )  # fmt: skip


async def key_of(units: Units, shop_id: UUID) -> str:
    """A new key with every right."""
    async with units(shop_id) as uow:
        return (await shops.create_key(uow, name="test"))[1]


@pytest.fixture(scope="session")
def socketed(settings: Settings) -> Litestar:
    """Another one, as a test may want both at once."""
    return create_app(settings)


@pytest.fixture
def address(socketed: Litestar, units: Units) -> Iterator[str]:
    """The application on a socket, on a loop and a thread of its own."""
    with serving(socketed) as url:
        yield url


@contextmanager
def serving(app: Litestar) -> Iterator[str]:
    """Serve until the block ends."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", ws="none"))
    thread = threading.Thread(target=asyncio.run, args=(server.serve(),), daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.02)
        assert thread.is_alive(), "the application did not start"
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(20)
