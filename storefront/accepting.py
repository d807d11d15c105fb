"""How web processes share the connections of one listening socket: whoever holds the fewest goes first.

Why the kernel is not left to deal them out: docs/decisions/0017-connections-fall-evenly.md.
"""

import asyncio
import errno
import logging
import mmap
import os
import socket
import tempfile
from collections.abc import Callable
from functools import partial

_log = logging.getLogger(__name__)

_PATIENCE = 10  # how often we check whether somebody who holds fewer takes a connection, before we do
_LOOK_S = 0.001
_AT_LAST = 2  # connections taken at once when nobody else took them
_EXHAUSTED = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
_REST_S = 1.0  # until then somebody may have closed something
_WAY_OUT = "raise the limit of open files (ulimit -n, LimitNOFILE=), or start more web processes (--workers)"
_WIDTH = 4  # bytes of a count


def make_tally(count: int) -> int:
    """Memory for the counts of so many processes: a descriptor to hand down to them. It is closed by our own end."""
    with tempfile.TemporaryFile() as file:
        file.truncate(count * _WIDTH)
        return os.dup(file.fileno())


class Tally:
    """How many connections each process holds, for all of them to see. Each writes its own count and no other."""

    def __init__(self, descriptor: int, number: int) -> None:
        self._counts = memoryview(mmap.mmap(descriptor, 0)).cast("i")
        self._number = number
        self._counts[number] = 0  # those of a process that fell are gone

    @property
    def is_least(self) -> bool:
        """Whether nobody holds fewer than we do."""
        return self._counts[self._number] <= min(self._counts)

    def came(self) -> None:
        """One more."""
        self._counts[self._number] += 1

    def left(self) -> None:
        """One less."""
        self._counts[self._number] -= 1


class Acceptor:
    """Takes connections from a listening socket that other processes have too, and tallies them.

    `protocol` makes what serves one, and is given what to call when that has left.
    """

    def __init__(
        self, listening: socket.socket, tally: Tally, protocol: Callable[[Callable[[], None]], asyncio.Protocol]
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._listening = listening
        self._tally = tally
        self._protocol = protocol
        self._resting: asyncio.TimerHandle | None = None
        self._beginnings: set[asyncio.Task[None]] = set()
        self._closed = False
        listening.settimeout(0)
        self._watch()

    def close(self) -> None:
        """Take no more."""
        self._closed = True
        if self._resting is not None:
            self._resting.cancel()
        self._loop.remove_reader(self._listening)

    async def wait_closed(self) -> None:
        """Nothing is left to wait for."""

    def _watch(self) -> None:
        self._resting = None
        self._loop.add_reader(self._listening, self._called)

    def _rest(self, seconds: float, then: Callable[[], None]) -> None:
        self._loop.remove_reader(self._listening)
        self._resting = self._loop.call_later(seconds, then)

    def _called(self) -> None:
        if self._tally.is_least:
            self._take()
        else:
            self._let_others(_PATIENCE)

    def _let_others(self, times: int) -> None:
        """Let others go first, until they hold as many as we do, or do not come."""
        if times and not self._tally.is_least:
            self._rest(_LOOK_S, partial(self._let_others, times - 1))
            return
        self._watch()
        for _ in range(1 if times else _AT_LAST):
            if not self._take():
                break

    def _take(self) -> bool:
        """Take a connection, if there is one."""
        try:
            connection, _ = self._listening.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return False  # somebody else was quicker, or the caller gave up
        except OSError as error:
            if error.errno not in _EXHAUSTED:
                raise
            _log.error("accept.exhausted", extra={"fields": {"error": os.strerror(error.errno), "way_out": _WAY_OUT}})
            self._rest(_REST_S, self._watch)
            return False
        self._tally.came()
        beginning = self._loop.create_task(self._begin(connection))
        self._beginnings.add(beginning)
        beginning.add_done_callback(self._beginnings.discard)
        return True

    async def _begin(self, connection: socket.socket) -> None:
        try:
            await self._loop.connect_accepted_socket(lambda: self._protocol(self._left), connection)
        except OSError:  # it was gone before it began
            connection.close()
            self._left()

    def _left(self) -> None:
        """One has left: whoever waits for us to hold fewer need not wait any longer."""
        self._tally.left()
        if self._resting is not None and not self._closed:
            self._resting.cancel()
            self._watch()
