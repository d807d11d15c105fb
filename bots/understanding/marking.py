"""Finds what a message names: signs with a form (order numbers, prices, W/L sizes), then colours, sizes, numbers.

A token belongs to one mark.
"""

import re
from itertools import pairwise

from bots.understanding import data, measures, numbers, ordernumbers, spelling, stems
from bots.understanding.attributes import colour_surface, colour_words
from bots.understanding.lexicon import Lexicon
from bots.understanding.marks import Mark, Marks
from bots.understanding.normalise import Normal
from bots.understanding.prices import prices, shown_price
from bots.understanding.reading import Context
from bots.understanding.sizewords import sizes_written

_IDIOMS = frozenset(
    {("after", "all"), ("at", "all"), ("all", "right"), ("all", "good"), ("alles", "klar"), ("alles", "gut")}
)
_FEW = 20  # products of a word that are looked at one by one
_BRIEF = 3  # words of a message in which a single letter is a size
_DIGIT = re.compile(r"\d")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def mark(text: Normal, words: list[str], lexicon: Lexicon, context: Context, language: str = "") -> Marks:
    """Find everything that is no product."""
    marks = Marks(text, list(text.tokens), words)
    if language == "en":  # where a German `n` is an article
        words[:] = ["and" if word == "n" else word for word in words]
    _idioms(marks)
    if "@" in text.clean:
        _email(marks)
    ordernumbers.mark(marks, lexicon, context)
    sizes_written(marks, lexicon)
    if _DIGIT.search(text.folded):
        prices(marks)
        shown_price(marks, (entry.price for product in context.shown if (entry := lexicon.entry(product)) is not None))
        measures.measured(marks, lexicon)
        measures.halves(marks, context)
        measures.counted(marks, lexicon)
    _word_marks(marks, lexicon)
    marks.settle()
    return marks


def _email(marks: Marks) -> None:
    if match := _EMAIL.search(marks.text.clean):
        marks.email = match.group()
    if match := _EMAIL.search(marks.text.folded):
        marks.take(match.start(), len(match.group()), "email", marks.email)


def _idioms(marks: Marks) -> None:
    # `after all`, `alles klar`: no word of these says that everything is meant.
    for at, pair in enumerate(pairwise(list(marks.words))):
        if pair in _IDIOMS:
            marks.words[at if pair[0] == "alles" else at + 1] = "".join(pair)


_BEFORE_SIZE = data.word_set("marking_before_size")
_SIZE_MARKERS = frozenset(stems.fold(word) for word in data.table("sizes")["words"]["marker"])
_TOO = data.word_set("marking_too")
_SHADE = 8  # letters of the shortest colour with an ending (`rotfarben`)
_SHADED = re.compile(r"(\w{3,})(?:farben(?:e[nrms]?)?|farbig(?:e[nrms]?)?|coloured|colored)")  # `navyfarbene`
_STEPS = frozenset({"up", "down", "bigger", "larger", "smaller", "above", "below"})
_AFTER_SIZE = frozenset({"aber", "and", "bitte", "but", "dann", "please", "pls", "plz", "und"})
_SIZED = frozenset({"klein", "gross", "mittel", "small", "large", "medium", "mittelgross", "med"})


def _word_marks(marks: Marks, lexicon: Lexicon) -> None:
    words = marks.words
    at = 0
    while at < len(words):
        step = 1
        if at not in marks.taken:
            several = words[at][:1].isdigit() or stems.may_begin(words[at], lexicon.values_begun)
            for length in (3, 2, 1) if several else (1,):
                part = words[at : at + length]
                if len(part) == length and marks.taken.isdisjoint(range(at, at + length)):
                    found = _read(marks, lexicon, at, part)
                    if found is not None:
                        marks.add(found)
                        step = length
                        break
        at += step


def _read(marks: Marks, lexicon: Lexicon, at: int, part: list[str]) -> Mark | None:  # noqa: C901, PLR0911 - the order of questions is the decision
    whole = "".join(part)
    end = at + len(part)
    if len(part) > 1 and _separated(marks, at, end):
        return None
    for key in _colour_keys(part):
        if (
            (colour := lexicon.colours.name_of(key))
            and not _is_talk(lexicon, whole)
            and not (_after_i(marks, at) or _in_title(marks, lexicon, at) or _overdone(marks, at))
            and not _of_goods_only(lexicon, colour, key)
        ):
            return Mark("colour", colour, at, end)
    if len(part) == 1 and (place := numbers.ordinals().get(whole)) is not None:
        return Mark("ordinal", place, at, end) if _places(marks, at) else None
    if len(part) == 2 and (number := numbers.spoken(*part)) is not None:  # noqa: PLR2004
        marked = words_before(marks, at) in _SIZE_MARKERS
        return Mark("size", str(number), at, end, "sure") if marked else Mark("number", number, at, end)
    if (size := lexicon.sizes.read(whole)) and _is_size(marks, lexicon, at, whole):
        return Mark("size", size, at, end, "sure" if at and words_before(marks, at) in _SIZE_MARKERS else "")
    if whole.isdigit() and (len(whole) < 4 or whole in lexicon.sizes.numbers):  # noqa: PLR2004
        if words_before(marks, at) in _SIZE_MARKERS:
            return Mark("size", whole, at, end, "sure")
        return Mark("number", int(whole), at, end)
    if whole.endswith("er") and whole[:-2].isdigit() and whole[:-2] in lexicon.sizes.numbers:
        return Mark("number", int(whole[:-2]), at, end)  # `das 15er`
    if (
        len(part) == 1
        and words_before(marks, at) in _SIZE_MARKERS
        and numbers.quantities().get(whole, 0) in numbers.TENS
    ):
        return Mark("size", str(numbers.quantities()[whole]), at, end, "sure")
    if len(part) == 1 and words_before(marks, at) in _NUMBERED and whole in numbers.quantities():
        return Mark("number", numbers.quantities()[whole], at, end)
    if (value := numbers.quantities().get(whole)) is not None and not (
        (whole == "one" and _pronoun(marks, at, lexicon))
        or (whole == "ein" and _of_verb(marks, at))
        or (len(part) > 1 and whole in numbers.ARTICLES)  # `ne M` is no `nem`
    ):
        return Mark("quantity", value, at, end, "article" if whole in numbers.ARTICLES else "word")
    return None


def _is_talk(lexicon: Lexicon, word: str) -> bool:
    # `lachen` is no form of `lachs`, nor `reden` of `red`
    return word in spelling.everyday_words() and word not in colour_surface() and word not in lexicon.colours.names


def _of_goods_only(lexicon: Lexicon, colour: str, key: str) -> bool:
    # `salmon`, of a shop that sells food and nothing in that colour
    known = key in lexicon.modifiers or key in lexicon.heads
    return known and not lexicon.colours.among(colour, lexicon.colours.names)


def _in_title(marks: Marks, lexicon: Lexicon, at: int) -> bool:
    # `hand cream`: two words of a product's name in its order, and no colour
    if not at or marks.words[at] not in lexicon.spelling.words or _separated(marks, at - 1, at + 1):
        return False
    return any(
        pair == (marks.words[at - 1], marks.words[at])
        for entry in lexicon.listed(lexicon.modified(stems.keys(marks.words[at - 1])), _FEW)
        for phrase in lexicon.analyses[entry.id][1].phrases
        for pair in pairwise(phrase.parts)
    )


def _colour_keys(part: list[str]) -> tuple[str, ...]:
    if len(part) == 1 and len(part[0]) > _SHADE and (shade := _SHADED.fullmatch(part[0])):
        return stems.joined_keys((shade.group(1),))
    return stems.joined_keys(tuple(part)) if len(part) == 1 or min(map(len, part)) > 2 else ()  # noqa: PLR2004 - `s and` is no sand


def _after_i(marks: Marks, at: int) -> bool:
    # `ich sage`: what follows is a verb, and no colour.
    if marks.words[at : at + 2] in (["weiss", "nicht"], ["weiss", "net"], ["weiss", "ned"]):
        return at + 2 == len(marks.words) or not colour_words().get(marks.words[at + 2])
    if marks.words[at : at + 2] in (["weiss", "ich"], ["weiss", "i"]):
        return True
    gap = marks.text.folded[marks.tokens[at - 1].end : marks.tokens[at].start] if at else ""
    return gap == " " and words_before(marks, at) == "ich"


def _overdone(marks: Marks, at: int) -> bool:
    # `das ist mir zu bunt`, but `passt zu bunt`
    before = words_before(marks, at)
    if before == "too" and _separated(marks, at - 1, at + 1):
        return False  # `boots too, brown`
    return before == "too" or (before == "zu" and at > 1 and marks.words[at - 2] in _OVER)


_OVER = frozenset(
    {"mir", "ist", "sind", "is", "viel", "alles", "etwas", "doch", "echt", "bisschen", "einfach", "alle", "aber"}
)
_ADVERBS = frozenset({"first", "second", "last", "latter", "former", "final", "letzte", "letzten", "letztes"})
_DETERMINERS = data.word_set("marking_determiners")
_AFTER_PLACE = data.word_set("marking_after_place")
_NOT_PLACES = data.word_set("marking_not_places")
_SHOWING = ("zeig", "schau", "mach")
_INDEFINITE = numbers.ARTICLES - {"one", "single"}  # `ein zweites`, `a second` is one more of the same


def _places(marks: Marks, at: int) -> bool:
    # `the first one`, `letzte bitte`; but not `remove the beanie first`, `last time`, `wait a second`.
    following = marks.words[at + 1] if at + 1 < len(marks.words) else ""
    if following == "mal" and any(word.startswith(_SHOWING) for word in marks.words[:at]):
        return True  # `zeig mir das dritte mal genauer`
    if following in _NOT_PLACES or words_before(marks, at) in _INDEFINITE:
        return False
    if marks.words[at] not in _ADVERBS:
        return True
    before = words_before(marks, at)
    return before in _DETERMINERS or following in _AFTER_PLACE or (at == 0 and bool(following)) or len(marks.words) == 1


_NUMBERED = frozenset({"nummer", "nr", "number", "option", "no"})
_ONE_AFTER = data.word_set("marking_one_after")


def _pronoun(marks: Marks, at: int, lexicon: Lexicon) -> bool:  # noqa: PLR0911 - the order of questions is the decision
    before = words_before(marks, at)
    following = marks.words[at + 1] if at + 1 < len(marks.words) else ""
    if not before or following in {"more", "of", "pair", "piece", "extra", "less"}:
        return False
    if before == "the" and at > 1 and marks.words[at - 2] in {"just", "only"} and _ends_part(marks, at):
        return False
    if "one" in marks.words[max(0, at - 3) : at] + marks.words[at + 2 : at + 4] and lexicon.colours.name_of(following):
        return False  # `one white one black`
    if (
        before == "the"
        and {"just", "only"} & set(marks.words[max(0, at - 4) : at])
        and following.isalpha()
        and following not in _ONE_AFTER
    ):
        return False  # `I only need the one tee`
    if before not in _DETERMINERS and any(key in lexicon.heads for key in stems.keys(following)):
        return False  # `drop one cable`
    if following in {"in", "size"} and marks.words.count("one") > 1:
        return False  # `one in 36 one in 40`
    gap = marks.text.folded[marks.tokens[at - 1].end : marks.tokens[at].start]
    return gap.isspace() and before not in _ONE_AFTER


def _of_verb(marks: Marks, at: int) -> bool:
    # `pack zwei Schals ein`: no goods follow
    return _ends_part(marks, at) or marks.words[at + 1] in _AFTER_SIZE


def _ends_part(marks: Marks, at: int) -> bool:
    end = marks.tokens[at + 1].start if at + 1 < len(marks.tokens) else len(marks.text.folded)
    return at + 1 == len(marks.tokens) or any(sign in marks.text.folded[marks.tokens[at].end : end] for sign in ",.;!")


def words_before(marks: Marks, at: int) -> str:
    """The word before a token, or nothing."""
    return marks.words[at - 1] if at else ""


def _separated(marks: Marks, at: int, end: int) -> bool:
    gap = marks.text.folded[marks.tokens[at].end : marks.tokens[end - 1].start]
    return any(sign in gap for sign in ",;.!?\n/")


def _is_size(marks: Marks, lexicon: Lexicon, at: int, whole: str) -> bool:
    before = words_before(marks, at)
    if whole == "onesize" and _STEPS & set(marks.words[at + 2 : at + 3]):
        return False
    if whole.isdigit():
        return before in _SIZE_MARKERS
    if whole in _SIZED or whole in lexicon.sizes.soft or len(whole) == 1:
        if before in _TOO:
            return False
        if whole in {"klein", "gross", "mittel", "mittelgross"}:
            beside = any(mark.kind == "colour" and mark.last == at for mark in marks.found)  # `ein rotes mittel`
            return before in _SIZE_MARKERS or before == "in" or beside or len(marks.words) == 1
        if len(whole) == 1:
            raw = marks.tokens[at].raw
            near_mark = at - 1 in marks.taken or (
                at and marks.text.folded[marks.tokens[at - 1].end : marks.tokens[at].start].strip() in {",", "/"}
            )
            return (
                raw.isupper()
                or before in _BEFORE_SIZE
                or before in _SIZE_MARKERS
                or bool(near_mark)
                or len(marks.words) <= _BRIEF
                or _ends_part(marks, at)
                or marks.words[at + 1] in _AFTER_SIZE
                or measures.TIMES.match(marks.text.folded, marks.tokens[at + 1].start) is not None
            )
    return before not in _TOO
