"""A name before an address is told from talk; what may be either is nobody's name."""

import pytest

from bots.understanding import names


@pytest.mark.parametrize(
    "text",
    [
        "Ada Lovelace",
        "Vincent van Gogh",
        "Şebnem Öztürk",
        "Ludwig van Beethoven",
        "Dr. Ada Lovelace",
        "Sinéad O’Connor",
    ],
)
def test_a_name_is_one(text: str) -> None:
    assert names.person(text) == text


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Frau Petra Krause", "Petra Krause"),
        ("Herrn Dr. Jan Weber", "Dr. Jan Weber"),
        ("Meine Oma Erna Schmidt", "Erna Schmidt"),
        ("My Friend Tom Baker", "Tom Baker"),
        ("My Sister Lives There", ""),
        ("Frau Krause", ""),
    ],
)
def test_what_leads_up_to_a_name_is_no_part_of_it(text: str, name: str) -> None:
    assert names.person(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "", "Ada", "Ja Gerne", "Ok Super", "Bitte An", "Hallo Zusammen", "Hi Charles", "Meine Lieferadresse Lautet",
        "Yes Please", "Sure Send It to", "Ada Lovelace, Bei Müller", "Neue Adresse", "Packstation 123", "Liefert Bitte",
        "Moin Moin", "Für Lovelace", "Das Geht an Meine Mutter Frau Lovelace", "👍 👍",
    ],
)  # fmt: skip
def test_talk_is_none(text: str) -> None:
    assert names.person(text) == ""
