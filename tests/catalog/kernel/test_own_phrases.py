"""A merchant's own files of phrases: another language, other words, and a fault that is told before it is said."""

from pathlib import Path

import pytest

from bots.replies import phrases as chat
from catalog.kernel.errors import Misconfigured
from catalog.kernel.locale import Phrases
from storefront.web import pages

BUILT_IN = Path(chat.__file__).parent / "locales"
FRENCH = """msgid "greet.bye"
msgstr "À bientôt ! Votre panier reste là."

msgid "elsewhere.only"
msgstr "passé sous silence"
"""


def learned(folder: Path, locale: str, text: str) -> Phrases:
    """The chat's phrases with one more file."""
    (folder / f"{locale}.po").write_text(text, encoding="utf-8")
    found = Phrases(BUILT_IN)
    found.learn(folder)
    return found


def test_a_file_adds_a_language_and_english_fills_what_it_leaves_out(tmp_path: Path) -> None:
    found = learned(tmp_path, "fr", FRENCH)
    assert found.say("fr", "greet.bye") == "À bientôt ! Votre panier reste là."
    assert found.say("fr-CA", "greet.bye") == "À bientôt ! Votre panier reste là."
    assert found.say("fr", "greet.again") == found.say("en", "greet.again")
    assert "elsewhere.only" not in found.keys("fr")
    assert "fr" in found.locales


def test_a_file_of_a_language_there_is_changes_only_its_own_phrases(tmp_path: Path) -> None:
    found = learned(tmp_path, "de", 'msgid "greet.bye"\nmsgstr "Moin, bis dann!"\n')
    assert found.say("de", "greet.bye") == "Moin, bis dann!"
    assert found.say("de", "greet.again") == Phrases(BUILT_IN).say("de", "greet.again")


def test_plural_forms_are_those_of_the_language(tmp_path: Path) -> None:
    header = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    forms = "".join(f'msgstr[{at}] "{form} {{n}}"\n' for at, form in enumerate(("jeden", "dwa", "wiele")))
    (tmp_path / "pl.po").write_text(f'{header}\nmsgid "withdraw.later"\nmsgid_plural "withdraw.later"\n{forms}')
    found = Phrases(Path(pages.__file__).parent / "locales/trade")
    found.learn(tmp_path)
    assert [found.count("pl", "withdraw.later", number) for number in (1, 3, 5)] == ["jeden 1", "dwa 3", "wiele 5"]


@pytest.mark.parametrize("text", ["{name.__class__}", "{price}", "{0}", "{name!r}", "{name:>99}", "{}"])
def test_a_placeholder_that_the_phrase_does_not_have_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(Misconfigured, match=r"fr\.po.*greet\.bot"):
        learned(tmp_path, "fr", f'msgid "greet.bot"\nmsgstr "Oui {text}"\n')


@pytest.mark.parametrize(
    ("locale", "text"), [("xx", FRENCH), ("fr", 'greet.bye = "À bientôt"\n'), ("fr", 'msgid "greet.bot"\nmsgstr "{"\n')]
)
def test_a_file_that_is_none_is_named(tmp_path: Path, locale: str, text: str) -> None:
    with pytest.raises(Misconfigured, match=rf"{locale}\.po"):
        learned(tmp_path, locale, text)


def test_no_folder_is_no_fault(tmp_path: Path) -> None:
    found = Phrases(BUILT_IN)
    found.learn(tmp_path / "none")
    assert found.keys("de") == Phrases(BUILT_IN).keys("de")
