"""Ids: ours, time-ordered UUIDs (RFC 9562 version 7), and short codes that people can read out."""

import time
from typing import NewType
from uuid import UUID

from catalog.kernel import chance

ShopId = NewType("ShopId", UUID)

# Crockford-like, without 0/O, 1/I/L, 2/Z, 5/S, 8/B, U/V.
_CODE_ALPHABET = "ACDEFGHJKMNPQRTWXY34679"


def new_id() -> UUID:
    """A UUIDv7: 48 bits of milliseconds, then 74 random bits. Sorts by creation."""
    milliseconds = time.time_ns() // 1_000_000
    chaos = chance.source().getrandbits(74)
    value = (milliseconds & (1 << 48) - 1) << 80 | 0x7 << 76 | (chaos >> 62) << 64 | 0b10 << 62 | chaos & (1 << 62) - 1
    return UUID(int=value)


def short_code(length: int = 6) -> str:
    """A code without look-alikes for people, as 'A7K-2QX' in two groups: 23 ** length possibilities."""
    letters = "".join(chance.source().choices(_CODE_ALPHABET, k=length))
    half = length // 2
    return f"{letters[:half]}-{letters[half:]}"
