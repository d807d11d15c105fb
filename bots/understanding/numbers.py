"""Quantities and ordinals in words and digits, of both languages, from `data/numbers.toml`."""

from collections.abc import Mapping
from functools import cache

from bots.understanding import data, stems

LARGEST = 999
TENS = range(20, 100, 10)
_TENS = ("zwanzig", "dreissig", "vierzig", "fuenfzig", "sechzig", "siebzig", "achtzig", "neunzig")
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


@cache
def compounds() -> Mapping[str, str]:
    """German numbers in one word from 21 to 99 (`dreiundvierzig`), folded, as digits."""
    table = data.table("numbers")["de"]
    units = {number: stems.joined(next(w for w in table[str(number)] if len(w) > 2)) for number in range(2, 10)}  # noqa: PLR2004
    tens = {ten: _TENS[ten // 10 - 2] for ten in TENS}
    return {
        f"{unit}und{word}": str(ten + number)
        for ten, word in tens.items()
        for number, unit in ({1: "ein"} | units).items()
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
