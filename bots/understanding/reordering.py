"""Bought before, wanted again: colour, size and amount of an own order, unless the words say otherwise."""

from msgspec.structs import replace

from bots.understanding import attributes, carting, cartlines, steps
from bots.understanding.items import Item, items
from bots.understanding.ranking import ranked
from bots.understanding.reading import OrderLine, PastOrder
from bots.understanding.resolve import variant
from bots.understanding.turn import Clause

_BUT = frozenset({"aber", "but", "diesmal", "jedoch"})
_THEM = frozenset({"davon", "them", "those", "denen"})
_LAST = frozenset({"last", "previous", "letzte", "letzten", "vorige", "alte"})


def reorder(clause: Clause) -> bool:
    """Buy again what an own order holds: same colour, size and amount, unless the words say otherwise."""
    turn, draft = clause.turn, clause.turn.draft
    orders = recent(turn.context.orders)
    if not orders:
        return False
    found = [item for item in items(clause) if item.mention is not None and not _left_out(clause, item)]
    if turn.marks.order_numbers:
        orders = [order for order in orders if order.number in turn.marks.order_numbers]
    if not found:
        return _unnamed(clause, orders)
    if clause.has("whole") and _only_changed(clause, found):
        _whole_again(clause, _last(clause, orders), found)
        return True
    numbers: set[str] = set()
    for item in found:
        before = bought(clause, item, orders)
        if before is not None:
            order = next(one for one in orders if any(line is before for line in one.lines))
            _same_again(clause, item, before, order)
            numbers.add(order.number)
    if len(numbers) == 1:
        draft.values["order"] = numbers.pop()
    elif not numbers:
        return False
    draft.act(clause.start, "reorder", why="bought before", confidence=0.95)
    return True


def _unnamed(clause: Clause, orders: list[PastOrder]) -> bool:
    """A whole order again, or something that is not said."""
    turn, draft = clause.turn, clause.turn.draft
    if (
        not turn.marks.order_numbers
        and not clause.has("whole")
        and not any(mark.kind == "order" for mark in turn.marks.found)
    ):
        if _of_them(clause, orders):
            return True
        draft.lack("product")
        draft.act(clause.start, "reorder", why="something again, not said what", confidence=0.5)
        return True
    if any(mark.kind == "order" and mark.value is None for mark in turn.marks.found):
        draft.tell("not_your_order")
        draft.act(clause.start, "reorder", why="an order that is not this person's")
        return True
    if not turn.marks.order_numbers and not _wanted(clause):
        return False
    _whole_again(clause, _last(clause, orders), [])
    return True


def _of_them(clause: Clause, orders: list[PastOrder]) -> bool:
    """`die grauen Shirts sind spitze, ich brauche noch mal drei davon`: goods named before, or all that was bought."""
    if _THEM.isdisjoint(clause.words()):
        return False
    turn, draft = clause.turn, clause.turn.draft
    whole = turn.whole()
    told = [item for item in items(whole) if item.mention is not None and item.mention.last <= clause.first]
    lines = [line for item in told if (line := bought(whole, item, orders)) is not None]
    lines = lines or (list(orders[0].lines) if not told else [])
    if len({(line.product, line.colour) for line in lines}) != 1:
        return False
    order = next(one for one in orders if any(line is lines[0] for line in one.lines))
    _same_again(clause, next(iter(items(clause)), Item()), lines[0], order)
    draft.search, draft.values["order"] = None, order.number
    draft.acts[:] = [act for act in draft.acts if act[1] != "search"]
    draft.act(clause.start, "reorder", why="bought before", confidence=0.95)
    return True


def _wanted(clause: Clause) -> bool:
    # `a typo in the name on my last order` speaks of an order and wants nothing
    if clause.has("request", "restore") or any(word in {"bitte", "please"} for word in clause.words()):
        return True
    wants = any(one.words not in {"order", "orders"} for one in clause.cue("want"))
    return wants or not all(one.words.split()[0] in _LAST for one in clause.cue("again"))


def _only_changed(clause: Clause, found: list[Item]) -> bool:
    # `repeat my last order but with three candles`: the goods come after the whole was named
    words = clause.turn.marks.words
    but = next((at for at in range(clause.first, clause.last) if words[at] in _BUT), None)
    return but is not None and all(item.mention is not None and item.mention.first > but for item in found)


def _whole_again(clause: Clause, order: PastOrder, changed: list[Item]) -> None:
    # Goods that are named beside the whole are otherwise this time, or left out.
    draft, named = clause.turn.draft, items(clause)
    otherwise = [(bought(clause, item, [order]), item) for item in changed]
    unwanted = [bought(clause, item, [order]) for item in named if item not in changed]
    values = next((item for item in named if item.mention is None), Item())
    plain = values if len(order.lines) == 1 else Item(quantity=None if changed else values.quantity)
    for line in (one for one in order.lines if one not in unwanted):
        _again(clause, line, next((item for before, item in otherwise if before is line), plain))
    draft.values["order"] = order.number
    draft.act(clause.start, "reorder", why=f"order {order.number} again")


def _left_out(clause: Clause, item: Item) -> bool:
    # `my last order again, but without the socks`
    start = clause.turn.marks.tokens[item.mention.first].start if item.mention else 0
    return any(one.start < start for one in clause.cue("remove")) or cartlines.excepts(clause, start)


def _last(clause: Clause, orders: list[PastOrder]) -> PastOrder:
    latest = clause.turn.context.latest_order
    return next((order for order in orders if order.number == latest), orders[0])


def _same_again(clause: Clause, item: Item, before: OrderLine, order: PastOrder) -> None:
    # The order may hold the same in several sizes: all of them again, or, of a new amount, the one still to be named.
    sizes = [line for line in order.lines if (line.product, line.colour) == (before.product, before.colour)]
    sizes = [line for line in sizes if line.kept == before.kept]
    if len(sizes) == 1 or item.sizes or item.numbers or steps.stepped(clause):
        _again(clause, before, item)
    elif item.quantity is None:
        for line in sizes:
            _again(clause, line, item)
    else:
        _again(clause, replace(before, size=None), item)
        clause.turn.draft.size_candidates[:] = [line.size for line in sizes if line.size]


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
    if (by := steps.stepped(clause)) and line.size and not wanted.sizes:
        wanted.sizes = [size] if (size := attributes.step(line.size, entry.sizes, by)) else []
    found = variant(wanted, entry, clause.turn.lexicon, colour=line.colour, size=line.size)
    if not wanted.explicit:
        found.quantity = line.quantity
    carting.put(clause, found)
