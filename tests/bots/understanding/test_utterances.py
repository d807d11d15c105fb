"""The shop's own utterances, German and English: each reads as a merchant would expect."""

import functools

import pytest

from bots.understanding import Reading
from tests.bots.understanding import cases

CORPUS = cases.own()
NUMBERS = range(len(CORPUS.cases))
OTHERS = {name: cases.of_trade(name) for name in cases.OTHER_TRADES}


@functools.cache
def reading(number: int) -> Reading:
    """What is read in one of the shop's own messages."""
    return CORPUS.read(CORPUS.cases[number])


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: "{0.id} {0.text:.48}".format(CORPUS.cases[number]))
def test_reads_what_is_meant(number: int) -> None:
    assert cases.faults(CORPUS.cases[number], reading(number)) == []


def test_never_names_what_cannot_be_bought() -> None:
    lexicon = CORPUS.reader.lexicon
    for number, case in enumerate(CORPUS.cases):
        assert cases.lawful(CORPUS.contexts[case.context], lexicon, reading(number)) == [], f"{case.id} {case.text}"


@pytest.mark.parametrize(
    ("trade", "case"),
    [(trade, case) for trade, corpus in OTHERS.items() for case in corpus.cases],
    ids=lambda one: one if isinstance(one, str) else f"{one.id} {one.text[:48]}",
)
def test_reads_what_is_meant_of_goods_of_another_trade(trade: str, case: cases.Case) -> None:
    reading = OTHERS[trade].read(case)
    assert cases.faults(case, reading) == []
    assert cases.lawful(OTHERS[trade].contexts[case.context], OTHERS[trade].reader.lexicon, reading) == []


def test_the_set_is_large_and_speaks_both_languages() -> None:
    languages = [case.lang for case in CORPUS.cases]
    assert len(languages) >= 1000
    assert languages.count("de") >= 450
    assert languages.count("en") >= 400


def test_the_same_words_in_the_same_context_read_the_same() -> None:
    again = cases.own.__wrapped__()
    for number, case in enumerate(CORPUS.cases):
        assert reading(number).to_json() == again.read(case).to_json()
