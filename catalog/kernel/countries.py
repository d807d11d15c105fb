"""Which countries there are: ISO 3166 codes as CLDR lists them, without its groups and placeholders; their names."""

import re
from collections.abc import Mapping
from functools import cache

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
    words = re.findall(r"[\w-]+", text.casefold())
    parts = (" ".join(words[at : at + length]) for at in range(len(words)) for length in range(_LONGEST, 0, -1))
    return next((_names()[part] for part in parts if part in _names()), None)


@cache
def _names() -> Mapping[str, str]:
    called = {
        str(found).casefold(): str(code)
        for language in _LANGUAGES
        for code, found in Locale(language).territories.items()
        if code in COUNTRIES and len(str(found)) >= _SHORTEST and str(found).casefold() not in _GOODS
    }
    return called | _ALSO
