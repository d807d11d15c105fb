"""Bought before, wanted again: colour, size and amount of an own order, unless the words say otherwise."""

from bots.understanding import amending, attributes, carting
from bots.understanding.items import Item, items
from bots.understanding.products import ranked
from bots.understanding.reading import OrderLine, PastOrder
from bots.understanding.resolve import variant
from bots.understanding.turn import Clause


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
        before = bought(clause, item, orders)
        if before is not None:
            _again(clause, before, item)
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
    if (by := amending.stepped(clause)) and line.size and not wanted.sizes:
        wanted.sizes = [size] if (size := attributes.step(line.size, entry.sizes, by)) else []
    found = variant(wanted, entry, clause.turn.lexicon, colour=line.colour, size=line.size)
    if not wanted.explicit:
        found.quantity = line.quantity
    carting.put(clause, found)
