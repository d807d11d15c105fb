"""Quantities and ordinals in words and digits, of both languages, from `data/numbers.toml`."""

from collections.abc import Mapping
from functools import cache

from bots.understanding import data, stems

LARGEST = 999
TENS = range(20, 100, 10)
_NOT_SAID = frozenset({"a", "an"}) | frozenset(data.table("numbers")["de"]["1"])
ARTICLES = data.word_set("numbers_articles")


@cache
def quantities() -> Mapping[str, int]:
    """A quantity word, or several written together, to its number."""
    table = data.table("numbers")
    return {
        stems.joined(word): int(number)
        for language in ("de", "en")
        for number, words in table[language].items()
        for word in words
    }


def spoken(tens: str, unit: str) -> int | None:
    """A number said in two words (`forty one`), or None."""
    known = quantities()
    first, second = known.get(tens), known.get(unit)
    if first is None or second is None or unit in _NOT_SAID or first not in TENS or second not in range(1, 10):
        return None
    return first + second


@cache
def ordinals() -> Mapping[str, int]:
    """An ordinal word to its place: 1 is the first, -1 the last, 0 the middle one."""
    return {
        stems.joined(word): int(number) for number, words in data.table("numbers")["ordinal"].items() for word in words
    }
