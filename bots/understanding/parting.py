"""One piece of a line otherwise, the rest as it is: `eins von den weißen in grau`, `one of them in L`."""

from bots.understanding import amending, incart
from bots.understanding.items import Item, items
from bots.understanding.reading import CartLine
from bots.understanding.turn import Clause

_OF = frozenset({"of", "von", "davon"})
_ONES = frozenset({"eine", "einen", "einer", "eines", "eins", "one"})
_THESE = frozenset({"das", "den", "denen", "der", "die", "diesen", "my", "the", "them", "these", "those"})
_BECOMING = frozenset({"als", "auf", "in", "into", "to", "zu"})


def part(clause: Clause) -> bool:
    """Give some pieces of a line their own colour or size; false unless the words speak of a part of one.

    Where the words tell no one line, which one is to be asked.
    """
    begin = _of(clause)
    if begin is None or clause.has("remove", "more", "only") or (clause.question() and not clause.has("request")):
        return False
    words = clause.turn.marks.words
    becomes = next((at for at in range(begin, clause.last) if words[at] in _BECOMING), clause.last)
    wanted = _values(_told(clause, becomes, clause.last))
    lines = _lines(clause, _told(clause, begin, becomes))
    if wanted is None or not lines:
        return False
    wanted.quantity, wanted.explicit = _count(clause, begin), True
    return _give(clause, lines, wanted)


def _give(clause: Clause, lines: list[CartLine], wanted: Item) -> bool:
    draft = clause.turn.draft
    if len(lines) > 1:
        draft.lack("product")
        draft.act(clause.start, "change_cart", why="the cart has no one line of it", confidence=0.7)
    elif incart.line_fits(clause, lines[0], wanted):
        draft.act(clause.start, "show_cart", why="it is in the cart", confidence=0.7)
    elif amending.apply(clause, lines[0], wanted, bold=False):
        draft.act(clause.start, "change_cart", why="a line of the cart otherwise", confidence=0.85)
    else:
        return False
    return True


def _of(clause: Clause) -> int | None:
    """The token behind `one of`, `eins davon` or `einer der`; None where no part of something is spoken of."""
    words = clause.turn.marks.words
    counts = {
        mark.last for kind in ("quantity", "number") for mark in clause.turn.marks.of(kind, clause.first, clause.last)
    }
    for at in range(clause.first + 1, clause.last - 1):
        of = words[at] in _OF or (words[at] == "der" and words[at - 1] in _ONES)
        if of and (at in counts or words[at - 1] in _ONES):
            return at + 1
    return None


def _count(clause: Clause, begin: int) -> int:
    marks = clause.turn.marks
    counts = [mark.value for kind in ("quantity", "number") for mark in marks.of(kind, clause.first, begin)]
    return int(counts[-1]) if counts else 1


def _values(found: list[Item]) -> Item | None:
    told = next((item for item in found if item.colours or item.sizes or item.numbers), None)
    return None if told is None or told.mention is not None else told


def _lines(clause: Clause, described: list[Item]) -> list[CartLine]:
    turn, told = clause.turn, described[0] if described else Item()
    if told.mention is not None:
        return incart.lines_named(clause, told)
    if told.colours or told.sizes:
        return [line for line in turn.context.cart if incart.line_fits(clause, line, told)]
    line = turn.focus_line() or turn.only_line()
    return [] if line is None else [line]


def _told(clause: Clause, first: int, last: int) -> list[Item]:
    return items(Clause(clause.turn, first, last)) if last > first else []
