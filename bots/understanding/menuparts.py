"""What the words of a menu stand for, and the lines of an order as they grow of them."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Head:
    """Words that name goods: a group itself, or one of its items."""

    group: str
    item: str | None


@dataclass(frozen=True, slots=True)
class Option:
    """Words for an option's value in one group; several values where the words fit several."""

    group: str
    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A stretch of the text and all that it may stand for."""

    words: tuple[str, ...]
    heads: tuple[Head, ...] = ()
    options: tuple[Option, ...] = ()
    number: int | None = None
    amount: str | None = None
    negates: bool = False
    soft: bool = False


@dataclass(slots=True)
class Chosen:
    """An option taken or left out, with how much of it."""

    option: Option
    amount: str | None = None
    count: int | None = None
    excluded: bool = False


@dataclass(slots=True)
class Line:
    """A line as it grows."""

    group: str
    item: str | None
    quantity: int = 1
    chosen: list[Chosen] = field(default_factory=list)
    at: int = 0
