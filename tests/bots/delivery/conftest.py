"""A person on WhatsApp who has said hello, and the provider between us."""

import pytest

from catalog.kernel.unit_of_work import Units
from catalog.shops.models import Shop
from tests.bots.delivery.provider import Provider, opened
from tests.conftest import FrozenClock


@pytest.fixture
async def provider(units: Units, shop: Shop, clock: FrozenClock) -> Provider:
    made = await opened(units, shop, clock, "whatsapp")
    await made.phone.say("hallo")
    await made.deliver()
    made.taken.clear()
    made.series = "wamid"
    return made
