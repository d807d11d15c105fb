"""Ids: ours, time-ordered UUIDs (RFC 9562 version 7)."""

import time
from typing import NewType
from uuid import UUID

from asyncpg.pgproto import pgproto

from catalog.kernel import chance

ShopId = NewType("ShopId", UUID)

_VERSION_AND_VARIANT = 0xF << 76 | 0b11 << 62
_VERSION_7 = 0x7 << 76 | 0b10 << 62


def new_id() -> UUID:
    """A UUIDv7: 48 bits of milliseconds, then 74 random bits. Sorts by creation."""
    milliseconds = time.time_ns() // 1_000_000 & (1 << 48) - 1
    chaos = chance.bits(80) & ~_VERSION_AND_VARIANT  # six bits are not ours
    # The driver's own kind, in which it gives every id back: made and sent in a fraction of the time.
    made: UUID = pgproto.UUID((milliseconds << 80 | chaos | _VERSION_7).to_bytes(16))
    return made
