"""Prices in a message: exact ones, limits, ranges, and about how much."""

import re
from collections.abc import Iterable

from bots.understanding.marks import Marks

_CHEAPEST = 5  # below, a number after `under` or `from` is no price
_NUMBER = r"(\d{1,6}(?:[.,]\d{1,2})?)"
_EURO = r"(?:€|euros?|eur|eu\b|tacken|oecken|ocken|,-|bucks|dollars?|franken|chf|\$|£|pounds|quid)"
_BETWEEN = re.compile(
    rf"(?:zwischen|between|von|from)?\s*{_NUMBER}\s*{_EURO}?\s*(?:-|–|bis|und|and|to|until|till)\s*(?:zu\s*)?{_NUMBER}\s*{_EURO}"
)
_FOR = re.compile(r"\b(?:fuer|um|for|at)\s+(\d{2,4})\b(?![.,]\d)")
_BETWEEN_BARE = re.compile(rf"(?:zwischen|between)\s*{_NUMBER}\s*(?:und|and|bis|-)\s*{_NUMBER}")
_MOST = (
    r"(?:bis(?:\s+(?:zu|max(?:imal)?|hoechstens))?|unter|unterhalb(?:\s+von)?|max(?:imal|imum)?\.?|hoechstens|weniger\s+als|nicht\s+mehr\s+als|"
    r"nicht\s+ueber|guenstiger\s+als|billiger\s+als|under|below|up\s+to|less\s+than|cheaper\s+than|at\s+most|no\s+more\s+than|nothing\s+(?:over|above)|nichts\s+ueber|not\s+more\s+than|"
    r"not\s+over|within|beneath|maximum\s+of|max\s+of|fuer\s+unter|for\s+under|for\s+less\s+than|fuer\s+weniger\s+als|budget(?:\s+(?:von|of|is|ist))?|"
    r"around\s+or\s+under|maximal)"
)
_LEAST = (
    r"(?:ab|ueber|mindestens|mehr\s+als|min(?:destens)?\.?|over|above|at\s+least|more\s+than|"
    r"starting\s+(?:at|from)|from|teurer\s+als|von\s+mindestens)"
)
_ABOUT = r"(?:um\s+die|ungefaehr|circa|ca\.?|etwa|rund|around|about|approximately|so\s+um)"
_MAX_PRICE = re.compile(rf"\b{_MOST}\s*(?:€|\$|£|eur\b)?\s*{_NUMBER}(\s*{_EURO})?")
_MIN_PRICE = re.compile(rf"\b{_LEAST}\s*(?:€|\$|£|eur\b)?\s*{_NUMBER}(\s*{_EURO})?")
_ABOUT_PRICE = re.compile(rf"\b{_ABOUT}\s*(?:€|\$|£)?\s*{_NUMBER}\s*{_EURO}")
_PRICE = re.compile(
    rf"{_NUMBER}\s*{_EURO}|(?:€|\$|£)\s*{_NUMBER}|\b(?:fuer|for|zu|at)\s+(\d{{1,4}}[.,]\d{{2}})\b|\b(\d{{1,4}},\d{{2}})\b|\b(\d{{2,4}}\.\d{{2}})(?![\d.])"
)


def shown_price(marks: Marks, shown: Iterable[float]) -> None:
    """Mark a bare amount that something on the list costs (`the black one for 129`)."""
    costs = {int(price) for price in shown}
    for match in _FOR.finditer(marks.text.folded):
        if int(match.group(1)) in costs and marks.take(match.start(), len(match.group()), "price", int(match.group(1))):
            marks.exact_price = int(match.group(1))


def prices(marks: Marks) -> None:  # noqa: C901 - the order of questions is the decision
    """Mark every price, and set the limits that the message names."""
    folded = marks.text.folded
    for pattern in (_BETWEEN, _BETWEEN_BARE):
        if match := pattern.search(folded):
            low, high = sorted((_number(match.group(1)), _number(match.group(2))))
            if marks.take(match.start(), len(match.group()), "price", (low, high), "between"):
                marks.min_price, marks.max_price = low, high
    for match in _MAX_PRICE.finditer(folded):
        value = _number(match.group(1))
        if value > _CHEAPEST and marks.take(match.start(1), match.end() - match.start(1), "price", value, "max"):
            marks.max_price = value
    for match in _MIN_PRICE.finditer(folded):
        value = _number(match.group(1))
        if (
            (match.group(2) or match.group().startswith(("ueber", "over", "above", "mindestens", "more", "mehr")))
            and value > _CHEAPEST
            and marks.take(match.start(1), match.end() - match.start(1), "price", value, "min")
        ):
            marks.min_price = value
    if match := _ABOUT_PRICE.search(folded):
        value = _number(match.group(1))
        if marks.take(match.start(), len(match.group()), "price", value, "about"):
            marks.min_price, marks.max_price = round(value * 0.8, 2), round(value * 1.2, 2)
    for match in _PRICE.finditer(folded):
        text = next(group for group in match.groups() if group)
        if marks.take(match.start(), len(match.group()), "price", _number(text), "exact"):
            marks.exact_price = _number(text)


def _number(text: str) -> float:
    # Whole amounts stay whole.
    value = float(text.replace(",", "."))
    return int(value) if value.is_integer() else value
