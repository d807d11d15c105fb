"""Amounts as Stripe counts them: units, grain, least and largest charge, and lines that sum exactly to a total.

Source: https://docs.stripe.com/currencies. Stripe's units are not always ISO 4217's, so they stand here as data.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from catalog.kernel.money import Money, exponent, parse_money
from checkout.payments.errors import AmountNotPayable
from checkout.payments.gateway import LineView, OrderView

LARGEST = 99_999_999
MAX_LINES = 100

_ZERO_DECIMAL = frozenset(
    ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"]
)
_THREE_DECIMAL = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])
# Whole units in fact, but sent as if they had two decimals.
_WHOLE_AS_TWO_DECIMAL = frozenset({"ISK", "UGX"})
# ISO gives these places that Stripe has no name for; it cannot charge them.
_UNKNOWN = frozenset({"IQD", "LYD", "CLF", "UYW", "UYI"})

# The settlement currency counts; other currencies convert to about 0.50 USD and Stripe itself says no.
_LEAST = {
    **dict.fromkeys(("USD", "EUR", "CHF", "CAD", "AUD", "NZD", "SGD", "BRL", "INR"), "0.50"),
    **dict.fromkeys(("NOK", "SEK"), "3.00"),
    **dict.fromkeys(("PLN", "RON", "MYR", "AED"), "2.00"),
    "GBP": "0.30",
    "DKK": "2.50",
    "CZK": "15.00",
    "HUF": "175.00",
    "JPY": "50",
    "HKD": "4.00",
    "MXN": "10.00",
    "THB": "10.00",
}


@dataclass(frozen=True, slots=True)
class PricedLine:
    """One line item: `quantity` times `unit` of Stripe's units."""

    name: str
    unit: int
    quantity: int
    sku: str | None = None
    image_url: str | None = None


def places(currency: str) -> int:
    """Decimal places Stripe counts in."""
    if currency in _UNKNOWN:
        raise AmountNotPayable(f"Stripe does not charge {currency}; use another payment way", pointer="/currency")
    if currency in _ZERO_DECIMAL:
        return 0
    return 3 if currency in _THREE_DECIMAL else 2


def grain(currency: str) -> int:
    """The smallest step, in Stripe's units: 10 where the last of three digits has to be 0, 100 for ISK and UGX."""
    if currency in _WHOLE_AS_TWO_DECIMAL:
        return 100
    return 10 if currency in _THREE_DECIMAL else 1


def to_units(amount: Money) -> int:
    """Stripe's integer for an amount. Raises AmountNotPayable for an amount finer than Stripe counts."""
    units = _exact_units(amount)
    if units is None:
        raise AmountNotPayable(
            f"{amount.decimal()} {amount.currency} is finer than Stripe charges; round prices to its smallest step",
            pointer="/amount",
        )
    return units


def from_units(units: int, currency: str) -> Money:
    """Our amount for Stripe's integer and its lower-case currency."""
    code = currency.upper()
    shift = exponent(code) - places(code)
    return Money(units * 10**shift if shift >= 0 else units // 10**-shift, code)


def least(currency: str) -> Money | None:
    """The smallest charge, where Stripe publishes one."""
    text = _LEAST.get(currency)
    return parse_money(text, currency, locale="en") if text else None


def check_total(total: Money) -> None:
    """Raises AmountNotPayable unless Stripe can charge the total. Nothing to pay is fine: Stripe confirms at once."""
    units = to_units(total)
    if units > LARGEST:
        raise AmountNotPayable(
            f"{total.decimal()} {total.currency} is more than one charge may be",
            pointer="/amount",
            most_minor=from_units(LARGEST, total.currency).minor,
        )
    minimum = least(total.currency)
    if minimum is not None and 0 < total.minor < minimum.minor:
        raise AmountNotPayable(
            f"{total.decimal()} {total.currency} is less than the least charge of {minimum.decimal()}",
            pointer="/amount",
            least_minor=minimum.minor,
        )


def priced_lines(order: OrderView) -> list[PricedLine]:
    """Line items that sum exactly to the order's total, shipping last.

    Without a discount each line is its unit price. A discount is spread over the goods by their totals; a line whose
    share does not divide by its quantity becomes two, one smallest step apart. (A coupon would be a second call that
    may fail between the two; a shipping option would leave the total open until the shopper picks it.)
    """
    step = grain(order.total.currency)
    goods = to_units(order.total) // step - _steps(order.shipping, step)
    shipping = _steps(order.shipping, step)
    if goods < 0:  # a discount that eats into the shipping too
        goods, shipping = 0, to_units(order.total) // step
    weights = [line.total.minor for line in order.lines]
    lines: list[PricedLine] = []
    if goods and sum(weights) <= 0:
        return [PricedLine(order.number, to_units(order.total), 1)]
    shares = Money(goods, order.total.currency).allocate(weights) if goods else [order.total * 0] * len(weights)
    for line, share in zip(order.lines, shares, strict=True):
        lines.extend(_halves(line, share.minor, step))
    if shipping:
        lines.append(PricedLine(order.shipping_title, shipping * step, 1))
    if not lines or len(lines) > MAX_LINES:
        return [PricedLine(order.number, to_units(order.total), 1)]
    return lines


def _halves(line: LineView, steps: int, step: int) -> Sequence[PricedLine]:
    low, dearer = divmod(steps, line.quantity)
    cheap = line.quantity - dearer
    parts = [_priced(line, low * step, cheap)]
    if dearer:
        parts.append(_priced(line, (low + 1) * step, dearer))
    return parts


def _steps(amount: Money, step: int) -> int:
    units = amount.decimal().scaleb(places(amount.currency))
    return int(units // step)


def _priced(line: LineView, unit: int, quantity: int) -> PricedLine:
    return PricedLine(line.title, unit, quantity, line.sku, line.image_url)


def _exact_units(amount: Money) -> int | None:
    units = amount.decimal().scaleb(places(amount.currency))
    whole = int(units)
    return whole if units == whole and whole % grain(amount.currency) == 0 else None
