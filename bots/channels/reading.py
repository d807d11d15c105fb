"""Reading what providers post: tolerant of missing and mistyped values, so that one odd part never costs the rest."""

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from bots.messages.inbound import MediaKind, Unrecognised
from catalog.kernel.errors import Unreadable

_LONGEST_ID = 250
_ENTRY = re.compile(r"(?<![\w#&/])#([A-Za-z][A-Za-z0-9_-]{1,39})(?![\w;])")
_NUL = "\x00"

Json = Mapping[str, Any]


def decode(body: bytes) -> dict[str, Any]:
    """The body as a JSON object, without NUL characters (PostgreSQL stores none). Raises Unreadable."""
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise Unreadable("the body is no JSON") from error
    if not isinstance(value, dict):
        raise Unreadable("the body is no JSON object")
    return _clean(value) if b"u0000" in body else value


def _clean(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    if isinstance(value, str):
        return value.replace(_NUL, "")
    if isinstance(value, dict):
        return {_clean(key): _clean(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_clean(inner) for inner in value]
    return value


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


def unrecognised(what: str, value: Json, at: datetime) -> Unrecognised:
    """What we do not take, kept for the operator under its digest; the same again is the same event."""
    return Unrecognised(dedupe_key=f"other:{digest(value)}", at=at, what=what.rstrip(":"))


def media_kind(kind: MediaKind, mime: str) -> MediaKind:
    """What a file is for the shop: a picture that was sent as a file, to spare its pixels, is a picture."""
    return MediaKind.IMAGE if kind is MediaKind.DOCUMENT and mime.startswith("image/") else kind
