"""What is said of several things at once: `hoodie and tee, both in M`, `cap and gloves in grey`, `two of each`."""

from bots.understanding import data
from bots.understanding.gathering import Item
from bots.understanding.lexicon import Lexicon
from bots.understanding.marks import Mark
from bots.understanding.products import Mention
from bots.understanding.ranking import fits
from bots.understanding.turn import Clause

_SHARED = data.word_set("items_shared")
PER_ONE = frozenset({"each", "every", "je", "jede", "jeden", "jedes", "jeweils"})
TWO = frozenset({"beide", "beides", "both", "beiden"})
_RESPECTIVELY = frozenset({"bzw", "beziehungsweise", "respectively"})
_AND = frozenset({"and", "und", "u", "n"})
_BESIDE = frozenset({"in", "im", "size", "groesse", "gr", "colour", "color", "farbe", "a", "an", "of", "them"})
_KINDS = frozenset({"colour", "size", "number", "quantity"})
_FEW = 20  # products of a word that are looked at one by one


def share(clause: Clause, found: list[Item]) -> None:
    """Give each of the things what is said of all, or of it and the next."""
    words = clause.words()
    if (TWO | _RESPECTIVELY) & set(words):
        _respectively(found)
    for at, word in enumerate(words, clause.first):
        if word in _SHARED:
            _of_all(clause, found, at)
    each = bool(PER_ONE & set(words))
    for item, following in zip(found[-2::-1], found[:0:-1], strict=False):
        if following.chained or each or _paired(clause, item, following):
            _take_over(item, following, amount=each)
    amounts = [item.quantity for item in found if item.explicit]
    if each and len(amounts) == 1:
        for item in found:
            item.quantity, item.explicit = amounts[0], True


def _respectively(found: list[Item]) -> None:
    # `the striped one and the plain one, both M, red and white`: a colour for each, in that order
    named = [item for item in found if item.named() and not item.chained]
    parts = [item for item in found if item.chained and item.colours and not item.explicit]
    if len(named) < 2 or len(named) + len(parts) != len(found) or len(parts) != len(named) - 1:  # noqa: PLR2004
        return
    if not named[-1].colours or any(item.colours for item in named[:-1]):
        return
    colours = [named[-1].colours, *(part.colours for part in parts)]
    for item, colour in zip(named, colours, strict=True):
        item.colours = colour
    found[:] = named


def _take_over(item: Item, other: Item, *, amount: bool) -> None:
    if not item.sizes and not item.numbers:
        item.sizes, item.numbers = list(other.sizes), list(other.numbers)
    if not item.colours:
        item.colours = list(other.colours)
    if item.quantity is None and amount:
        item.quantity, item.explicit = other.quantity, other.explicit


def _of_all(clause: Clause, found: list[Item], at: int) -> None:
    # `A5 and A4, both in grey`: what stands beside the word is of all that was named before it, or follows
    values = _beside(clause, at, 1) or _beside(clause, at, -1)
    named = [item for item in found if item.named() and item.at < at] or found
    if clause.turn.marks.words[at] in TWO and named[-1:] and named[-1].quantity == 2:  # noqa: PLR2004 - both of these
        named = named[-1:]
    for item in named:
        said = Item(
            colours=[mark.value for mark in values if mark.kind == "colour"][:1],
            sizes=[mark.value for mark in values if mark.kind == "size"][:1],
            numbers=[mark.value for mark in values if mark.kind == "number"][:1],
        )
        _take_over(item, said, amount=False)


def _beside(clause: Clause, at: int, way: int) -> list[Mark]:
    marks = clause.turn.marks
    out: list[Mark] = []
    at += way
    while clause.first <= at < clause.last:
        mark = next((one for one in marks.found if one.first <= at < one.last and one.kind in _KINDS), None)
        if mark is None and marks.words[at] not in _BESIDE:
            break
        gap = marks.text.folded[marks.tokens[at - 1].end : marks.tokens[at].start] if at and way > 0 else ""
        if any(sign in gap for sign in ",;:.!?") and mark is not None and mark.first == at:
            break
        if mark is not None and mark not in out:
            out.append(mark)
        at += way
    return out


def _paired(clause: Clause, item: Item, following: Item) -> bool:
    # `Vorder- und Rücklicht in schwarz`, `the cap and gloves in grey`: nothing but an `and` between, values behind both
    if item.mention is None or following.mention is None or item.colours or item.sizes or item.numbers:
        return False
    between = clause.turn.marks.words[item.mention.last : following.mention.first]
    ends = all(at >= following.mention.last for at in _places(clause, following))
    return len(between) == 1 and between[0] in _AND and ends and _made_so(clause.turn.lexicon, item.mention, following)


def _made_so(lexicon: Lexicon, mention: Mention, values: Item) -> bool:
    sizes = values.sizes or [str(number) for number in values.numbers]
    return any(
        fits(lexicon, entry, values.colours[0] if values.colours else None, sizes[0] if sizes else None)
        for entry in lexicon.listed(mention.bits, _FEW)
    )


def _places(clause: Clause, item: Item) -> list[int]:
    values = {*item.colours, *item.sizes, *item.numbers}
    return [mark.first for mark in clause.turn.marks.found if mark.first >= item.at - 2 and mark.value in values]
