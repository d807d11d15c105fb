"""Dates, amounts and names in the reader's language."""

from datetime import date

from catalog.kernel import countries
from catalog.kernel.locale import say_day
from catalog.kernel.money import Money


def test_everything_is_said_in_the_readers_language() -> None:
    assert _said("de") == ("Deutschland", "24,90\xa0€", "10. Dezember 2026")
    assert _said("en") == ("Germany", "€24.90", "10 December 2026")


def test_a_language_that_nobody_has_rules_of_is_said_in_english() -> None:
    assert _said("tlh") == _said("en")


def _said(locale: str) -> tuple[str, str, str]:
    return countries.name("DE", locale), Money(2490, "EUR").format(locale), say_day(date(2026, 12, 10), locale)
