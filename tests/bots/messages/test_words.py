"""Texts keep whole what must stay whole, at any length."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.messages.words import emphasised, plain, prices, shorten, size, split, split_tail
from tests.bots.messages import strategies


def test_length_counts_what_providers_count() -> None:
    assert (size("abc"), size("Größe"), size("👕"), size("👩‍👩‍👧")) == (3, 5, 2, 8)


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("Ja", 20, "Ja"),
        ("Leinenhemd in Sandbeige", 15, "Leinenhemd in…"),
        ("Leinenhemd 49,90 €", 14, "Leine… 49,90 €"),
        ("49,90 € statt 59,90 € heute", 20, "49,90 € statt…"),
        ("Assam-Tee schwarz 8,90 € (35,60 €/kg)", 30, "Assam-Tee… 8,90 € (35,60 €/kg)"),
        ("ab 8,90 € (3,56 €/100 g) und mehr", 29, "ab 8,90 € (3,56 €/100 g) und…"),
        ("ab 8,90 € (3,56 €/100 g) und mehr", 24, "ab…"),
        ("👕👕👕👕", 5, "👕👕…"),
        ("👩‍👩‍👧👩‍👩‍👧", 12, "👩‍👩‍👧…"),
    ],
)
def test_shortening_ends_before_a_word_or_price(text: str, limit: int, short: str) -> None:
    assert shorten(text, limit) == short


@pytest.mark.parametrize("digits", ["1" * 20_000, "1.22" * 5_000, "1,222" + ",222" * 5_000])
def test_long_numbers_are_measured_as_fast_as_words(digits: str) -> None:
    began = time.process_time()
    assert prices(f"Zelt {digits} und 5 €") == ["5 €"]
    assert time.process_time() - began < 1  # where each digit begins anew, more than ten seconds


@given(text=strategies.texts(most=60), limit=st.integers(12, 80))
@settings(max_examples=300, deadline=None)
def test_whatever_is_shortened_fits(text: str, limit: int) -> None:
    assert 0 < size(shorten(text, limit)) <= limit


@given(text=strategies.texts(), limit=st.integers(40, 400), tail=st.integers(40, 400))
@settings(max_examples=300, deadline=None)
def test_pieces_hold_all_words_in_order(text: str, limit: int, tail: int) -> None:
    for pieces, last in ((split(text, limit), limit), (split_tail(text, limit, min(limit, tail)), min(limit, tail))):
        assert all(0 < size(piece) <= limit for piece in pieces)
        assert size(pieces[-1]) <= last
        assert "".join("".join(pieces).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("*fett* und *auch fett*", [("fett", True), (" und ", False), ("auch fett", True)]),
        ("5* Hotel, 3 * 4 * 5", [("5* Hotel, 3 * 4 * 5", False)]),
        ("*über\nZeilen*", [("*über\nZeilen*", False)]),
        ("Kissen 80*60*40 cm, 2*größe*n", [("Kissen 80*60*40 cm, 2*größe*n", False)]),
        ("**NEU* Shirt*", [("**NEU* Shirt*", False)]),
    ],
)
def test_emphasis_is_a_pair_around_words_of_one_line(text: str, runs: list[tuple[str, bool]]) -> None:
    assert list(emphasised(text)) == runs
    assert plain(text) == "".join(run for run, _ in runs)
