"""Statistics after bulk writes."""

from catalog.kernel import statistics
from catalog.kernel.unit_of_work import Units


async def test_the_planner_knows_a_grown_table_at_once_and_a_small_one_not_at_all(units: Units) -> None:
    async with units(None) as uow:
        await uow.execute("CREATE TABLE grown AS SELECT generate_series(1, 5000) AS n")
        await uow.execute("CREATE TABLE small AS SELECT generate_series(1, 500) AS n")
    try:
        await statistics.refresh(units)
        async with units(None) as uow:
            known = await uow.fetch("SELECT relname, reltuples FROM pg_class WHERE relname IN ('grown', 'small')")
            assert {row["relname"]: row["reltuples"] for row in known} == {"grown": 5000, "small": -1}
            assert await uow.fetchval("SELECT count(*) FROM pg_stats WHERE tablename = 'grown'") == 1
    finally:
        async with units(None) as uow:
            await uow.execute("DROP TABLE grown, small")
