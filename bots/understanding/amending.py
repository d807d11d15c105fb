"""Lines of the cart otherwise: amount, size, colour, one product for another."""

from itertools import pairwise

from msgspec.structs import replace

from bots.understanding import amendable, attributes, carting, cartlines, contrasts, incart, numbers
from bots.understanding.items import Item
from bots.understanding.reading import CartLine, CartOp, Focus
from bots.understanding.resolve import variant
from bots.understanding.steps import folded, stepped
from bots.understanding.turn import Clause

_PART = frozenset({"von", "davon", "of"})
_ONE_OF = frozenset({("eine", "der"), ("einen", "der"), ("eins", "der"), ("eines", "der"), ("einer", "der")})
_HESITATING = frozenset({"hm", "hmm", "well"})


def change(clause: Clause, *, bold: bool = False) -> bool:
    """Change lines of the cart: amount, size, colour, one product for another. `bold`: bare values are a change."""
    turn, draft = clause.turn, clause.turn.draft
    if not turn.context.cart:
        return False
    found, old = contrasts.new_and_old(clause)
    in_cart = [item for item in found if item.mention is not None and incart.lines_named(clause, item)]
    strangers = [item for item in found if item.mention is not None and not incart.lines_named(clause, item)]
    loose = [item for item in found if not item.named()]
    if strangers and not loose and (gone := _replaced(clause, in_cart, old, strangers[0])):
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
    done, asked, unmet = False, False, []
    if found and cartlines.none_of(clause, old):
        found, unmet = [], old
    for item in found:
        lines = amendable.targets(clause, item, old)
        for line in lines:
            done = apply(clause, line, item, bold=bold) or done
        if not lines and not old and amendable.describes_lines(clause, item):
            unmet.append(item)
        elif not lines and amendable.is_open(clause, item):
            _ask_which(clause, item)
            asked = True
    missed = cartlines.unmet(clause, unmet) or asked
    if done:
        clause.turn.draft.act(clause.start, "change_cart", why="a line of the cart otherwise", confidence=0.85)
    elif missed:
        clause.turn.draft.act(clause.start, "change_cart", why="the cart has no one line of it", confidence=0.7)
    return done or missed


def _ask_which(clause: Clause, item: Item) -> None:
    # what the line is to become stands with the question
    draft = clause.turn.draft
    draft.lack("product")
    sizes = item.sizes or [str(number) for number in item.numbers if clause.turn.lexicon.sizes.read(str(number))]
    draft.values.update(colour=item.colours[0] if item.colours else None, size=sizes[0] if sizes else None)
    draft.values.setdefault("quantity", item.quantity if item.explicit else None)


def _told_otherwise(clause: Clause, item: Item) -> bool:
    # `den Schal doch in Burgunder`, and none is in the cart: how the scarf is to be, not what goes for it
    marks = clause.turn.marks
    if item.mention is None or not (item.colours or item.sizes):
        return False
    behind = [cue for cue in clause.cue("change") if cue.start > marks.tokens[item.mention.last - 1].start]
    values = [mark for kind in ("colour", "size") for mark in marks.of(kind, clause.first, clause.last)]
    return any(marks.tokens[mark.first].start >= cue.end for cue in behind for mark in values)


def _replaced(clause: Clause, in_cart: list[Item], old: list[Item], by: Item) -> CartLine | None:
    for item in old + in_cart:
        if lines := incart.lines_named(clause, item):
            return lines[0]
    focus = clause.turn.focus_line()
    firm = any(_HESITATING.isdisjoint(cue.words.split()) for cue in clause.cue("change"))
    if not firm or clause.has("more", "want") or clause.too() or _told_otherwise(clause, by):
        return None
    return focus


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
