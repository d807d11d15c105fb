"""Texts as Telegram parses them: HTML becomes words and entities, counted in UTF-16 units."""

import re
from html.parser import HTMLParser

from storefront.lab.double import Json

_TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "s": "strikethrough",
    "code": "code", "pre": "pre", "a": "text_link",
}  # fmt: skip


class ParseError(Exception):
    """The text is not what its parse mode allows; the words are Telegram's."""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.entities: list[Json] = []
        self._open: list[tuple[str, int, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            raise ParseError(f'Unsupported start tag "{tag}" at byte offset {len(self.text.encode())}')
        self._open.append((tag, units(self.text), dict(attrs).get("href")))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1][0] != tag:
            raise ParseError(f"Unexpected end tag at byte offset {len(self.text.encode())}")
        _, start, href = self._open.pop()
        length = units(self.text) - start
        if length:
            link = {"url": href} if href else {}
            self.entities.append({"type": _TAGS[tag], "offset": start, "length": length, **link})

    def handle_data(self, data: str) -> None:
        self.text += data

    def finish(self) -> None:
        self.close()
        if self._open:
            raise ParseError(f'Can\'t find end tag corresponding to start tag "{self._open[-1][0]}"')


def units(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def parse(text: str, mode: str) -> tuple[str, list[Json]]:
    """Words and entities. Raises ParseError."""
    if mode.upper() != "HTML":
        return text.strip(), []
    if re.search(r"<(?![a-zA-Z/])", text):
        raise ParseError('Unsupported start tag ""')
    reader = _Reader()
    reader.feed(text)
    reader.finish()
    return reader.text.strip(), sorted(reader.entities, key=lambda entity: entity["offset"])
