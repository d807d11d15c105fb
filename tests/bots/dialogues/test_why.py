"""'Why?' has words for whatever a message may be taken for, in every language."""

import pytest

from bots.dialogues.intents import SMALL, STEPS
from bots.replies.phrases import PHRASES
from bots.understanding.model.question import INTENTS


@pytest.mark.parametrize("locale", ["de", "en"])
def test_every_intent_can_be_said(locale: str) -> None:
    missing = {f"meant.{intent}" for intent in {*STEPS, *SMALL, *INTENTS}} - PHRASES.keys(locale)
    assert missing == set()
