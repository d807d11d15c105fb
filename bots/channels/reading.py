"""Reading what providers post: tolerant of missing and mistyped values, so that one odd part never costs the rest."""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from bots.messages.inbound import MediaKind, Unrecognised
from bots.messages.storable import clean
from catalog.kernel.errors import Unreadable

_LONGEST_ID = 250
_LONGEST_KEPT = 4_000  # characters of an event that we do not take
_ENTRY = re.compile(r"(?<![\w#&/])#([A-Za-z][A-Za-z0-9_-]{1,63})(?![\w;])")
_SECRET = re.compile(
    r"""("[^"]{0,60}(?:token|secret|password)[^"]{0,60}":)(?:\\*"(?:[^"\\]|\\.)*"|\d+)""", re.IGNORECASE
)
_HALF_PAIR = re.compile(rb"\\u[dD][89a-fA-F]")  # as JSON writes one

Json = Mapping[str, Any]


def decode(body: bytes) -> dict[str, Any]:
    """The body as a JSON object, without signs that no database stores. Raises Unreadable."""
    try:
        value = _decoded(body)
    except (ValueError, RecursionError) as error:  # of JSON and of UTF-8
        raise Unreadable("the body is no JSON") from error
    if not isinstance(value, dict):
        raise Unreadable("the body is no JSON object")
    return value


def _decoded(body: bytes) -> Any:  # noqa: ANN401 - whatever JSON holds
    try:
        value = msgspec.json.decode(body)
    except msgspec.DecodeError:
        if not _HALF_PAIR.search(body):
            raise
        # A half stands alone where a text was cut within an emoji. Python's own decoder takes it.
        return clean(json.loads(body.decode(), parse_constant=_refuse))
    return clean(value) if b"u0000" in body else value


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


def obj(value: Json, key: str) -> dict[str, Any]:
    """The object under a key, empty when there is none."""
    inner = value.get(key)
    return inner if isinstance(inner, dict) else {}


def objs(value: Json, key: str) -> list[dict[str, Any]]:
    """The objects in the list under a key."""
    inner = value.get(key)
    return [one for one in inner if isinstance(one, dict)] if isinstance(inner, list) else []


def text(value: Json, key: str) -> str:
    """The text under a key; numbers as text; empty when there is none."""
    inner = value.get(key)
    if isinstance(inner, str):
        return inner
    return str(inner) if isinstance(inner, int) and not isinstance(inner, bool) else ""


def name_of(value: Json, key: str) -> str:
    """An id under a key: empty when missing, or longer than any provider's."""
    found = text(value, key)
    return found if len(found) <= _LONGEST_ID else ""


def number(value: Json, key: str) -> float | None:
    """The number under a key; also when it stands there as text."""
    inner = value.get(key)
    if isinstance(inner, bool) or not isinstance(inner, int | float | str):
        return None
    try:
        found = float(inner)
    except (ValueError, OverflowError):
        return None
    return found if abs(found) < 1e15 else None  # noqa: PLR2004 - beyond what a float counts exactly; refuses NaN too


def instant(value: Json, key: str, *, otherwise: datetime) -> datetime:
    """Unix seconds under a key as aware UTC."""
    seconds = number(value, key)
    if not seconds or seconds < 0:
        return otherwise
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return otherwise


def entry_code(words: str) -> str | None:
    """The entry code that a poster or link put into the first message: "LB7" of "Hey Charles (#LB7)"."""
    match = _ENTRY.search(words)
    return match[1].upper() if match else None


def digest(value: object) -> str:
    """A short name for something that has none: equal things get equal names."""
    canonical = msgspec.json.encode(value, order="deterministic")
    return hashlib.sha256(canonical).hexdigest()[:32]


def unrecognised(what: str, value: Json, at: datetime, *, key: str = "") -> Unrecognised:
    """What we do not take, kept for the operator; without a key under its digest: the same again is the same event."""
    return Unrecognised(
        dedupe_key=key or f"other:{digest(value)}", at=at, what=what.rstrip(":")[:100], body=_without_secrets(value)
    )


def _without_secrets(value: Json) -> str:
    return _SECRET.sub(r'\1"…"', msgspec.json.encode(value).decode())[:_LONGEST_KEPT]


def media_kind(kind: MediaKind, mime: str) -> MediaKind:
    """What a file is for the shop: a picture that was sent as a file, to spare its pixels, is a picture."""
    return MediaKind.IMAGE if kind is MediaKind.DOCUMENT and mime.startswith("image/") else kind
