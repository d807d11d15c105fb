"""Quantities and ordinals in words and digits, of both languages, from `data/numbers.toml`."""

from collections.abc import Mapping
from functools import cache

from bots.understanding import data, stems

LARGEST = 999
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


@cache
def ordinals() -> Mapping[str, int]:
    """An ordinal word to its place: 1 is the first, -1 the last, 0 the middle one."""
    return {
        stems.joined(word): int(number) for number, words in data.table("numbers")["ordinal"].items() for word in words
    }
