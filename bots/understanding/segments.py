"""A clause in segments at commas, conjunctions and new amounts: the things named side by side in each."""

from bots.understanding import data, pointing
from bots.understanding.marks import Mark
from bots.understanding.products import Mention
from bots.understanding.turn import Clause

JOINERS = data.word_set("segments_joiners")
_RETRACTIONS = data.word_set("segments_retractions")  # `42 no sorry 43`
_OTHER = frozenset({"other", "andere", "anderen", "anderer", "anderes"})  # `one navy, the other beige`
_ONE = frozenset({"one", "eins"})
_FEW = 12  # pieces that a bare number before a colour may count
Thing = Mention | Mark


def segments(clause: Clause) -> list[list[Thing]]:
    """The clause's segments that name anything, in order."""
    out: list[list[Thing]] = [[]]
    previous = clause.first
    for thing in _things(clause):
        if out[-1] and (_parted(clause, previous, thing.first) or _counts_anew(clause, out[-1], thing)):
            out.append([])
        out[-1].append(thing)
        previous = max(previous, min(thing.last, len(clause.turn.marks.tokens)))
    return [segment for segment in out if segment]


def boundary(segment: list[Thing], head: int, following: int) -> int:
    """Where the second of two goods begins: an amount, or a colour right before it, is its own."""
    for at in range(head + 1, following):
        thing = segment[at]
        if isinstance(thing, Mark) and thing.kind in {"quantity", "number"} and thing.hint != "sure":
            return at
        if (
            isinstance(thing, Mark)
            and thing.kind == "colour"
            and at == following - 1
            and thing.last == segment[following].first
        ):
            return at
    return following


def _things(clause: Clause) -> list[Thing]:
    marks = clause.turn.marks
    kinds = {"colour", "size", "number", "quantity", "ordinal", "price"}
    unwanted = [*pointing.ruled_out(clause), *pointing.compared_with(clause)]
    marked = [
        mark
        for mark in marks.found
        if mark.kind in kinds and clause.first <= mark.first < clause.last and mark not in unwanted
    ]
    found: list[Thing] = [
        mark
        for mark in marked
        if not any(one.first <= mark.first < one.last and not _free(one, mark) for one in clause.mentions())
    ]
    found += clause.mentions()
    return sorted(found, key=lambda thing: (thing.first, isinstance(thing, Mark)))


def _free(mention: Mention, mark: Mark) -> bool:
    # A colour between the words of a mention (`basic grey tee`) is a colour; a number in a title is no amount.
    return mark.kind in {"colour", "size"} and mention.last - mention.first > 1


def _counts_anew(clause: Clause, segment: list[Thing], thing: Thing) -> bool:
    # `one S one M`, `3 hoodies one grey one black`: a second amount begins the next thing, where sizes, colours or the
    # goods counted stand between.
    if not isinstance(thing, Mark) or not _counts(clause, thing):
        return False
    if thing.kind == "number":  # `2 mustard 1 navy`
        told = [one.kind for one in segment if isinstance(one, Mark)]
        return bool({"number", "quantity"} & set(told)) and "colour" in told and _counts_colour(clause, thing)
    if thing.kind != "quantity":
        return False
    kinds = [one.kind for one in segment if isinstance(one, Mark) and _counts(clause, one)]
    if any(isinstance(one, Mention) for one in segment):
        return isinstance(segment[0], Mark) and segment[0].kind in {"quantity", "number"} and len(kinds) > 1
    return "quantity" in kinds and bool({"size", "colour", "number"} & set(kinds))


def _counts_colour(clause: Clause, mark: Mark) -> bool:
    return mark.value <= _FEW and any(one.first == mark.last for one in clause.turn.marks.of("colour"))


def _counts(clause: Clause, mark: Mark) -> bool:
    return mark.hint != "article" or clause.turn.marks.words[mark.first] in _ONE or _alone(clause, mark)


def _alone(clause: Clause, mark: Mark) -> bool:
    # `zwei Schals, einer rot, einer grau`: no goods follow the article and its value
    marks = clause.turn.marks
    at = mark.last + (marks.words[mark.last : mark.last + 1] == ["in"])
    value = next((one for one in marks.found if one.first == at and one.kind in {"colour", "size"}), None)
    return value is not None and all(one.first != value.last for one in clause.mentions())


def _parted(clause: Clause, left: int, right: int) -> bool:
    marks = clause.turn.marks
    start = marks.tokens[left - 1].end if left else 0
    gap = marks.text.folded[start : marks.tokens[right].start] if right >= left else ""
    between = marks.words[left:right]
    dashed = " - " in gap or "\u2013" in gap or "\u2014" in gap
    return (
        dashed
        or any(sign in gap for sign in ",+&;:\n/.")
        or any(word in JOINERS or word in _RETRACTIONS or word in _OTHER for word in between)
    )
