"""A desk for every test of imports."""

from pathlib import Path
from uuid import UUID

import pytest

from catalog.kernel.unit_of_work import Units
from catalog.shops.models import Shop
from tests.catalog.imports.desk import Desk


@pytest.fixture
def desk(units: Units, shop: Shop, shop_id: UUID, tmp_path: Path) -> Desk:
    return Desk(units, shop_id, tmp_path)
