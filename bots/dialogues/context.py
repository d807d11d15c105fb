"""What the reader has to know of the conversation: cart, orders, what was shown, what was asked."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from bots.replies.goods import kind_of
from bots.understanding.reading import CartLine, Context, Focus, OrderLine, PastOrder, Pending

if TYPE_CHECKING:
    from bots.turns.turn import Turn

_ORDERS = """
SELECT o.number, o.state, o.placed_at, l.options, l.quantity, l.position, l.handle,
  EXISTS (SELECT FROM return_line r JOIN return_request q ON q.id = r.return_id
          WHERE r.shop_id = $2 AND q.order_id = o.id AND r.sku = l.sku AND q.state <> 'rejected') AS returned
FROM shop_order o JOIN order_line l ON l.order_id = o.id
WHERE o.customer_id = $1 AND o.shop_id = $2 AND o.state NOT IN ('expired', 'cancelled', 'awaiting_payment')
ORDER BY o.id DESC, l.position LIMIT 100
"""


async def context_of(turn: "Turn") -> Context:
    """The conversation as the reader's context."""
    cart = await turn.cart_lines()
    memory = turn.memory
    orders = await past_orders(turn)
    return Context(
        cart=tuple(
            CartLine(
                line=number, product=line.handle, quantity=line.quantity,
                colour=kind_of(line.options, "colour"), size=kind_of(line.options, "size"),
            )
            for number, line in enumerate(cart, start=1)
        ),
        orders=orders,
        latest_order=orders[0].number if orders else None,
        shown=memory.shown,
        last_search={key: value for key, value in memory.search.items() if not key.startswith("_")} or None,
        focus=_focus(turn, [line.handle for line in cart], orders),
        pending=_pending(turn),
        actions=tuple((offer.id, offer.title) for offer in memory.offers),
    )  # fmt: skip


async def past_orders(turn: "Turn") -> tuple[PastOrder, ...]:
    """The person's own orders that were paid for, the newest first."""
    if not turn.thread.has_orders:
        return ()
    rows = await turn.uow.fetch(_ORDERS, turn.customer_id, turn.uow.shop_id)
    lines: dict[str, list[OrderLine]] = {}
    states: dict[str, tuple[str, int]] = {}
    for row in rows:
        options: dict[str, str] = msgspec.json.decode(row["options"])
        states[row["number"]] = (row["state"], (turn.now - row["placed_at"]).days)
        lines.setdefault(row["number"], []).append(
            OrderLine(
                product=row["handle"], colour=kind_of(options, "colour"), size=kind_of(options, "size"),
                quantity=row["quantity"], line=row["position"], kept=not row["returned"],
            )
        )  # fmt: skip
    return tuple(
        PastOrder(number=number, status=state, days_ago=days, lines=tuple(lines[number]))
        for number, (state, days) in states.items()
    )


def _focus(turn: "Turn", cart: Sequence[str], orders: Sequence[PastOrder]) -> Focus | None:
    """What is being spoken of; what lay in the cart and has been bought since is no longer that: orders speak of it."""
    focus = turn.memory.focus
    if focus is None:
        return None
    latest = orders[0].lines if orders else ()
    if focus.line is not None and focus.product not in cart and any(line.product == focus.product for line in latest):
        return None
    return Focus(product=focus.product, colour=focus.colour, size=focus.size, line=focus.line)


def _pending(turn: "Turn") -> Pending | None:
    pending = turn.memory.pending
    if pending is None or pending.ask == "country" or pending.ask.startswith("return_"):  # read by their own dialogues
        return None
    if pending.ask in {"cancel_order", "length"}:
        return Pending(confirm=pending.ask)
    return Pending(
        op=pending.op, product=pending.product, colour=pending.colour, size=pending.size, quantity=pending.quantity,
        line=pending.line, missing=pending.missing,
    )  # fmt: skip
