"""Reads rows from CSV, TSV, JSON and JSONL files of any common encoding, one after the other, never the whole file."""

import codecs
import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from catalog.imports.errors import UnreadableFile
from catalog.imports.values import Row

_CHUNK = 1 << 16
_LONGEST_FIELD = 1 << 20
_LONGEST_OBJECT = 1 << 23
_DELIMITERS = ",;\t|"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LISTS = ("products", "items", "data")
_START_OF_LIST = re.compile(r'\s*(?:\{\s*"(?:' + "|".join(_LISTS) + r')"\s*:\s*)?\[')
OVERFLOW = "(beyond the header)"  # the column of what stands in more cells than the header has


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was looked through once: its hash, encoding and shape ('csv', 'json', 'jsonl')."""

    path: Path
    digest: str
    encoding: str
    shape: str
    delimiter: str = ","


def inspect(path: Path) -> Source:
    """Look through the file. Raises UnreadableFile when it is empty or no text."""
    digest, encoding, head = _scan(path)
    text = head.lstrip("\ufeff \t\r\n")
    if not text:
        raise UnreadableFile(f"{path.name} is empty")
    if text.startswith("["):
        return Source(path, digest, encoding, "json")
    if text.startswith("{"):
        shape = "json" if _START_OF_LIST.match(text) else "jsonl"
        return Source(path, digest, encoding, shape)
    return Source(path, digest, encoding, "csv", _delimiter(text))


def rows(source: Source) -> Iterator[Row]:
    """All rows in the order of the file. Raises UnreadableFile at the line that cannot be read."""
    of_shape = {"csv": _csv_rows, "jsonl": _json_lines, "json": _json_list}[source.shape]
    line = 0
    with source.path.open(encoding=source.encoding, newline="" if source.shape == "csv" else None) as stream:
        try:
            for row in of_shape(stream, source):
                line = row.line
                yield row
        except UnicodeError as error:
            raise UnreadableFile(
                f"{source.path.name}, after line {line}: this is not {source.encoding}; save the file as UTF-8",
                line=line,
            ) from error


def _scan(path: Path) -> tuple[str, str, str]:
    """(SHA-256, encoding, first characters), reading the file once."""
    digest = hashlib.sha256()
    utf8 = codecs.getincrementaldecoder("utf-8")()
    encoding, first = "", b""
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            if not first:
                first = chunk
                encoding = next((name for bom, name in _BOMS if chunk.startswith(bom)), "") or _wide(chunk)
            if not encoding:
                try:
                    utf8.decode(chunk)
                except UnicodeDecodeError:
                    encoding = "cp1252"
    encoding = encoding or "utf-8"
    if encoding == "cp1252" and b"\0" in first:
        raise UnreadableFile(f"{path.name} is no text file; export the catalogue as CSV, JSON or JSONL")
    return digest.hexdigest(), encoding, codecs.getincrementaldecoder(encoding)("replace").decode(first)


def _wide(chunk: bytes) -> str:
    """UTF-16 without a mark: every other byte of Latin text is zero."""
    sample = chunk[:400]
    if len(sample) > 1 and sample[1::2].count(0) > len(sample) // 3:
        return "utf-16-le"
    return "utf-16-be" if len(sample) > 1 and sample[::2].count(0) > len(sample) // 3 else ""


def _delimiter(text: str) -> str:
    """The separator that stands most often in the first line, outside quotes."""
    unquoted = re.sub(r'"[^"]*"', "", text.splitlines()[0])
    best = max(_DELIMITERS, key=unquoted.count)
    return best if unquoted.count(best) else ","


def _csv_rows(stream: TextIO, source: Source) -> Iterator[Row]:
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.reader((line.replace("\0", "") for line in stream), delimiter=source.delimiter)
    try:
        first = next((cells for cells in reader if any(cell.strip() for cell in cells)), [])
        header = [name.strip().lstrip("\ufeff") for name in first]
        before = reader.line_num
        for cells in reader:
            line, before = before + 1, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            values: dict[str, object] = {
                name: cell.strip() for name, cell in zip(header, cells, strict=False) if name and cell.strip()
            }
            if surplus := [cell for cell in cells[len(header) :] if cell.strip()]:
                values[OVERFLOW] = source.delimiter.join(surplus)
            yield Row(line, values)
    except csv.Error as error:
        raise UnreadableFile(
            f"line {reader.line_num} cannot be read ({error}); a quotation mark may be missing", line=reader.line_num
        ) from error


def _json_lines(stream: TextIO, _source: Source) -> Iterator[Row]:
    for number, line in enumerate(stream, start=1):
        if line.strip():
            try:
                yield _row(number, json.loads(line))
            except (ValueError, RecursionError) as error:
                yield Row(number, {}, f"this is no JSON object: {error}")


def _row(line: int, value: object) -> Row:
    return Row(line, value) if isinstance(value, dict) else Row(line, {}, "a product is a JSON object")


def _json_list(stream: TextIO, source: Source) -> Iterator[Row]:
    """Objects of one long list, with a buffer of one object: the list itself is never held."""
    buffer, line = _Buffer(stream), 1
    start = _START_OF_LIST.match(buffer.text)
    if start is None:
        raise UnreadableFile(f"{source.path.name}: a JSON file holds a list of products")
    line += buffer.take(start.end()).count("\n")
    decoder = json.JSONDecoder()
    while True:
        blank = buffer.blank()
        line += buffer.take(blank).count("\n")
        if not buffer.text:
            raise UnreadableFile(f"{source.path.name} ends at line {line} before its list does", line=line)
        if buffer.text[0] == "]":
            return
        value, end = _next_value(decoder, buffer, line, source)
        yield _row(line, value)
        line += buffer.take(end).count("\n")


def _next_value(decoder: json.JSONDecoder, buffer: "_Buffer", line: int, source: Source) -> tuple[object, int]:
    while True:
        try:
            value, end = decoder.raw_decode(buffer.text)
        except (ValueError, RecursionError) as error:
            if isinstance(error, ValueError) and len(buffer.text) < _LONGEST_OBJECT and buffer.more():
                continue
            raise UnreadableFile(f"{source.path.name}, from line {line} on: {error}", line=line) from error
        else:
            return value, end


class _Buffer:
    """The part of a stream that is being read."""

    def __init__(self, stream: io.TextIOBase | TextIO) -> None:
        self._stream = stream
        self.text = ""
        self.more()

    def more(self) -> bool:
        """Read on; False at the end of the stream."""
        chunk = self._stream.read(_CHUNK)
        self.text += chunk.lstrip("\ufeff") if not self.text else chunk
        return bool(chunk)

    def take(self, count: int) -> str:
        """Remove so many characters from the front."""
        taken, self.text = self.text[:count], self.text[count:]
        return taken

    def blank(self) -> int:
        """How many characters of space and commas stand at the front; reads on when there is nothing else."""
        while True:
            size = len(self.text) - len(self.text.lstrip(" \t\r\n,"))
            if size < len(self.text) or not self.more():
                return size
