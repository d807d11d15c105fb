"""A run of an import: what it works with, its row that a killed run is continued from, and the issues it reported."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import msgspec

from catalog.imports.formats import Format
from catalog.imports.pictures import CheckImage, FetchImage, Pictures
from catalog.imports.reading import Source
from catalog.imports.values import SEVERITIES, Issue
from catalog.kernel.ids import new_id
from catalog.kernel.unit_of_work import UnitOfWork, Units
from catalog.products import service as products
from catalog.products.validation import Rules

MAX_ISSUES = 5000
SetStock = Callable[[UnitOfWork, Mapping[str, int]], Awaitable[object]]
"""Sets units on hand by SKU, in the transaction that writes the products. Stock is known above the catalogue."""


@dataclass(slots=True)
class Tally:
    """The counts of a run, kept in its row."""

    rows: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SEVERITIES, 0))
    products: dict[str, int] = field(default_factory=lambda: {"created": 0, "changed": 0, "unchanged": 0})
    fixes: dict[str, int] = field(default_factory=dict)
    issues: int = 0


@dataclass(slots=True, kw_only=True)
class Run:
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
    tally: Tally
    issues: list[Issue]
    skus: dict[str, str] = field(default_factory=dict)
    handles: set[str] = field(default_factory=set)


async def open_run(
    units: Units,
    shop_id: UUID,
    source: Source,
    found: Format,
    *,
    dry_run: bool,
    fetch_image: FetchImage | None,
    check_image: CheckImage | None,
    set_stock: SetStock | None,
) -> Run:
    """A new run of this file, or the one that was interrupted; a dry run has no row."""
    async with units(shop_id) as uow:
        rules = await products.rules_of(uow)
        run_id, position, tally = None, 0, Tally()
        if not dry_run:
            row = await uow.fetchrow(
                "SELECT id, position, counts FROM import_run"
                " WHERE shop_id = $1 AND file_hash = $2 AND state = 'running'",
                uow.shop_id, source.digest,
            )  # fmt: skip
            if row is not None:
                run_id, position = row["id"], row["position"]
                tally = msgspec.json.decode(row["counts"], type=Tally)
            else:
                run_id = new_id()
                await uow.execute(
                    """INSERT INTO import_run (id, shop_id, file_hash, file_name, kind, state, position, counts,
                                               started_at, updated_at)
                       VALUES ($1, $2, $3, $4, $5, 'running', 0, $6, $7, $7)""",
                    run_id, uow.shop_id, source.digest, source.path.name, found.name, _json(tally), uow.now,
                )  # fmt: skip
        issues = await issues_of(uow, run_id) if run_id and position else []
    fetch, check = (None, check_image) if dry_run else (fetch_image, None)
    pictures = Pictures(units, shop_id, rules.default_locale, fetch, check)
    return Run(
        units=units, shop_id=shop_id, source=source, format=found, rules=rules, dry_run=dry_run, pictures=pictures,
        set_stock=set_stock, run_id=run_id, position=position, tally=tally, issues=issues,
    )  # fmt: skip


async def issues_of(uow: UnitOfWork, run_id: UUID) -> list[Issue]:
    """What a finished or interrupted run said, in the order of the file."""
    rows = await uow.fetch(
        """SELECT line, "column", value, reason, severity, kind FROM import_issue
           WHERE shop_id = $1 AND run_id = $2 ORDER BY line, id""",
        uow.shop_id, run_id,
    )  # fmt: skip
    return [Issue(**dict(row)) for row in rows]


async def save(uow: UnitOfWork, run: Run, fresh: Sequence[Issue]) -> None:
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


async def close_run(run: Run) -> None:
    """The file is done; a dry run has nothing to close."""
    if run.dry_run:
        return
    async with run.units(run.shop_id) as uow:
        await uow.execute(
            """UPDATE import_run SET state = 'done', finished_at = $3, updated_at = $3
               WHERE shop_id = $1 AND id = $2""",
            uow.shop_id, run.run_id, uow.now,
        )  # fmt: skip


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _storable(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode()
