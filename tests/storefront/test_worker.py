"""The worker's own life: what it does with work in hand when it is told to stop."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import cast

from bots.delivery.sender import Sender
from storefront import config
from storefront.bootstrap import open_house
from storefront.worker import work


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


async def test_a_worker_that_stops_lets_its_sender_finish(dsn: str, tmp_path: Path) -> None:
    settings = config.load(
        {}, database_url=dsn, secret_key="a key for tests, long enough to be one", home=str(tmp_path)
    )
    sender = _Slow()
    async with open_house(settings) as house:
        working = asyncio.create_task(work(replace(house, sender=cast("Sender", sender))))
        await asyncio.wait_for(sender.began.wait(), 30)
        working.cancel()
        await asyncio.wait({working}, timeout=30)
    assert sender.finished
