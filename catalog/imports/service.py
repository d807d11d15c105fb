"""Runs an import: reads, fetches pictures, writes batch by batch, reports. A killed run of the same file continues."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from itertools import islice
from pathlib import Path
from uuid import UUID

from catalog.imports import formats, reading
from catalog.imports.alone import alone
from catalog.imports.batches import import_batch, remember
from catalog.imports.errors import UnreadableFile
from catalog.imports.formats import Format
from catalog.imports.pictures import CheckImage, FetchImage, picture_fetcher
from catalog.imports.reading import Source
from catalog.imports.runs import Run, SetStock, close_run, open_run
from catalog.imports.spool import Spool
from catalog.imports.values import ERROR, FIXED, OK, QUESTION, ImportReport, Progress, Row
from catalog.kernel.unit_of_work import Units

__all__ = ["picture_fetcher", "run_import"]
BATCH = 100
Report = Callable[[Progress], None]


async def run_import(
    units: Units,
    shop_id: UUID,
    path: Path,
    *,
    dry_run: bool = False,
    progress: Report | None = None,
    fetch_image: FetchImage | None = None,
    check_image: CheckImage | None = None,
    set_stock: SetStock | None = None,
) -> ImportReport:
    """Import a catalogue file; the report says what became of every row.

    A dry run reads and judges everything and writes nothing; of pictures it judges the addresses, by `check_image`.
    Without `fetch_image`, pictures are left as they are.
    Raises UnreadableFile, UnknownColumns, BeingImported; a row's fault never stops the others.
    """
    source = await asyncio.to_thread(reading.inspect, path)
    async with AsyncExitStack() as stack:
        if not dry_run:
            await stack.enter_async_context(alone(units, shop_id, source))
        spool = stack.enter_context(Spool())
        found = await asyncio.to_thread(_fill, spool, source)
        run = await open_run(
            units,
            shop_id,
            source,
            found,
            dry_run=dry_run,
            fetch_image=fetch_image,
            check_image=check_image,
            set_stock=set_stock,
        )
        resumed_at = run.position
        for rows in islice(spool.groups(), resumed_at):
            remember(run, found.read(rows, run.rules))
        groups = spool.groups(resumed_at)
        done = sum(run.tally.rows.values())
        while batch := list(islice(groups, BATCH)):
            await import_batch(run, [found.read(rows, run.rules) for rows in batch])
            done += sum(len(rows) for rows in batch)
            if progress is not None:
                progress(Progress(rows_done=done, rows_total=spool.rows))
        await close_run(run)
    return _report(run, resumed_at)


def _fill(spool: Spool, source: Source) -> Format:
    """Read the whole file into the spool; the kind of file it is, by the columns of its first rows."""
    stream: Iterator[Row] = reading.rows(source)
    head = list(islice(stream, 50))
    if not head:
        raise UnreadableFile(f"{source.path.name} has a header and no rows")
    columns = dict.fromkeys(column for row in head for column in row.cells if column != reading.OVERFLOW)
    if not columns and head[0].fault:
        raise UnreadableFile(f"{source.path.name}, line {head[0].line}: {head[0].fault}", line=head[0].line)
    found = formats.detect(columns)

    def every() -> Iterator[Row]:
        yield from head
        yield from stream

    spool.fill(every(), found.key)
    return found


def _report(run: Run, resumed_at: int) -> ImportReport:
    rows = run.tally.rows
    return ImportReport(
        run_id=run.run_id,
        kind=run.format.name,
        dry_run=run.dry_run,
        rows=sum(rows.values()),
        ok=rows[OK],
        fixed=rows[FIXED],
        questions=rows[QUESTION],
        errors=rows[ERROR],
        created=run.tally.products["created"],
        changed=run.tally.products["changed"],
        unchanged=run.tally.products["unchanged"],
        fixes=run.tally.fixes,
        issues=tuple(sorted(run.issues, key=lambda issue: issue.line)),
        resumed_at=resumed_at,
    )
