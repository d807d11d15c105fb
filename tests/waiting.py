"""Waiting for who waits: an interleaving is proved when the database says that one transaction waits for another."""

import asyncio

from catalog.kernel.unit_of_work import Units

_WAITING = """
/* all shops */ SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


async def until_waiting(units: Units, count: int = 1) -> None:
    """Return when so many transactions wait for others' locks. Raises TimeoutError after some seconds."""
    # In a task of its own: the caller holds a transaction, and a task borrows one connection at a time.
    await asyncio.wait_for(asyncio.create_task(_look(units, count)), 10)


async def _look(units: Units, count: int) -> None:
    while True:
        async with units(None) as uow:  # what one transaction sees of others is fixed when it first looks
            if await uow.fetchval(_WAITING) >= count:
                return
        await asyncio.sleep(0.01)
