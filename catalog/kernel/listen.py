"""One listening connection per process: PostgreSQL notices fan out to subscribers in the process.

A notice says "look again", never what happened: after a lost connection every subscriber is woken, and each looks at
the database for the truth.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from catalog.kernel.db import Lent

_RECONNECT_S = 0.5
_GATHER_S = 0.005  # of what is committed together, all is notified at once
_REST_S = 0.05  # between two notices: under load one serves many commits, a lone commit never waits for it
_NOTIFY = "SELECT pg_notify(channel, '') FROM unnest($1::text[]) AS channel"


class Subscription:
    """Wakes when its channel (and key, if one was given) is notified, and when it is `over`: the process is ending."""

    def __init__(self, *, over: bool = False) -> None:
        self.over = over
        self._event = asyncio.Event()

    def wake(self) -> None:
        """There may be news."""
        self._event.set()

    async def wait(self, timeout: float | None = None) -> bool:  # noqa: ASYNC109 - waiting with a limit is its use
        """Wait for news, at most `timeout` seconds; False when none came."""
        try:
            # Python 3.11's `wait_for` loses a cancellation that comes together with the news.
            async with asyncio.timeout(timeout):
                await self._event.wait()
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
        self._over = False

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
        subscription = Subscription(over=self._over)
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

    def dismiss(self) -> None:
        """Tell every subscriber, and each that is still to come, that it is over."""
        self._over = True
        for subscription in self._everybody():
            subscription.over = True
            subscription.wake()

    async def _run(self) -> None:
        while True:
            try:
                await self._listen()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await asyncio.sleep(_RECONNECT_S)

    async def _listen(self) -> None:
        connection = await asyncpg.connect(self._dsn)
        lost = asyncio.Event()

        def ended(_connection: object) -> None:
            lost.set()
            self._changed.set()

        connection.add_termination_listener(ended)
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
        for subscription in self._everybody():
            subscription.wake()

    def _everybody(self) -> list[Subscription]:
        return [one for keys in self._subscribers.values() for subscriptions in keys.values() for one in subscriptions]


class Hints:
    """Notifies channels shortly after commits, many commits at once. Losing a hint only costs a poller's interval."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._channels: set[str] = set()
        self._wanted = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run(), name="hints")
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def push(self, channels: frozenset[str]) -> None:
        """Wake these channels' listeners soon."""
        self._channels |= channels
        self._wanted.set()

    async def _run(self) -> None:
        while True:
            await self._wanted.wait()
            await asyncio.sleep(_GATHER_S)
            self._wanted.clear()
            channels, self._channels = self._channels, set()
            try:
                await self._notify(sorted(channels))
                await asyncio.sleep(_REST_S)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await asyncio.sleep(_RECONNECT_S)

    async def _notify(self, channels: list[str]) -> None:
        lent = await Lent.of(self._engine)
        try:
            await lent.driver.execute(_NOTIFY, channels)
        except BaseException:
            lent.throw_away()
            raise
        finally:
            lent.give_back()
