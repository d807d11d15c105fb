"""What is read of any provider's request, whoever it is."""

import pytest

from bots.channels.reading import unrecognised
from tests.contracts.channels import RECEIVED


@pytest.mark.parametrize("length", range(3_960, 4_000))
def test_what_is_kept_of_an_unknown_event_is_short_and_shows_no_secret_that_was_cut(length: int) -> None:
    kept = unrecognised("new", {"filler": "x" * length, "token": 'my "secret\\', "more": "y" * 500}, RECEIVED).body
    assert len(kept) <= 4_000
    assert "my" not in kept


def test_a_secret_within_quoted_json_is_hidden_too() -> None:
    kept = unrecognised("new", {"data": '{"access_token":"EAAB","n":1}'}, RECEIVED).body
    assert "EAAB" not in kept


def test_words_that_only_speak_of_secrets_are_kept() -> None:
    assert "the token is: x" in unrecognised("new", {"text": "the token is: x"}, RECEIVED).body
