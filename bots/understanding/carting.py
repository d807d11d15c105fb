"""Changes to the cart: what is added, changed, taken out or bought again. Only variants that exist and can be bought."""

import re

from bots.understanding import attributes, numbers, shopping, stems
from bots.understanding.items import Item, items
from bots.understanding.lexicon import Entry
from bots.understanding.products import ranked
from bots.understanding.reading import CartLine, CartOp, Focus, OrderLine, PastOrder
from bots.understanding.resolve import Variant, product, variant
from bots.understanding.turn import Clause

_EXCEPT = re.compile(
    r"\b(ausser|bis auf|except|but not|but keep|nur .* behalten|only keep|keep only|apart from|other than|everything but|alles ohne)\b"
)
_ALL = frozenset(
    stems.fold(word)
    for word in ("alle", "all", "alles", "everything", "sämtliche", "komplett", "beide", "both", "beides")
)
_OLD = frozenset({"statt", "anstatt", "anstelle"})
_STOCK_LIMIT = 100


def add(clause: Clause, found: list[Item], *, lenient: bool = False) -> bool:
    """Add every item that resolves; false when none names goods. Unclear goods become a search with candidates."""
    turn, draft = clause.turn, clause.turn.draft
    done = False
    unclear: list[Entry] = []
    for item in found:
        entry, candidates = _goods(clause, item)
        if entry is None:
            unclear += candidates
            continue
        colour, size = _defaults(clause, item, entry)
        put(clause, variant(item, entry, turn.lexicon, colour=colour, size=size))
        done = True
    if done:
        draft.act(clause.start, "add_to_cart", why="goods wanted", confidence=0.85)
    elif unclear and lenient:
        draft.lack("product")
    return done


def put(clause: Clause, found: Variant) -> None:
    """The operation for a variant, or what stands in its way."""
    draft = clause.turn.draft
    entry = found.entry
    clause.turn.focus = Focus(product=entry.id, colour=found.colour, size=found.size)
    if not found.buyable():
        draft.values["product"] = entry.id
        draft.values["colour"] = found.colour or found.asked_colour
        draft.values["size"] = found.size or found.asked_size
        for word in found.tells:
            draft.tell(word)
        draft.tell("alternatives")
        return
    draft.lack(*found.missing)
    if found.size_candidates:
        draft.size_candidates[:] = found.size_candidates
    if found.quantity > _STOCK_LIMIT:
        draft.tell("stock_limit")
    if found.quantity < 1:
        return
    op = CartOp(op="add", product=entry.id, colour=found.colour, size=found.size, quantity=found.quantity)
    same = next(
        (
            at
            for at, one in enumerate(draft.ops)
            if one.op == "add" and (one.product, one.colour, one.size) == (op.product, op.colour, op.size)
        ),
        None,
    )
    if same is None:
        draft.ops.append(op)


def _goods(clause: Clause, item: Item) -> tuple[Entry | None, list[Entry]]:
    turn = clause.turn
    if item.ordinal is not None:
        entry = shopping.at_place(turn.shown(), item.ordinal)
        if entry is not None:
            turn.draft.numbers.append(turn.context.shown.index(entry.id) + 1)
        return entry, []
    if item.mention is not None:
        shown = turn.shown()
        pools = [[entry.id for entry in shown], [turn.focus.product] if turn.focus else []]
        for pool in pools:
            if pool and item.mention.bits & turn.lexicon.bits(pool):
                entry, candidates = product(item, turn.lexicon, turn.lexicon.bits(pool))
                if entry is not None and (len(candidates) == 1 or item.mention.senses > 1):
                    everywhere, _ = product(item, turn.lexicon)
                    if everywhere is None or everywhere.id == entry.id or shopping.fits_words(turn, entry, item):
                        return entry, candidates
        return product(item, turn.lexicon)
    if (entry := shopping.superlative(clause)) is not None:
        return entry, []
    if turn.focus is not None and (focused := turn.lexicon.entry(turn.focus.product)) is not None:
        return focused, []
    if (entry := shopping.among_shown(clause, item) or shopping.described_shown(clause)) is not None:
        return entry, []
    shown = turn.shown()
    return (shown[0], []) if len(shown) == 1 else (None, [])


def _defaults(clause: Clause, item: Item, entry: Entry) -> tuple[str | None, str | None]:
    focus = clause.turn.focus
    if focus is None or focus.product != entry.id:
        lines = [line for line in clause.turn.context.cart if line.product == entry.id]
        if len(lines) == 1 and clause.has("more") and not item.colours and not item.sizes:
            return lines[0].colour, lines[0].size
        return None, None
    again = clause.has("more", "again") and not item.sizes and not item.numbers
    return (None if item.colours else focus.colour), (focus.size if again or focus.line is None else None)


def remove(clause: Clause) -> bool:
    """Take lines out, or lower their amount; false when nothing in the cart is meant."""
    turn, draft = clause.turn, clause.turn.draft
    cart = turn.context.cart
    if not cart:
        return False
    found = items(clause)
    if _EXCEPT.search(clause.text()):
        kept = {line.line for item in found if item.mention for line in lines_named(clause, item)}
        if kept:
            draft.ops += [
                CartOp(op="remove", line=line.line, product=line.product) for line in cart if line.line not in kept
            ]
            draft.act(clause.start, "remove_from_cart", why="everything but what is named")
            return True
    done = False
    strangers = [item for item in found if item.mention is not None and not lines_named(clause, item)]
    for item in found or [Item()]:
        if item in strangers:
            continue
        for line in _removable(clause, item):
            _take_out(clause, line, item)
            done = True
    if done:
        draft.act(clause.start, "remove_from_cart", why="a line of the cart not wanted")
        rest = [item for item in strangers if clause.has("change", "want")]
        if rest:
            add(clause, rest)
    return done


def _removable(clause: Clause, item: Item) -> list[CartLine]:
    turn = clause.turn
    cart = turn.context.cart
    if item.mention is not None:
        return lines_named(clause, item)
    if item.ordinal is not None:
        return [line] if (line := _line_at(clause, item.ordinal)) else []
    if item.colours or item.sizes:
        same = [line for line in cart if _line_fits(clause, line, item)]
        if len(same) == 1:
            return same
    if any(word in _ALL for word in clause.words()):
        return list(cart)
    if (line := turn.focus_line()) is not None:
        return [line]
    if len(cart) == 1:
        return [cart[0]]
    return []


def _line_at(clause: Clause, place: int) -> CartLine | None:
    cart = clause.turn.context.cart
    at = place - 1 if place > 0 else place
    return cart[at] if place and -len(cart) <= at < len(cart) else None


def _take_out(clause: Clause, line: CartLine, item: Item) -> None:
    draft = clause.turn.draft
    amount = item.quantity if item.quantity is not None else (item.numbers[0] if item.numbers else None)
    if any(op.line == line.line for op in draft.ops):
        return
    if amount is not None and 0 < amount < line.quantity:
        draft.ops.append(
            CartOp(op="set_quantity", line=line.line, product=line.product, quantity=line.quantity - amount)
        )
    else:
        draft.ops.append(CartOp(op="remove", line=line.line, product=line.product))


def lines_named(clause: Clause, item: Item) -> list[CartLine]:
    """The cart lines an item's words name; colour and size tell two lines of the same goods apart."""
    turn = clause.turn
    if item.mention is None:
        return []
    cart = turn.context.cart
    pool = turn.lexicon.bits(line.product for line in cart)
    scored = ranked(item.mention, turn.lexicon, pool)
    if not scored:
        return []
    names = {entry.id for score, entry in scored if score >= scored[0][0] - 0.15}
    lines = [line for line in cart if line.product in names]
    if len(lines) > 1:
        narrowed = [line for line in lines if _line_fits(clause, line, Item(colours=item.colours))]
        lines = narrowed or lines
        narrowed = [line for line in lines if _line_fits(clause, line, item)]
        lines = narrowed or lines
    return lines


def _line_fits(clause: Clause, line: CartLine, item: Item) -> bool:
    lexicon = clause.turn.lexicon
    colours = not item.colours or (
        line.colour is not None and lexicon.colours.among(item.colours[0], [line.colour]) != []
    )
    sizes = not item.sizes or line.size == item.sizes[0]
    return colours and sizes


def change(clause: Clause, *, bold: bool = False) -> bool:
    """Change lines of the cart: amount, size, colour, or one product for another. `bold` takes bare values for a change."""
    turn, draft = clause.turn, clause.turn.draft
    if not turn.context.cart:
        return False
    found, old = _new_and_old(clause)
    done = False
    in_cart = [item for item in found if item.mention is not None and lines_named(clause, item)]
    strangers = [item for item in found if item.mention is not None and not lines_named(clause, item)]
    loose = [item for item in found if not item.named()]
    if strangers and not loose and (gone := _replaced(clause, in_cart, old)):
        if add(clause, strangers):
            draft.acts.clear()
            draft.ops.insert(0, CartOp(op="remove", line=gone.line, product=gone.product))
            draft.act(clause.start, "change_cart", why="one product for another", confidence=0.8)
            return True
        return False
    for item in found:
        if item in strangers:
            continue
        line = _target(clause, item, old)
        if line is None:
            continue
        done = _apply(clause, line, item, bold=bold) or done
    if done:
        draft.act(clause.start, "change_cart", why="a line of the cart otherwise", confidence=0.85)
    if strangers and done:
        add(clause, strangers)
    return done


def _replaced(clause: Clause, in_cart: list[Item], old: list[Item]) -> CartLine | None:
    for item in old + in_cart:
        if lines := lines_named(clause, item):
            return lines[0]
    focus = clause.turn.focus_line()
    return focus if clause.has("change") and not clause.has("more", "want") else None


def _new_and_old(clause: Clause) -> tuple[list[Item], list[Item]]:
    turn = clause.turn
    words = turn.marks.words
    place = next((at for at in range(clause.first, clause.last) if words[at] in _OLD), None)
    width = 1
    if place is None:
        place = next(
            (at for at in range(clause.first, clause.last - 1) if words[at] == "instead" and words[at + 1] == "of"),
            None,
        )
        width = 2
    if place is None:
        place, width = contrasted(clause), 1
    if place is None:
        return items(clause), []
    end = _old_end(clause, place + width)
    before, after = Clause(turn, clause.first, place), Clause(turn, end, clause.last)
    new = [item for part in (before, after) if part.last > part.first for item in items(part)]
    new = _one_item(new)
    return new, items(Clause(turn, place + width, end)) if end > place + width else []


def contrasted(clause: Clause) -> int | None:
    """Where a value is ruled out right after another of its kind was given (`S, not M`), or None."""
    marks = clause.turn.marks
    for at in range(clause.first, clause.last - 1):
        if marks.words[at] in {"not", "nicht", "kein", "keine"}:
            gone = next(
                (
                    mark
                    for mark in marks.found
                    if mark.first == at + 1 and mark.kind in {"size", "colour", "number", "quantity"}
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
    seen = False
    for at in range(begin, clause.last):
        if turn.marks.words[at] in stops:
            return at
        gap = turn.marks.text.folded[turn.marks.tokens[at - 1].end : turn.marks.tokens[at].start]
        if seen and "," in gap:
            return at
        marked = any(mark.first <= at < mark.last and mark.hint != "article" for mark in turn.marks.found)
        named = any(mention.first <= at < mention.last for mention in turn.mentions)
        if marked and seen and not named:
            return at
        seen = seen or marked or named
    return clause.last


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


def _target(clause: Clause, item: Item, old: list[Item]) -> CartLine | None:
    turn = clause.turn
    cart = turn.context.cart
    if item.mention is not None:
        lines = lines_named(clause, item)
        return _by_old(clause, lines, old)
    if item.ordinal is not None and not turn.context.shown:
        return _line_at(clause, item.ordinal)
    for one in old:
        if one.mention is not None and (lines := lines_named(clause, one)):
            return lines[0]
    if (line := turn.focus_line()) is not None:
        return line
    if len(cart) == 1:
        return cart[0]
    if old and (match := _by_old(clause, list(cart), old)):
        return match
    possible = [line for line in cart if _takes(clause, line, item)]
    return possible[0] if len(possible) == 1 else None


def _by_old(clause: Clause, lines: list[CartLine], old: list[Item]) -> CartLine | None:
    if len(lines) > 1 and old:
        values = old[0]
        wanted = [
            line
            for line in lines
            if _line_fits(clause, line, values) and (not values.explicit or line.quantity == values.quantity)
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


def _apply(clause: Clause, line: CartLine, item: Item, *, bold: bool) -> bool:
    turn, draft = clause.turn, clause.turn.draft
    entry = turn.lexicon.entry(line.product)
    if entry is None:
        return False
    colours = [
        colour
        for colour in item.colours
        if line.colour is None or turn.lexicon.colours.among(colour, [line.colour]) == []
    ]
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
    found = variant(wanted, entry, turn.lexicon, colour=line.colour, size=line.size)
    quantity = found.quantity if wanted.explicit else line.quantity
    if any(word in {"doppelt", "double", "verdoppeln", "verdopple"} for word in clause.words()):
        quantity = line.quantity * 2
    if found.tells or found.missing:
        draft.values["product"] = entry.id
        draft.values["colour"] = found.asked_colour or line.colour
        draft.values["size"] = found.asked_size or line.size
        for word in found.tells:
            draft.tell(word)
        draft.size_candidates[:] = found.size_candidates
        draft.lack(*found.missing)
        return True
    if (found.colour, found.size) != (line.colour, line.size):
        draft.ops.append(
            CartOp(
                op="change_variant",
                line=line.line,
                product=line.product,
                colour=found.colour,
                size=found.size,
                quantity=max(quantity, 1),
            )
        )
    elif quantity == 0:
        draft.ops.append(CartOp(op="remove", line=line.line, product=line.product))
    elif quantity != line.quantity:
        draft.ops.append(
            CartOp(op="set_quantity", line=line.line, product=line.product, quantity=min(quantity, numbers.LARGEST))
        )
    else:
        return item.explicit or bool(item.sizes or item.colours)
    turn.focus = Focus(product=line.product, colour=found.colour, size=found.size, line=line.line)
    return True


def stepped(clause: Clause) -> int:
    """How many sizes up or down the words ask for (`eine Nummer größer`); 0 when they do not."""
    return 1 if clause.has("step_up") else -1 if clause.has("step_down") else 0


def reorder(clause: Clause) -> bool:
    """Buy again what an own order holds: same colour, size and amount, unless the words say otherwise."""
    turn, draft = clause.turn, clause.turn.draft
    orders = recent(turn.context.orders)
    if not orders:
        return False
    found = [item for item in items(clause) if item.mention is not None]
    overrides = next((item for item in items(clause) if item.mention is None), Item())
    if turn.marks.order_numbers:
        orders = [order for order in orders if order.number in turn.marks.order_numbers]
    if not found:
        if (
            not turn.marks.order_numbers
            and not clause.has("whole")
            and not any(mark.kind == "order" for mark in turn.marks.found)
        ):
            draft.lack("product")
            draft.act(clause.start, "reorder", why="something again, not said what", confidence=0.5)
            return True
        if any(mark.kind == "order" and mark.value is None for mark in turn.marks.found):
            draft.tell("not_your_order")
            draft.act(clause.start, "reorder", why="an order that is not this person's")
            return True
        lines = _last_lines(clause, orders)
        for line in lines:
            _again(clause, line, overrides if len(lines) == 1 else Item(quantity=overrides.quantity, explicit=False))
        draft.act(clause.start, "reorder", why=f"order {orders[0].number} again")
        return True
    done = False
    for item in found:
        line = bought(clause, item, orders)
        if line is None:
            continue
        _again(clause, line, item)
        done = True
    if done:
        draft.act(clause.start, "reorder", why="bought before", confidence=0.95)
    return done


def _last_lines(clause: Clause, orders: list[PastOrder]) -> tuple[OrderLine, ...]:
    latest = clause.turn.context.latest_order
    chosen = next((order for order in orders if order.number == latest), orders[0])
    return chosen.lines


def recent(orders: tuple[PastOrder, ...]) -> list[PastOrder]:
    """Orders, the newest first; cancelled ones last."""
    return sorted(orders, key=lambda order: (order.status in {"cancelled", "expired"}, order.days_ago))


def bought(clause: Clause, item: Item, orders: list[PastOrder]) -> OrderLine | None:
    """The line of the newest order that an item's words mean; kept goods before returned ones."""
    turn = clause.turn
    if item.mention is None:
        return None
    lines = [line for order in orders for line in order.lines]
    scored = ranked(item.mention, turn.lexicon, turn.lexicon.bits(line.product for line in lines))
    if not scored:
        return None
    names = {entry.id for score, entry in scored if score >= scored[0][0] - 0.25}
    same = [line for line in lines if line.product in names]
    coloured = [
        line
        for line in same
        if not item.colours or (line.colour and turn.lexicon.colours.among(item.colours[0], [line.colour]))
    ]
    kept = [line for line in coloured if line.kept]
    return next(iter(kept or coloured or same), None)


def _again(clause: Clause, line: OrderLine, item: Item) -> None:
    entry = clause.turn.lexicon.entry(line.product)
    if entry is None:
        return
    wanted = Item(
        colours=list(item.colours),
        sizes=list(item.sizes),
        numbers=list(item.numbers),
        quantity=item.quantity,
        explicit=item.explicit,
    )
    if (by := stepped(clause)) and line.size and not wanted.sizes:
        wanted.sizes = [size] if (size := attributes.step(line.size, entry.sizes, by)) else []
    found = variant(wanted, entry, clause.turn.lexicon, colour=line.colour, size=line.size)
    if not wanted.explicit:
        found.quantity = line.quantity
    put(clause, found)


def goods_of(clause: Clause, item: Item) -> Entry | None:
    """The goods an item means here: from the list, the focus, or the catalogue; None when it is not clear which."""
    return _goods(clause, item)[0]
