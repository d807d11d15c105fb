"""Pages of lists. A cursor is the key of the last row shown, by which the list is sorted, as an address can hold it."""

import base64
import binascii
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec

from catalog.kernel.errors import Invalid

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some of a list, and where it goes on; no cursor: that was all."""

    items: tuple[T, ...]
    next_cursor: str | None


def read_cursor(cursor: str | None, kind: type[T]) -> T | None:
    """The key after which the list goes on; None begins it. Raises Invalid for a cursor that no such list gave out."""
    if not cursor:
        return None
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(f"{cursor}=="), type=kind)
    except (binascii.Error, ValueError) as error:  # msgspec's own are ValueErrors
        raise Invalid("this is no cursor of this list; leave it out to begin", pointer="/cursor") from error


def cut(rows: Sequence[T], limit: int, key: Callable[[T], object]) -> Page[T]:
    """A page of `limit` rows, where one more was asked for to learn whether the list goes on."""
    items = tuple(rows[:limit])
    if len(rows) <= limit:
        return Page(items, None)
    return Page(items, base64.urlsafe_b64encode(msgspec.json.encode(key(items[-1]))).decode().rstrip("="))


def page_of(
    rows: Iterable[T],
    key: Callable[[T], Any],
    kind: type[Any],
    *,
    cursor: str | None,
    limit: int,
    descending: bool = False,
) -> Page[T]:
    """A page of a short list that was read whole, sorted by a key of that kind. Raises Invalid for a foreign cursor."""
    last: Any = read_cursor(cursor, kind)
    ordered = sorted(rows, key=key, reverse=descending)
    if last is not None:
        ordered = [row for row in ordered if (key(row) < last if descending else key(row) > last)]
    return cut(ordered, limit, key)
