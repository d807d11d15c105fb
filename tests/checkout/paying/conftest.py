"""The scene as a fixture."""

from collections.abc import AsyncIterator

import pytest

from catalog.kernel.unit_of_work import Units
from catalog.shops.models import Shop
from tests.checkout.paying.scene import Scene, open_scene
from tests.conftest import FrozenClock
from tests.lending import one_connection_each


@pytest.fixture
async def scene(units: Units, shop: Shop, clock: FrozenClock) -> AsyncIterator[Scene]:
    """A shop, a shopper, a provider. No step of paying may want a second connection while it has one."""
    with one_connection_each(units.engine):
        async with open_scene(units, clock, shop.id) as made:
            yield made
