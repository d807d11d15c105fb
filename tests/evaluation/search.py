"""How well search ranks: nDCG@10 on the electronics judgments, clean and with one slip per query, and how fast it is.

Run as `python -m tests.evaluation.search [--copies N]`: with N copies the catalogue has N times its products (for speed
only). Uses its own embedded database, or the server named by STOREFRONT_TEST_DATABASE_URL. Prints one JSON object.
"""

import argparse
import asyncio
import csv
import gzip
import json
import math
import os
import random
import re
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from uuid import UUID

import asyncpg

from catalog.kernel.clock import SystemClock
from catalog.kernel.db import create_engine
from catalog.kernel.money import Money
from catalog.kernel.unit_of_work import Units
from catalog.products import service as products
from catalog.products.values import ProductDraft, Refused, VariantDraft
from catalog.search.service import search
from catalog.shops.service import create_shop
from tests import database

_LOCALE = "en"
_BATCH = 500
_DEPTH = 10
_GOOD = 0.7  # nDCG@10 under which a query is worth looking at
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_BESIDE = {key: row[max(0, at - 1) : at] + row[at + 1 : at + 2] for row in _KEYS for at, key in enumerate(row)}
Judgments = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Result:
    """Mean nDCG@10 and the seconds each query took."""

    ndcg: float
    worst: list[tuple[float, str]]
    seconds: list[float]


def reference() -> Path:
    """The folder of the reference data."""
    base = Path(os.environ.get("STOREFRONT_SHARED") or Path(__file__).parent.parent.parent.parent / "shared")
    return base / "data" / "search-electronics"


def drafts(folder: Path, copies: int = 1) -> Iterator[ProductDraft]:
    """The catalogue, in its order; further copies have handles of their own."""
    for copy in range(copies):
        with gzip.open(folder / "products.csv.gz", "rt", encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                yield _draft(row, f"-{copy}" if copy else "")


def judgments(folder: Path) -> Judgments:
    """Ratings 0 to 3 by query and product, for queries with a rating above 0."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    with gzip.open(folder / "judgments.csv.gz", "rt", encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            found[row["query"]][row["product_id"]] = int(row["rating"])
    return {query: ratings for query, ratings in found.items() if any(ratings.values())}


def ndcg(ranked: Sequence[str], ratings: Mapping[str, int]) -> float:
    """nDCG@10 with gain 2^rating - 1; what is not rated counts 0."""
    gains = [2 ** ratings.get(product, 0) - 1 for product in ranked[:_DEPTH]]
    ideal = sorted((2**rating - 1 for rating in ratings.values()), reverse=True)[:_DEPTH]
    return _discounted(gains) / _discounted(ideal)


def misspelled(query: str, rng: random.Random) -> str:
    """The query with one slip: a letter left out, doubled, swapped with the next or hit beside."""
    places = [match.start() for match in re.finditer(r"[a-z]", query)]
    for _ in range(100):
        at = rng.choice(places)
        slip = rng.choice("dists")
        if slip == "d":
            wrong = query[:at] + query[at + 1 :]
        elif slip == "i":
            wrong = query[:at] + rng.choice(_LETTERS) + query[at:]
        elif slip == "t":
            wrong = query[:at] + query[at + 1 : at + 2] + query[at] + query[at + 2 :]
        else:
            wrong = query[:at] + rng.choice(_LETTERS) + query[at + 1 :]
        if wrong.strip() and wrong != query:
            return wrong
    return query


def mistyped(query: str, rng: random.Random) -> str:
    """The query with one slip of the fingers in any of its words: left out, doubled, swapped or a neighbouring key."""
    words = query.split(" ")
    for _ in range(100):
        place = rng.choice([at for at, word in enumerate(words) if re.search(r"[a-z]", word)])
        word = words[place]
        at = rng.choice([at for at, letter in enumerate(word) if letter.isalpha()])
        match rng.choice(("out", "twice", "swap", "beside")):
            case "out":
                wrong = word[:at] + word[at + 1 :]
            case "twice":
                wrong = word[:at] + word[at] + word[at:]
            case "swap":
                wrong = word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :]
            case _:
                wrong = word[:at] + rng.choice(_BESIDE[word[at]]) + word[at + 1 :]
        if wrong and wrong != word:
            return " ".join((*words[:place], wrong, *words[place + 1 :]))
    return query


async def evaluate(units: Units, shop_id: UUID, queries: Mapping[str, str], rated: Judgments) -> Result:
    """Search each text of `queries` (by the judged query it stands for) and judge what comes."""
    scores: list[tuple[float, str]] = []
    seconds: list[float] = []
    for original, text in queries.items():
        async with units(shop_id) as uow:
            began = time.perf_counter()
            page = await search(uow, text, locale=_LOCALE, limit=_DEPTH)
            seconds.append(time.perf_counter() - began)
        scores.append((ndcg([item.handle for item in page.items], rated[original]), text))
    return Result(statistics.mean(score for score, _ in scores), sorted(scores), seconds)


async def load(units: Units, shop_id: UUID, folder: Path, copies: int) -> float:
    """Write the catalogue; the seconds it took."""
    began = time.perf_counter()
    stream = drafts(folder, copies)
    while batch := list(islice(stream, _BATCH)):
        async with units(shop_id) as uow:
            outcomes = await products.bulk_upsert(uow, batch)
        refused = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
        if refused:
            raise RuntimeError(f"{refused[0].handle}: {refused[0].faults[0].detail}")
    return time.perf_counter() - began


async def run(copies: int, rounds: int, worst: list[str]) -> dict[str, object]:
    """The whole measurement; `worst` gets the queries that came out worst."""
    with database.running_server(os.environ.get("STOREFRONT_TEST_DATABASE_URL")) as server:
        database.make_template(server)
        name = f"storefront_evaluation_{os.getpid()}"
        url = database.recreate(server, name)
        engine = create_engine(url)
        try:
            return await _measure(Units(engine, SystemClock()), url, copies, rounds, worst)
        finally:
            await engine.dispose()
            database.drop(server, name)


async def _measure(units: Units, url: str, copies: int, rounds: int, worst: list[str]) -> dict[str, object]:
    folder = reference()
    async with units(None) as uow:
        shop = await create_shop(uow, name="Evaluation", currency="EUR", country="DE", locales=[_LOCALE])
    load_seconds = await load(units, shop.id, folder, copies)
    connection = await asyncpg.connect(url)
    await connection.execute("VACUUM ANALYZE")
    await connection.close()
    rated = judgments(folder)
    await evaluate(units, shop.id, {query: query for query in rated}, rated)  # warm
    clean = await evaluate(units, shop.id, {query: query for query in rated}, rated)
    slips = await _slipped(units, shop.id, rated, misspelled, rounds)
    keys = await _slipped(units, shop.id, rated, mistyped, rounds)
    seconds = sorted(value for result in (clean, *slips, *keys) for value in result.seconds)
    for result, kind in ((clean, "clean"), (slips[0], "slip")):
        worst += [f"{kind} {score:.3f} {query}" for score, query in result.worst if score < _GOOD]
    return {
        "products": copies * sum(1 for _ in drafts(folder)),
        "load_s": round(load_seconds, 1),
        "ndcg_clean": round(clean.ndcg, 4),
        "ndcg_slip": round(statistics.mean(result.ndcg for result in slips), 4),
        "ndcg_keys": round(statistics.mean(result.ndcg for result in keys), 4),
        "ndcg_slip_rounds": [round(result.ndcg, 4) for result in slips],
        "p50_ms": round(statistics.median(seconds) * 1000, 1),
        "p95_ms": round(seconds[int(len(seconds) * 0.95)] * 1000, 1),
        "max_ms": round(seconds[-1] * 1000, 1),
    }


async def _slipped(
    units: Units, shop_id: UUID, rated: Judgments, slip: Callable[[str, random.Random], str], rounds: int
) -> list[Result]:
    results = []
    for seed in range(rounds):
        rng = random.Random(seed)  # noqa: S311 - repeatable slips, no secret
        results.append(await evaluate(units, shop_id, {query: slip(query, rng) for query in rated}, rated))
    return results


def _draft(row: Mapping[str, str], suffix: str) -> ProductDraft:
    pairs = (pair.partition(": ") for pair in row["attributes"].split("; ") if ": " in pair)
    return ProductDraft(
        handle=row["product_id"] + suffix,
        title={_LOCALE: row["title"][:300]},
        description={_LOCALE: row["description"]},
        brand=row["brand"],
        attributes={name: value for name, _, value in pairs},
        variants=(
            VariantDraft(sku=row["product_id"] + suffix, price=Money(int(float(row["price_cents"] or 0)), "EUR")),
        ),
    )


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(place + 2) for place, gain in enumerate(gains))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--copies", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    worst: list[str] = []
    found = asyncio.run(run(given.copies, given.rounds, worst))
    print("\n".join(worst), file=sys.stderr)  # noqa: T201 - a program that speaks to people
    print(json.dumps(found))  # noqa: T201 - as above


if __name__ == "__main__":
    main()
