"""`make eval`: every measurement of understanding and search, a table per tag, misses in `var/`; last a JSON object.

The numbers of search need a database, embedded or STOREFRONT_TEST_DATABASE_URL's; `--no-search` leaves them out.
"""

# ruff: noqa: T201 - a command that speaks to people

import argparse
import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from tests.evaluation import search, understanding

MISSES = understanding.ROOT / "var" / "search-misses.txt"


def main() -> int:
    """Measure everything there is data for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-search", action="store_true", help="understanding alone: no database is started")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of search with one slip in each query")
    given = parser.parse_args()
    result: dict[str, Any] = {"understanding": understanding.measure()}
    if given.no_search:
        print("\nsearch was left out")
    elif not search.reference().exists():
        print(f"\nthe search judgments are not at {search.reference()}; set STOREFRONT_SHARED to the folder of data")
    else:
        result["search"] = _search(given.rounds)
    print()
    print(json.dumps(result, ensure_ascii=False))
    return 0


def _search(rounds: int) -> dict[str, object]:
    print("\nsearch, electronics: loading the catalogue takes a minute …", flush=True)
    worst: list[str] = []
    found = asyncio.run(search.run(1, rounds, worst))
    _write(MISSES, worst)
    print(f"  {'nDCG@10, clean':<28}{found['ndcg_clean']:>23}")
    print(f"  {'nDCG@10, one slip a query':<28}{found['ndcg_slip']:>23}")
    print(f"  milliseconds: median {found['p50_ms']}   95 of 100 {found['p95_ms']}   longest {found['max_ms']}")
    print(f"  the queries that came out worst are in {MISSES}")
    return found


def _write(path: Path, lines: list[str]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
