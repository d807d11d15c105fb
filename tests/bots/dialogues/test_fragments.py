"""Which words only begin a thought, so that the next message is waited for."""

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from bots.conversations.memory import Memory
from bots.dialogues.advance import is_fragment

if TYPE_CHECKING:
    from bots.turns.turn import Turn

TURN = cast("Turn", SimpleNamespace(memory=Memory()))


@pytest.mark.parametrize("text", ["ich such", "ich brauch", "hätt gern eine", "i wanna", "gimme", "und dann"])
def test_a_wish_that_has_only_begun_waits(text: str) -> None:
    assert is_fragment(TURN, text)


@pytest.mark.parametrize("text", ["ein hoodie", "such was aus!", "gimme five", "in grau"])
def test_words_that_say_something_are_answered(text: str) -> None:
    assert not is_fragment(TURN, text)
