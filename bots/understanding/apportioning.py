"""The pieces of one cart line told apart: `one tee in M is enough, the other two in L`."""

from itertools import pairwise

from bots.understanding import carting, data, incart
from bots.understanding.items import Item
from bots.understanding.reading import CartLine, CartOp
from bots.understanding.resolve import Variant, variant
from bots.understanding.turn import Clause

_PART = frozenset({"von", "vom", "davon", "of"})
_REST = data.word_set("apportioning_rest")


def apportion(clause: Clause, found: list[Item]) -> bool:
    """Give the pieces of a line each their own variant; false unless the words tell groups of one line apart."""
    line = _line(clause, found)
    entry = clause.turn.lexicon.entry(line.product) if line is not None else None
    if line is None or entry is None or (counts := _counts(clause, found, line)) is None:
        return False
    lexicon, draft = clause.turn.lexicon, clause.turn.draft
    parts = [variant(item, entry, lexicon, colour=line.colour, size=line.size) for item in found]
    for part, count in zip(parts, counts, strict=True):
        part.quantity = count
    if any(part.tells or part.missing for part in parts):
        before = list(draft.ops)
        for part in parts:
            if part.tells or part.missing:
                carting.put(clause, part)
        draft.ops[:] = before  # the line stays what it is
    else:
        _settle(clause, line, parts)
    draft.act(clause.start, "change_cart", why="a line of the cart otherwise", confidence=0.85)
    return True


def restate(clause: Clause, found: list[Item]) -> bool:
    """Make lines as many as the words count (`so three black and two navy`); false unless each tells its own line."""
    told = [item for item in found if item.mention is None and item.quantity and (item.colours or item.sizes)]
    if len(found) < 2 or len(told) < len(found) or clause.question() or clause.has("more", "less"):  # noqa: PLR2004
        return False
    cart, draft = clause.turn.context.cart, clause.turn.draft
    fitting = [[line for line in cart if incart.line_fits(clause, line, item)] for item in told]
    if any(len(lines) != 1 for lines in fitting) or len({lines[0].line for lines in fitting}) < len(told):
        return False
    for (line,), item in zip(fitting, told, strict=True):
        if item.quantity != line.quantity:
            draft.ops.append(CartOp(op="set_quantity", line=line.line, product=line.product, quantity=item.quantity))
    draft.act(clause.start, "change_cart" if draft.ops else "show_cart", why="a line of the cart otherwise")
    return True


def _line(clause: Clause, found: list[Item]) -> CartLine | None:
    if len(found) < 2 or any(item.ordinal is not None for item in found):  # noqa: PLR2004 - told apart
        return None
    mention = found[0].mention
    if any(item.mention is not None and item.mention is not mention for item in found):
        return None
    lines = incart.lines_named(clause, Item(mention=mention)) if mention else [clause.turn.focus_line()]
    line = lines[0] if len(lines) == 1 else None
    return line if line is not None and line.quantity > 1 else None


def _counts(clause: Clause, found: list[Item], line: CartLine) -> list[int] | None:
    """How many pieces each group has; None where the words speak of no rest, or of more pieces than there are."""
    words = clause.turn.marks.words
    rests = [False, *(bool(_REST & set(words[before.at : item.at])) for before, item in pairwise(found))]
    if not any(rests) and _PART & set(words[clause.first : clause.last]):
        each = [item.quantity or 0 for item in found]
        return each if sum(each) == line.quantity and all(each) else None
    if sum(rests) != 1:
        return None
    told = sum(item.quantity or 1 for item, rest in zip(found, rests, strict=True) if not rest)
    if told >= line.quantity:
        return None
    return [line.quantity - told if rest else item.quantity or 1 for item, rest in zip(found, rests, strict=True)]


def _settle(clause: Clause, line: CartLine, parts: list[Variant]) -> None:
    same = next((part for part in parts if (part.colour, part.size) == (line.colour, line.size)), None)
    stays = same or parts[0]
    if same is None:
        carting.change(clause, line, stays, stays.quantity)
    else:
        clause.turn.draft.ops.append(
            CartOp(op="set_quantity", line=line.line, product=line.product, quantity=same.quantity)
        )
    for part in parts:
        if part is not stays:
            carting.put(clause, part)
