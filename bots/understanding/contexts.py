"""A context from its JSON form: forgiving about what is absent, strict about what is not an object."""

from collections.abc import Mapping, Sequence
from typing import Any

from bots.understanding.reading import CartLine, Context, Focus, OrderLine, PastOrder, Pending


class UnreadableContext(ValueError):
    """The context is no object, or a part of it has another shape than the format says."""


def context_from_json(found: object) -> Context:
    """Build a context from the object of the line format. Raises UnreadableContext."""
    if not isinstance(found, Mapping):
        raise UnreadableContext("context is not an object")
    try:
        return Context(
            cart=tuple(_cart_line(line, at) for at, line in enumerate(_list(found, "cart"), 1)),
            orders=tuple(_order(order) for order in _list(found, "orders")),
            latest_order=_text(found.get("latest_order")),
            shown=tuple(str(product) for product in _list(found, "shown")),
            last_search=dict(found["last_search"]) if isinstance(found.get("last_search"), Mapping) else None,
            focus=_focus(found.get("focus")),
            pending=_pending(found.get("pending")),
        )
    except (TypeError, ValueError, KeyError, AttributeError) as fault:
        raise UnreadableContext(f"context cannot be read: {fault}") from fault


def _list(found: Mapping[str, Any], key: str) -> Sequence[Any]:
    value = found.get(key)
    if value is None:
        return ()
    if not isinstance(value, list):
        raise UnreadableContext(f"{key} is not a list")
    return value


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _cart_line(line: Mapping[str, Any], at: int) -> CartLine:
    return CartLine(
        line=int(line.get("line", at)),
        product=str(line["product"]),
        colour=_text(line.get("colour")),
        size=_text(line.get("size")),
        quantity=int(line.get("quantity") or 1),
    )


def _order(order: Mapping[str, Any]) -> PastOrder:
    return PastOrder(
        number=str(order["number"]),
        status=str(order.get("status") or ""),
        days_ago=int(order.get("days_ago") or 0),
        tracking=_text(order.get("tracking")),
        lines=tuple(
            OrderLine(
                line=int(line.get("line", at)),
                product=str(line["product"]),
                colour=_text(line.get("colour")),
                size=_text(line.get("size")),
                quantity=int(line.get("quantity") or 1),
                kept=line.get("kept") is not False,
            )
            for at, line in enumerate(_list(order, "lines"), 1)
        ),
    )


def _focus(found: object) -> Focus | None:
    if not isinstance(found, Mapping) or not found.get("product"):
        return None
    line = found.get("line")
    return Focus(
        product=str(found["product"]),
        colour=_text(found.get("colour")),
        size=_text(found.get("size")),
        line=None if line is None else int(line),
    )


def _pending(found: object) -> Pending | None:
    if not isinstance(found, Mapping) or not found:
        return None
    quantity, line = found.get("quantity"), found.get("line")
    return Pending(
        op=_text(found.get("op")),
        product=_text(found.get("product")),
        colour=_text(found.get("colour")),
        size=_text(found.get("size")),
        quantity=None if quantity is None else int(quantity),
        line=None if line is None else int(line),
        missing=tuple(str(word) for word in found.get("missing") or ()),
        confirm=_text(found.get("confirm")),
    )
