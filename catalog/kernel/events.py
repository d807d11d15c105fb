"""Domain events: frozen facts in the past tense, stored with the change they report, delivered after commit.

An event is delivered at least once to each handler: one that did not finish runs again. What it writes is kept once,
with the note that it ran; what it does outside of its transaction may happen twice. Order is not promised.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

import msgspec

E = TypeVar("E", bound="DomainEvent")
_registry: dict[str, type["DomainEvent"]] = {}


@dataclass(frozen=True)
class DomainEvent:
    """Base of every event. Subclasses hold ids and values (never mapped rows) and are named in the past tense."""

    name: ClassVar[str] = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:  # noqa: ANN401 - whatever object takes
        super().__init_subclass__(**kwargs)
        cls.name = cls.__name__
        _registry[cls.__name__] = cls


def encode(event: DomainEvent) -> str:
    """The event's JSON for the outbox."""
    return msgspec.json.encode(event).decode()


def decode(name: str, payload: str | bytes) -> DomainEvent:
    """The event again. Raises KeyError for a name that no loaded module defines."""
    return msgspec.json.decode(payload, type=_registry[name])


def known() -> dict[str, type[DomainEvent]]:
    """Every event class by name, for documentation and tests."""
    return dict(_registry)
