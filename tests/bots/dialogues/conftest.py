"""A shopper's phone at the shop of the transcripts."""

import pytest

from catalog.kernel.unit_of_work import Units
from catalog.shops.models import Shop
from tests.conftest import FrozenClock
from tests.scenarios import goods
from tests.scenarios.phone import Phone, desk_for, open_account


@pytest.fixture
async def phone(units: Units, shop: Shop, clock: FrozenClock) -> Phone:
    """Somebody who writes in German through Telegram."""
    desk = desk_for(units)
    async with units(shop.id) as uow:
        await goods.fill(uow, desk.store)
    return Phone(units, shop.id, desk, await open_account(units, shop.id, "telegram"), clock, locale="de")
