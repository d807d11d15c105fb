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


@pytest.mark.parametrize(
    ("before", "text", "street"),
    [
        ("ahornweg 3", "10969 berlin, bitte bei Familie Demir", "Ahornweg 3, bei Familie Demir"),
        ("ahornweg 3", "10969 berlin, c/o Meyer, 3. Stock", "Ahornweg 3, c/o Meyer, 3. Stock"),
        ("", "Ahornweg 3, 10969 Berlin z.Hd. Frau Yilmaz", "Ahornweg 3, z.Hd. Frau Yilmaz"),
        ("lindenstr 5", "bei den mühren 70, 10969 berlin", "Bei den Mühren 70"),
    ],
)
def test_what_the_carrier_has_to_know_besides_stays_behind_the_street(before: str, text: str, street: str) -> None:
    found = complete_address(before, text, "DE")
    assert found is not None
    assert (found.street, found.postal_code, found.city, found.missing) == (street, "10969", "Berlin", ())


@pytest.mark.parametrize("street", ["am kirchberg 9", "in der neuen welt 12a", "unterm dach 1", "zum alten hafen 30"])
def test_a_street_without_a_word_for_one_is_half_an_address(street: str) -> None:
    found = parse_address(street, "DE")
    assert found is not None
    assert found.missing == ("postal_code", "city")
    assert (whole := complete_address(f"{street}, 10969", "berlin", "DE")) is not None
    assert whole.missing == ()


@pytest.mark.parametrize("text", ["in der größe 42", "am montag", "in m", "zur kasse 1", "auf 3"])
def test_a_size_or_a_day_is_no_street(text: str) -> None:
    assert parse_address(text, "DE") is None


@pytest.mark.parametrize("text", ["was kostet der versand?", "doch nicht", "zeig mir den korb"])
def test_words_that_are_no_address_stay_none(text: str) -> None:
    assert complete_address("lindenstr 5 berlin", text, "DE") is None


@pytest.mark.parametrize(
    ("text", "street"),
    [
        ("oh what about jena then my brother works there webergasse 12 07743 jena", "Webergasse 12"),
        ("ok then Sonnenallee 120, 12045 Berlin", "Sonnenallee 120"),
        ("na gut, dann in die Große Gallusstraße 3, 60311 Frankfurt", "Große Gallusstraße 3"),
        ("ja dann lieber mainzer landstraße 50, 60325 Frankfurt", "Mainzer Landstraße 50"),
        ("my sister lives at Berliner Straße 12, 10119 Berlin", "Berliner Straße 12"),
        ("ach ja, unter den linden 77, 10117 berlin", "Unter den Linden 77"),
        ("und an die berliner allee 5 in 40212 düsseldorf", "Berliner Allee 5"),
        ("nimm 3 davon, Lindenstr 5, 10969 Berlin", "Lindenstraße 5"),
        ("Lindenstraße 5, Hinterhaus, 10969 Berlin", "Lindenstraße 5, Hinterhaus"),
        ("an der alten mühle 3, 07743 Jena", "An der Alten Mühle 3"),
        ("Could it go to my aunt in Hamm? Ahornweg 6, 59065 Hamm", "Ahornweg 6"),
        ("Geht das auch zur Arbeit? Gewerbering 12, 04109 Leipzig. Klingeln Sie bei Brandt.", "Gewerbering 12"),
        ("My son lives at 22 Rue du Lac, 69003 Lyon, France. His name is Paul Kern.", "22 Rue du Lac"),
        ("c/o Müller Lindenstr 5, 10969 Berlin", "C/o Müller Lindenstraße 5"),
    ],
)
def test_talk_before_the_street_is_no_part_of_it(text: str, street: str) -> None:
    found = parse_address(text, "DE")
    assert found is not None
    assert found.street == street


def test_a_name_before_the_street_needs_no_comma() -> None:
    found = parse_address("schick es bitte an Erna Schmidt in der Gartenstraße 12 in 50674 Köln", "DE")
    assert found is not None
    assert (found.name, found.street, found.city) == ("Erna Schmidt", "Gartenstraße 12", "Köln")


def test_with_a_name_first_a_street_without_a_code_helps_too() -> None:
    found = parse_address("Petra Krause, Herrengasse 14", "DE")
    assert found is not None
    assert (found.name, found.street, found.missing) == ("Petra Krause", "Herrengasse 14", ("postal_code", "city"))


SERVING = ("DE", "AT", "BE", "DK", "LU", "NL", "PL")


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Bitte senden Sie es an Frau Petra Krause, Herrengasse 14, 8010 Graz.", "AT"),
        ("am markt 3, 5020 salzburg", "AT"),
        ("Keizersgracht 123, 1015 CJ Amsterdam", "NL"),
        ("Rynek 5, 00-950 Warszawa", "PL"),
        ("Herrengasse 14, 07743 Jena", "DE"),
    ],
)
def test_the_form_of_the_code_tells_another_country_that_is_served(text: str, country: str) -> None:
    found = parse_address(text, "DE", SERVING)
    assert found is not None
    assert (found.country, found.missing) == (country, ())


def test_where_several_countries_fit_the_country_is_asked_for() -> None:
    street = "Rue Neuve 5, 1000 Bruxelles"
    found = parse_address(street, "DE", SERVING)
    assert found is not None
    assert found.missing == ("country",)
    told = complete_address(street, "nach Belgien", "DE", SERVING)
    assert told is not None
    assert (told.country, told.city, told.missing) == ("BE", "Bruxelles", ())


@pytest.mark.parametrize("text", ["habt ihr auch 2000 Stück", "die 3 in 1234 bitte", "8010 Graz"])
def test_a_number_alone_is_no_foreign_address(text: str) -> None:
    assert parse_address(text, "DE", SERVING) is None
