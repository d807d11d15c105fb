"""Floors on the shared sets: they may only rise. The sets are samples; nothing here is learned from their rows."""

import gzip
import json

from bots.understanding.menus import MenuReader
from tests.bots.understanding import cases
from tests.evaluation import understanding as evaluation
from tests.shared import shared

FIRST_INTENT, CART = 0.98, 0.98


def test_shop_messages_stay_above_the_floor() -> None:
    folder = shared("data/utterances-dev.jsonl").parent
    corpus = cases.corpus(folder / "catalogue.json", folder / "contexts.json", folder / "utterances-dev.jsonl")
    readings = [(case, corpus.read(case)) for case in corpus.cases]
    assert sum(cases.intent_right(*pair) for pair in readings) / len(readings) >= FIRST_INTENT
    assert sum(cases.cart_right(*pair) for pair in readings) / len(readings) >= CART
    assert not [case.id for case, reading in readings if cases.wrongly_changed(case, reading)]


def test_orders_against_every_menu_stay_above_the_floor() -> None:
    folder = shared("data/ordering")
    readers = {
        path.stem: MenuReader(json.loads(path.read_text(encoding="utf-8")))
        for path in (folder / "menus").glob("*.json")
    }
    rows = [json.loads(line) for line in gzip.decompress((folder / "human-dev.jsonl.gz").read_bytes()).splitlines()]
    for menu, reader in readers.items():
        own = [row for row in rows if row["menu"] == menu]
        right = sum(evaluation.same_order(reader.read(row["text"]), row["lines"]) for row in own)
        assert right / len(own) >= 0.96, menu


def test_english_support_messages_stay_above_the_floor() -> None:
    path = shared("data/intents/intents-en-dev.csv.gz")
    shares = evaluation.support_messages(path)
    assert sum(right for right, _ in shares.values()) / sum(count for _, count in shares.values()) >= 0.905


def test_questions_of_fashion_dialogues_change_no_cart() -> None:
    path = shared("data/fashion-dialogue/turns-dev.jsonl.gz")
    shares, changed, _ = evaluation.fashion_turns(path)
    assert changed == 0
    assert sum(right for right, _ in shares.values()) / sum(count for _, count in shares.values()) >= 0.82
