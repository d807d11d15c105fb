"""The old value a change names beside the new one: `M statt L`, `from M to L`, `S, not M`."""

from bots.understanding import stems
from bots.understanding.items import Item, items
from bots.understanding.marks import Mark
from bots.understanding.turn import Clause

_VALUES = frozenset({"colour", "size"})
_NEAR = 2  # words from `aus` to the value it names
_OLD_PAIRS = frozenset({("instead", "of"), ("rather", "than")})
_OLD = frozenset({"statt", "anstatt", "anstelle"})


def new_and_old(clause: Clause) -> tuple[list[Item], list[Item]]:
    """What a change is to come to, and the old values or goods it names, in items."""
    turn = clause.turn
    if (parted := _swapped(clause)) is not None:
        return items(Clause(turn, parted + 1, clause.last)), items(Clause(turn, clause.first, parted))
    words = turn.marks.words
    place = next((at for at in range(clause.first, clause.last) if words[at] in _OLD), None)
    width = 1
    if place is None:
        place = next(
            (at for at in range(clause.first, clause.last - 1) if (words[at], words[at + 1]) in _OLD_PAIRS),
            None,
        )
        width = 2
    if place is None:
        place = _from(clause)
    if place is None:
        place, width = contrasted(clause), 1
    if place is None:
        return items(clause), []
    end = _old_end(clause, place + width)
    before, after = Clause(turn, clause.first, place), Clause(turn, end, clause.last)
    new = [item for part in (before, after) if part.last > part.first for item in items(part)]
    new = _one_item(new)
    return new, items(Clause(turn, place + width, end)) if end > place + width else []


def _swapped(clause: Clause) -> int | None:
    # `tausch das graue gegen ein schwarzes`: a value for another of its kind, of goods not named.
    marks = clause.turn.marks
    if clause.mentions() or not clause.has("change"):
        return None
    for at in range(clause.first + 1, clause.last - 1):
        if marks.words[at] not in {"gegen", "durch", "for", "with"}:
            continue
        kinds = [
            {one.kind for one in marks.found if one.kind in _VALUES and first <= one.first < last}
            for first, last in ((clause.first, at), (at + 1, clause.last))
        ]
        if kinds[0] & kinds[1]:
            return at
    return None


def _from(clause: Clause) -> int | None:
    # `mach aus dem L ein XL`, `change it from M to L`: what stands after `aus` or `from` is the old value.
    marks = clause.turn.marks
    kinds = {"size", "colour", "number", "quantity"}
    for at in range(clause.first, clause.last - 1):
        if marks.words[at] not in {"aus", "from"}:
            continue
        values = [
            one for one in marks.found if one.kind in kinds and at < one.first < clause.last and one.hint != "article"
        ]
        if len(values) > 1 and values[0].first - at <= _NEAR and values[0].kind == values[1].kind:
            return at
    return None


def contrasted(clause: Clause) -> int | None:
    """Where a value is ruled out right after another of its kind was given (`S, not M`), or None."""
    marks = clause.turn.marks
    for at in range(clause.first, clause.last - 1):
        if marks.words[at] in {"not", "nicht", "kein", "keine"}:
            place = at + 1 + (marks.words[at + 1] in {"in", "auf"})  # `nicht in senf, sondern in grau`
            gone = next(
                (
                    mark
                    for mark in marks.found
                    if mark.first == place and mark.kind in {"size", "colour", "number", "quantity"}
                ),
                None,
            )
            if gone is not None and any(
                mark.kind == gone.kind and mark.value != gone.value
                for mark in marks.found
                if clause.first <= mark.first < clause.last
            ):
                return at
    return None


def _old_end(clause: Clause, begin: int) -> int:
    # What follows "statt" is the old value: one value or one product; a verb, "bitte" or a comma ends it.
    turn = clause.turn
    stops = frozenset(
        stems.fold(word)
        for word in (
            "bitte",
            "lieber",
            "doch",
            "nur",
            "hätte",
            "möchte",
            "will",
            "nehme",
            "please",
            "i",
            "ich",
            "dann",
            "rather",
            "just",
            "make",
            "gerne",
            "gern",
        )
    )
    old: list[Mark] = []
    seen = False
    for at in range(begin, clause.last):
        if turn.marks.words[at] in stops:
            return at
        gap = turn.marks.text.folded[turn.marks.tokens[at - 1].end : turn.marks.tokens[at].start]
        if seen and "," in gap:
            return at
        marked = [mark for mark in turn.marks.found if mark.first <= at < mark.last and mark.hint != "article"]
        named = any(mention.first <= at < mention.last for mention in turn.mentions)
        if marked and seen and not named and not (marked[0] in old or _replaced(clause, marked[0], old)):
            return old[-1].last if old else at
        old += marked
        seen = seen or bool(marked) or named
    return clause.last


def _replaced(clause: Clause, mark: Mark, old: list[Mark]) -> bool:
    # `in black and L instead of grey and M`: as many old values as there are new ones
    others = [one for one in clause.turn.marks.found if one.kind == mark.kind and one is not mark]
    new = [one for one in others if clause.first <= one.first < clause.last and one not in old]
    return mark.kind in _VALUES and all(one.kind != mark.kind for one in old) and bool(new)


def _one_item(found: list[Item]) -> list[Item]:
    if len(found) == 2 and not (found[0].named() and found[1].named()):  # noqa: PLR2004
        first, second = (found[0], found[1]) if found[0].named() or not found[1].named() else (found[1], found[0])
        first.colours += second.colours
        first.sizes += second.sizes
        first.numbers += second.numbers
        if second.explicit:
            first.quantity, first.explicit = second.quantity, True
        return [first]
    return found
