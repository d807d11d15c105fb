"""Legal texts as a page shows them: the headings (`#`), lists (`-`) and paragraphs of what a merchant wrote."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HEADING = re.compile(r"(#{1,6})\s+(.+)")
_ITEM = re.compile(r"[-*•]\s+(.+)")


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a text: `tag` is h2, h3, ul or p; a heading has one line, a list an item in each."""

    tag: str
    lines: tuple[str, ...]


def titled(text: str, title: str) -> tuple[str, list[Block]]:
    """The text's own first heading, or the title where it has none, and its blocks. Other marks stay as they are."""
    first, _, rest = text.strip().partition("\n")
    own = re.fullmatch(r"#\s+(.+)", first.strip())
    return (own[1], list(blocks(rest))) if own else (title, list(blocks(text)))


def blocks(text: str) -> Iterator[Block]:
    """The blocks in order. A line of a paragraph stays a line."""
    tag, lines = "p", list[str]()  # of the block that is not closed yet
    for line in map(str.strip, [*text.splitlines(), ""]):
        heading, item = _HEADING.fullmatch(line), _ITEM.fullmatch(line)
        goes_on = line and not heading and tag == ("ul" if item else "p")
        if lines and not goes_on:
            yield Block(tag, tuple(lines))
            lines = []
        if heading:
            yield Block("h2" if len(heading[1]) < 3 else "h3", (heading[2],))  # noqa: PLR2004 - the page's own is h1
        elif line:
            tag = "ul" if item else "p"
            lines.append(item[1] if item else line)
