"""One unit of work is one transaction: opened at an edge, committed once on leaving, rolled back on any error.

It gives two ways to the same transaction: `fetch…`/`execute` speak SQL to the driver (the turn path: a statement is
prepared once per connection), `session` is SQLAlchemy's ORM (catalogue, desk). Pending ORM changes are flushed before
driver statements run, so both see one state.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Any, TypeVar, cast
from uuid import UUID

from asyncpg import DeadlockDetectedError, InterfaceError, PostgresError, Record
from asyncpg.transaction import Transaction
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from catalog.kernel import outbox
from catalog.kernel.clock import Clock
from catalog.kernel.db import Lent
from catalog.kernel.events import DomainEvent
from catalog.kernel.ids import ShopId

_Result = TypeVar("_Result")


class UnitOfWork:
    """The transaction of one shop. Services take it as their first argument; they never commit."""

    def __init__(self, lent: Lent, now: datetime, shop_id: ShopId | None) -> None:
        self.lent = lent
        self.driver = lent.driver
        self.now = now
        self._shop_id = shop_id
        self._session: AsyncSession | None = None
        self._events: list[DomainEvent] = []
        self._notices: dict[tuple[str, str], None] = {}
        self._hints: set[str] = set()

    @property
    def shop_id(self) -> ShopId:
        """The shop every query of this transaction is scoped by."""
        if self._shop_id is None:
            raise RuntimeError("this unit of work belongs to no shop: open it with units(shop_id)")
        return self._shop_id

    @property
    def session(self) -> AsyncSession:
        """The ORM on this transaction. Rows stay usable after commit."""
        if self._session is None:
            self._session = AsyncSession(bind=self.lent.connection, expire_on_commit=False, autoflush=True)
        return self._session

    async def fetch(self, sql: str, *args: object) -> list[Record]:
        """All rows. JSON columns come and go as text."""
        await self.flush()
        return cast("list[Record]", await self.driver.fetch(sql, *args))

    async def fetchrow(self, sql: str, *args: object) -> Record | None:
        """The first row, or None."""
        await self.flush()
        return await self.driver.fetchrow(sql, *args)

    async def fetchval(self, sql: str, *args: object) -> Any:  # noqa: ANN401 - a column's value
        """The first column of the first row, or None."""
        await self.flush()
        return await self.driver.fetchval(sql, *args)

    async def execute(self, sql: str, *args: object) -> int:
        """Run a statement; the number of rows it touched."""
        await self.flush()
        status = await self.driver.execute(sql, *args)
        tail = status.rpartition(" ")[2]
        return int(tail) if tail.isdecimal() else 0

    async def executemany(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        """Run a statement for many rows in one round trip."""
        await self.flush()
        await self.driver.executemany(sql, rows)

    async def flush(self) -> None:
        """Write pending ORM changes, if there are any."""
        session = self._session
        if session is not None and (session.new or session.dirty or session.deleted):
            await session.flush()

    def record(self, event: DomainEvent) -> None:
        """Store the event with this transaction; handlers run after commit, at least once."""
        self._events.append(event)

    def notify(self, channel: str, payload: str = "") -> None:
        """Wake listeners of a PostgreSQL channel when this transaction commits; doubled notices are one."""
        self._notices[channel, payload] = None

    def hint(self, channel: str) -> None:
        """Wake whoever polls the channel, soon after commit. Cheap, and may be lost: pollers look by themselves too.

        A notice inside a transaction makes PostgreSQL commit one transaction after the other; a hint does not.
        """
        self._hints.add(channel)

    @property
    def hints(self) -> frozenset[str]:
        """Channels to hint at once the transaction has committed."""
        return frozenset(self._hints)

    async def finish(self) -> None:
        """Write what waits for the end: ORM changes, events, notices. The unit's opener calls it, once."""
        await self.flush()
        if self._events:
            await outbox.store(self.driver, self.shop_id, self._events, self.now)
            self.hint(outbox.CHANNEL)
        for channel, payload in self._notices:
            await self.driver.execute("SELECT pg_notify($1, $2)", channel, payload)

    @property
    def recorded(self) -> Sequence[DomainEvent]:
        """Events of this transaction so far, for tests and follow-ups in the same edge."""
        return tuple(self._events)

    async def close(self) -> None:
        """Let go of the ORM session."""
        if self._session is not None:
            await self._session.close()


class Units:
    """Opens units of work. One per process, built by the composition root.

    `hints` takes the channels to wake after a commit (listen.Hints.push); without it nobody is woken early.
    """

    def __init__(
        self, engine: AsyncEngine, clock: Clock, hints: Callable[[frozenset[str]], None] | None = None
    ) -> None:
        self.engine = engine
        self.clock = clock
        self._hints = hints

    @asynccontextmanager
    async def __call__(self, shop_id: UUID | None) -> AsyncIterator[UnitOfWork]:
        """A transaction for one shop (None: for the install, where a worker claims across shops).

        Commits when the block ends, rolls back when it raises. A connection whose transaction could not be ended in
        order (its task was cancelled, the server went away) is thrown away, never given to somebody else.
        """
        lent = await Lent.of(self.engine)
        uow: UnitOfWork | None = None
        try:
            transaction = lent.driver.transaction()
            try:
                await transaction.start()
                uow = UnitOfWork(lent, await self.clock.read(lent.driver), ShopId(shop_id) if shop_id else None)
                yield uow
                await uow.finish()
                await transaction.commit()
            except BaseException as error:
                await _abandon(lent, transaction, error)
                raise
            finally:
                if uow is not None:
                    await uow.close()
        finally:
            lent.give_back()
        if self._hints is not None and uow.hints:
            self._hints(uow.hints)


async def repeated(step: Callable[[], Awaitable[_Result]], *, tries: int = 5) -> _Result:
    """Run a step that opens its own unit of work; once more whenever PostgreSQL ended it to break a deadlock.

    Raises the deadlock's error after so many tries.
    """
    for _ in range(tries - 1):
        with suppress(DeadlockDetectedError):
            return await step()
    return await step()


async def _abandon(lent: Lent, transaction: Transaction, error: BaseException) -> None:
    """Roll back; where that is not possible, or the task is being cancelled, let go of the connection altogether."""
    if not isinstance(error, asyncio.CancelledError) and not lent.driver.is_closed():
        with suppress(PostgresError, InterfaceError, OSError):
            await transaction.rollback()
            return
    lent.throw_away()
