"""What goes into the cart: items that come to a variant that can be bought, or what stands in their way."""

from msgspec.structs import replace

from bots.understanding import attributes, materials, packs, pointing, shopping
from bots.understanding.entries import Entry
from bots.understanding.items import Item, items
from bots.understanding.ranking import is_title
from bots.understanding.reading import CartLine, CartOp, Focus, Refused, Unclear
from bots.understanding.resolve import Variant, product, variant
from bots.understanding.turn import Clause

_STOCK_LIMIT = 100
_BIG = frozenset({"big", "gross", "grosse", "grossen", "large", "lange", "langen", "long"})
_LITTLE = frozenset({"klein", "kleine", "kleinen", "kurze", "kurzen", "little", "mini", "short", "small"})
_BOTH = frozenset({"beide", "beiden", "both"})
_EACH = frozenset({"each", "both", "jedem", "beidem", "beiden", "allem", "allen"})


def add(clause: Clause, found: list[Item], *, lenient: bool = False) -> bool:
    """Add every item that resolves; false when none names goods. Unclear goods become a search with candidates."""
    turn, draft = clause.turn, clause.turn.draft
    done = False
    unclear: list[tuple[Item, list[Entry]]] = []
    goods = [(item, *_goods(clause, item)) for item in found]
    for item, told, candidates in goods:
        entry = told or next((one for other, one, _ in goods if one in candidates and _same_name(item, other)), None)
        if entry is None:
            unclear += [(item, candidates)] if item.mention is not None else []
            continue
        if item.mention is not None and materials.contradicts(clause, item.mention, entry):
            draft.tell("nothing_found")
            draft.tell("alternatives")
            continue
        rule_out(clause, item, entry)
        _alike(clause, item, found)
        if not (item.sizes or item.numbers) and (size := described_size(clause, entry.sizes)):
            item.sizes.append(size)
        colour, size = _defaults(clause, item, entry)
        for one in _coloured(clause, item, entry):
            put(clause, variant(one, entry, turn.lexicon, colour=colour, size=size))
        done = True
    if done:
        draft.unclear += [_unclear(clause, item, candidates) for item, candidates in unclear]
        draft.act(clause.start, "add_to_cart", why="goods wanted", confidence=0.85)
    elif lenient and any(candidates for _, candidates in unclear):
        draft.lack("product")
    return done


def _unclear(clause: Clause, item: Item, candidates: list[Entry]) -> Unclear:
    first, last = (item.mention.first, item.mention.last) if item.mention is not None else (item.at, item.at + 1)
    sizes = item.sizes or [str(number) for number in item.numbers]
    return Unclear(
        products=tuple(entry.id for entry in candidates),
        words=" ".join(token.raw for token in clause.turn.marks.tokens[first:last]),
        colour=item.colours[0] if item.colours else None,
        size=sizes[0] if sizes else None,
        quantity=item.quantity,
    )


def _same_name(item: Item, other: Item) -> bool:
    # `T-shirts: 2x M, 1x XXL`: what one of them comes to, the others are too
    return item.mention is not None and item.mention == other.mention


def _alike(clause: Clause, item: Item, found: list[Item]) -> None:
    # `and the boots in the same size`: as what was wanted before, or spoken of
    later = [one.at for one in found if one.at > item.at]
    words = clause.turn.marks.tokens
    end = words[min(later)].start if later else clause.end
    said = [one.words for one in clause.cue("alike") if words[item.at].start <= one.start < end]
    before = clause.turn.draft.ops[-1] if clause.turn.draft.ops else clause.turn.focus
    if not said or before is None:
        return
    if not said[0].endswith(("colour", "color", "farbe")) and before.size and not (item.sizes or item.numbers):
        item.sizes.append(before.size)
    elif said[0].endswith(("colour", "color", "farbe")) and before.colour and not item.colours:
        item.colours.append(clause.turn.lexicon.colours.canonical(before.colour))


def described_size(clause: Clause, sizes: tuple[str, ...]) -> str | None:
    """The size that words like `the big one` mean: of two, or the end of a row of measures."""
    sizes_said = {at for mark in clause.turn.marks.of("size") for at in range(mark.first, mark.last)}
    said = {word for at, word in enumerate(clause.words(), clause.first) if at not in sizes_said}
    big, little = said & _BIG or clause.has("big"), said & _LITTLE or clause.has("little")
    asked = "L" if big else "S" if little else ""
    return attributes.end_of_row(asked, sizes)


def _coloured(clause: Clause, item: Item, entry: Entry) -> list[Item]:
    # `vom ersten eins in jeder Farbe`
    both = bool(_BOTH & set(clause.words())) and len(entry.colours) != 2  # noqa: PLR2004
    if item.colours or both or not clause.has("every_colour"):
        return [item]
    return [
        replace(item, colours=[colour], sizes=list(item.sizes), numbers=list(item.numbers)) for colour in entry.colours
    ]


def more_of_all(clause: Clause) -> bool:
    """Add as many again of every line of the cart (`one more of each`); false where that is not said."""
    each = any(word in _EACH for word in clause.words()) and not clause.has("every_colour")
    if not each or not clause.has("more"):
        return False
    draft, found = clause.turn.draft, items(clause)
    if any(item.named() or item.colours or item.sizes for item in found):
        return False
    amount = next((item.quantity for item in found if item.quantity), 1)
    for line in clause.turn.context.cart:
        draft.ops.append(CartOp(op="add", product=line.product, colour=line.colour, size=line.size, quantity=amount))
    draft.act(clause.start, "add_to_cart", why="of every line of the cart", confidence=0.8)
    return True


def rule_out(clause: Clause, item: Item, entry: Entry) -> None:
    """Take refused colours from what is wanted; of two, the other is meant (`the second, but not in red`)."""
    colours = clause.turn.lexicon.colours
    refused = {mark.value for mark in pointing.refused(clause)}
    if not refused or not set(item.colours) <= refused:
        return
    left = [one for one in entry.colours if not any(colours.among(colour, [one]) for colour in refused)]
    item.colours = left if len(left) == 1 else []


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
        draft.refused.append(
            Refused(
                product=entry.id, tells=tuple(found.tells),
                colour=draft.values["colour"], size=draft.values["size"],
            )
        )  # fmt: skip
        return
    draft.lack(*found.missing)
    if found.size_candidates:
        draft.size_candidates[:] = found.size_candidates
    if found.quantity > _STOCK_LIMIT:
        draft.tell("stock_limit")
    if found.quantity < 1:
        return
    op = CartOp(op="add", product=entry.id, colour=found.colour, size=found.size, quantity=found.quantity)
    same = next((one for one in draft.ops if one.op == "add" and _same_goods(one, op)), None)
    changed = next(
        (at for at, one in enumerate(draft.ops) if one.op == "change_variant" and _same_goods(one, op)), None
    )
    if changed is not None:  # `the tees in white, and one more`: the line is to hold one more
        draft.ops[changed] = replace(draft.ops[changed], quantity=(draft.ops[changed].quantity or 1) + found.quantity)
    elif same is None:
        draft.ops.append(op)


def change(clause: Clause, line: CartLine, wanted: Variant, quantity: int) -> None:
    """The operation that makes a line so many of the variant wanted."""
    op = CartOp(op="change_variant", product=line.product, colour=wanted.colour, size=wanted.size, line=line.line)
    clause.turn.draft.ops.append(replace(op, quantity=quantity))


def _same_goods(one: CartOp, other: CartOp) -> bool:
    return (one.product, one.colour, one.size) == (other.product, other.colour, other.size)


def goods_of(clause: Clause, item: Item) -> Entry | None:
    """The goods an item means here: from the list, the focus, or the catalogue; None when it is not clear which."""
    return _goods(clause, item)[0]


def _goods(clause: Clause, item: Item) -> tuple[Entry | None, list[Entry]]:  # noqa: C901, PLR0911, PLR0912 - the order of questions is the decision
    turn = clause.turn
    if item.ordinal is not None:
        entry = shopping.at_place(turn.shown(), item.ordinal)
        if entry is not None:
            turn.draft.numbers.append(turn.context.shown.index(entry.id) + 1)
        return entry, []
    if item.mention is not None:
        if (told := materials.told_by_use(clause, item.mention)) is not None:
            return told, []
        if (named := shopping.titled(turn, item)) is not None:
            return named, []
        shown = turn.shown()
        pools = [[entry.id for entry in shown], [turn.focus.product] if turn.focus else []]
        for pool in pools:
            if pool and item.mention.bits & turn.lexicon.bits(pool):
                entry, candidates = product(item, turn.lexicon, turn.lexicon.bits(pool))
                if entry is not None and (len(candidates) == 1 or item.mention.senses > 1):
                    everywhere, _ = product(item, turn.lexicon)
                    if everywhere is None or everywhere.id == entry.id or shopping.fits_words(turn, entry, item):
                        return entry, candidates
        named, candidates = product(item, turn.lexicon)
        return named or packs.told_by_pack(clause, candidates) or _called_so(clause, item, candidates), candidates
    if (entry := shopping.superlative(clause)) is not None:
        return entry, []
    if (line := line_in(clause, item)) is not None:
        return turn.lexicon.entry(line.product), []
    if turn.focus is not None and (focused := turn.lexicon.entry(turn.focus.product)) is not None:
        return focused, []
    if (entry := shopping.among_shown(clause, item) or shopping.described_shown(clause)) is not None:
        return entry, []
    if len(shown := turn.shown()) == 1:
        return shown[0], []
    line = turn.only_line() if clause.has("more", "again") else None
    return (turn.lexicon.entry(line.product), []) if line is not None else (None, [])


def _called_so(clause: Clause, item: Item, candidates: list[Entry]) -> Entry | None:
    # `den Gürtel`, beside a Flechtgürtel that goes for a belt as well
    mention, lexicon = item.mention, clause.turn.lexicon
    if mention is None or not pointing.definite_near(clause, mention):
        return None
    called = [entry for entry in candidates if is_title(mention, lexicon.analyses[entry.id][1])]
    return called[0] if len(called) == 1 else None


def line_in(clause: Clause, item: Item) -> CartLine | None:
    """The line of the cart that a colour alone tells (`vom schwarzen noch eins`), or None."""
    colours = clause.turn.lexicon.colours
    if item.named() or not item.colours or clause.turn.context.shown or not clause.has("more", "again"):
        return None
    same = [one for one in clause.turn.context.cart if one.colour and colours.among(item.colours[0], [one.colour])]
    return same[0] if len(same) == 1 else None


def _defaults(clause: Clause, item: Item, entry: Entry) -> tuple[str | None, str | None]:
    focus = clause.turn.focus
    coloured = line_in(clause, item)
    if coloured is not None and coloured.product == entry.id:
        return None, None if item.sizes or item.numbers else coloured.size
    if focus is None or focus.product != entry.id:
        lines = [line for line in clause.turn.context.cart if line.product == entry.id]
        same = clause.has("again", "alike") or (clause.has("more") and (not item.colours or not item.named()))
        if len(lines) == 1 and same:
            return lines[0].colour, None if item.sizes or item.numbers else lines[0].size
        return None, None
    again = clause.has("more", "again", "alike") and not item.sizes and not item.numbers
    return (None if item.colours else focus.colour), (focus.size if again or focus.line is None else None)
