"""Which way a cart is sent and what that costs: gross, free from a threshold on, only to the countries served."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from catalog.kernel.money import Money
from catalog.shops.settings import ShippingMethod

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Shipping:
    """The way chosen and its price."""

    code: str
    price: Money


def cost(method: ShippingMethod, goods: Money) -> Money:
    """The price for goods of that value after discount."""
    return method.price * 0 if method.free_from is not None and method.free_from <= goods else method.price


def choose(
    methods: Sequence[ShippingMethod], *, country: str, goods: Money, code: str | None = None
) -> Shipping | None:
    """The wanted way if it goes there, else the cheapest; the earlier of equals. None when nothing goes there.

    A way without countries goes everywhere.
    """
    there = serving(methods, country)
    if not there:
        return None
    wanted = [method for method in there if method.code == code]
    best = wanted[0] if wanted else min(there, key=lambda method: cost(method, goods).minor)
    return Shipping(best.code, cost(best, goods))


def serving(methods: Sequence[ShippingMethod], country: str) -> list[ShippingMethod]:
    """The ways that go to a country."""
    return [method for method in methods if not method.countries or country in method.countries]


def delivery_days(placed: date, days: tuple[int, int]) -> tuple[date, date]:
    """First and last day on which goods ordered on a day arrive, by the days that a way of sending names.

    Those are working days, Monday to Friday: a parcel that comes on a Saturday is early, and nobody waits for it longer
    than was said. What a shopper is told and how long goods may come back both hang on this.
    """
    return _after(placed, days[0]), _after(placed, days[1])


def _after(start: date, days: int) -> date:
    day = start
    for _ in range(days):
        day += timedelta(days=1)
        while day.weekday() >= _SATURDAY:
            day += timedelta(days=1)
    return day
