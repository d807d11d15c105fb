"""Until when goods may come back. Pure.

The withdrawal right (Directive 2011/83/EU Art. 9; BGB §§ 355, 356) lasts 14 days from the day the last parcel reached
the shopper. Carriers do not tell us that day, so the last day it was promised for counts; a parcel that left too late
for that is taken to be on its way for as long as was promised: an error is in the shopper's favour. A shop may give
more days, never fewer.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from catalog.shops.settings import LEGAL_RETURN_DAYS
from checkout.pricing.shipping import delivery_days


def last_day(
    *, placed_at: datetime, shipped_at: Sequence[datetime], days: int, transit: tuple[int, int], zone: str
) -> date | None:
    """The last day on which a return may be asked for; None while nothing was sent."""
    if not shipped_at:
        return None
    local = ZoneInfo(zone)
    promised = delivery_days(placed_at.astimezone(local).date(), transit)[1]
    sent = max(shipped_at).astimezone(local).date()
    soonest = delivery_days(sent, (1, 1))[0]
    arrived = promised if soonest <= promised else delivery_days(sent, transit)[1]
    return arrived + timedelta(days=max(days, LEGAL_RETURN_DAYS))


def is_open(last: date, now: datetime, *, zone: str) -> bool:
    """Whether that day is not over yet, where the shop is."""
    return now.astimezone(ZoneInfo(zone)).date() <= last
