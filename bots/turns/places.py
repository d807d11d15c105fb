"""How many turns a process runs at once: so many in all, one for each person, first come, first served.

More at once finish no sooner: they only hold connections and locks for longer, and make each other wait.
"""

import asyncio
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary


class Places:
    """The places of one process. Whose earlier message is still being answered waits without taking one."""

    def __init__(self, count: int = 5) -> None:
        self._free = asyncio.Semaphore(count)
        self._people: WeakValueDictionary[Hashable, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def of(self, person: Hashable) -> AsyncIterator[None]:
        """A place for a turn of this person; waits for one."""
        mine = self._people.setdefault(person, asyncio.Lock())
        async with mine, self._free:
            yield
