"""The pool of connections, first come, first served.

SQLAlchemy's own hands a free connection to whoever asks at that moment, and puts a waiter that came too late behind
all others again. A task that goes from one transaction straight to the next then starves those that wait, until they
fail after half a minute although no connection was ever held for long.
"""

import asyncio
from collections import deque
from typing import Any

from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry
from sqlalchemy.util import await_only

from catalog.kernel.errors import Unavailable


class ConnectionsBusy(Unavailable, TimeoutError):
    """No connection became free in time. Like every absence of the database, it is an OSError too."""

    code = "connections_busy"


class FairPool(AsyncAdaptedQueuePool):
    """Lends its connections in the order in which they were asked for. It has no overflow."""

    def __init__(self, creator: Any, *, pool_size: int, **options: Any) -> None:  # noqa: ANN401 - SQLAlchemy's form
        super().__init__(creator, pool_size=pool_size, **options)
        self._turns = pool_size  # a turn given back goes to the first who waits; only else it is counted here
        self._waiting: deque[asyncio.Future[None]] = deque()

    def _do_get(self) -> ConnectionPoolEntry:
        # With a turn there is a connection, free or still to be made: SQLAlchemy's own waiting is never reached.
        if self._turns:
            self._turns -= 1
        else:
            await_only(self._turn())
        try:
            return super()._do_get()
        except BaseException:
            self._pass_on()
            raise

    def _do_return_conn(self, record: ConnectionPoolEntry) -> None:
        try:
            super()._do_return_conn(record)
        finally:
            self._pass_on()

    async def _turn(self) -> None:
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
