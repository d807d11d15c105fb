"""Signs that no database stores are left out, wherever in an event they stand; all else stays as it came."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bots.messages.inbound import FormAnswered, Sender, TextReceived
from bots.messages.storable import storable

BASE: dict[str, Any] = {
    "dedupe_key": "1", "at": datetime(2026, 3, 2, tzinfo=UTC), "provider_id": "1",
    "sender": Sender(address="49170", name="Ja\x00na", locale="de"),
}  # fmt: skip


def test_an_ordinary_event_is_passed_on_as_it_is() -> None:
    event = TextReceived(**(BASE | {"sender": Sender(address="49170", name="Jana")}), text="größer 👗")
    assert storable(event) is event


def test_words_that_only_look_like_an_escape_stay() -> None:
    event = TextReceived(**(BASE | {"sender": Sender(address="49170", name="Jana")}), text="größer 👗 \\u0000")
    assert storable(event) == event


@pytest.mark.parametrize("text", ["a\x00b", "a\ud83db", "\x00a\udc00b\x00"])
def test_nul_and_half_pairs_are_left_out(text: str) -> None:
    found = storable(TextReceived(**BASE, text=text))
    assert (found.text, found.sender.name, found.at) == ("ab", "Jana", BASE["at"])


def test_fields_of_a_form_are_cleaned_too() -> None:
    assert storable(FormAnswered(**BASE, fields={"na\x00me": "A\x00da"})).fields == {"name": "Ada"}
