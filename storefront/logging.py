"""One line for each event, `noun.past_verb key=value`, or one JSON object a line. The standard library's logging only.

Callers write `_log.info("turn.completed", extra={"fields": {"channel": …, "ms": …}})`: the message is the event's
name, facts are fields. No message text, phone, address, token or card data, ever.
"""

import logging
import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

# Libraries that talk about every request or job; their warnings stay. SQLAlchemy's pool speaks by our subclass's name.
_QUIET = (
    "alembic", "asyncio", "catalog.kernel.pool", "httpcore", "httpx", "PIL", "procrastinate", "sqlalchemy", "stripe",
    "uvicorn.access", "uvicorn.error",
)  # fmt: skip


def configure(*, level: str, style: str) -> None:
    """Send everything to standard error in this style (`text` or `json`). Replaces what was configured before."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if style == "json" else TextLines())
    root = logging.getLogger()
    for former in root.handlers[:]:
        root.removeHandler(former)
    root.addHandler(handler)
    root.setLevel(level)
    for name in _QUIET:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(max(logging.WARNING, logging.getLevelName(level)))
    logging.captureWarnings(capture=True)


_DETAIL = re.compile(r"^DETAIL:.*?(?=\n(?:HINT:|\[SQL:|\(Background|Traceback |\n)|\Z)", re.MULTILINE | re.DOTALL)


class TextLines(logging.Formatter):
    """For people: time, level, event, facts; a traceback follows on its own lines."""

    def format(self, record: logging.LogRecord) -> str:
        """The record's line."""
        facts = "".join(f" {key}={_plain(value)}" for key, value in _facts(record).items())
        line = f"{_instant(record)} {record.levelname.lower():<7} {record.getMessage()}{facts}"
        return f"{line}\n{_trace(self, record)}" if record.exc_info else line


class JsonLines(logging.Formatter):
    """For collectors: `{at, level, event, logger, …facts}`."""

    def format(self, record: logging.LogRecord) -> str:
        """The record's line."""
        line = {
            "at": _instant(record),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            "logger": record.name,
        }
        # A fact of the same name as one of these stands beside it, not in its place.
        line |= {f"{key}_" if key in line else key: value for key, value in _facts(record).items()}
        if record.exc_info:
            line["trace"] = _trace(self, record)
        return msgspec.json.encode(line, enc_hook=str).decode()


def _trace(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    """The traceback without PostgreSQL's details: they repeat the row, and a row is what people wrote."""
    return _DETAIL.sub("DETAIL: …", formatter.formatException(record.exc_info)) if record.exc_info else ""


def _facts(record: logging.LogRecord) -> Mapping[str, Any]:
    fields = getattr(record, "fields", None)
    return fields if isinstance(fields, Mapping) else {}


def _instant(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _plain(value: object) -> str:
    text = str(value)
    if text and not any(character.isspace() or character in '"=' for character in text):
        return text
    return msgspec.json.encode(text).decode()
