"""A person on WhatsApp who has said hello, and the provider between us."""

import pytest

from catalog.kernel.unit_of_work import Units
from catalog.shops.models import Shop
from tests.bots.delivery.provider import Provider, opened
from tests.conftest import FrozenClock
from tests.scenarios.phone import Phone


@pytest.fixture
async def provider(units: Units, shop: Shop, clock: FrozenClock) -> Provider:
    made = await opened(units, shop, clock, "whatsapp")
    await made.phone.say("hallo")
    await made.deliver()
    made.taken.clear()
    made.series = "wamid"
    return made


@pytest.fixture
async def other(provider: Provider, clock: FrozenClock) -> Phone:
    """Another person at the same shop, whose hello is answered too."""
    first = provider.phone
    made = Phone(first.units, first.shop_id, first.desk, first.door, clock, address="491700000002")
    await made.say("hallo")
    await provider.deliver()
    provider.taken.clear()
    return made
