"""Colour words."""

import re

import pytest

from catalog.products import colours


@pytest.mark.parametrize(
    ("word", "slug"),
    [
        ("graues", "grey"), ("Grau", "grey"), ("gray", "grey"), ("hellblaue", "light blue"),
        ("light-blue", "light blue"),
        ("Dunkelgrünes", "dark green"), ("rosa", "rose"), ("bordeaux", "burgundy"), ("weißen", "white"),
        ("weisse", "white"), ("anthrazit", "charcoal"), ("Navy Blue", "navy"), ("heather grey", "heather grey"),
    ],
)  # fmt: skip
def test_words_mean_colours(word: str, slug: str) -> None:
    found = colours.colour_of(word)
    assert found is not None
    assert found.slug == slug


def test_other_words_mean_none() -> None:
    assert colours.colour_of("M") is None
    assert colours.display("32/32", "de") == "32/32"


def test_colours_are_shown_in_the_readers_language() -> None:
    assert [colours.display("grey", locale) for locale in ("de", "de-AT", "en", "fr")] == [
        "grau",
        "grau",
        "grey",
        "grey",
    ]
    assert colours.display("Grau", "en") == "grey"


def test_a_shade_belongs_to_its_basic_colour() -> None:
    assert {colours.COLOURS[slug].family for slug in ("blue", "navy", "light blue")} == {"blue"}


def test_the_table_is_sound() -> None:
    for colour in colours.COLOURS.values():
        assert re.fullmatch(r"#[0-9a-f]{6}", colour.hex)
        assert colour.family in colours.COLOURS
        for forms in colour.forms.values():
            assert all(form == form.strip() and "~" not in form and form for form in forms)
