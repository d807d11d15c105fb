"""An order in the form of the outside contract: field names are fixed, more may come."""

from collections.abc import Mapping, Sequence
from typing import Any

from catalog.kernel.money import Money
from checkout.orders.models import Order, OrderLine


def present(
    order: Order,
    *,
    payments: Sequence[Mapping[str, Any]] = (),
    refunds: Sequence[Mapping[str, Any]] = (),
    fulfilments: Sequence[Mapping[str, Any]] = (),
    returns: Sequence[Mapping[str, Any]] = (),
    refundable: Mapping[str, int] | None = None,
) -> dict[str, Any]:
    """The order's resource. What other features hold about it is passed in, already in its form.

    `refundable`: units by SKU whose money no refund gives back; all, unless told.
    """
    return {
        "id": order.id,
        "number": order.number,
        "code": order.code,
        "state": order.state,
        "reason": order.reason,
        "lines": [_line(line, (refundable or {}).get(line.sku, line.quantity)) for line in order.lines],
        "totals": {
            name: money(order.money(minor))
            for name, minor in (
                ("items", order.items_minor),
                ("discount", order.discount_minor),
                ("shipping", order.shipping_minor),
                ("tax", order.tax_minor),
                ("total", order.total_minor),
            )
        },
        "taxes": order.taxes,
        "payments": list(payments),
        "refunds": list(refunds),
        "fulfilments": list(fulfilments),
        "returns": list(returns),
        "events": [{"type": event.type, "at": event.at} for event in order.events],
        "conversation_id": order.conversation_id,
        "customer_id": order.customer_id,
        "delivery": order.delivery,
        "shipping": order.shipping,
        "discount_code": order.discount_code,
        "locale": order.locale,
        "placed_at": order.placed_at,
    }


def money(amount: Money) -> dict[str, Any]:
    """An amount as the contract writes it."""
    return {"minor": amount.minor, "currency": amount.currency}


def _line(line: OrderLine, refundable: int) -> dict[str, Any]:
    return {
        "sku": line.sku,
        "title": line.title,
        "variant_title": line.variant_title,
        "options": line.options,
        "quantity": line.quantity,
        "refundable": refundable,
        "unit_price": money(Money(line.unit_price_minor, line.currency)),
        "total": money(Money(line.total_minor, line.currency)),
        "discount": money(Money(line.discount_minor, line.currency)),
        "tax_rate_bp": line.tax_rate_bp,
        "image_id": line.image_id,
        "handle": line.handle,
        "variant_id": line.variant_id,
    }
