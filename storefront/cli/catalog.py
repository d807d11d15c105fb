"""`storefront catalog import`: goods from a file, with a report for every row that is not plainly fine."""

import asyncio
import sys
from dataclasses import asdict
from functools import partial
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from catalog.images.fetch import PictureFetcher
from catalog.images.store import MediaStore
from catalog.imports import service as imports
from catalog.imports import values
from catalog.kernel import statistics
from catalog.kernel.addresses import check_outside_url
from checkout.inventory import service as inventory
from storefront.cli.database import current, opened
from storefront.cli.shop import find_shop
from storefront.config import Settings
from storefront.outside import open_transport

_SHOWN = 50
_MARKS = {values.ERROR: "✗", values.QUESTION: "?", values.FIXED: "✓"}


@click.group()
def catalog() -> None:
    """Goods: imported from files."""


@catalog.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--shop", "slug", help="The shop's slug; needed when there are several.")
@click.option("--dry-run", is_flag=True, help="Read and judge everything, write nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
def import_file(*, file: Path, slug: str | None, dry_run: bool, as_json: bool) -> None:
    """Import FILE: CSV, JSON or JSON lines, in our columns, Shopify's or Google's. Run again, it continues.

    A row that cannot be read is reported and keeps its product out; everything else of the file is in the shop. Exit
    code 1 when nothing of it could be used.
    """
    with current() as settings:
        report = asyncio.run(_run(settings, file, slug, dry_run=dry_run, quiet=as_json))
    if as_json:
        click.echo(msgspec.json.encode({**asdict(report), "summary": report.summary}).decode())
    else:
        _tell(report)
    if report.errors and report.errors == report.rows:
        raise click.exceptions.Exit(1)


async def _run(settings: Settings, file: Path, slug: str | None, *, dry_run: bool, quiet: bool) -> values.ImportReport:
    console = Console(stderr=True, quiet=quiet or not sys.stderr.isatty())
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    store = MediaStore.open(settings.media_url)
    pictures = PictureFetcher(open_transport(allow_private=settings.lab), allow_private=settings.lab)
    async with opened(settings) as units, pictures as fetcher:
        shop_id = await find_shop(units, slug)
        with Progress(*columns, console=console, transient=True) as bar:
            task = bar.add_task("rows", total=None)
            report = await imports.run_import(
                units, shop_id, file, dry_run=dry_run,
                progress=lambda at: bar.update(task, completed=at.rows_done, total=at.rows_total),
                fetch_image=None if dry_run else imports.picture_fetcher(units, shop_id, store, fetcher),
                check_image=partial(check_outside_url, allow_private=settings.lab),
                set_stock=inventory.set_many,
            )  # fmt: skip
        if not dry_run:
            await statistics.refresh(units)
        return report


def _tell(report: values.ImportReport) -> None:
    for issue in report.issues[:_SHOWN]:
        click.echo(
            f"{_MARKS.get(issue.severity, ' ')} line {issue.line}, {issue.column}: {issue.value!r} {issue.reason}"
        )
    if len(report.issues) > _SHOWN:
        click.echo(f"… and {len(report.issues) - _SHOWN} more; --json lists them")
    continued = f" (continued after {report.resumed_at} products)" if report.resumed_at else ""
    click.echo(f"{'Would import: ' if report.dry_run else ''}{report.summary}{continued}")
