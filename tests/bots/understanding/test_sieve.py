"""The sieve leaves no rule out that would have matched."""

import re

import pytest

from bots.understanding import rules
from bots.understanding.normalise import normalise
from bots.understanding.sieve import Sieve, needs
from tests.bots.understanding import cases


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        ("bestell(?:ung)?", {"bestell"}),
        (r"\b(?:wo|wann)\W+ist", {"ist"}),
        (r"\b(?:lieferung|paket)\b", {"lieferung", "paket"}),
        (r"(?:paket)?x", None),
        (r"(?:paket)+", {"paket"}),
        (r"\w+", None),
        (r"(?:paket|\d+)", None),
    ],
)
def test_every_match_contains_one_of_the_strings_needed(pattern: str, needed: set[str] | None) -> None:
    found = needs(re.compile(pattern))
    assert found == (None if needed is None else frozenset(needed))


def test_letters_in_any_case_are_not_looked_for() -> None:
    assert needs(re.compile("paket", re.IGNORECASE)) is None


def test_candidates_keep_the_order_and_leave_out_what_cannot_match() -> None:
    sieve = Sieve([re.compile(one) for one in ("paket", r"\d+", "rechnung", "(?:mein|dein) paket")])
    assert sieve.candidates("wo ist mein paket") == [0, 1, 3]


@pytest.mark.parametrize("language", rules.LANGUAGES)
def test_every_rule_that_matches_is_a_candidate(language: str) -> None:
    patterns = [rule.pattern for rule in rules.load(language)]
    sieve = Sieve(patterns)
    for case in cases.own().cases:
        folded = normalise(case.text).folded
        matching = {number for number, pattern in enumerate(patterns) if pattern.search(folded)}
        assert matching <= set(sieve.candidates(folded)), case.text
