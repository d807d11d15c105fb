"""Which of many patterns can match a text at all, told by letters that each of them needs.

From every pattern a set of strings is derived of which any match contains at least one. Patterns without such a string
in the text are left out, the others are tried: many rules cost a message a few look-ups instead of a search each.
"""

import re
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Any

_parser: Any = import_module("re._parser")  # the only reader of regular expressions that Python has
_SHORTEST = 2
_GRAM = 3
_ENOUGH = 6  # longer strings are not rarer in practice


class Sieve:
    """Patterns in order, indexed by what they need."""

    def __init__(self, patterns: Sequence[re.Pattern[str]]) -> None:
        always: set[int] = set()
        by_string: dict[str, set[int]] = {}
        for number, pattern in enumerate(patterns):
            needed = needs(pattern)
            if needed is None:
                always.add(number)
            for string in needed or ():
                by_string.setdefault(string, set()).add(number)
        self._always = frozenset(always)
        self._by_gram: dict[str, list[tuple[str, frozenset[int]]]] = {}
        for string, numbers in by_string.items():
            self._by_gram.setdefault(string[:_GRAM], []).append((string, frozenset(numbers)))

    def candidates(self, text: str) -> list[int]:
        """Numbers of the patterns that may match, in order; every pattern that does match is among them."""
        found = set(self._always)
        grams = {text[at : at + length] for at in range(len(text)) for length in (_SHORTEST, _GRAM)}
        for gram in grams & self._by_gram.keys():
            for string, numbers in self._by_gram[gram]:
                if string in text:
                    found |= numbers
        return sorted(found)


def needs(pattern: re.Pattern[str]) -> frozenset[str] | None:
    """Strings of which every match of the pattern contains at least one; None when that cannot be said."""
    if pattern.flags & re.IGNORECASE:
        return None
    return _of_sequence(_parser.parse(pattern.pattern))


def _of_sequence(parts: Iterable[tuple[Any, Any]]) -> frozenset[str] | None:
    """The best of what the parts need, for a match contains them all."""
    found: list[frozenset[str]] = []
    letters = ""
    for sign, value in parts:
        if str(sign) == "LITERAL":
            letters += chr(value)
            continue
        found += _usable([frozenset({letters}), _of_part(str(sign), value)])
        letters = ""
    found += _usable([frozenset({letters})])
    return max(found, key=_rarity, default=None)


def _of_part(sign: str, value: Any) -> frozenset[str] | None:  # noqa: ANN401 - the parser's own forms
    match sign:
        case "SUBPATTERN":
            return _of_sequence(value[3])
        case "BRANCH":
            branches = [_of_sequence(branch) for branch in value[1]]
            return None if None in branches else frozenset().union(*(branch or () for branch in branches))
        case "MAX_REPEAT" | "MIN_REPEAT" if value[0] > 0:
            return _of_sequence(value[2])
        case _:
            return None


def _usable(sets: Iterable[frozenset[str] | None]) -> list[frozenset[str]]:
    return [strings for strings in sets if strings and min(map(len, strings)) >= _SHORTEST]


def _rarity(strings: frozenset[str]) -> tuple[int, int]:
    return min(_ENOUGH, *(len(string) for string in strings)), -len(strings)
