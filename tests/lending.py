"""Watches who borrows database connections. Tasks that each want a second one may wait for one another for ever."""

import asyncio
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from greenlet import getcurrent  # type: ignore[import-untyped]  # ships no types
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import ConnectionPoolEntry


@contextmanager
def one_connection_each(engine: AsyncEngine) -> Iterator[None]:
    """Fail when a task borrowed a connection of this engine while it held another, or kept one.

    What runs beside the test (hints, warming) may hold one just now.
    """
    held: dict[ConnectionPoolEntry, asyncio.Task[object] | None] = {}
    doubled: list[str] = []

    def lend(_connection: object, entry: ConnectionPoolEntry, _proxy: object) -> None:
        task = asyncio.current_task()
        if task in held.values():
            caller = getcurrent().parent
            doubled.append("".join(traceback.format_stack(caller.gr_frame if caller else None)[-12:]))
        held[entry] = task

    def take_back(_connection: object, entry: ConnectionPoolEntry) -> None:
        held.pop(entry, None)

    pool = engine.sync_engine
    event.listen(pool, "checkout", lend)
    event.listen(pool, "checkin", take_back)
    try:
        yield
    finally:
        event.remove(pool, "checkout", lend)
        event.remove(pool, "checkin", take_back)
    assert not doubled, f"a second connection, {len(doubled)} times; first here:\n{doubled[0]}"
    kept = [task for task in held.values() if task is None or task.done() or task is asyncio.current_task()]
    assert not kept, f"never given back: {kept}"
