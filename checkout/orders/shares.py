"""Shares of what was paid for an order, each of which goes back once. Pure.

What a line cost after discount is split into its units, and a refund remembers the places of those it is for: so the
shares of a line sum to it to the cent, whatever goes back first, fails, or is asked for again. Units that are not sent
stand last in their line.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from catalog.kernel.money import Money, total
from checkout.orders.models import Order
from checkout.payments.refunds import RefundView


@dataclass(frozen=True, slots=True)
class Share:
    """A part of what was paid: units by SKU and their places in the line, and what is given for delivery."""

    units: Mapping[str, Sequence[int]]
    goods: Money
    shipping: Money

    @property
    def amount(self) -> Money:
        """Goods and delivery."""
        return self.goods + self.shipping


def free_units(order: Order, made: Iterable[RefundView]) -> dict[str, list[int]]:
    """The places of all units whose money no refund gives back; one that failed gives none."""
    taken = {(sku, place) for each in made if each.counts for sku, places in each.units.items() for place in places}
    return {
        line.sku: [place for place in range(line.quantity) if (line.sku, place) not in taken] for line in order.lines
    }


def share(order: Order, units: Mapping[str, Sequence[int]], *, shipping: Money | None = None) -> Share:
    """What these units cost after discount, with what goes back for delivery."""
    worth = {line.sku: order.money(line.paid_minor).allocate_payable([1] * line.quantity) for line in order.lines}
    named = {sku: tuple(places) for sku, places in units.items() if places}
    goods = total([worth[sku][place] for sku, places in named.items() for place in places], order.currency)
    return Share(named, goods, order.money(0) if shipping is None else shipping)


def share_of_return(order: Order, made: Sequence[RefundView], coming: Mapping[str, int], *, is_last: bool) -> Share:
    """What goes back for units that come back: as many as no refund gives back yet, at most.

    With the last of an order (`is_last`) what standard delivery cost goes back too (BGB § 357 (2)); the extra for a
    faster way does not.
    """
    units = {sku: places[: coming.get(sku, 0)] for sku, places in free_units(order, made).items()}
    return share(order, units, shipping=_standard_shipping(order, made) if is_last else None)


def share_of_rest(order: Order, made: Sequence[RefundView]) -> Share:
    """What goes back for units that are not sent and called off; for delivery too when all others came back before."""
    free = free_units(order, made)
    units = {line.sku: [place for place in free[line.sku] if place >= line.shipped] for line in order.lines}
    is_last = all(line.returned == line.shipped and free[line.sku] == units[line.sku] for line in order.lines)
    return share(order, units, shipping=_standard_shipping(order, made) if is_last else None)


def _standard_shipping(order: Order, made: Iterable[RefundView]) -> Money:
    """What standard delivery cost, as far as no refund gives it back."""
    paid = order.money(int(order.shipping.get("standard_minor", order.shipping_minor)))
    return paid - total([each.shipping for each in made if each.counts and each.shipping], order.currency)
