"""The scene as a fixture."""

from collections.abc import AsyncIterator

import pytest

from catalog.kernel.unit_of_work import Units
from catalog.shops.models import Shop
from tests.checkout.paying.scene import Scene, open_scene
from tests.conftest import FrozenClock


@pytest.fixture
async def scene(units: Units, shop: Shop, clock: FrozenClock) -> AsyncIterator[Scene]:
    """A shop, a shopper, a provider."""
    async with open_scene(units, clock, shop.id) as made:
        yield made
