"""`make bench`: floor, whole turn, delivery to a double, import and search, one after the other on one fresh database.

The last line is one JSON object. Rates are per second, times milliseconds; `ratio` is the turn's rate over the
floor's, which is taken before and after it, as a machine's speed changes. Numbers of other machines, or of a busy one,
do not compare; ratios of one run do.
"""

import argparse
import asyncio
import json
import os
import secrets
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import asyncpg

from storefront import migrations
from storefront.postgres import EmbeddedServer
from tests.bench import delivered, floor, imports, load, process, search, shop
from tests.bench.process import Served

_PEOPLE = 2000
_WARM_S = 120.0  # at most; until everybody has a cart and every connection its plans


def main() -> None:
    """Run every part and print what came out."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="length of each load")
    parser.add_argument("--rows", type=int, default=20_000, help="rows of the import, five to a product")
    parser.add_argument(
        "--processes", type=int, default=os.cpu_count() or 1, help="web processes of the floor and of the product"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        with EmbeddedServer(Path(folder)) as server:
            sys.stdout.write(json.dumps(_all(server.url, Path(folder), given)) + "\n")


def _all(dsn: str, home: Path, given: argparse.Namespace) -> dict[str, Any]:
    seconds, processes = given.seconds, given.processes
    migrations.upgrade(dsn)
    key = secrets.token_urlsafe(48)
    environment = {
        "STOREFRONT_DATABASE_URL": dsn, "STOREFRONT_SECRET_KEY": key, "STOREFRONT_HOME": str(home),
        "STOREFRONT_LAB": "0", "STOREFRONT_LOG_LEVEL": "WARNING",
    }  # fmt: skip
    result: dict[str, Any] = {
        "cores": os.cpu_count(), "seconds": seconds, "connections": 32, "web_processes": processes,
    }  # fmt: skip
    shop_id, account = asyncio.run(shop.build(dsn, key))
    asyncio.run(_prepare_floor(dsn))
    path = f"/webhooks/whatsapp/{account}"
    with process.floor(environment, processes) as low, process.product(environment, processes) as high:
        before = _loaded(low, load.requests("/", _made(seconds, seed=1)), seconds)
        warm = load.bodies(shop.said(), people=_PEOPLE, count=3 * _PEOPLE, seed=3)
        asyncio.run(load.run(high.port, load.requests(path, warm), seconds=_WARM_S))
        turn = _loaded(high, load.requests(path, _made(seconds, seed=2)), seconds)
        after = _loaded(low, load.requests("/", _made(seconds, seed=4)), seconds)
    result |= {"floor": before, "turn": turn, "floor_after": after}
    result["ratio"] = round(2 * turn["rate"] / (before["rate"] + after["rate"]), 3)
    result["outcomes"] = asyncio.run(_outcomes(dsn))
    with process.worker(environment | delivered.environment()) as worker:
        result["delivered"] = asyncio.run(delivered.measure(dsn, account, worker))
    result["import"] = imports.measure(environment, home, given.rows)
    result["search"] = asyncio.run(search.measure(dsn, shop_id, seconds))
    return result


def _made(seconds: float, seed: int) -> list[bytes]:
    return load.bodies(shop.said(), people=_PEOPLE, count=int(seconds * 3000), seed=seed)


def _loaded(served: Served, raw: list[bytes], seconds: float) -> dict[str, Any]:
    before, began = served.cpu(), time.monotonic()
    measured = asyncio.run(load.run(served.port, raw, seconds=seconds))
    used = served.cpu() - before
    numbers = {name: round(value, 2) if isinstance(value, float) else value for name, value in asdict(measured).items()}
    return {
        **numbers, "cpu_ms": round(used / max(1, measured.count) * 1000, 3),
        "cores": round(used / (time.monotonic() - began), 2), "memory_mb": round(served.memory()),
    }  # fmt: skip


async def _prepare_floor(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute(floor.SCHEMA)
    await connection.execute(
        "INSERT INTO floor.conversation SELECT g FROM generate_series(0, 99999) g;"
        "INSERT INTO floor.variant SELECT g, 2490, 1000000 FROM generate_series(0, 499) g;"
        "ANALYZE floor.conversation, floor.variant"
    )
    await connection.close()


async def _outcomes(dsn: str) -> dict[str, int]:
    """How the product's messages ended: a fast wrong answer would show here."""
    connection = await asyncpg.connect(dsn)
    rows = await connection.fetch(
        "SELECT coalesce(outcome, 'open') AS outcome, count(*) AS n FROM inbound_message GROUP BY 1"
    )
    lines = await connection.fetchval("SELECT count(*) FROM cart_line")
    replies = await connection.fetchval("SELECT count(*) FROM outbound_message")
    await connection.close()
    return {**{row["outcome"]: row["n"] for row in rows}, "cart_lines": lines, "replies": replies}


if __name__ == "__main__":
    main()
