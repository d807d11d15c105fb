"""One run of a file at a time in each shop: a second would count the same rows again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from uuid import UUID

from asyncpg import InterfaceError, PostgresError

from catalog.imports.errors import BeingImported
from catalog.imports.reading import Source
from catalog.kernel.db import Lent
from catalog.kernel.unit_of_work import Units


@asynccontextmanager
async def alone(units: Units, shop_id: UUID, source: Source) -> AsyncIterator[None]:
    """Keep other runs of this file out of the shop while the block runs. Raises BeingImported.

    The lock belongs to a connection, so that it ends with the process, however that ends, and a killed run continues
    at once. The pool is one connection smaller meanwhile.
    """
    key = f"import:{shop_id}:{source.digest}"
    lent = await Lent.of(units.engine)
    try:
        if not await lent.driver.fetchval("SELECT pg_try_advisory_lock(hashtextextended($1, 0))", key):
            raise BeingImported(source.path.name)
        try:
            yield
        finally:
            # Closing lets go of it too, but only soon after.
            with suppress(PostgresError, InterfaceError, OSError):
                await lent.driver.execute("SELECT pg_advisory_unlock(hashtextextended($1, 0))", key)
    finally:
        lent.throw_away()
        lent.give_back()
