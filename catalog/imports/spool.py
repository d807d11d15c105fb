"""Brings rows of one product together, wherever they stand: they go to a temporary file and come back grouped.

Memory holds 16 bytes a row and one entry a product; a file of any order and size can be imported.
"""

import json
import tempfile
from array import array
from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2s
from types import TracebackType
from typing import IO, Self

import msgspec

from catalog.imports.values import Row

_NONE = 0xFFFFFFFFFFFFFFFF


class Spool:
    """The rows of a file, grouped by a key, in the order in which the groups begin. Use it as a context."""

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile(prefix="storefront-import-")  # noqa: SIM115 - closed below
        self._heads = array("Q")  # per group: place of its first row
        self._tails = array("Q")  # per group: index of its last row
        self._offsets = array("Q")  # per row: where it stands in the file
        self._next = array("Q")  # per row: the index of the group's next row
        self._groups: dict[bytes, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self._offsets)

    def __len__(self) -> int:
        return len(self._heads)

    def fill(self, rows: Iterable[Row], key: Callable[[Row], str | None]) -> None:
        """Take all rows. A row without a key belongs to the row before it."""
        offset, last = 0, -1
        for row in rows:
            encoded = _encoded(row) + b"\n"
            self._file.write(encoded)
            index = len(self._offsets)
            self._offsets.append(offset)
            self._next.append(_NONE)
            offset += len(encoded)
            name = key(row)
            if name is None and last >= 0:
                group = last
            else:
                digest = blake2s((name or f"\0{row.line}").encode("utf-8", "replace"), digest_size=16).digest()
                group = self._groups.setdefault(digest, len(self._heads))
            last = group
            if group == len(self._heads):
                self._heads.append(index)
                self._tails.append(index)
            else:
                self._next[self._tails[group]] = index
                self._tails[group] = index
        self._groups.clear()

    def groups(self, start: int = 0) -> Iterator[list[Row]]:
        """Groups from the given one on."""
        for head in self._heads[start:]:
            found: list[Row] = []
            index = head
            while index != _NONE:
                self._file.seek(self._offsets[index])
                found.append(Row(*msgspec.json.decode(self._file.readline(), type=tuple[int, dict[str, object], str])))
                index = self._next[index]
            yield found


def _encoded(row: Row) -> bytes:
    try:
        return msgspec.json.encode((row.line, row.cells, row.fault))
    except UnicodeEncodeError:
        # JSON can spell half a surrogate, which nothing can store: it becomes a question mark.
        return json.dumps((row.line, row.cells, row.fault), ensure_ascii=False).encode("utf-8", "replace")
