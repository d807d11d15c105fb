"""The shop's own utterances, German and English: each reads as a merchant would expect.

A test reads a whole file, as reading a message takes less than a test of its own would; it names each that reads wrong.
"""

import functools
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from bots.understanding import Reading
from tests.bots.understanding import cases

CORPUS = cases.own()
Readings = Sequence[tuple[cases.Case, Reading]]


@functools.cache
def readings(file: Path) -> Readings:
    """What is read in the messages of one of the shop's own files."""
    return [(case, CORPUS.read(case)) for case in cases.cases_of(file)]


def wrong(found: Readings) -> str:
    """Every message that does not read as expected, a line each."""
    return _told((case, cases.faults(case, reading)) for case, reading in found)


def unlawful(corpus: cases.Corpus, found: Readings) -> str:
    """Every message whose reading names what cannot be bought, a line each."""
    lexicon = corpus.reader.lexicon
    return _told((case, cases.lawful(corpus.contexts[case.context], lexicon, reading)) for case, reading in found)


def _told(judged: Iterable[tuple[cases.Case, list[str]]]) -> str:
    return "\n".join(f"{case.id} {case.text!r}: {'; '.join(faults)}" for case, faults in judged if faults)


@pytest.mark.parametrize("file", cases.FILES, ids=lambda file: file.stem)
def test_reads_what_is_meant(file: Path) -> None:
    assert not (told := wrong(readings(file))), told


@pytest.mark.parametrize("file", cases.FILES, ids=lambda file: file.stem)
def test_never_names_what_cannot_be_bought(file: Path) -> None:
    assert not (told := unlawful(CORPUS, readings(file))), told


@pytest.mark.parametrize("trade", cases.OTHER_TRADES)
def test_reads_what_is_meant_of_goods_of_another_trade(trade: str) -> None:
    corpus = cases.of_trade(trade)
    found = [(case, corpus.read(case)) for case in corpus.cases]
    assert not (told := wrong(found) or unlawful(corpus, found)), told


def test_reads_what_is_meant_of_goods_that_share_their_names() -> None:
    corpus = cases.of_sample()
    found = [(case, corpus.read(case)) for case in corpus.cases]
    assert not (told := wrong(found) or unlawful(corpus, found)), told


def test_the_set_is_large_and_speaks_both_languages() -> None:
    languages = [case.lang for case in CORPUS.cases]
    assert len(languages) >= 1000
    assert languages.count("de") >= 450
    assert languages.count("en") >= 400


def test_the_same_words_in_the_same_context_read_the_same() -> None:
    again = cases.own.__wrapped__()
    for file in cases.FILES:
        for case, reading in readings(file):
            assert reading.to_json() == again.read(case).to_json(), f"{case.id} {case.text!r}"
