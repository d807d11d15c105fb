"""Until when goods may come back, and how much money goes back for them. Pure.

The withdrawal right (Directive 2011/83/EU Art. 9; BGB §§ 355, 356) lasts 14 days from the day the last parcel reached
the shopper. Carriers do not tell us that day, so the last day it was promised for counts, and never one before the
parcel was sent: an error is in the shopper's favour. A shop may give more days, never fewer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from catalog.kernel.money import Money, total
from checkout.pricing.shipping import delivery_days

LEGAL_DAYS = 14


@dataclass(frozen=True, slots=True)
class BoughtUnits:
    """A line as it matters here: what it cost in all after discount, what of it was received back before.

    `kept` units never leave the shop: the rest of an order that was called off.
    """

    sku: str
    quantity: int
    paid: Money
    received: int
    kept: int = 0


def last_day(
    *, placed_at: datetime, shipped_at: Sequence[datetime], days: int, transit: tuple[int, int], zone: str
) -> date | None:
    """The last day on which a return may be asked for; None while nothing was sent."""
    if not shipped_at:
        return None
    local = ZoneInfo(zone)
    promised = delivery_days(placed_at.astimezone(local).date(), transit)[1]
    carried = delivery_days(max(shipped_at).astimezone(local).date(), (1, 1))[1]
    return max(promised, carried) + timedelta(days=max(days, LEGAL_DAYS))


def is_open(last: date, now: datetime, *, zone: str) -> bool:
    """Whether that day is not over yet, where the shop is."""
    return now.astimezone(ZoneInfo(zone)).date() <= last


def refund_for(
    bought: Sequence[BoughtUnits], coming: Mapping[str, int], *, currency: str, standard_shipping: Money
) -> Money:
    """What goes back for the units that come back now.

    Each unit is worth its share of what its line cost after discount; the shares of a line's units sum to the line,
    whatever the order of the returns. With the last unit of an order, what standard delivery cost goes back too
    (BGB § 357 (2); the extra for a faster way does not).
    """
    worth = [_units(line, coming.get(line.sku, 0)) for line in bought]
    if all(line.received + coming.get(line.sku, 0) + line.kept >= line.quantity for line in bought):
        worth.append(standard_shipping)
    return total(worth, currency)


def _units(line: BoughtUnits, coming: int) -> Money:
    shares = line.paid.allocate([1] * line.quantity)
    return total(shares[line.received : line.received + coming], line.paid.currency)
