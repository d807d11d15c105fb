"""What a message names, as marks with token positions, so that later steps can tell what stands beside what."""

from dataclasses import dataclass, field
from typing import Any

from bots.understanding.normalise import Normal, Token

_ONE = (["a"], ["another"], ["one"], ["the"])
_TIMES = ("woche", "tag", "monat", "jahr", "stunde", "minute", "week", "day", "month", "year", "hour")


@dataclass(slots=True)
class Mark:
    """One thing named: its kind, what it stands for, its tokens (first, past the last)."""

    kind: str
    value: Any
    first: int
    last: int
    hint: str = ""


@dataclass(slots=True)
class Marks:
    """All marks of a message, and the tokens as corrected."""

    text: Normal
    tokens: list[Token]
    words: list[str]
    found: list[Mark] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)
    order_numbers: list[str] = field(default_factory=list)
    min_price: float | None = None
    max_price: float | None = None
    exact_price: float | None = None
    email: str | None = None

    def of(self, kind: str, first: int = 0, last: int = 10**6) -> list[Mark]:
        """The marks of a kind within a token range, in order."""
        return [mark for mark in self.found if mark.kind == kind and first <= mark.first < last]

    def add(self, mark: Mark) -> None:
        """Keep a mark and take its tokens."""
        self.found.append(mark)
        self.taken.update(range(mark.first, mark.last))

    def settle(self) -> None:
        """Put the marks in order, without amounts of time (`since three weeks`) or of a pack, which count no goods."""
        self.found.sort(key=lambda mark: mark.first)
        self.found[:] = [
            mark
            for mark in self.found
            if mark.kind not in {"quantity", "number"}
            or not ("".join(self.words[mark.last : mark.last + 1]).startswith(_TIMES) or self._in_pack(mark))
        ]

    def _in_pack(self, mark: Mark) -> bool:
        # `a three pack of socks`
        return self.words[mark.last : mark.last + 1] == ["pack"] and self.words[mark.first - 1 : mark.first] in _ONE

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Folded text positions to token positions."""
        inside = [at for at, token in enumerate(self.tokens) if token.start < end and token.end > start]
        return (inside[0], inside[-1] + 1) if inside else (0, 0)

    def take(self, start: int, length: int, kind: str, value: object, hint: str = "") -> bool:
        """Mark a stretch of the folded text; false when it has no words of its own or some are taken."""
        first, last = self.span(start, start + length)
        if first == last or any(at in self.taken for at in range(first, last)):
            return False
        self.add(Mark(kind, value, first, last, hint))
        return True
