"""Addresses in sentences and in halves: what frames them is no part of them, and nothing is asked twice."""

import pytest

from checkout.customers.parsing import complete_address, parse_address


@pytest.mark.parametrize(
    ("text", "street", "city"),
    [
        ("kannst du mir das an die lindenstr. 5 in 10969 berlin schicken", "Lindenstraße 5", "Berlin"),
        ("schick es bitte nach Hauptstr. 12a, 80331 München", "Hauptstraße 12a", "München"),
        ("please ship it to 5 Lindenstr, 10969 Berlin", "5 Lindenstraße", "Berlin"),
        ("liefert ihr das an den Kirchweg 7, 50667 Köln bitte", "Kirchweg 7", "Köln"),
        ("lindenstr 5, 10969 berlin", "Lindenstraße 5", "Berlin"),
    ],
)
def test_what_frames_an_address_is_no_part_of_it(text: str, street: str, city: str) -> None:
    found = parse_address(text, "DE")
    assert found is not None
    assert (found.street, found.city, found.missing) == (street, city, ())


@pytest.mark.parametrize(
    ("before", "text"),
    [
        ("lindenstr 5 berlin", "10969"),
        ("lindenstr 5", "10969 berlin"),
        ("10969 berlin", "lindenstr 5"),
        ("lindenstr 5, 10969", "berlin"),
        ("lindenstr 7, 10969 berlin", "lindenstr 5, 10969 berlin"),
        ("", "lindenstr 5, 10969 berlin"),
    ],
)
def test_half_an_address_is_filled_up_with_the_other_half(before: str, text: str) -> None:
    found = complete_address(before, text, "DE")
    assert found is not None
    assert (found.street, found.postal_code, found.city, found.missing) == ("Lindenstraße 5", "10969", "Berlin", ())


@pytest.mark.parametrize("text", ["was kostet der versand?", "doch nicht", "zeig mir den korb"])
def test_words_that_are_no_address_stay_none(text: str) -> None:
    assert complete_address("lindenstr 5 berlin", text, "DE") is None
