"""One event, one line."""

import json
import logging
import sys

from storefront.logging import JsonLines, TextLines


def record(name: str, /, **fields: object) -> logging.LogRecord:
    made = logging.LogRecord("bots.turns", logging.INFO, __file__, 1, name, None, None)
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


def test_a_fact_never_hides_what_every_line_has() -> None:
    line = json.loads(JsonLines().format(record("event.handler_failed", event="OrderPaid", at="noon")))
    assert (line["event"], line["event_"]) == ("event.handler_failed", "OrderPaid")
    assert (line["at"], line["at_"]) == ("2027-01-15T08:00:00.250Z", "noon")


def test_an_error_brings_its_trace() -> None:
    failed = record("turn.failed")
    try:
        json.loads("no such cart")
    except ValueError:
        failed.exc_info = sys.exc_info()
    assert "Expecting value" in TextLines().format(failed).splitlines()[-1]
    assert "JSONDecodeError" in json.loads(JsonLines().format(failed))["trace"]
