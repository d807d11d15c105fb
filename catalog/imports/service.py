"""Runs an import: reads, fetches pictures, writes batch by batch, reports. A killed run of the same file continues.

Each batch is one transaction that holds whole products, their stock, the report about them and the position reached:
what is written is known to be written. Writing a product again changes nothing, so a doubt at the edge does no harm.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from uuid import UUID

import msgspec

from catalog.imports import formats, reading
from catalog.imports.alone import alone
from catalog.imports.errors import UnreadableFile
from catalog.imports.formats import Format
from catalog.imports.pictures import FetchImage, Pictures, picture_fetcher
from catalog.imports.reading import Source
from catalog.imports.spool import Spool
from catalog.imports.values import (
    ERROR,
    FIXED,
    OK,
    QUESTION,
    SEVERITIES,
    Candidate,
    ImportReport,
    Issue,
    Progress,
    Row,
)
from catalog.kernel.ids import new_id
from catalog.kernel.unit_of_work import UnitOfWork, Units
from catalog.products import service as products
from catalog.products.validation import Rules
from catalog.products.values import Fault, ProductDraft, Refused, Written

__all__ = ["issues_of", "picture_fetcher", "run_import"]

BATCH = 100
MAX_ISSUES = 5000

SetStock = Callable[[UnitOfWork, Mapping[str, int]], Awaitable[None]]
"""Sets units on hand by SKU, in the transaction that writes the products. Stock is known above the catalogue."""
Report = Callable[[Progress], None]


@dataclass(slots=True)
class _Tally:
    """The counts of a run, kept in its row."""

    rows: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SEVERITIES, 0))
    products: dict[str, int] = field(default_factory=lambda: {"created": 0, "changed": 0, "unchanged": 0})
    fixes: dict[str, int] = field(default_factory=dict)
    issues: int = 0


@dataclass(slots=True)
class _Run:
    """What a run works with."""

    units: Units
    shop_id: UUID
    source: Source
    format: Format
    rules: Rules
    dry_run: bool
    pictures: Pictures
    set_stock: SetStock | None
    run_id: UUID | None
    position: int
    tally: _Tally
    issues: list[Issue]
    skus: dict[str, str]
    handles: set[str]


async def run_import(
    units: Units,
    shop_id: UUID,
    path: Path,
    *,
    dry_run: bool = False,
    progress: Report | None = None,
    fetch_image: FetchImage | None = None,
    set_stock: SetStock | None = None,
) -> ImportReport:
    """Import a catalogue file; the report says what became of every row.

    A dry run reads and judges everything and writes nothing. Without `fetch_image`, pictures are left as they are.
    Raises UnreadableFile, UnknownColumns, BeingImported; a row's fault never stops the others.
    """
    source = await asyncio.to_thread(reading.inspect, path)
    async with AsyncExitStack() as stack:
        if not dry_run:
            await stack.enter_async_context(alone(units, shop_id, source))
        spool = stack.enter_context(Spool())
        found = await asyncio.to_thread(_fill, spool, source)
        run = await _open(units, shop_id, source, found, dry_run=dry_run, fetch_image=fetch_image, set_stock=set_stock)
        resumed_at = run.position
        for rows in islice(spool.groups(), resumed_at):
            _remember(run, found.read(rows, run.rules))
        groups = spool.groups(resumed_at)
        done = sum(run.tally.rows.values())
        while batch := list(islice(groups, BATCH)):
            await _import_batch(run, [found.read(rows, run.rules) for rows in batch])
            done += sum(len(rows) for rows in batch)
            if progress is not None:
                progress(Progress(rows_done=done, rows_total=spool.rows))
        await _close(run)
    return _report(run, resumed_at)


async def issues_of(uow: UnitOfWork, run_id: UUID) -> list[Issue]:
    """What a finished or interrupted run said, in the order of the file."""
    rows = await uow.fetch(
        """SELECT line, "column", value, reason, severity, kind FROM import_issue
           WHERE shop_id = $1 AND run_id = $2 ORDER BY line, id""",
        uow.shop_id, run_id,
    )  # fmt: skip
    return [Issue(**dict(row)) for row in rows]


def _fill(spool: Spool, source: Source) -> Format:
    """Read the whole file into the spool; the kind of file it is, by the columns of its first rows."""
    stream: Iterator[Row] = reading.rows(source)
    head = list(islice(stream, 50))
    if not head:
        raise UnreadableFile(f"{source.path.name} has a header and no rows")
    columns = dict.fromkeys(column for row in head for column in row.cells if column != reading.OVERFLOW)
    found = formats.detect(columns)

    def every() -> Iterator[Row]:
        yield from head
        yield from stream

    spool.fill(every(), found.key)
    return found


async def _open(
    units: Units,
    shop_id: UUID,
    source: Source,
    found: Format,
    *,
    dry_run: bool,
    fetch_image: FetchImage | None,
    set_stock: SetStock | None,
) -> _Run:
    async with units(shop_id) as uow:
        rules = await products.rules_of(uow)
        run_id, position, tally = None, 0, _Tally()
        if not dry_run:
            row = await uow.fetchrow(
                "SELECT id, position, counts FROM import_run"
                " WHERE shop_id = $1 AND file_hash = $2 AND state = 'running'",
                uow.shop_id, source.digest,
            )  # fmt: skip
            if row is not None:
                run_id, position = row["id"], row["position"]
                tally = msgspec.json.decode(row["counts"], type=_Tally)
            else:
                run_id = new_id()
                await uow.execute(
                    """INSERT INTO import_run (id, shop_id, file_hash, file_name, kind, state, position, counts,
                                               started_at, updated_at)
                       VALUES ($1, $2, $3, $4, $5, 'running', 0, $6, $7, $7)""",
                    run_id, uow.shop_id, source.digest, source.path.name, found.name, _json(tally), uow.now,
                )  # fmt: skip
        issues = await issues_of(uow, run_id) if run_id and position else []
    pictures = Pictures(units, shop_id, rules.default_locale, None if dry_run else fetch_image)
    return _Run(
        units, shop_id, source, found, rules, dry_run, pictures, set_stock, run_id, position, tally, issues, {}, set()
    )


async def _import_batch(run: _Run, candidates: Sequence[Candidate]) -> None:
    """Judge and write these products, in one transaction."""
    told = [list(candidate.issues) for candidate in candidates]
    drafts = [candidate.draft for candidate in candidates]
    _refuse_repeated(run, candidates, drafts, told)
    await run.pictures.add(candidates, drafts, told)
    async with run.units(run.shop_id) as uow:
        whole = await run.pictures.keep(uow, candidates, drafts)
        outcomes = await (products.check(uow, whole) if run.dry_run else products.bulk_upsert(uow, whole))
        by_handle = iter(outcomes)
        written: list[ProductDraft] = []
        fresh: list[Issue] = []
        for candidate, draft, issues in zip(candidates, drafts, told, strict=True):
            outcome = next(by_handle) if draft is not None else None
            if isinstance(outcome, Refused):
                issues.extend(_issue(candidate, fault) for fault in outcome.faults)
            elif outcome is not None and draft is not None:
                written.append(draft)
                run.tally.products[_kind(outcome)] += 1
            _count(run.tally, candidate, issues)
            fresh.extend(issues)
        run.position += len(candidates)
        if not run.dry_run:
            await _set_stock(uow, run, written)
            await _save(uow, run, fresh)
    run.issues.extend(fresh[: max(0, MAX_ISSUES - len(run.issues))])


def _refuse_repeated(
    run: _Run, candidates: Sequence[Candidate], drafts: list[ProductDraft | None], told: Sequence[list[Issue]]
) -> None:
    """A handle or SKU that stood earlier in this file is refused here: the later one must not undo the earlier."""
    for index, candidate in enumerate(candidates):
        if repeated := _remember(run, candidate):
            told[index].extend(_issue(candidate, fault) for fault in repeated)
            drafts[index] = None


def _remember(run: _Run, candidate: Candidate) -> list[Fault]:
    """What of the candidate stood earlier in this file; nothing: it stands there from now on."""
    draft = candidate.draft
    if draft is None:
        return []
    repeated = [
        Fault(
            pointer=f"/variants/{place}/sku",
            detail=f"SKU {variant.sku!r} belongs to the product {run.skus[variant.sku]!r} in this file",
            value=variant.sku,
        )
        for place, variant in enumerate(draft.variants)
        if run.skus.get(variant.sku, draft.handle) != draft.handle
    ]
    if draft.handle in run.handles:
        detail = f"the handle {draft.handle!r} stands for another product of this file already"
        repeated.append(Fault(pointer="/handle", detail=detail, value=draft.handle))
    if not repeated:
        run.handles.add(draft.handle)
        run.skus.update((variant.sku, draft.handle) for variant in draft.variants)
    return repeated


async def _set_stock(uow: UnitOfWork, run: _Run, written: Sequence[ProductDraft]) -> None:
    stock = {variant.sku: variant.stock for draft in written for variant in draft.variants if variant.stock is not None}
    if stock and run.set_stock is not None:
        await run.set_stock(uow, stock)


async def _save(uow: UnitOfWork, run: _Run, fresh: Sequence[Issue]) -> None:
    """The run's position, counts and issues, with what they speak of."""
    room = max(0, MAX_ISSUES - run.tally.issues)
    run.tally.issues += len(fresh)
    await uow.execute(
        "UPDATE import_run SET position = $3, counts = $4, updated_at = $5 WHERE shop_id = $1 AND id = $2",
        uow.shop_id, run.run_id, run.position, _json(run.tally), uow.now,
    )  # fmt: skip
    await uow.executemany(
        """INSERT INTO import_issue (shop_id, run_id, line, "column", value, reason, kind, severity)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)""",
        [
            (uow.shop_id, run.run_id, issue.line, issue.column, _storable(issue.value), _storable(issue.reason),
             issue.kind, issue.severity)
            for issue in fresh[:room]
        ],
    )  # fmt: skip


async def _close(run: _Run) -> None:
    if run.dry_run:
        return
    async with run.units(run.shop_id) as uow:
        await uow.execute(
            """UPDATE import_run SET state = 'done', finished_at = $3, updated_at = $3
               WHERE shop_id = $1 AND id = $2""",
            uow.shop_id, run.run_id, uow.now,
        )  # fmt: skip


def _count(tally: _Tally, candidate: Candidate, issues: Sequence[Issue]) -> None:
    """Every row by the worst said about it; a product that is refused refuses all its rows."""
    worst = dict.fromkeys(candidate.lines, OK)
    for issue in issues:
        line = issue.line if issue.line in worst else candidate.lines[0]
        worst[line] = max(worst[line], issue.severity, key=SEVERITIES.index)
    if any(issue.severity == ERROR for issue in issues):
        worst = dict.fromkeys(worst, ERROR)
    for severity in worst.values():
        tally.rows[severity] += 1
    for kind, count in Counter(issue.kind for issue in issues if issue.severity == FIXED).items():
        tally.fixes[kind] = tally.fixes.get(kind, 0) + count


def _issue(candidate: Candidate, fault: Fault) -> Issue:
    """A fault of the draft, at the line and column it comes from."""
    parts = fault.pointer.strip("/").split("/")
    line, name = candidate.lines[0], parts[0]
    if name == "variants" and len(parts) > 1:
        place = int(parts[1])
        line = candidate.variant_lines[place] if place < len(candidate.variant_lines) else line
        name = parts[2] if len(parts) > 2 else "sku"  # noqa: PLR2004 - /variants/0/price
    return Issue(
        line=line,
        column=candidate.columns.get(name, name),
        value="" if fault.value is None else str(fault.value)[:200],
        reason=fault.detail,
        severity=ERROR,
    )


def _kind(outcome: Written) -> str:
    if outcome.created:
        return "created"
    return "changed" if outcome.changed else "unchanged"


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _storable(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _report(run: _Run, resumed_at: int) -> ImportReport:
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
