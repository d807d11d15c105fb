"""Score understanding on every set at hand: prints tables and writes the misses.

One table per set, a line per tag; misses go to `var/understanding-misses.txt`, so that each change can be seen.
"""

# ruff: noqa: T201 - a command that speaks to people

import csv
import gzip
import json
import os
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bots.understanding import Context, Lexicon, RuleReader
from bots.understanding.menus import MenuReader
from tests.bots.understanding import cases

ROOT = Path(__file__).parent.parent.parent
MISSES = ROOT / "var" / "understanding-misses.txt"
# Which of our intents a set's own name stands for; a set's finer names may meet several.
SUPPORT = {
    "abort": {"cancel_flow", "deny", "complaint", "unsubscribe"},
    "ask_bot": {"ask_bot"},
    "cancel_order": {"cancel_order"},
    "cancellation_fee": {"cancel_order", "return_policy"},
    "change_order": {"change_order"},
    "complaint": {"complaint"},
    "delivery_info": {"shipping_info", "track_order"},
    "goodbye": {"goodbye"},
    "greeting": {"greeting", "smalltalk"},
    "help": {"help"},
    "human_handover": {"human_handover"},
    "invoice": {"invoice"},
    "newsletter": {"unsubscribe", "help"},
    "no": {"deny"},
    "out_of_scope": {"out_of_scope", "unclear"},
    "payment_issue": {"payment_info"},
    "payment_methods": {"payment_info"},
    "place_order": {"add_to_cart", "search", "checkout", "help"},
    "repeat": {"help", "unclear"},
    "return_refund": {"return_item", "return_policy", "refund_status"},
    "shipping_address": {"change_order"},
    "thanks": {"thanks"},
    "track_order": {"track_order"},
    "track_refund": {"refund_status", "return_item"},
    "yes": {"affirm"},
}
FASHION = {
    "search": {"search", "recommendation", "refine_search"},
    "refine_search": {"refine_search", "search", "recommendation"},
    "find_similar": {"search", "refine_search", "recommendation"},
    "pick_item": {"select_item", "product_question", "search"},
    "product_question": {"product_question", "stock_question", "size_advice"},
    "compare": {"product_question", "recommendation", "stock_question"},
    "add_to_cart": {"add_to_cart"},
}


def english_reader(folder: Path) -> RuleReader:
    """A reader of the shared catalogue."""
    return RuleReader(Lexicon.from_catalogue_json(json.loads((folder / "catalogue.json").read_text(encoding="utf-8"))))


def support_messages(path: Path) -> dict[str, tuple[int, int]]:
    """Right and all, by intent, of the support messages."""
    reader = english_reader(path.parent.parent)
    rows = list(csv.DictReader(gzip.decompress(path.read_bytes()).decode("utf-8").splitlines()))
    right: Counter[str] = Counter()
    count: Counter[str] = Counter()
    for row in rows:
        if row["intent"] in SUPPORT:
            count[row["intent"]] += 1
            right[row["intent"]] += reader.read(row["text"], Context(), lang="en").intents[0] in SUPPORT[row["intent"]]
    return {name: (right[name], count[name]) for name in sorted(count)}


def fashion_turns(path: Path) -> tuple[dict[str, tuple[int, int]], int, int]:
    """Right and all, by intent, of the dialogue turns; how many carts changed that must not; how many must not."""
    reader = english_reader(path.parent.parent)
    right: Counter[str] = Counter()
    count: Counter[str] = Counter()
    changed = 0
    for line in gzip.decompress(path.read_bytes()).splitlines():
        row = json.loads(line)
        reading = reader.read(row["text"], Context(), lang="en")
        count[row["intent"]] += 1
        right[row["intent"]] += reading.intents[0] in FASHION[row["intent"]]
        changed += bool(reading.cart_ops) and row["intent"] != "add_to_cart"
    shares = {name: (right[name], count[name]) for name in sorted(count)}
    return shares, changed, sum(count.values()) - count["add_to_cart"]


def same_order(got: Iterable[Mapping[str, Any]], wanted: Iterable[Mapping[str, Any]]) -> bool:
    """Whether two orders are the same: order of lines and options free, equal lines summed."""
    return _order(got) == _order(wanted)


def _order(lines: Iterable[Mapping[str, Any]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for line in lines:
        options = [
            sorted(json.dumps(option, sort_keys=True) for option in line[key]) for key in ("options", "excluded")
        ]
        found[json.dumps([line["group"], line["item"], *options])] += line["quantity"]
    return found


def _table(title: str, rows: Mapping[str, tuple[int, int]]) -> dict[str, float]:
    """Print shares by name; the share of all, and the smallest."""
    print(f"\n{title}")
    for name, (right, count) in rows.items():
        print(f"  {name:<28}{right:>6} / {count:<6}{right / count:>7.3f}")
    right, count = sum(right for right, _ in rows.values()), sum(count for _, count in rows.values())
    print(f"  {'all':<28}{right:>6} / {count:<6}{right / max(count, 1):>7.3f}")
    least = min((right / count for right, count in rows.values()), default=0.0)
    return {"all": round(right / max(count, 1), 4), "least": round(least, 4)}


def _messages(title: str, corpus: cases.Corpus, misses: list[str]) -> dict[str, float]:
    by_tag: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    intents = carts = wrong = 0
    spent: list[float] = []
    for case in corpus.cases:
        began = time.perf_counter()
        reading = corpus.read(case)
        spent.append(time.perf_counter() - began)
        found = cases.faults(case, reading)
        intents += cases.intent_right(case, reading)
        carts += cases.cart_right(case, reading)
        wrong += cases.wrongly_changed(case, reading)
        for tag in case.tags or ("plain",):
            by_tag[tag][0] += not found
            by_tag[tag][1] += 1
        misses += [f"{title} {case.id} [{case.context}] {case.text}: {fault}" for fault in found]
    count = len(corpus.cases)
    _table(f"{title}: everything right, by tag", {tag: (right, all_) for tag, (right, all_) in sorted(by_tag.items())})
    print(f"  first intent {intents / count:.3f}   cart {carts / count:.3f}   cart wrongly changed {wrong}")
    spent.sort()
    median, late = spent[count // 2] * 1000, spent[int(count * 0.95)] * 1000
    print(f"  milliseconds: median {median:.2f}   95 of 100 {late:.2f}")
    return {
        "messages": count,
        "first_intent": round(intents / count, 4),
        "cart": round(carts / count, 4),
        "cart_wrongly_changed": wrong,
        "p50_ms": round(median, 2),
        "p95_ms": round(late, 2),
    }


def _menus(folder: Path, misses: list[str]) -> dict[str, dict[str, float]]:
    readers = {
        path.stem: MenuReader(json.loads(path.read_text(encoding="utf-8")))
        for path in (folder / "menus").glob("*.json")
    }
    found: dict[str, dict[str, float]] = {}
    for name in ("human-dev", "synthetic-train"):
        shares: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for line in gzip.decompress((folder / f"{name}.jsonl.gz").read_bytes()).splitlines():
            row = json.loads(line)
            right = same_order(readers[row["menu"]].read(row["text"]), row["lines"])
            shares[row["menu"]][0] += right
            shares[row["menu"]][1] += 1
            if not right:
                misses.append(f"{name} {row['id']} {row['text']}")
        found[name] = _table(
            f"orders, {name}: whole order right",
            {menu: (right, count) for menu, (right, count) in sorted(shares.items())},
        )
    return found


def measure() -> dict[str, Any]:
    """Print every table and write the misses; the figures."""
    misses: list[str] = []
    result: dict[str, Any] = {"own": _messages("own", cases.own(), misses)}
    for name in cases.OTHER_TRADES:
        result[name] = _messages(name, cases.of_trade(name), misses)
    folder = Path(os.environ.get("STOREFRONT_SHARED") or ROOT.parent / "shared") / "data"
    if folder.exists():
        files = (folder / "catalogue.json", folder / "contexts.json", folder / "utterances-dev.jsonl")
        result["shared"] = _messages("shared", cases.corpus(*files), misses)
        result["orders"] = _menus(folder / "ordering", misses)
        support = support_messages(folder / "intents" / "intents-en-dev.csv.gz")
        result["support"] = _table("support messages: first intent", support)
        shares, changed, count = fashion_turns(folder / "fashion-dialogue" / "turns-dev.jsonl.gz")
        title = f"fashion turns: first intent (cart changed in {changed} of {count} that must not)"
        result["fashion"] = _table(title, shares) | {"cart_wrongly_changed": changed}
    else:
        print(f"\nthe shared sets are not at {folder}; set STOREFRONT_SHARED to their folder")
    MISSES.parent.mkdir(exist_ok=True)
    MISSES.write_text("\n".join(misses) + "\n", encoding="utf-8")
    print(f"\n{len(misses)} misses in {MISSES}")
    result["misses"] = len(misses)
    return result


if __name__ == "__main__":
    measure()
