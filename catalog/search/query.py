"""A query's words as PostgreSQL wants them: every word a group of alternatives, all groups wanted. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from catalog.search import text

_MAX_WORDS = 12
_MAX_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Group:
    """One wish of the query: a word, or words that mean the same; each alternative is one or more words together."""

    word: str
    alternatives: tuple[tuple[str, ...], ...]


def groups_of(q: str) -> list[Group]:
    """A query's words as typed, each a group; 'T-Shirt' is one word here. At most twelve, which no honest query has."""
    typed = list(dict.fromkeys(text.fold(q[:_MAX_LENGTH]).split()))[:_MAX_WORDS]
    return [group for word in typed if (group := _group(word))]


def _group(typed: str) -> Group | None:
    """The group of a typed word: its letters and digits, hyphenated parts also as one word. None: nothing to find."""
    parts = tuple(text.words(typed))
    if not parts:
        return None
    together = "".join(parts)
    return Group(together, (parts,) if len(parts) == 1 else (parts, (together,)))


def all_of(groups: Sequence[Group]) -> str:
    """The text of a tsquery that wants every group."""
    return " & ".join(f"({_any(group)})" for group in groups)


def any_of(groups: Sequence[Group]) -> str:
    """The text of a tsquery that any word satisfies."""
    return " | ".join(f"'{word}'" for word in words_of(groups))


def words_of(groups: Sequence[Group]) -> list[str]:
    """Every word of every alternative, once."""
    return list(dict.fromkeys(word for group in groups for alternative in group.alternatives for word in alternative))


def _any(group: Group) -> str:
    return " | ".join(
        " & ".join(f"'{word}'" for word in alternative) for alternative in dict.fromkeys(group.alternatives)
    )
