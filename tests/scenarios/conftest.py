"""Every scenario lends each task one database connection at a time."""

from collections.abc import Iterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.lending import one_connection_each


@pytest.fixture(autouse=True)
def _watched(engine: AsyncEngine) -> Iterator[None]:
    with one_connection_each(engine):
        yield
