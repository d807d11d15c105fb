"""The worker's own life: what it makes ready at its start, and what it does with work in hand when told to stop."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from bots.delivery.sender import Sender
from catalog.shops.models import Shop
from storefront import config
from storefront.bootstrap import House, open_house
from storefront.worker import work, work_until


@pytest.fixture
async def house(dsn: str, tmp_path: Path) -> AsyncIterator[House]:
    """What a worker's process opens."""
    settings = config.load(
        {}, database_url=dsn, secret_key="a key for tests, long enough to be one", home=str(tmp_path)
    )
    async with open_house(settings) as opened:
        yield opened


class _Slow:
    """A sender in whose hands a call still is when the worker stops."""

    def __init__(self) -> None:
        self.began = asyncio.Event()
        self.finished = False

    async def step(self) -> int:
        self.began.set()
        await asyncio.Event().wait()
        return 0

    async def finish(self) -> None:
        await asyncio.sleep(0.05)
        self.finished = True


async def test_a_worker_that_stops_lets_its_sender_finish(house: House) -> None:
    sender = _Slow()
    working = asyncio.create_task(work(replace(house, sender=cast("Sender", sender))))
    await asyncio.wait_for(sender.began.wait(), 30)
    working.cancel()
    await asyncio.wait({working}, timeout=30)
    assert sender.finished


async def test_a_worker_reads_the_goods_before_the_first_burst_is_to_be_answered(
    house: House, shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    stop = asyncio.Event()
    working = asyncio.create_task(work_until(stop, house))
    built = ("shelf.built", {"shop": shop.id, "products": 0})
    async with asyncio.timeout(30):
        while built not in [(record.msg, vars(record).get("fields")) for record in caplog.records]:  # noqa: ASYNC110 - logs tell in no other way
            await asyncio.sleep(0.01)
    stop.set()
    await asyncio.wait_for(working, 30)
