"""Which lines of the cart a change is meant for: those named, described, pointed at, spoken of, or all of them."""

from bots.understanding import attributes, cartlines, data, incart, pointing
from bots.understanding.items import Item
from bots.understanding.reading import CartLine
from bots.understanding.steps import folded, stepped
from bots.understanding.turn import Clause

_EACH = frozenset({"each", "jedem", "beidem", "allem", "jeder"})
_WHOLE = data.word_set("carting_all")
_PREFERRING = frozenset({"instead", "lieber", "prefer", "rather", "statt", "stattdessen"})


def everything(clause: Clause, item: Item) -> list[CartLine]:
    """The lines that can change so, where all of the cart is meant (`make both grey`, `alles in XL`)."""
    turn = clause.turn
    whole = any(word in _WHOLE for word in clause.words())
    each = item.explicit and bool(_EACH & set(clause.words())) and not (item.colours or item.sizes)
    listed = len(turn.context.shown) > 1  # of a list, `both` are two of it
    if not item.named() and (each or (folded(clause, 1) is not None and whole)) and not listed:
        return list(turn.context.cart)
    if not whole or item.named() or item.explicit or listed or not (item.colours or item.sizes):
        return []
    return [line for line in turn.context.cart if takes(clause, line, item)]


def targets(clause: Clause, item: Item, old: list[Item]) -> list[CartLine]:
    """The lines that an item changes; `old` is what the words say they were."""
    if not old and (lines := everything(clause, item)):
        return lines
    line = _target(clause, item, old)
    return [] if line is None else [line]


def _target(clause: Clause, item: Item, old: list[Item]) -> CartLine | None:  # noqa: C901, PLR0911 - the order of questions is the decision
    turn = clause.turn
    cart = turn.context.cart
    if item.mention is not None:
        return _by_old(clause, _named(clause, item), old)
    if item.ordinal is not None and not turn.context.shown:
        return incart.line_at(clause, item.ordinal)
    if len(pointed := _pointed(clause, item)) == 1:
        return pointed[0]
    if not old and describes_lines(clause, item):
        same = _fitting(clause, item)
        return same[0] if len(same) == 1 else None
    for one in old:
        if one.mention is not None and (lines := incart.lines_named(clause, one)):
            return lines[0]
    if (line := turn.focus_line() or _by_colour(clause, item)) is not None:
        return line
    if turn.focus_gone() and not old:
        return None
    if len(same := [one for one in cart if turn.focus and one.product == turn.focus.product]) == 1:
        return same[0]
    if len(cart) == 1:
        return cart[0]
    if old and (match := _by_old(clause, list(cart), old)):
        return match
    possible = [line for line in cart if takes(clause, line, item)]
    return possible[0] if len(possible) == 1 else None


def describes_lines(clause: Clause, item: Item) -> bool:
    """Whether a colour or size tells lines, and what else is said becomes of them (`the black M to three`)."""
    several = len(item.colours) > 1 or len(item.sizes) > 1 or bool(item.colours and item.sizes)
    amount = bool(item.numbers) or item.explicit
    more = several or amount or stepped(clause) or folded(clause, 1) is not None
    if item.named() or not more or not pointing.describes(clause, item.colours, item.sizes):
        return False
    return bool(_fitting(clause, item)) or (amount and _PREFERRING.isdisjoint(clause.words()))


def is_open(clause: Clause, item: Item) -> bool:
    """Whether what an item names may be more than one product of the cart, so that it is to be asked which is meant."""
    return len({line.product for line in _named(clause, item)}) > 1


def _fitting(clause: Clause, item: Item) -> list[CartLine]:
    told = Item(colours=item.colours[:1], sizes=item.sizes[:1])
    cart = clause.turn.context.cart
    same = [line for line in cart if incart.line_fits(clause, line, told)]
    if same or item.explicit or item.numbers or not (told.colours and told.sizes):
        return same
    return [line for line in cart if incart.line_fits(clause, line, Item(colours=told.colours))]


def _pointed(clause: Clause, item: Item) -> list[CartLine]:
    # the others of those named, or the very ones, unless a colour tells of another
    before = cartlines.named_before(clause)
    coloured = _by_colour(clause, item) if before else None
    return [coloured] if coloured is not None else cartlines.others(clause) or before


def _named(clause: Clause, item: Item) -> list[CartLine]:
    # `die Hose lieber in 98`, with another kind of them that has no such size
    lines = incart.lines_named(clause, item)
    if len(lines) < 2 or not (item.sizes or item.colours):  # noqa: PLR2004
        return lines
    return [line for line in lines if takes(clause, line, item)] or lines


def _by_colour(clause: Clause, item: Item) -> CartLine | None:
    # `the white one a size smaller`: with something else to change, a colour says which line.
    if not item.colours or not (item.sizes or item.numbers or item.explicit or stepped(clause)):
        return None
    same = [line for line in clause.turn.context.cart if incart.line_fits(clause, line, Item(colours=item.colours))]
    return same[0] if len(same) == 1 else None


def _by_old(clause: Clause, lines: list[CartLine], old: list[Item]) -> CartLine | None:
    if len(lines) > 1 and old:
        values = old[0]
        wanted = [
            line
            for line in lines
            if incart.line_fits(clause, line, values) and (not values.explicit or line.quantity == values.quantity)
        ]
        if len(wanted) == 1:
            return wanted[0]
    return lines[0] if len(lines) == 1 else None


def takes(clause: Clause, line: CartLine, item: Item) -> bool:
    """Whether the goods of a line come in the size and colour of an item."""
    entry = clause.turn.lexicon.entry(line.product)
    if entry is None:
        return False
    if item.sizes and not (len(entry.sizes) > 1 and attributes.fitting(item.sizes[0], entry.sizes)):
        return False
    if item.colours and not clause.turn.lexicon.colours.among(item.colours[0], entry.colours):
        return False
    if not item.sizes and not item.colours:
        return line.quantity > 1 and item.explicit
    return True
