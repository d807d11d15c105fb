"""The one source of randomness. Secrets always come from the operating system; all else can be seeded for replay."""

import os
import random
import secrets

_system = random.SystemRandom()
_source: random.Random = _system


def seed(value: int | None) -> None:
    """Make ids, codes and jitter repeatable (None: unpredictable again). Chosen once by settings; never by features."""
    global _source  # noqa: PLW0603 - one process has one source, set by the composition root
    _source = _system if value is None else random.Random(value)  # noqa: S311 - replay, never secrets


def source() -> random.Random:
    """The generator for ids, codes, jitter and samples."""
    return _source


def bits(count: int) -> int:
    """So many random bits, a multiple of eight; unless seeded, straight from the operating system: ids are many."""
    return int.from_bytes(os.urandom(count // 8)) if _source is _system else _source.getrandbits(count)


def token(size: int = 24) -> str:
    """An unguessable URL-safe secret of `size` random bytes; never seeded."""
    return secrets.token_urlsafe(size)
