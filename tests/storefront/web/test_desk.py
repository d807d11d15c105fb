"""The desk's and the lab's texts: every phrase that a script or template says is there in both languages."""

import re
from enum import StrEnum
from pathlib import Path

import pytest

import bots
from bots.channels.base import FailureKind
from bots.conversations.states import DeliveryState, Outcome
from bots.dialogues import intents
from checkout.orders.states import ExceptionReason, ExpiryReason, OrderState
from checkout.payments.states import PaymentState, RefundState
from checkout.returns.states import ReturnState, Wish
from storefront.web.assets import FOLDER
from storefront.web.desk_phrases import PHRASES

_SCRIPTS = sorted((*(FOLDER / "desk").glob("*.js"), *(FOLDER / "lab").glob("*.js")))
_TEMPLATES = [FOLDER.parent / "templates" / name for name in ("desk.html", "lab.html")]
_MARK = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("file", [*_SCRIPTS, *_TEMPLATES], ids=lambda file: f"{file.parent.name}/{file.name}")
def test_every_phrase_that_is_said_exists(file: Path) -> None:
    said = set(re.findall(r"""say\(["']([a-z]+\.\w+)["']""", file.read_text()))
    assert said <= PHRASES.keys("en")


def test_both_languages_have_the_same_phrases_with_the_same_values() -> None:
    assert PHRASES.keys("de") == PHRASES.keys("en")
    for key in PHRASES.keys("en"):
        assert set(_MARK.findall(PHRASES.say("de", key))) == set(_MARK.findall(PHRASES.say("en", key))), key


def test_no_script_writes_html() -> None:
    for file in _SCRIPTS:
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", file.read_text()), file.name


@pytest.mark.parametrize(
    ("group", "words"),
    [
        ("state", OrderState), ("state", PaymentState), ("state", RefundState), ("state", ReturnState),
        ("delivery", DeliveryState), ("outcome", Outcome), ("wish", Wish), ("why", ExceptionReason),
        ("why", ExpiryReason), ("why", FailureKind),
    ],
    ids=str,
)  # fmt: skip
def test_every_state_and_reason_has_a_word(group: str, words: type[StrEnum]) -> None:
    assert {f"{group}.{word}" for word in words} <= PHRASES.keys("en")


def test_every_need_of_a_person_has_a_word() -> None:
    source = "\n".join(file.read_text() for folder in bots.__path__ for file in Path(folder).rglob("*.py"))
    needs = set(
        re.findall(
            r"""(?:needs_person = |(?:hand_over|ask_for_person)\([^"')]*|NeedsPerson\([^)]*reason=)["']([a-z_]+)["']""",
            source,
        )
    )
    assert {"asked", "fault", "withdrawal", "complaint"} <= needs
    assert {f"need.{need}" for need in needs} <= PHRASES.keys("en")


def test_everything_that_a_message_is_taken_for_has_a_word() -> None:
    taken = intents.STEPS.keys() | intents.SMALL | intents._CART | {"code", "offer", "answer"}
    assert {f"intent.{intent}" for intent in taken} <= PHRASES.keys("en")
