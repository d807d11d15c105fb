"""The planner's statistics after bulk writes: PostgreSQL gathers them by itself, but a minute later."""

from catalog.kernel.unit_of_work import Units


async def refresh(units: Units) -> None:
    """Gather statistics of all tables now, so that the first questions after an import are planned well."""
    async with units(None) as uow:
        await uow.execute("ANALYZE /* all shops */")
