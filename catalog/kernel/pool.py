"""The pool of connections, first come, first served.

SQLAlchemy's own hands a free connection to whoever asks at that moment, and puts a waiter that came too late behind
all others again. A task that goes from one transaction straight to the next then starves those that wait, until they
fail after half a minute although no connection was ever held for long.
"""

import asyncio
from collections import deque
from contextlib import suppress
from typing import Any

from sqlalchemy.exc import MissingGreenlet
from sqlalchemy.pool import AsyncAdaptedQueuePool, PoolProxiedConnection
from sqlalchemy.util import greenlet_spawn
from sqlalchemy.util.concurrency import in_greenlet

from catalog.kernel.errors import Unavailable


class ConnectionsBusy(Unavailable, TimeoutError):
    """No connection became free in time. Like every absence of the database, it is an OSError too."""

    code = "connections_busy"


def demand_greenlet(*_: object) -> None:
    """Let a connection be made in a greenlet only. To take one that is there costs a third as much without."""
    if not in_greenlet():
        raise MissingGreenlet("a connection is to be made")


class FairPool(AsyncAdaptedQueuePool):
    """Lends its connections in the order in which they were asked for by `lend`. It has no overflow."""

    def __init__(self, creator: Any, *, pool_size: int, **options: Any) -> None:  # noqa: ANN401 - SQLAlchemy's form
        super().__init__(creator, pool_size=pool_size, **options)
        self._turns = pool_size  # a turn given back goes to the first who waits; only else it is counted here
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def lend(self) -> PoolProxiedConnection:
        """The next connection, free or made now; waits for one. It is to be taken back once, whatever became of it."""
        await self._turn()
        try:
            # With a turn there is a connection, free or still to be made: SQLAlchemy's own waiting is never reached.
            with suppress(MissingGreenlet):
                return self.connect()
            return await greenlet_spawn(self.connect)
        except BaseException:
            self._pass_on()
            raise

    def take_back(self, lent: PoolProxiedConnection) -> None:
        """Whoever waits longest may have it, or another in its place if it was thrown away."""
        try:
            lent.close()
        finally:
            self._pass_on()

    async def _turn(self) -> None:
        if self._turns:
            self._turns -= 1
            return
        mine = asyncio.get_running_loop().create_future()
        self._waiting.append(mine)
        try:
            async with asyncio.timeout(self._timeout):
                await mine
        except BaseException as error:
            if not mine.cancelled():  # it was given at the moment in which we gave up
                self._pass_on()
            if not isinstance(error, TimeoutError):
                raise
            raise ConnectionsBusy(
                f"all {self.size()} database connections were busy for {self._timeout:.0f} seconds; "
                "repeat in a moment, or raise STOREFRONT_POOL_SIZE"
            ) from error

    def _pass_on(self) -> None:
        while self._waiting:
            first = self._waiting.popleft()
            if not first.done():
                first.set_result(None)
                return
        self._turns += 1
