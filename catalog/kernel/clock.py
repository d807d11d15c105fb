"""Time. One instant per transaction; the lab can move it for the whole install."""

from datetime import UTC, datetime, timedelta
from typing import Protocol

from asyncpg import Connection


def machine_now() -> datetime:
    """The machine's instant, aware UTC: what outlives a transaction (tokens, signed addresses) ages by it."""
    return datetime.now(UTC)


class Clock(Protocol):
    """Says what time it is for a transaction."""

    @property
    def moved(self) -> timedelta:
        """How far the instant read last was ahead of the machine's clock, by which the world outside goes."""
        ...

    async def read(self, connection: Connection) -> datetime:
        """The instant, aware UTC, that everything in this transaction agrees on."""
        ...


class SystemClock:
    """The machine's clock."""

    moved = timedelta(0)

    async def read(self, connection: Connection) -> datetime:  # noqa: ARG002 - the lab's clock needs it
        """Now, by the machine."""
        return datetime.now(UTC)


class LabClock:
    """The machine's clock plus the install's offset, which stands in the database so that every process agrees."""

    def __init__(self) -> None:
        self.moved = timedelta(0)

    async def read(self, connection: Connection) -> datetime:
        """Now, moved."""
        seconds = await connection.fetchval("SELECT offset_seconds FROM lab_clock")
        self.moved = timedelta(seconds=seconds or 0)
        return datetime.now(UTC) + self.moved


async def advance(connection: Connection, seconds: int) -> int:
    """Move the install's time forward; returns the new offset in seconds. Time never goes back."""
    offset: int = await connection.fetchval(
        "INSERT INTO lab_clock (id, offset_seconds) VALUES (1, $1)"
        " ON CONFLICT (id) DO UPDATE SET offset_seconds = lab_clock.offset_seconds + excluded.offset_seconds"
        " RETURNING offset_seconds",
        max(0, seconds),
    )
    return offset
