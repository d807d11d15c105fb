"""The shop's own utterances, German and English: each reads as a merchant would expect."""

import pytest

from tests.bots.understanding import cases

CORPUS = cases.own()
OTHERS = {name: cases.of_trade(name) for name in cases.OTHER_TRADES}


@pytest.mark.parametrize("case", CORPUS.cases, ids=lambda case: f"{case.id} {case.text[:48]}")
def test_reads_what_is_meant(case: cases.Case) -> None:
    assert cases.faults(case, CORPUS.read(case)) == []


@pytest.mark.parametrize("case", CORPUS.cases, ids=lambda case: case.id)
def test_never_names_what_cannot_be_bought(case: cases.Case) -> None:
    reading = CORPUS.read(case)
    assert cases.lawful(CORPUS.contexts[case.context], CORPUS.reader.lexicon, reading) == []


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
    again = cases.own()
    for case in CORPUS.cases:
        assert CORPUS.read(case).to_json() == again.read(case).to_json()
