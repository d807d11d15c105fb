"""How fast and in how much memory 100,000 rows are imported.

Run as `python -m tests.evaluation.imports [--rows N]`. The import runs in a process of its own, whose peak memory
counts; the database is embedded, or the server named by STOREFRONT_TEST_DATABASE_URL. Prints one JSON object.
"""

import argparse
import asyncio
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from uuid import UUID

from catalog.imports.service import run_import
from catalog.kernel.clock import SystemClock
from catalog.kernel.db import create_engine
from catalog.kernel.unit_of_work import Units
from catalog.shops.service import create_shop
from tests import database

_COLOURS = ("grau", "schwarz", "weiß", "navy")
_KINDS = ("Basic-Tee", "Kapuzenpullover", "Chino", "Sommerkleid", "Wintermantel", "Gürtel", "Ledertasche", "Sneaker")
_NAMES = ("Lina", "Wolke", "Hafen", "Linde", "Nord", "Insel", "Werft", "Anker", "Düne", "Fjord")


def write_file(path: Path, rows: int) -> None:
    """A file of our own columns: four rows a product."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(
            ("handle", "titel", "beschreibung", "kategorie", "marke", "farbe", "größe", "sku", "preis", "bestand")
        )
        for row in range(rows):
            product, variant = divmod(row, len(_COLOURS))
            kind, name = _KINDS[product % len(_KINDS)], _NAMES[product // len(_KINDS) % len(_NAMES)]
            writer.writerow((
                f"p-{product}", f"{kind} {name} {product}", f"{kind} aus Baumwolle, gerade geschnitten, {product}.",
                "Damen > Oberteile", "Linden", _COLOURS[variant], "M", f"P{product}-{variant}", "24,90", "5",
            ))  # fmt: skip


async def _import(url: str, shop_id: UUID, path: Path) -> dict[str, object]:
    engine = create_engine(url)
    idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    report = await run_import(Units(engine, SystemClock()), shop_id, path)
    seconds = time.perf_counter() - began
    await engine.dispose()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "summary": report.summary,
        "rows": report.rows,
        "seconds": round(seconds, 1),
        "rows_per_s": round(report.rows / seconds),
        "idle_mb": round(idle / 1024, 1),
        "peak_mb": round(peak / 1024, 1),
    }


async def _make_shop(url: str) -> UUID:
    engine = create_engine(url)
    async with Units(engine, SystemClock())(None) as uow:
        shop = await create_shop(uow, name="Import", currency="EUR", country="DE", locales=["de", "en"])
    await engine.dispose()
    return shop.id


def _measure(rows: int) -> str:
    with (
        database.running_server(os.environ.get("STOREFRONT_TEST_DATABASE_URL")) as server,
        tempfile.TemporaryDirectory() as folder,
    ):
        database.make_template(server)
        name = f"storefront_import_{os.getpid()}"
        url = database.recreate(server, name)
        try:
            path = Path(folder) / "goods.csv"
            write_file(path, rows)
            shop_id = asyncio.run(_make_shop(url))
            command = [sys.executable, "-m", "tests.evaluation.imports", "--file", str(path), "--url", url]
            done = subprocess.run([*command, "--shop", str(shop_id)], check=True, capture_output=True, text=True)
            return done.stdout.strip()
        finally:
            database.drop(server, name)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--file", type=Path)
    parser.add_argument("--url")
    parser.add_argument("--shop", type=UUID)
    given = parser.parse_args()
    if given.file:
        print(json.dumps(asyncio.run(_import(given.url, given.shop, given.file))))  # noqa: T201 - speaks to its caller
    else:
        print(_measure(given.rows))  # noqa: T201 - a program that speaks to people


if __name__ == "__main__":
    main()
