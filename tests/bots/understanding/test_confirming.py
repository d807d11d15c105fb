"""A yes to an open question, such as whether to order now, is one only when nothing in the message is against it."""

import pytest

from tests.bots.understanding import cases

CORPUS = cases.own()


@pytest.mark.parametrize(
    "text",
    [
        "I don't think that's correct", "are you sure I don't think that's correct", "I do not believe that is correct",
        "ok nein", "ok no", "yes but no", "ja nein", "ja, nein, doch nicht", "okay wait", "ok warte mal",
        "super, but I want to think about it", "gut, aber noch nicht", "alright, not today", "ja wieso", "sicher?",
        "passt das so?", "klar ist das nicht", "ja wenn der Versand nichts kostet", "yes if shipping is free",
        "ok, vielleicht morgen", "sure, maybe later", "perfekt wäre es nicht", "das stimmt so nicht", "not true",
        "yes, I don't want that", "genau das will ich nicht",
    ],
)  # fmt: skip
def test_a_yes_with_something_against_it_confirms_nothing(text: str) -> None:
    reading = CORPUS.reader.read(text, CORPUS.contexts["confirm"])
    assert reading.confirm is not True
    assert not {"affirm", "checkout"} & set(reading.intents)
    assert reading.cart_ops == ()


@pytest.mark.parametrize(
    "text",
    [
        "ja", "ja klar, kein Problem", "warum nicht", "aber gerne", "jo mach", "passt, danke", "yes no problem",
        "why not", "sure, no worries", "but of course", "yep please", "ok", "genau so", "that would be great",
        "sounds good to me", "einverstanden", "ja bitte jetzt bestellen",
    ],
)  # fmt: skip
def test_a_plain_yes_is_one(text: str) -> None:
    reading = CORPUS.reader.read(text, CORPUS.contexts["confirm"])
    assert (reading.confirm, reading.intents[0]) == (True, "affirm")
