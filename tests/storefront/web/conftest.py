"""Fixtures of the pages' tests."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from catalog.kernel.unit_of_work import Units
from catalog.shops.models import Shop
from tests.storefront.web.house import House, open_house


@pytest.fixture
async def house(units: Units, dsn: str, shop: Shop, shop_id: UUID) -> AsyncIterator[House]:
    """A served web chat whose shop says everything again."""
    async with open_house(units, dsn, shop_id) as opened:
        yield opened
