"""A person on WhatsApp who has said hello, and the provider between us."""

import pytest

from catalog.kernel.unit_of_work import Units
from catalog.shops.models import Shop
from tests.bots.delivery.provider import Provider
from tests.conftest import FrozenClock
from tests.scenarios.goods import fill
from tests.scenarios.phone import Phone, desk_for, open_account


@pytest.fixture
async def provider(units: Units, shop: Shop, clock: FrozenClock) -> Provider:
    desk = desk_for(units)
    async with units(shop.id) as uow:
        await fill(uow, desk.store)
    door = await open_account(units, shop.id, "whatsapp")
    made = Provider(units, Phone(units, shop.id, desk, door, clock))
    await made.phone.say("hallo")
    await made.deliver()
    made.taken.clear()
    made.series = "wamid"
    return made
