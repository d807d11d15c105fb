"""Totals of a cart or an order: goods, discount, shipping, the tax inside and what is to be paid.

    total = items - discount + shipping          tax = the VAT inside total

Tax is computed once for each rate over the sum of everything at that rate, and rounded there; shipping takes the rates
of the goods it accompanies, by their value.
"""

from collections.abc import Sequence
from datetime import date

import msgspec

from catalog.kernel.money import Money, total, zero
from checkout.pricing.discounts import spread
from checkout.pricing.lines import PricedLine
from checkout.pricing.tax import rate_bp


class TaxShare(msgspec.Struct, frozen=True):
    """Everything at one rate: gross amount and the tax inside it."""

    rate_bp: int
    gross: Money
    tax: Money


class Totals(msgspec.Struct, frozen=True):
    """What is to be paid and how it comes about. `discount` is positive and is taken off."""

    items: Money
    discount: Money
    shipping: Money
    tax: Money
    total: Money


class LineShare(msgspec.Struct, frozen=True):
    """A line's part: what it costs before discount, the discount on it, and its rate."""

    sku: str
    gross: Money
    discount: Money
    rate_bp: int

    @property
    def net_of_discount(self) -> Money:
        """What the shopper really pays for the line."""
        return self.gross - self.discount


class Priced(msgspec.Struct, frozen=True):
    """Totals with what they are made of."""

    totals: Totals
    lines: tuple[LineShare, ...]
    taxes: tuple[TaxShare, ...]


def price(
    lines: Sequence[PricedLine], *, currency: str, country: str, on: date, discount: Money, shipping: Money
) -> Priced:
    """Totals of lines under the tax of a country on a day. `discount` must not exceed the goods."""
    gross = [line.gross for line in lines]
    items = total(gross, currency)
    shares = tuple(
        LineShare(line.sku, amount, off, rate_bp(country, on, tax_class=line.tax_class))
        for line, amount, off in zip(lines, gross, spread(discount, gross), strict=True)
    )
    taxes = _taxes(shares, shipping, standard=rate_bp(country, on))
    return Priced(
        Totals(
            items=items,
            discount=discount,
            shipping=shipping,
            tax=total([share.tax for share in taxes], currency),
            total=items - discount + shipping,
        ),
        shares,
        taxes,
    )


def _taxes(shares: Sequence[LineShare], shipping: Money, *, standard: int) -> tuple[TaxShare, ...]:
    gross: dict[int, Money] = {}
    for share in shares:
        gross[share.rate_bp] = gross.get(share.rate_bp, zero(shipping.currency)) + share.net_of_discount
    rates = sorted(gross, reverse=True)
    weights = [gross[rate].minor for rate in rates]
    if not sum(weights):
        rates, weights = [standard], [1]
    for rate, part in zip(rates, shipping.allocate(weights), strict=True):
        gross[rate] = gross.get(rate, zero(shipping.currency)) + part
    return tuple(TaxShare(rate, gross[rate], gross[rate].tax_included(rate)) for rate in sorted(gross, reverse=True))
