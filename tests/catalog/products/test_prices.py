"""The lowest price of the 30 days before a reduction (Directive 98/6/EC Art. 6a)."""

from uuid import UUID

import pytest

from catalog.kernel.money import Money
from catalog.kernel.unit_of_work import Units
from catalog.products import service
from catalog.shops.models import Shop
from tests.catalog.products.factories import make_draft, make_variant
from tests.conftest import FrozenClock


class Tee:
    """One variant whose price a test changes on given days."""

    def __init__(self, units: Units, shop_id: UUID, clock: FrozenClock) -> None:
        self.units, self.shop_id, self.clock = units, shop_id, clock

    async def priced(self, price: int, compare_at: int | None = None, *, days_later: int = 0) -> int | None:
        """Set the price; the lowest price to be shown beside it."""
        self.clock.advance(days=days_later)
        former = Money(compare_at, "EUR") if compare_at else None
        variant = make_variant("TEE", price=Money(price, "EUR"), compare_at_price=former)
        async with self.units(self.shop_id) as uow:
            view = await service.upsert_product(uow, make_draft(variants=(variant,)))
        lowest = view.variants[0].lowest_price_30d
        return lowest.minor if lowest else None


@pytest.fixture
def tee(units: Units, shop: Shop, shop_id: UUID, clock: FrozenClock) -> Tee:
    return Tee(units, shop_id, clock)


async def test_a_price_without_reduction_needs_none(tee: Tee) -> None:
    assert await tee.priced(2490) is None
    assert await tee.priced(2990, days_later=40) is None


async def test_a_reduction_names_the_lowest_of_the_thirty_days_before(tee: Tee) -> None:
    await tee.priced(2490)
    await tee.priced(2990, days_later=20)
    assert await tee.priced(1990, 2990, days_later=5) == 2490


async def test_prices_that_ended_more_than_thirty_days_ago_do_not_count(tee: Tee) -> None:
    await tee.priced(990)
    await tee.priced(2990, days_later=5)
    assert await tee.priced(1990, 2990, days_later=31) == 2990


async def test_a_growing_reduction_keeps_the_price_before_its_first_step(tee: Tee) -> None:
    await tee.priced(2990)
    assert await tee.priced(1990, 2990, days_later=40) == 2990
    assert await tee.priced(1490, 2990, days_later=3) == 2990


async def test_a_reduction_from_the_first_day_has_no_former_price(tee: Tee) -> None:
    assert await tee.priced(1990, 2990) is None
