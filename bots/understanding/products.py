"""Which products a message names: words side by side narrow one mention, a second kind begins the next."""

from dataclasses import dataclass, field
from itertools import zip_longest

from bots.understanding import concepts, data, spelling, stems
from bots.understanding.lexicon import Lexicon
from bots.understanding.marks import Marks
from bots.understanding.senses import PARTING, Sense, sense_of

_LONGEST_RUN = 4
_NEAR = 3  # words between goods and the last word of what they come with
_MADE_OF = (["aus"], ["of"], ["made", "of"], ["made", "from"])
_VERBS = data.word_set("products_verbs")
_VERB_LEADS = data.word_set("products_verb_leads")
_VERB_OBJECTS = data.word_set("products_verb_objects")
_FILLERS = data.word_set("products_fillers")
_CONTAINERS = data.word_set("products_containers")
_OF_THE = frozenset({"dem", "den", "der", "of", "the", "vom", "von"})
_THE = frozenset({"das", "den", "die", "der", "the"})


@dataclass(slots=True)
class Mention:
    """A product as named: the products it may be, the kind of goods, and what of the words fitted nothing."""

    first: int
    last: int
    bits: int
    concept: str | None
    words: list[frozenset[str]] = field(default_factory=list)
    extras: list[str] = field(default_factory=list)
    unknown: bool = False
    senses: int = 1
    attribute: bool = False


def mentions(marks: Marks, lexicon: Lexicon, language: str) -> list[Mention]:
    """The products named, in order of mention."""
    senses = _senses(marks, lexicon, language)
    out: list[Mention] = []
    run: list[Sense] = []
    for sense in senses:
        if run and not _beside(marks, run[-1], sense):
            out += _close(marks, run)
            run = []
        run.append(sense)
    out += _close(marks, run)
    out = [one for one, then in zip_longest(out, out[1:]) if not _container(marks, one, then)]
    return [
        mention
        for at, mention in enumerate(out)
        if not ((at and (_feature(marks, out[at - 1], mention) or _own_bag(marks, mention))) or _verb(marks, mention))
    ]


def _container(marks: Marks, mention: Mention, goods: Mention | None) -> bool:
    # `six bags of Earl Grey`, `zwei Beutel Earl Grey`, `the kilo bags`: what goods come in is no goods.
    if marks.words[mention.last - 1] not in _CONTAINERS:
        return False
    if not mention.bits and any(mark.kind == "size" and mark.last == mention.first for mark in marks.found):
        return True
    if goods is None or mention.bits & goods.bits:
        return False
    between = marks.words[mention.last : goods.first]
    gap = marks.text.folded[marks.tokens[mention.last - 1].end : marks.tokens[goods.first].start]
    return set(between) <= _OF_THE and not PARTING & set(gap)


def _feature(marks: Marks, goods: Mention, mention: Mention) -> bool:
    # `a dress with short sleeves`: a word of some other title, and no kind of goods, describes what it follows.
    between = marks.words[goods.last : mention.first]
    if between in _MADE_OF and marks.words[mention.first] in spelling.describing_words():
        return True  # `jackets made of denim`
    return mention.concept is None and len(between) <= _NEAR and between[:1] in (["with"], ["mit"])


def _own_bag(marks: Marks, mention: Mention) -> bool:
    # `put a scarf in my bag`: where goods go to is no goods.
    before = marks.words[max(0, mention.first - 2) : mention.first]
    return mention.concept == "bag" and before[-1:] == ["my"] and before[0] in {"in", "into", "to"}


def _verb(marks: Marks, mention: Mention) -> bool:
    # `throw in two mugs`: what is done is no goods, but `a throw in grey` and `a mug and throw in grey` are.
    before, verb, after = ("", *marks.words, "", "")[mention.first : mention.first + 3]
    if mention.last - mention.first > 1 or verb not in _VERBS or after not in _VERB_OBJECTS:
        return False
    valued = any(mark.first == mention.last + 1 and mark.kind in {"colour", "size"} for mark in marks.found)
    return not (after == "in" and valued) and (not before or before in _VERB_LEADS)


def _senses(marks: Marks, lexicon: Lexicon, language: str) -> list[Sense]:
    out: list[Sense] = []
    known = concepts.built_in().begun
    taken = marks.taken - _product_numbers(marks)
    at = 0
    while at < len(marks.words):
        step = 1
        several = stems.may_begin(marks.words[at], lexicon.begun) or stems.may_begin(marks.words[at], known)
        for length in range(_LONGEST_RUN if several else 1, 0, -1):
            span = range(at, at + length)
            if at + length > len(marks.words) or not taken.isdisjoint(span):
                continue
            sense = sense_of(marks, lexicon, language, at, at + length)
            if sense is not None:
                out.append(sense)
                step = length
                break
        at += step
    return out


def _product_numbers(marks: Marks) -> set[int]:
    return {at for mark in marks.found if mark.kind in {"number", "pack"} for at in range(mark.first, mark.last)}


def _beside(marks: Marks, left: Sense, right: Sense) -> bool:
    gap = marks.text.folded[marks.tokens[left.last - 1].end : marks.tokens[right.first].start]
    if PARTING & set(gap):
        return False
    between = range(left.last, right.first)
    if left.anchor and right.anchor and _THE & set(marks.words[left.last : right.first]) and len(between) > 1:
        return False  # `the headphones for the earbuds`
    return len(between) <= 2 and all(  # noqa: PLR2004
        marks.words[one] in _FILLERS
        or any(mark.kind in {"colour", "pack"} and mark.first <= one < mark.last for mark in marks.found)
        for one in between
    )


def _close(marks: Marks, run: list[Sense]) -> list[Mention]:  # noqa: C901, PLR0912 - the order of questions is the decision
    out: list[Mention] = []
    pending: list[Sense] = []
    current: Mention | None = None
    described = False
    for sense in run:
        if current is None:
            if not sense.anchor:
                pending.append(sense)
                continue
            current = Mention(
                sense.first, sense.last, sense.bits, sense.concept, [sense.keys], [sense.extra] if sense.extra else []
            )
            described = sense.describes
            for modifier in pending:
                _narrow(current, modifier)
            pending = []
        elif sense.anchor and sense.describes and not current.bits & sense.bits:
            continue
        elif sense.anchor and not current.bits & sense.bits and (sense.bits or sense.concept):
            if not (described and len(current.words) == 1):
                out.append(current)
            current = Mention(
                sense.first, sense.last, sense.bits, sense.concept, [sense.keys], [sense.extra] if sense.extra else []
            )
        else:
            _narrow(current, sense)
    if current is not None:
        out.append(current)
    names = [sense for sense in pending if sense.name]
    if names and current is None:
        bits = names[0].bits
        for sense in names[1:]:
            bits = bits & sense.bits or bits
        if bits.bit_count() <= 3:  # noqa: PLR2004 - a name stands for one product, or for few
            out.append(Mention(names[0].first, names[-1].last, bits, None, [sense.keys for sense in names]))
    titled = [sense for sense in pending if sense.titled and _pointed_at(marks, sense)]
    if titled and not names and current is None:
        out += [Mention(one.first, one.last, one.bits, None, [one.keys], attribute=True) for one in titled]
    for mention in out:
        mention.unknown = mention.bits == 0
    return out


def _pointed_at(marks: Marks, sense: Sense) -> bool:
    # `the cable`, `a heavy one`
    the = sense.first > 0 and marks.words[sense.first - 1] in _THE
    return the or marks.words[sense.last : sense.last + 1] in (["one"], ["ones"])


def _narrow(mention: Mention, sense: Sense) -> None:
    if mention.bits & sense.bits:
        mention.bits &= sense.bits
        mention.words.append(sense.keys)
        mention.senses += 1
        mention.first = min(mention.first, sense.first)
        mention.last = max(mention.last, sense.last)
        if sense.concept and sense.anchor:
            mention.concept = sense.concept
