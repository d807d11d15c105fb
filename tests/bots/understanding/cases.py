"""Utterances with what they mean, and the comparison of a reading with it."""

import functools
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bots.understanding import Context, Lexicon, Reading, RuleReader
from bots.understanding.contexts import context_from_json
from catalog.products.listing import option_kind
from storefront.sample import goods

HERE = Path(__file__).parent
FILES = sorted((HERE / "utterances").glob("*.jsonl"))


@dataclass(frozen=True, slots=True)
class Case:
    """One message, its context by name, and what is expected of its reading."""

    id: str
    text: str
    context: str
    lang: str | None
    tags: tuple[str, ...]
    expected: Mapping[str, Any]


@dataclass(frozen=True)
class Corpus:
    """A catalogue, named contexts, and messages."""

    catalogue: Any
    contexts: Mapping[str, Context]
    cases: tuple[Case, ...]

    @functools.cached_property
    def reader(self) -> RuleReader:
        """The catalogue's reader; made when first asked for, as whoever collects tests needs the messages alone."""
        return RuleReader(Lexicon.from_catalogue_json(self.catalogue))

    def read(self, case: Case) -> Reading:
        """The reading of a case."""
        return self.reader.read(case.text, self.contexts[case.context], lang=case.lang)


def cases_of(path: Path) -> Iterator[Case]:
    """The cases of a file of JSON lines."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield Case(
            row["id"], row["text"], row["context"], row.get("lang"), tuple(row.get("tags") or ()), row["expected"]
        )


def corpus(catalogue: Path, contexts: Path, *files: Path) -> Corpus:
    """A corpus from its files."""
    return _corpus(json.loads(catalogue.read_text(encoding="utf-8")), contexts, *files)


def _corpus(catalogue: Mapping[str, Any], contexts: Path, *files: Path) -> Corpus:
    return Corpus(
        catalogue=catalogue,
        contexts={
            name: context_from_json(found) for name, found in json.loads(contexts.read_text(encoding="utf-8")).items()
        },
        cases=tuple(case for file in files for case in cases_of(file)),
    )


@functools.cache
def own() -> Corpus:
    """The shop's own growing set, read in once for a process."""
    return corpus(HERE / "catalogue.json", HERE / "contexts.json", *FILES)


OTHER_TRADES = tuple(sorted(found.parent.name for found in HERE.glob("*/catalogue.json")))


@functools.cache
def of_trade(name: str) -> Corpus:
    """The same kinds of messages to a shop of other goods, whose sizes, ids and order numbers are others."""
    folder = HERE / name
    return corpus(folder / "catalogue.json", folder / "contexts.json", folder / "utterances.jsonl")


@functools.cache
def of_sample() -> Corpus:
    """Messages to the sample shop, whose goods share many of their names."""
    folder = HERE / "sample"
    catalogue = {"products": [_product(one) for one in goods.all_goods()]}
    return _corpus(catalogue, folder / "contexts.json", folder / "utterances.jsonl")


def _product(one: goods.Goods) -> dict[str, Any]:
    variants = [variant.options for variant in goods.draft(one, defaultdict(str)).variants]
    return {
        "id": one.handle,
        "title": one.title,
        "category": one.category,
        "price": one.price / 100,
        "material": one.material,
        "keywords": {locale: list(words) for locale, words in one.keywords.items()},
        "tags": list(one.tags),
        **{
            f"{kind}s": list(
                dict.fromkeys(
                    value for options in variants for name, value in options.items() if option_kind(name) == kind
                )
            )
            for kind in ("colour", "size")
        },
    }


def intent_right(case: Case, reading: Reading) -> bool:
    """Whether the first intent is the expected or an accepted one."""
    return reading.intents[0] in {case.expected["intents"][0], *case.expected.get("accept_intents", ())}


def cart_right(case: Case, reading: Reading) -> bool:
    """Whether the cart changes exactly as expected; true where nothing is said of it and nothing changes."""
    if "cart_ops" not in case.expected:
        return True
    got, wanted = reading.to_json()["cart_ops"], case.expected["cart_ops"]
    return sorted(json.dumps(op, sort_keys=True) for op in got) == sorted(
        json.dumps(op, sort_keys=True) for op in wanted
    )


def wrongly_changed(case: Case, reading: Reading) -> bool:
    """Whether the cart changes although it must not."""
    return case.expected.get("cart_ops") == [] and bool(reading.cart_ops)


def faults(case: Case, reading: Reading) -> list[str]:
    """Everything in which the reading differs from what is expected, in words."""
    expected, got = case.expected, reading.to_json()
    found = [] if intent_right(case, reading) else [f"intents {got['intents']}, not {expected['intents']}"]
    if "accept_intents" not in expected and set(got["intents"]) - set(expected.get("also_intents", ())) != set(
        expected["intents"]
    ):
        found.append(f"intents {got['intents']}, not exactly {expected['intents']}")
    if not cart_right(case, reading):
        found.append(f"cart {got['cart_ops']}, not {expected['cart_ops']}")
    single = (
        "product",
        "colour",
        "size",
        "order",
        "reason",
        "field",
        "voucher_code",
        "confirm",
        "handover",
        "offer_handover",
        "address_like",
    )
    found += [
        f"{key} {got.get(key)!r}, not {expected[key]!r}"
        for key in single
        if key in expected and got.get(key) != expected[key]
    ]
    several = ("items", "missing", "size_candidates")
    found += [
        f"{key} {got.get(key)}, not {expected[key]}"
        for key in several
        if key in expected and sorted(got.get(key, ())) != sorted(expected[key])
    ]
    if "unclear" in expected and [list(one.products) for one in reading.unclear] != expected["unclear"]:
        found.append(f"unclear {reading.unclear}, not {expected['unclear']}")
    if "asks" in expected and expected["asks"] not in (*got.get("asks", ()), got.get("asks")):
        found.append(f"asks {got.get('asks')}, not {expected['asks']}")
    if "search" in expected:
        products = (got.get("search") or {}).get("products")
        if products is None or set(products) != set(expected["search"]["expected_products"]):
            found.append(f"search {products}, not {expected['search']['expected_products']}")
    if "must_tell" in expected and not set(expected["must_tell"].split("_or_")) & set(got.get("tells", ())):
        found.append(f"tells {got.get('tells')}, not {expected['must_tell']}")
    return found


def lawful(case_context: Context, lexicon: Lexicon, reading: Reading) -> list[str]:
    """What an operation must never do: name goods, variants or lines that do not exist, or are sold out."""
    lines = {line.line: line.product for line in case_context.cart}
    found: list[str] = []
    for op in reading.cart_ops:
        if op.op == "clear":
            continue
        entry = lexicon.entry(op.product)
        if entry is None:
            found.append(f"unknown product {op.product}")
            continue
        if op.op != "add" and lines.get(op.line or 0) != op.product:
            found.append(f"line {op.line} is not {op.product}")
        if op.op in {"add", "change_variant"}:
            if (op.colour is not None and op.colour not in entry.colours) or (
                op.size is not None and op.size not in entry.sizes
            ):
                found.append(f"no such variant {op}")
            elif not entry.available(op.colour, op.size):
                found.append(f"sold out {op}")
        if op.op in {"add", "change_variant", "set_quantity"} and (op.quantity or 0) < 1:
            found.append(f"quantity {op.quantity}")
    if reading.order is not None and reading.order not in {order.number for order in case_context.orders}:
        found.append(f"order {reading.order} of somebody else")
    return found
