"""State machines as validated tables: what is not in the table cannot happen."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from catalog.kernel.errors import IllegalTransition

S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True)
class StateMachine(Generic[S]):
    """All moves of one state column. Refuses, at import, a table with a missing or unreachable state."""

    name: str
    initial: S
    moves: Mapping[S, frozenset[S]]

    def __post_init__(self) -> None:
        states = set(type(self.initial))
        if missing := states - set(self.moves):
            raise ValueError(f"{self.name}: no row for {sorted(missing)}")
        reached, frontier = {self.initial}, [self.initial]
        while frontier:
            fresh = self.moves[frontier.pop()] - reached
            reached |= fresh
            frontier.extend(fresh)
        if unreachable := states - reached:
            raise ValueError(f"{self.name}: {sorted(unreachable)} cannot be reached")

    def move(self, current: S, to: S) -> S:
        """The new state. Raises IllegalTransition when the table has no such move; staying is not a move."""
        if to not in self.moves[current]:
            raise IllegalTransition(
                f"{self.name}: {current} cannot become {to}", machine=self.name, current=current, wanted=to
            )
        return to

    def can(self, current: S, to: S) -> bool:
        """Whether the table has the move."""
        return to in self.moves[current]
