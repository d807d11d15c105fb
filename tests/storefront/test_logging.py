"""One event, one line."""

import json
import logging
import sys

from storefront.logging import JsonLines, TextLines


def record(event: str, **fields: object) -> logging.LogRecord:
    made = logging.LogRecord("bots.turns", logging.INFO, __file__, 1, event, None, None)
    made.created = 1_800_000_000.25
    made.fields = fields
    return made


def test_people_read_the_event_and_its_facts() -> None:
    line = TextLines().format(record("turn.completed", channel="telegram", intent="add to cart", ms=41))
    assert line == '2027-01-15T08:00:00.250Z info    turn.completed channel=telegram intent="add to cart" ms=41'


def test_collectors_read_one_object() -> None:
    line = JsonLines().format(record("turn.completed", ms=41))
    assert json.loads(line) == {
        "at": "2027-01-15T08:00:00.250Z", "level": "info", "event": "turn.completed", "logger": "bots.turns", "ms": 41
    }  # fmt: skip


def test_an_error_brings_its_trace() -> None:
    failed = record("turn.failed")
    try:
        json.loads("no such cart")
    except ValueError:
        failed.exc_info = sys.exc_info()
    assert "Expecting value" in TextLines().format(failed).splitlines()[-1]
    assert "JSONDecodeError" in json.loads(JsonLines().format(failed))["trace"]
