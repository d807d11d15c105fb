"""Where something is to be sent, as a question about delivery names it: `wie lange nach Graz?`."""

import re

from bots.understanding import language, spelling
from bots.understanding.normalise import fold
from bots.understanding.turn import Clause
from catalog.kernel import countries

_HOW_LONG = re.compile(
    r"\b(?:wie (?:lange|schnell|viele tage)|how (?:long|fast|quick|quickly|soon|many days)|(?:bis )?wann|when|"
    r"lieferzeit|lieferdauer|versanddauer|delivery time|shipping time)\b",
    re.IGNORECASE,
)
_PLACED = re.compile(r"\b(?:[Nn]ach\s+([^\W\d_][\w'-]{2,})|to\s+([A-ZÄÖÜ][\w'-]{2,}))")  # `how long to boil an egg`


def how_long(text: str) -> bool:
    """Whether a text asks how long something takes, or when it comes."""
    return _HOW_LONG.search(text) is not None


def country(text: str) -> str | None:
    """The code of the country that a text names, or of the city it names; None where it names none that is known."""
    return countries.named_in(text) or countries.of_city_in(text)


def place(text: str) -> str | None:
    """A place that a text names with `nach` or `to` and nobody here knows; None without any."""
    for found in _PLACED.finditer(text):
        word = fold(found[1])
        if (
            word not in language.function_words()
            and word not in spelling.common_words()
            and not spelling.inflects(word)
        ):
            return found[1]
    return None


def asked(clause: Clause) -> bool:
    """Whether a clause asks how long delivery to some place takes, and says no more than that."""
    text = clause.turn.marks.text.clean
    return how_long(text) and not clause.mentions() and (country(text) or place(text)) is not None
