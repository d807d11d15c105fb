"""Which countries there are: ISO 3166 codes as CLDR lists them, without its groups and placeholders; their names.

Which of them a city is in, stands in `cities.toml`.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from babel.core import Locale

from catalog.kernel.locale import cldr

_NO_COUNTRIES = {"EU", "EZ", "UN", "ZZ", "XA", "XB", "QO"}
COUNTRIES = (
    frozenset(str(code) for code in Locale("en").territories if re.fullmatch(r"[A-Z]{2}", str(code))) - _NO_COUNTRIES
)
EU = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
    "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
})  # fmt: skip
_LANGUAGES = ("en", "de")
_ALSO = {"england": "GB", "uk": "GB", "usa": "US", "holland": "NL"}
_GOODS = frozenset({"jersey"})  # also a fabric, and a shirt
_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "á": "a"})
_BARE = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss", "á": "a"})  # as foreign keyboards write it
_TOWARDS = frozenset({"aus", "bis", "from", "in", "nach", "to"})
_LONGEST = 3  # words of a country's name
_SHORTEST = 4  # letters of one, but for those people abbreviate


def name(code: str, locale: str) -> str:
    """What a country is called in a language."""
    return str(cldr(locale).territories.get(code, code))


def called(text: str) -> str | None:
    """The code of the country that a text is the name of in German or English, or None."""
    return _names().get(text.strip().casefold())


def named_in(text: str) -> str | None:
    """The code of the first country that a text names in German or English, or None."""
    return next((_names()[part] for _, part in _parts(text) if part in _names()), None)


def of_city_in(text: str) -> str | None:
    """The code of the country of the first larger city that a text names, or None."""
    cities, words = _cities()
    found = ((before, part) for before, part in _parts(text) if part in cities)
    return next((cities[part] for before, part in found if part not in words or before in _TOWARDS), None)


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """Every word, and up to three together, each with the word before."""
    words = re.findall(r"[\w-]+", text.casefold().replace(".", " "))
    for at in range(len(words)):
        for length in range(_LONGEST, 0, -1):
            yield words[at - 1] if at else "", " ".join(words[at : at + length])


@cache
def _cities() -> tuple[Mapping[str, str], frozenset[str]]:
    table = tomllib.loads(Path(__file__).with_name("cities.toml").read_text(encoding="utf-8"))
    words = frozenset(table.pop("words"))
    written = {city: code for code, cities in table.items() for city in cities}
    plain = {city.translate(_WRITTEN_OUT): code for city, code in written.items()}
    bare = {city.translate(_BARE): code for city, code in written.items()}
    return bare | plain | written, words


@cache
def _names() -> Mapping[str, str]:
    called = {
        str(found).casefold(): str(code)
        for language in _LANGUAGES
        for code, found in Locale(language).territories.items()
        if code in COUNTRIES and len(str(found)) >= _SHORTEST and str(found).casefold() not in _GOODS
    }
    return called | _ALSO
