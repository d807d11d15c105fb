"""One event, one line."""

import json
import logging
import sys

import pytest
from asyncpg import IntegrityConstraintViolationError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from catalog.kernel.db import create_engine
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.shops.models import Shop
from storefront.logging import JsonLines, TextLines, configure


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


async def test_a_pool_that_is_let_go_says_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(root, "level", root.level)
    configure(level="INFO", style="text")
    logging.captureWarnings(capture=False)
    await create_engine("postgresql://127.0.0.1:9/none").dispose()
    assert capsys.readouterr().err == ""


def test_an_error_brings_its_trace() -> None:
    failed = record("turn.failed")
    try:
        json.loads("no such cart")
    except ValueError:
        failed.exc_info = sys.exc_info()
    assert "Expecting value" in TextLines().format(failed).splitlines()[-1]
    assert "JSONDecodeError" in json.loads(JsonLines().format(failed))["trace"]


async def test_a_trace_repeats_nothing_of_what_was_written(uow: UnitOfWork, shop: Shop) -> None:
    statement = "INSERT INTO customer (id, shop_id, name) VALUES (gen_random_uuid(), $1, $2)"
    failed, name = record("request.failed"), "Ada\nLindenstrasse 5"
    for insert in (_by_driver, _by_orm):
        try:
            async with uow.driver.transaction():
                await insert(uow, statement, name)
        except (IntegrityConstraintViolationError, DBAPIError):
            failed.exc_info = sys.exc_info()
        for line in (TextLines().format(failed), json.loads(JsonLines().format(failed))["trace"]):
            assert "null value in column" in line
            assert "Lindenstrasse" not in line


async def _by_driver(uow: UnitOfWork, statement: str, name: str) -> None:
    await uow.execute(statement, uow.shop_id, name)


async def _by_orm(uow: UnitOfWork, statement: str, name: str) -> None:
    words = text(statement.replace("$1", ":shop").replace("$2", ":name"))
    await uow.session.execute(words, {"shop": uow.shop_id, "name": name})
