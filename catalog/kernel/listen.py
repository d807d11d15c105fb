"""One listening connection per process: PostgreSQL notices fan out to subscribers in the process.

A notice says "look again", never what happened: after a lost connection every subscriber is woken, and each looks at
the database for the truth.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

import asyncpg

_RECONNECT_S = 0.5


class Subscription:
    """Wakes when its channel (and key, if one was given) is notified."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def wake(self) -> None:
        """There may be news."""
        self._event.set()

    async def wait(self, timeout: float | None = None) -> bool:  # noqa: ASYNC109 - waiting with a limit is its use
        """Wait for news, at most `timeout` seconds; False when none came."""
        try:
            await asyncio.wait_for(self._event.wait(), timeout)
        except TimeoutError:
            return False
        self._event.clear()
        return True


class Listener:
    """LISTENs on the channels its subscribers name, reconnecting for as long as it runs."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn.replace("postgresql+asyncpg://", "postgresql://", 1)
        self._subscribers: dict[str, dict[str, set[Subscription]]] = {}
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run(), name="listener")
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    @asynccontextmanager
    async def subscribe(self, channel: str, key: str = "") -> AsyncIterator[Subscription]:
        """A subscription to a channel; with a key, only to notices whose payload is that key."""
        subscription = Subscription()
        keys = self._subscribers.setdefault(channel, {})
        if not keys:
            self._changed.set()
        keys.setdefault(key, set()).add(subscription)
        try:
            yield subscription
        finally:
            keys[key].discard(subscription)
            if not keys[key]:
                del keys[key]

    async def _run(self) -> None:
        while True:
            try:
                await self._listen()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await asyncio.sleep(_RECONNECT_S)

    async def _listen(self) -> None:
        connection = await asyncpg.connect(self._dsn)
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _: (lost.set(), self._changed.set()))
        listening: set[str] = set()
        try:
            while not lost.is_set():
                self._changed.clear()
                for channel in set(self._subscribers) - listening:
                    await connection.add_listener(channel, self._notified)
                    listening.add(channel)
                self._wake_all()
                await self._changed.wait()
        finally:
            connection.terminate()

    def _notified(self, _connection: Any, _pid: int, channel: str, payload: object) -> None:  # noqa: ANN401
        keys = self._subscribers.get(channel, {})
        for key in {"", str(payload)}:
            for subscription in keys.get(key, ()):
                subscription.wake()

    def _wake_all(self) -> None:
        for keys in self._subscribers.values():
            for subscriptions in keys.values():
                for subscription in subscriptions:
                    subscription.wake()
