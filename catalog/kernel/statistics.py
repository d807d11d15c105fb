"""The planner's statistics after bulk writes: PostgreSQL gathers them by itself, but a minute later."""

from catalog.kernel.unit_of_work import Units

# Of a table that was never analysed the planner assumes ten pages. One that is smaller is better left at that: analysed
# while it is empty, it would be read whole by every plan made until PostgreSQL looks at it again.
_GROWN = """
/* all shops */
SELECT string_agg(oid::regclass::text, ', ') FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
  AND pg_relation_size(oid) > 10 * current_setting('block_size')::bigint
"""


async def refresh(units: Units) -> None:
    """Gather statistics of all tables that have grown, so that the first questions after an import are planned well."""
    async with units(None) as uow:
        if grown := await uow.fetchval(_GROWN):
            await uow.execute(f"ANALYZE {grown} /* all shops */")
