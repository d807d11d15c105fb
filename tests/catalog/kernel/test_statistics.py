"""Statistics after bulk writes."""

from catalog.kernel import statistics
from catalog.kernel.unit_of_work import Units


async def test_the_planner_knows_a_table_at_once(units: Units) -> None:
    async with units(None) as uow:
        await uow.execute("CREATE TABLE counted AS SELECT generate_series(1, 500) AS n")
    try:
        await statistics.refresh(units)
        async with units(None) as uow:
            assert await uow.fetchval("SELECT reltuples FROM pg_class WHERE relname = 'counted'") == 500
            assert await uow.fetchval("SELECT count(*) FROM pg_stats WHERE tablename = 'counted'") == 1
    finally:
        async with units(None) as uow:
            await uow.execute("DROP TABLE counted")
