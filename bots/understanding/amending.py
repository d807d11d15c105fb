"""Lines of the cart otherwise: amount, size, colour, one product for another."""

from itertools import pairwise

from msgspec.structs import replace

from bots.understanding import attributes, carting, cartlines, contrasts, data, numbers, pointing
from bots.understanding.items import Item
from bots.understanding.reading import CartLine, CartOp, Focus
from bots.understanding.resolve import variant
from bots.understanding.turn import Clause

_PART = frozenset({"von", "davon", "of"})
_STEPS = {"zwei": 2, "two": 2, "2": 2, "drei": 3, "three": 3, "3": 3}
_DOUBLE = data.word_set("amending_double")
_HALF = data.word_set("amending_half")
_EACH = frozenset({"each", "jedem", "beidem", "allem", "jeder"})
_ONE_OF = frozenset({("eine", "der"), ("einen", "der"), ("eins", "der"), ("eines", "der"), ("einer", "der")})
_PREFERRING = frozenset({"instead", "lieber", "prefer", "rather", "statt", "stattdessen"})
_HESITATING = frozenset({"hm", "hmm", "well"})
_WHOLE = data.word_set("carting_all")


def change(clause: Clause, *, bold: bool = False) -> bool:
    """Change lines of the cart: amount, size, colour, one product for another. `bold`: bare values are a change."""
    turn, draft = clause.turn, clause.turn.draft
    if not turn.context.cart:
        return False
    found, old = contrasts.new_and_old(clause)
    in_cart = [item for item in found if item.mention is not None and cartlines.lines_named(clause, item)]
    strangers = [item for item in found if item.mention is not None and not cartlines.lines_named(clause, item)]
    loose = [item for item in found if not item.named()]
    if strangers and not loose and (gone := _replaced(clause, in_cart, old)):
        _same_size(clause, strangers, gone)
        _same_amount(clause, strangers, gone)
        before = len(draft.ops)
        if carting.add(clause, strangers):
            draft.acts.clear()
            if len(draft.ops) > before:  # what cannot be had takes nothing's place
                draft.ops.insert(0, CartOp(op="remove", line=gone.line, product=gone.product))
            draft.act(clause.start, "change_cart", why="one product for another", confidence=0.8)
            return True
        return False
    meant = [item for item in found or [Item()] * (folded(clause, 1) is not None) if item not in strangers]
    done = _amend(clause, meant, old, bold=bold)
    if strangers and done:
        carting.add(clause, strangers)
    return done


def _amend(clause: Clause, found: list[Item], old: list[Item], *, bold: bool) -> bool:
    # what the words describe as a line of the cart and is none of it, or more than one, changes nothing
    done, unmet = False, []
    if found and cartlines.none_of(clause, old):
        found, unmet = [], old
    for item in found:
        lines = _targets(clause, item, old)
        for line in lines:
            done = apply(clause, line, item, bold=bold) or done
        if not lines and not old and _describes_lines(clause, item):
            unmet.append(item)
    missed = cartlines.unmet(clause, unmet)
    if done:
        clause.turn.draft.act(clause.start, "change_cart", why="a line of the cart otherwise", confidence=0.85)
    elif missed:
        clause.turn.draft.act(clause.start, "change_cart", why="the cart has no one line of it", confidence=0.7)
    return done or missed


def _replaced(clause: Clause, in_cart: list[Item], old: list[Item]) -> CartLine | None:
    for item in old + in_cart:
        if lines := cartlines.lines_named(clause, item):
            return lines[0]
    focus = clause.turn.focus_line()
    firm = any(_HESITATING.isdisjoint(cue.words.split()) for cue in clause.cue("change"))
    return focus if firm and not clause.has("more", "want") and not clause.too() else None


def _same_size(clause: Clause, wanted: list[Item], gone: CartLine) -> None:
    # `swap the trainers for the boots, same size`
    if not clause.has("again", "alike") or gone.size is None:
        return
    for item in wanted:
        if not (item.sizes or item.numbers):
            item.sizes.append(gone.size)


def _same_amount(clause: Clause, wanted: list[Item], gone: CartLine) -> None:
    # `the lamb for the salmon`: goods of one kind, as many as before
    lexicon = clause.turn.lexicon
    kind = lexicon.entry(gone.product)
    if kind is None or len(wanted) != 1 or wanted[0].quantity is not None:
        return
    other = carting.goods_of(clause, wanted[0])
    if other is not None and other.category == kind.category:
        wanted[0].quantity, wanted[0].explicit = gone.quantity, True


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
    return [line for line in turn.context.cart if _takes(clause, line, item)]


def _targets(clause: Clause, item: Item, old: list[Item]) -> list[CartLine]:
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
        return cartlines.line_at(clause, item.ordinal)
    if len(pointed := _pointed(clause, item)) == 1:
        return pointed[0]
    if not old and _describes_lines(clause, item):
        same = _fitting(clause, item)
        return same[0] if len(same) == 1 else None
    for one in old:
        if one.mention is not None and (lines := cartlines.lines_named(clause, one)):
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
    possible = [line for line in cart if _takes(clause, line, item)]
    return possible[0] if len(possible) == 1 else None


def _describes_lines(clause: Clause, item: Item) -> bool:
    # `the black M to three`: a colour or size tells lines, and what else is said becomes of them
    several = len(item.colours) > 1 or len(item.sizes) > 1 or bool(item.colours and item.sizes)
    amount = bool(item.numbers) or item.explicit
    more = several or amount or stepped(clause) or folded(clause, 1) is not None
    if item.named() or not more or not pointing.describes(clause, item.colours, item.sizes):
        return False
    return bool(_fitting(clause, item)) or (amount and _PREFERRING.isdisjoint(clause.words()))


def _fitting(clause: Clause, item: Item) -> list[CartLine]:
    told = Item(colours=item.colours[:1], sizes=item.sizes[:1])
    cart = clause.turn.context.cart
    same = [line for line in cart if cartlines.line_fits(clause, line, told)]
    if same or item.explicit or item.numbers or not (told.colours and told.sizes):
        return same
    return [line for line in cart if cartlines.line_fits(clause, line, Item(colours=told.colours))]


def _pointed(clause: Clause, item: Item) -> list[CartLine]:
    # the others of those named, or the very ones, unless a colour tells of another
    before = cartlines.named_before(clause)
    coloured = _by_colour(clause, item) if before else None
    return [coloured] if coloured is not None else cartlines.others(clause) or before


def _named(clause: Clause, item: Item) -> list[CartLine]:
    # `die Hose lieber in 98`, with another kind of them that has no such size
    lines = cartlines.lines_named(clause, item)
    if len(lines) < 2 or not (item.sizes or item.colours):  # noqa: PLR2004
        return lines
    return [line for line in lines if _takes(clause, line, item)] or lines


def _by_colour(clause: Clause, item: Item) -> CartLine | None:
    # `the white one a size smaller`: with something else to change, a colour says which line.
    if not item.colours or not (item.sizes or item.numbers or item.explicit or stepped(clause)):
        return None
    same = [line for line in clause.turn.context.cart if cartlines.line_fits(clause, line, Item(colours=item.colours))]
    return same[0] if len(same) == 1 else None


def _by_old(clause: Clause, lines: list[CartLine], old: list[Item]) -> CartLine | None:
    if len(lines) > 1 and old:
        values = old[0]
        wanted = [
            line
            for line in lines
            if cartlines.line_fits(clause, line, values) and (not values.explicit or line.quantity == values.quantity)
        ]
        if len(wanted) == 1:
            return wanted[0]
    return lines[0] if len(lines) == 1 else None


def _takes(clause: Clause, line: CartLine, item: Item) -> bool:
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


def apply(clause: Clause, line: CartLine, item: Item, *, bold: bool) -> bool:  # noqa: C901, PLR0912 - the order of questions is the decision
    """Change one line of the cart to what an item says; false when it says nothing of it."""
    turn, draft = clause.turn, clause.turn.draft
    entry = turn.lexicon.entry(line.product)
    if entry is None:
        return False
    line = _as_drafted(clause, line)
    colours = [
        colour
        for colour in item.colours
        if line.colour is None or turn.lexicon.colours.among(colour, [line.colour]) == []
    ]
    if (whole := "/".join(map(str, item.numbers))) in entry.sizes and not item.sizes:
        item.sizes, item.numbers = [whole], []  # `to thirty three thirty two`
    if len(item.numbers) > 1 and not item.sizes:
        item.numbers = item.numbers[-1:]  # `make 4 of the 2 shirts`
    wanted = Item(
        colours=colours or ([] if not item.colours else item.colours),
        sizes=list(item.sizes),
        numbers=list(item.numbers),
        quantity=item.quantity,
        explicit=item.explicit,
    )
    if not bold and not item.explicit and item.quantity is not None and clause.has("only"):
        wanted.explicit = True
    if (by := stepped(clause)) and line.size and not wanted.sizes:
        wanted.sizes = [size] if (size := attributes.step(line.size, entry.sizes, by)) else []
        wanted.explicit = wanted.explicit and wanted.quantity != abs(by)  # `zwei Nummern größer` counts sizes
    if not (wanted.sizes or wanted.numbers) and (size := carting.described_size(clause, entry.sizes)):
        wanted.sizes = [size]
    found = variant(wanted, entry, turn.lexicon, colour=line.colour, size=line.size)
    quantity = found.quantity if wanted.explicit else line.quantity
    if (fold := folded(clause, line.quantity)) is not None:
        quantity = fold
    if found.tells or found.missing:
        draft.values["product"] = entry.id
        draft.values["colour"] = found.asked_colour or line.colour
        draft.values["size"] = found.asked_size or line.size
        for word in found.tells:
            draft.tell(word)
        draft.size_candidates[:] = found.size_candidates
        draft.lack(*found.missing)
        return True
    before = next((one for one in turn.context.cart if one.line == line.line), line)
    if _of_several(clause, wanted, line) and (found.colour, found.size) != (line.colour, line.size):
        draft.ops.append(
            CartOp(op="set_quantity", line=line.line, product=line.product, quantity=line.quantity - quantity)
        )
        carting.put(clause, found)
        return True
    if quantity and (found.colour, found.size) != (before.colour, before.size):
        draft.ops[:] = [op for op in draft.ops if op.line != line.line]
        carting.change(clause, line, found, max(quantity, 1))
    elif quantity == 0:
        draft.ops.append(CartOp(op="remove", line=line.line, product=line.product))
    elif quantity != line.quantity:
        draft.ops.append(
            CartOp(op="set_quantity", line=line.line, product=line.product, quantity=min(quantity, numbers.LARGEST))
        )
    else:
        return wanted.explicit or bool(item.sizes or item.colours)
    turn.focus = Focus(product=line.product, colour=found.colour, size=found.size, line=line.line)
    return True


def _of_several(clause: Clause, wanted: Item, line: CartLine) -> bool:
    # `eins von den Shirts lieber in schwarz`: the others stay as they are
    words = clause.words()
    parted = bool(_PART & set(words)) or any(pair in _ONE_OF for pair in pairwise(words))
    parted = parted or (clause.has("change") and _counted_goods(clause, line))
    return parted and not clause.has("only") and wanted.explicit and 0 < (wanted.quantity or 0) < line.quantity


def _counted_goods(clause: Clause, line: CartLine) -> bool:
    # `change one bowl to mint`: an amount right before the goods, and fewer than there are
    goods = clause.turn.lexicon.bits([line.product])
    counts = {mark.last for mark in clause.turn.marks.of("quantity") if clause.first < mark.first}
    return any(one.bits & goods and one.first in counts for one in clause.mentions())


def _as_drafted(clause: Clause, line: CartLine) -> CartLine:
    # `the tee should be white. and just one`: one change on top of the other is one change.
    ops = clause.turn.draft.ops
    before = next((op for op in ops if op.line == line.line and op.op == "change_variant"), None)
    if before is None:
        return line
    return replace(line, colour=before.colour, size=before.size, quantity=before.quantity or line.quantity)


def folded(clause: Clause, quantity: int) -> int | None:
    """What an amount comes to where the words multiply or halve it (`double it`, `everything times two`), or None."""
    words = clause.words()
    if _DOUBLE & set(words):
        return quantity * 2
    if _HALF & set(words):
        return quantity // 2 if quantity > 1 else quantity
    times = next((_STEPS[words[at + 1]] for at in range(len(words) - 1) if _times(words, at)), None)
    return None if times is None else quantity * times


def _times(words: list[str], at: int) -> bool:
    return words[at] == "times" and words[at + 1] in _STEPS


def stepped(clause: Clause) -> int:
    """How many sizes up or down the words ask for (`eine Nummer größer`); 0 when they do not."""
    steps = [(1, one) for one in clause.cue("step_up")] + [(-1, one) for one in clause.cue("step_down")]
    if not steps:
        return 0
    way, said = steps[0]
    return way * next((count for word in said.words.split() if (count := _STEPS.get(word))), 1)
