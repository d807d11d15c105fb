"""Postal codes by country: their form, an example, and how they are written properly.

Facts: Universal Postal Union, postal addressing systems (upu.int, "Postal addressing systems in member countries").
A pattern accepts what people type (small letters, missing blanks); `proper` writes it as the post wants it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PostalRule:
    """The form of a country's codes. `proper` gets the groups of a match."""

    pattern: re.Pattern[str]
    example: str
    proper: Callable[..., str]
    city_first: bool = False  # the code stands after the town, as in London SW1A 2AA


def _rule(pattern: str, example: str, separator: str = "", *, city_first: bool = False) -> PostalRule:
    def join(*groups: str) -> str:
        return separator.join(group.upper() for group in groups)

    # Not beside other letters or digits: a piece of a telephone number is no postal code.
    return PostalRule(re.compile(rf"(?<![\w-]){pattern}(?![\w-])", re.IGNORECASE), example, join, city_first)


_FIVE, _FOUR = r"(\d{5})", r"(\d{4})"

RULES: Mapping[str, PostalRule] = {
    "AT": _rule(_FOUR, "1010"),
    "BE": _rule(_FOUR, "1000"),
    "BG": _rule(_FOUR, "1000"),
    "CH": _rule(_FOUR, "8001"),
    "CY": _rule(_FOUR, "1010"),
    "CZ": _rule(r"(\d{3}) ?(\d{2})", "110 00", " "),
    "DE": _rule(_FIVE, "10969"),
    "DK": _rule(_FOUR, "1050"),
    "EE": _rule(_FIVE, "10111"),
    "ES": _rule(_FIVE, "28001"),
    "FI": _rule(_FIVE, "00100"),
    "FR": _rule(_FIVE, "75002"),
    "GB": _rule(r"([a-z]{1,2}\d[a-z\d]?) ?(\d[a-z]{2})", "SW1A 2AA", " ", city_first=True),
    "GR": _rule(r"(\d{3}) ?(\d{2})", "104 31", " "),
    "HR": _rule(_FIVE, "10000"),
    "HU": _rule(_FOUR, "1011"),
    "IE": _rule(r"((?:[a-z]\d{2}|d6w)) ?([a-z\d]{4})", "D02 AF30", " ", city_first=True),
    "IT": _rule(_FIVE, "00184"),
    "LI": _rule(_FOUR, "9490"),
    "LT": _rule(r"(?:LT-?)?(\d{5})", "01100"),
    "LU": _rule(r"(?:L-?)?(\d{4})", "1010"),
    "LV": _rule(r"(LV)[- ]?(\d{4})", "LV-1010", "-", city_first=True),
    "MT": _rule(r"([a-z]{3}) ?(\d{4})", "VLT 1010", " ", city_first=True),
    "NL": _rule(r"(\d{4}) ?([a-z]{2})", "1015 CJ", " "),
    "NO": _rule(_FOUR, "0150"),
    "PL": _rule(r"(\d{2})-?(\d{3})", "00-950", "-"),
    "PT": _rule(r"(\d{4})[- ]?(\d{3})", "1000-001", "-"),
    "RO": _rule(r"(\d{6})", "010011"),
    "SE": _rule(r"(\d{3}) ?(\d{2})", "114 55", " "),
    "SI": _rule(_FOUR, "1000"),
    "SK": _rule(r"(\d{3}) ?(\d{2})", "811 02", " "),
    "US": _rule(r"(\d{5}(?:-\d{4})?)", "10001", city_first=True),
}

# "D-10969", "A-1010": old-fashioned country letters before a code.
VEHICLE_LETTERS: Mapping[str, str] = {
    "D": "DE", "A": "AT", "CH": "CH", "F": "FR", "I": "IT", "NL": "NL", "B": "BE", "L": "LU", "DK": "DK", "S": "SE",
    "E": "ES", "PL": "PL", "CZ": "CZ", "H": "HU", "FL": "LI",
}  # fmt: skip


def proper(code: str, country: str) -> str | None:
    """A code as the post writes it; None when it is none of the country's. Countries without a rule take any."""
    rule = RULES.get(country)
    if rule is None:
        return code.strip().upper()
    match = rule.pattern.fullmatch(code.strip())
    return rule.proper(*match.groups()) if match else None
