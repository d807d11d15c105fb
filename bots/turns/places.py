"""How many turns a process runs at once: so many in all, one for each person, in the order in which they came.

More at once finish no sooner: they only hold connections and locks for longer, and make each other wait.
"""

import asyncio
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager


class Places:
    """The places of one process.

    Whose earlier message is still being answered takes none, but keeps standing in line: the next free place after
    that answer goes to whoever came first.
    """

    def __init__(self, count: int = 5) -> None:
        self._free = count
        self._answered: set[Hashable] = set()  # the people at a place
        self._line: dict[asyncio.Future[None], Hashable] = {}  # oldest first; with a place free, all of people at one

    @asynccontextmanager
    async def of(self, person: Hashable) -> AsyncIterator[None]:
        """A place for a turn of this person; waits for one."""
        if self._free and person not in self._answered:
            self._give(person)
        else:
            await self._stand_in_line(person)
        try:
            yield
        finally:
            self._take_back(person)

    async def _stand_in_line(self, person: Hashable) -> None:
        mine = asyncio.get_running_loop().create_future()
        self._line[mine] = person
        try:
            await mine
        except BaseException:
            if self._line.pop(mine, None) is None:  # it was called at the moment in which it gave up
                self._take_back(person)
            raise

    def _give(self, person: Hashable) -> None:
        self._free -= 1
        self._answered.add(person)

    def _take_back(self, person: Hashable) -> None:
        self._free += 1
        self._answered.remove(person)
        for waiting, whose in list(self._line.items()):
            if not self._free:
                return
            if whose not in self._answered and not waiting.done():
                del self._line[waiting]
                self._give(whose)
                waiting.set_result(None)
