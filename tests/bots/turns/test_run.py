"""What a turn sends: at most two bubbles, and no words lost on the way there."""

from bots.messages.outbound import Action, Choices, Message, Text
from bots.turns.run import within_bubbles

TAP = (Action(id="browse", title="Look around"),)


def test_two_bubbles_stay_as_they_are() -> None:
    replies: list[Message] = [Text(text="one"), Text(text="two", actions=TAP)]
    assert within_bubbles(replies) == replies


def test_plain_words_join_what_follows_them() -> None:
    replies: list[Message] = [Text(text="one"), Text(text="two"), Text(text="three", actions=TAP)]
    assert within_bubbles(replies) == [Text(text="one\ntwo\nthree", actions=TAP)]


def test_of_many_bubbles_with_taps_every_word_is_sent() -> None:
    later = [Choices(text=words, options=TAP) for words in ("two", "three", "four")]
    replies: list[Message] = [Text(text="one", actions=TAP), *later]
    assert within_bubbles(replies) == [Choices(text="one\ntwo\nthree", options=TAP), Choices(text="four", options=TAP)]
