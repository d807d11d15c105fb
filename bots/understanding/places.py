"""Numbers that are no amount but a place: of the list last shown (`2 und 4`), or of a line of the cart."""

from bots.understanding import attributes, data
from bots.understanding.marks import Mark
from bots.understanding.segments import JOINERS, Thing
from bots.understanding.turn import Clause

_ARTICLES = data.word_set("items_articles")
_SIZE_LEADS = data.word_set("items_size_leads")
_LINES = frozenset({"line", "pos", "position", "posten", "zeile"})  # of the cart: `lösche Position 2`


def picks(clause: Clause, mark: Mark, segment: list[Thing], at: int) -> bool:
    """Whether a number picks one of the list or a line of the cart."""
    turn = clause.turn
    count = len(turn.context.shown)
    before = turn.marks.words[mark.first - 1] if mark.first else ""
    if before in _LINES and not count:
        return 1 <= int(mark.value) <= len(turn.context.cart)
    if not 1 <= mark.value <= count:
        return False
    if before in _SIZE_LEADS:
        return False
    hashed = turn.folded[: turn.marks.tokens[mark.first].start].endswith("#")
    if hashed or before in _ARTICLES or len(turn.marks.words) == 1 or _listed(clause, mark, count):
        return True
    row = _in_row(clause, mark, count)
    if row or (turn.context.pending is not None and turn.context.pending.missing):
        return row
    alone = all(isinstance(one, Mark) and one.kind in {"number", "size", "colour"} for one in segment)
    earlier = [one for one in segment[:at] if isinstance(one, Mark) and one.kind == "number"]
    return count > 1 and alone and not earlier and (mark.first == clause.first or before in JOINERS or before == "")


def _listed(clause: Clause, mark: Mark, count: int) -> bool:
    # `can I get 1 and 3`: bare numbers side by side, each a place of the list
    words = clause.turn.marks.words
    follows = words[mark.last : mark.last + 2]
    joined = bool(follows) and follows[0] in JOINERS and follows[-1].isdigit()
    bare = joined and 1 <= int(follows[-1]) <= count
    ends = mark.last + 2 >= clause.last or words[mark.last + 2] not in {"in", "x"}
    return bare and ends and clause.has("want")


def _in_row(clause: Clause, mark: Mark, count: int) -> bool:
    # `2 und 4 in M`: numbers side by side are no amounts, and no sizes where what is asked about has none such
    turn, row = clause.turn, list[Mark]()
    for one in turn.marks.of("number", clause.first, clause.last):
        if not row or not _joined(clause, row[-1], one):
            if mark in row:
                break
            row = []
        row.append(one)
    asked = turn.lexicon.entry(turn.context.pending.product) if turn.context.pending is not None else None
    sizes = asked.sizes if asked is not None else ()
    places = all(1 <= one.value <= count and not attributes.fitting(str(one.value), sizes) for one in row)
    return mark in row and len(row) > 1 and places


def _joined(clause: Clause, one: Mark, other: Mark) -> bool:
    marks = clause.turn.marks
    between = marks.words[one.last : other.first]
    gap = marks.text.folded[marks.tokens[other.first - 1].end : marks.tokens[other.first].start]
    return (not between and "," in gap) or (len(between) == 1 and between[0] in JOINERS)
