"""What a message names: signs with a form (prices, order numbers, W/L sizes), then colours, sizes, numbers.

Marks carry token positions, so that later steps can tell what stands beside what; a token belongs to one mark.
"""

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from bots.understanding import data, numbers, stems
from bots.understanding.lexicon import Lexicon
from bots.understanding.normalise import Normal, Token
from bots.understanding.reading import Context

_BARE = 2  # digits of an order number that say nothing without its letters
_CHEAPEST = 5  # below, a number after `under` or `from` is no price
_IDIOMS = frozenset({"after all", "at all", "all right", "all good", "alles klar", "alles gut"})
_BRIEF = 3  # words of a message in which a single letter is a size
_NUMBER = r"(\d{1,6}(?:[.,]\d{1,2})?)"
_EURO = r"(?:€|euros?|eur|eu\b|tacken|oecken|ocken|,-|bucks|dollars?|franken|chf|\$|£|pounds)"
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_CODE_NUMBER = re.compile(r"\b([a-z]{1,4})-(\d{3,})\b|\b([a-z]{1,2})(\d{4,})\b|#\s?(\d{3,})|\b(\d{5,})\b")
_NAMED_NUMBER = re.compile(
    r"\b(?:bestell(?:ung|nummer|nr)?|order|auftrag|auftragsnummer|purchase|nr|nummer|number|no|ordernummer)\b[\s.:#]*(?:nr|nummer|number|no)?[\s.:#]*([a-z]{1,4}-?\d{2,}|\d{3,})"
)
_BETWEEN = re.compile(
    rf"(?:zwischen|between|von|from)?\s*{_NUMBER}\s*{_EURO}?\s*(?:-|–|bis|und|and|to|until|till)\s*(?:zu\s*)?{_NUMBER}\s*{_EURO}"
)
_BETWEEN_BARE = re.compile(rf"(?:zwischen|between)\s*{_NUMBER}\s*(?:und|and|bis|-)\s*{_NUMBER}")
_MOST = (
    r"(?:bis(?:\s+(?:zu|max(?:imal)?|hoechstens))?|unter|unterhalb(?:\s+von)?|max(?:imal|imum)?\.?|hoechstens|weniger\s+als|nicht\s+mehr\s+als|"
    r"nicht\s+ueber|guenstiger\s+als|billiger\s+als|under|below|up\s+to|less\s+than|cheaper\s+than|at\s+most|no\s+more\s+than|not\s+more\s+than|"
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
    rf"{_NUMBER}\s*{_EURO}|(?:€|\$|£)\s*{_NUMBER}|\b(?:fuer|for|zu|at)\s+(\d{{1,4}}[.,]\d{{2}})\b|\b(\d{{1,4}},\d{{2}})\b"
)
_MEASURE = re.compile(
    r"\b\d+[.,]?\d*\s*(?:cm|kg|kilo|kilos|lbs|pounds|m|meter|mm|ft|feet|inch|inches|zoll|tage[n]?|days?|wochen|weeks?|stunden|hours?|jahre?|years?|uhr|%|prozent|percent)(?!\w)|\b[12][.,]\d{2}\b(?!\s*€)"
)
_WL = re.compile(
    r"\bw?\s?(\d{2})\s*/\s*l?\s?(\d{2})\b|\bw\s?(\d{2})\s*(?:/|,|und|and)?\s*l\s?(\d{2})\b|\b(\d{2})(?:er)?\s+(?:laenge|length|lang|inseam|by|x)\s+(\d{2})\b"
)
_RANGE = re.compile(r"\b(\d{2})\s*(?:-|–|bis|to)\s*(\d{2})\b")
_TIMES = re.compile(r"\b(\d{1,3})\s*(?:x|mal|stk|stueck|pcs|pieces|piece|units|times)\b(?!\s*\d)|\bx\s?(\d{1,3})\b")
_PACK = re.compile(r"\b(?:\d+er[\s-]*(?:pack|packs|pckg|set)|\d+[\s-]pack)\b")


@dataclass(slots=True)
class Mark:
    """One thing named: its kind, what it stands for, its tokens (first, past the last)."""

    kind: str
    value: Any
    first: int
    last: int
    hint: str = ""


@dataclass(slots=True)
class Marks:
    """All marks of a message, and the tokens as corrected."""

    text: Normal
    tokens: list[Token]
    words: list[str]
    found: list[Mark] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)
    order_numbers: list[str] = field(default_factory=list)
    min_price: float | None = None
    max_price: float | None = None
    exact_price: float | None = None
    email: str | None = None

    def of(self, kind: str, first: int = 0, last: int = 10**6) -> list[Mark]:
        """The marks of a kind within a token range, in order."""
        return [mark for mark in self.found if mark.kind == kind and first <= mark.first < last]

    def add(self, mark: Mark) -> None:
        """Keep a mark and take its tokens."""
        self.found.append(mark)
        self.taken.update(range(mark.first, mark.last))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Folded text positions to token positions."""
        inside = [at for at, token in enumerate(self.tokens) if token.start < end and token.end > start]
        return (inside[0], inside[-1] + 1) if inside else (0, 0)


def number(text: str) -> float:
    """A spoken or typed amount as a number; whole amounts stay whole."""
    value = float(text.replace(",", "."))
    return int(value) if value.is_integer() else value


def mark(text: Normal, words: list[str], lexicon: Lexicon, context: Context) -> Marks:
    """Find everything that is no product."""
    marks = Marks(text, list(text.tokens), words)
    _idioms(marks)
    if match := _EMAIL.search(text.clean):
        marks.email = match.group()
        _take(marks, text.folded.find(match.group().lower()), len(match.group()), "email", match.group())
    _order_numbers(marks, context)
    _sizes_written(marks, lexicon)
    _prices(marks)
    for match in _MEASURE.finditer(text.folded):
        _take(marks, match.start(), len(match.group()), "measure", match.group())
    for match in _PACK.finditer(text.folded):
        _take(marks, match.start(), len(match.group()), "pack", match.group())
    for match in _TIMES.finditer(text.folded):
        value = int(match.group(1) or match.group(2))
        if 0 < value <= numbers.LARGEST:
            _take(marks, match.start(), len(match.group()), "quantity", value)
    _word_marks(marks, lexicon)
    marks.found.sort(key=lambda mark: mark.first)
    return marks


def _idioms(marks: Marks) -> None:
    # `after all`, `alles klar`: no word of these says that everything is meant.
    for at, pair in enumerate(pairwise(list(marks.words))):
        if " ".join(pair) in _IDIOMS:
            marks.words[at if pair[0] == "alles" else at + 1] = "".join(pair)


def _take(marks: Marks, start: int, length: int, kind: str, value: object, hint: str = "") -> bool:
    first, last = marks.span(start, start + length)
    if first == last or any(at in marks.taken for at in range(first, last)):
        return False
    marks.add(Mark(kind, value, first, last, hint))
    return True


def _order_numbers(marks: Marks, context: Context) -> None:
    folded = marks.text.folded
    own = {stems.fold(order.number): order.number for order in context.orders}
    for plain, number_ in own.items():
        digits = re.sub(r"\D", "", plain)
        for pattern in (
            re.escape(plain).replace(r"\-", r"[-\s]?"),
            rf"(?<![\d,.]){digits}(?![\d,.])" if len(digits) > _BARE else None,
        ):
            if pattern and (match := re.search(pattern, folded)):
                if number_ not in marks.order_numbers:
                    marks.order_numbers.append(number_)
                _take(marks, match.start(), len(match.group()), "order", number_)
    for pattern_ in (_NAMED_NUMBER, _CODE_NUMBER):
        for match in pattern_.finditer(folded):
            text = next((group for group in match.groups()[::-1] if group), "")
            whole = match.group() if match.re is _CODE_NUMBER else text
            _take(marks, match.end() - len(text), len(text), "order", None, hint=whole.strip("# "))


def _sizes_written(marks: Marks, lexicon: Lexicon) -> None:
    folded = marks.text.folded
    for match in _WL.finditer(folded):
        width, length = [group for group in match.groups() if group]
        _take(marks, match.start(), len(match.group()), "size", f"{width}/{length}", "sure")
    for match in _RANGE.finditer(folded):
        size = lexicon.sizes.read(match.group(1) + match.group(2))
        if size:
            _take(marks, match.start(), len(match.group()), "size", size, "sure")


def _prices(marks: Marks) -> None:  # noqa: C901 - the order of questions is the decision
    folded = marks.text.folded
    for pattern in (_BETWEEN, _BETWEEN_BARE):
        if match := pattern.search(folded):
            low, high = sorted((number(match.group(1)), number(match.group(2))))
            if _take(marks, match.start(), len(match.group()), "price", (low, high), "between"):
                marks.min_price, marks.max_price = low, high
    for match in _MAX_PRICE.finditer(folded):
        value = number(match.group(1))
        if value > _CHEAPEST and _take(marks, match.start(1), match.end() - match.start(1), "price", value, "max"):
            marks.max_price = value
    for match in _MIN_PRICE.finditer(folded):
        value = number(match.group(1))
        if (
            (match.group(2) or match.group().startswith(("ueber", "over", "above", "mindestens", "more", "mehr")))
            and value > _CHEAPEST
            and _take(marks, match.start(1), match.end() - match.start(1), "price", value, "min")
        ):
            marks.min_price = value
    if match := _ABOUT_PRICE.search(folded):
        value = number(match.group(1))
        if _take(marks, match.start(), len(match.group()), "price", value, "about"):
            marks.min_price, marks.max_price = round(value * 0.8, 2), round(value * 1.2, 2)
    for match in _PRICE.finditer(folded):
        text = next(group for group in match.groups() if group)
        if _take(marks, match.start(), len(match.group()), "price", number(text), "exact"):
            marks.exact_price = number(text)


_BEFORE_SIZE = data.word_set("marks_before_size")
_NO_COLOURS = data.word_set("marks_no_colours")
_SIZE_MARKERS = frozenset(stems.fold(word) for word in data.table("sizes")["words"]["marker"])
_TOO = data.word_set("marks_too")
_SIZED = frozenset({"klein", "gross", "mittel", "small", "large", "medium", "mittelgross", "med"})


def _word_marks(marks: Marks, lexicon: Lexicon) -> None:
    words = marks.words
    at = 0
    while at < len(words):
        step = 1
        if at not in marks.taken:
            for length in (3, 2, 1):
                part = words[at : at + length]
                if len(part) == length and not any(one in marks.taken for one in range(at, at + length)):
                    found = _read(marks, lexicon, at, part)
                    if found is not None:
                        marks.add(found)
                        step = length
                        break
        at += step


def _read(marks: Marks, lexicon: Lexicon, at: int, part: list[str]) -> Mark | None:  # noqa: PLR0911 - the order of questions is the decision
    whole = "".join(part)
    end = at + len(part)
    if len(part) > 1 and _separated(marks, at, end):
        return None
    for key in stems.joined_keys(tuple(part)) if len(part) == 1 or min(map(len, part)) > 2 else ():  # noqa: PLR2004 - `s and` is no sand
        if whole not in _NO_COLOURS and not _after_i(marks, at) and (colour := lexicon.colours.name_of(key)):
            return Mark("colour", colour, at, end)
    if len(part) == 1 and (place := numbers.ordinals().get(whole)) is not None:
        return Mark("ordinal", place, at, end) if _places(marks, at) else None
    if (size := lexicon.sizes.read(whole)) and _is_size(marks, lexicon, at, end, whole):
        return Mark("size", size, at, end, "sure" if at and words_before(marks, at) in _SIZE_MARKERS else "")
    if whole.isdigit() and len(whole) < 4:  # noqa: PLR2004
        return Mark("number", int(whole), at, end)
    if len(part) == 1 and words_before(marks, at) in _NUMBERED and whole in numbers.quantities():
        return Mark("number", numbers.quantities()[whole], at, end)
    if (value := numbers.quantities().get(whole)) is not None and not (whole == "one" and _pronoun(marks, at)):
        return Mark("quantity", value, at, end, "article" if whole in numbers.ARTICLES else "word")
    return None


def _after_i(marks: Marks, at: int) -> bool:
    # `ich sage`: what follows is a verb, and no colour.
    gap = marks.text.folded[marks.tokens[at - 1].end : marks.tokens[at].start] if at else ""
    return gap == " " and words_before(marks, at) in {"ich", "i"}


_ADVERBS = frozenset({"first", "second", "last", "latter", "former", "final", "letzte", "letzten", "letztes"})
_DETERMINERS = data.word_set("marks_determiners")
_AFTER_PLACE = data.word_set("marks_after_place")
_NOT_PLACES = data.word_set("marks_not_places")


def _places(marks: Marks, at: int) -> bool:
    # `the first one`, `letzte bitte`; but not `remove the beanie first`, `last time`, `wait a second`.
    following = marks.words[at + 1] if at + 1 < len(marks.words) else ""
    if following in _NOT_PLACES:
        return False
    if marks.words[at] not in _ADVERBS:
        return True
    before = words_before(marks, at)
    return before in _DETERMINERS or following in _AFTER_PLACE or (at == 0 and bool(following)) or len(marks.words) == 1


_NUMBERED = frozenset({"nummer", "nr", "number", "option", "no"})
_ONE_AFTER = data.word_set("marks_one_after")


def _pronoun(marks: Marks, at: int) -> bool:
    before = words_before(marks, at)
    following = marks.words[at + 1] if at + 1 < len(marks.words) else ""
    if not before or following in {"more", "of", "pair", "piece", "extra", "less"}:
        return False
    if before == "the" and at > 1 and marks.words[at - 2] in {"just", "only"} and _ends_part(marks, at):
        return False
    gap = marks.text.folded[marks.tokens[at - 1].end : marks.tokens[at].start]
    return "," not in gap and before not in _ONE_AFTER


def _ends_part(marks: Marks, at: int) -> bool:
    end = marks.tokens[at + 1].start if at + 1 < len(marks.tokens) else len(marks.text.folded)
    return at + 1 == len(marks.tokens) or any(sign in marks.text.folded[marks.tokens[at].end : end] for sign in ",.;!")


def words_before(marks: Marks, at: int) -> str:
    """The word before a token, or nothing."""
    return marks.words[at - 1] if at else ""


def _separated(marks: Marks, at: int, end: int) -> bool:
    gap = marks.text.folded[marks.tokens[at].end : marks.tokens[end - 1].start]
    return any(sign in gap for sign in ",;.!?\n/")


def _is_size(marks: Marks, lexicon: Lexicon, at: int, end: int, whole: str) -> bool:
    before = words_before(marks, at)
    if whole.isdigit():
        return before in _SIZE_MARKERS
    if whole in _SIZED or whole in lexicon.sizes.soft or len(whole) == 1:
        if before in _TOO:
            return False
        if whole in {"klein", "gross", "mittel", "mittelgross"}:
            return before in _SIZE_MARKERS or before == "in" or len(marks.words) == 1
        if len(whole) == 1:
            raw = marks.tokens[at].raw
            near_mark = at - 1 in marks.taken or (
                at and marks.text.folded[marks.tokens[at - 1].end : marks.tokens[at].start].strip() in {",", "/"}
            )
            return (
                raw.isupper()
                or before in _BEFORE_SIZE
                or bool(near_mark)
                or len(marks.words) <= _BRIEF
                or end == len(marks.words)
            )
    return before not in _TOO
