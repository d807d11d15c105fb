"""The sieve leaves no rule out that would have matched."""

import re
from collections import Counter

import pytest

from bots.understanding import rules
from bots.understanding.normalise import normalise
from bots.understanding.sieve import Sieve, needs
from tests.bots.understanding import cases


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        ("bestell(?:ung)?", [{"bestell", "bestellung"}]),
        (r"\b(?:wo|wann)\W+ist", [{" wo ", " wann "}, {" ist"}]),
        (r"\b(?:lieferung|paket)\b", [{" lieferung ", " paket "}]),
        (r"\b(?:(?:wo\W+)?(?:\w+\W+){0,5}?paket\w*)", [{" paket"}]),
        (r"^[\W_]*(?:ja|nein\W+danke)[\W_]*$", [{" ja", " nein "}]),
        (r"\b(?:t-shirt|pull[io]|top\d)", [{" shirt", " pulli", " pullo", " top"}]),
        (r"stor\W*nier", [{"stor ", "stornier"}]),
        (r"(?:paket)?x", []),
        (r"(?:paket)+", [{"paket"}]),
        (r"(?!paket)buch", [{"buch"}]),
        (r"\w+", []),
        (r"(?:paket|\d+)", []),
        (r"paket[0-9]", [{"paket"}]),
        (r"paket[0-9]?[,;] ?rechnung", [{"paket"}, {" rechnung"}]),
    ],
)
def test_every_match_contains_a_string_of_each_set_needed(pattern: str, needed: list[set[str]]) -> None:
    assert sorted(map(sorted, needs(re.compile(pattern)))) == sorted(map(sorted, needed))


def test_letters_in_any_case_are_not_looked_for() -> None:
    assert needs(re.compile("paket", re.IGNORECASE)) == []


def test_candidates_keep_the_order_and_leave_out_what_cannot_match() -> None:
    sieve = Sieve([re.compile(one) for one in ("paket", r"\d+", "rechnung", "(?:mein|dein) paket")])
    assert sieve.candidates("wo ist mein paket") == [0, 1, 3]


def test_a_pattern_of_two_words_needs_both() -> None:
    sieve = Sieve([re.compile(r"\bwo\W+(?:\w+\W+){0,5}?paket"), re.compile(r"\bwo\b")])
    assert sieve.candidates("wo ist mein paket") == [0, 1]
    assert sieve.candidates("wo ist mein geld") == [1]
    assert sieve.candidates("woher kommt das paket") == []


def test_every_rule_that_matches_is_a_candidate() -> None:
    patterns = [one for language in rules.LANGUAGES for rule in rules.load(language) for one in rule.patterns]
    sieve = Sieve(patterns)
    for case in cases.own().cases:
        folded = normalise(case.text).folded
        matching = {number for number, pattern in enumerate(patterns) if pattern.search(folded)}
        assert matching <= set(sieve.candidates(folded)), case.text


def test_no_rule_is_fulfilled_by_nothing() -> None:
    for language in rules.LANGUAGES:
        for rule in rules.load(language):
            assert [one.pattern for one in rule.patterns if one.search("") or one.search("\n")] == []


def test_the_patterns_of_a_rule_match_as_one_pattern_of_them_all_would() -> None:
    whole = {
        (rule.intent or rule.cue, language, at): re.compile("|".join(one.pattern for one in rule.patterns))
        for language in rules.LANGUAGES
        for at, rule in enumerate(rules.load(language))
    }
    for case in cases.own().cases[::5]:
        folded = normalise(case.text).folded
        intents, cues = rules.signals(folded)
        found = Counter((one.name, one.end) for one in (*intents, *(one for cue in cues.values() for one in cue)))
        assert found == Counter(
            (name, match.end()) for (name, *_), pattern in whole.items() for match in pattern.finditer(folded)
        ), case.text
