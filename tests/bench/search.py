"""Search over what the import left behind, through the service, one query after the other."""

import time
from itertools import cycle
from typing import Any
from uuid import UUID

from catalog.kernel.clock import SystemClock
from catalog.kernel.db import create_engine
from catalog.kernel.unit_of_work import Units
from catalog.search.service import search

# A word that all of the imported goods share, names among them, a slip of the keys, wishes, nothing to be found.
QUERIES = ("hemd", "hemd 37", "hmed 371", "hemd xl unter 50 euro", "graue strickjacke alma", "waschmaschine")


async def measure(dsn: str, shop_id: UUID, seconds: float) -> dict[str, Any]:
    """Milliseconds of a query, its transaction included."""
    engine = create_engine(dsn, pool_size=1)
    units = Units(engine, SystemClock())
    async with units(shop_id) as uow:
        products = await uow.fetchval("SELECT count(*) FROM product WHERE shop_id = $1", shop_id)
        await uow.execute("ANALYZE")
    took: list[float] = []
    found = 0
    until = time.monotonic() + seconds
    for query in cycle(QUERIES):
        began = time.perf_counter()
        if time.monotonic() > until:
            break
        async with units(shop_id) as uow:
            found += bool((await search(uow, query, locale="de")).items)
        took.append((time.perf_counter() - began) * 1000)
    await engine.dispose()
    ordered = sorted(took)
    return {
        "products": products, "count": len(ordered), "with_hits": found,
        "p50": round(ordered[len(ordered) // 2], 2), "p95": round(ordered[int(len(ordered) * 0.95)], 2),
    }  # fmt: skip
