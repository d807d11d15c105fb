"""The one source of randomness. Secrets always come from the operating system; all else can be seeded for replay."""

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


def token(size: int = 24) -> str:
    """An unguessable URL-safe secret of `size` random bytes; never seeded."""
    return secrets.token_urlsafe(size)
