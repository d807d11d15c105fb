"""Measuring, shortening and splitting texts, and the one piece of markup they carry: `*word*` for emphasis.

Lengths are UTF-16 units: providers count characters, some of them in UTF-16; counting the larger of both is safe with
all. Prices (a unit price in brackets belongs to the price before it), addresses and emphasised words are never cut
unless one alone is longer than the limit.
"""

import re
from collections.abc import Iterator

_MARKED = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])")  # not within words: 80*60*40 cm
_NO_MARK = "∗"  # looks like a star and means nothing to anybody
_NUMBER = r"\d+(?:[.,'’\u00a0\u202f]\d{2,3}){0,8}"
_MONEY = r"(?:[$£¥€₩₪₫₱₴₸₹₺₽]|\b(?:[A-Z]{3}|kr|zł|Kč|Ft|lei|лв)\b)"
# A number is tried from its first digit and has an end, so that a text of digits takes no longer than any other.
_AMOUNT = rf"[-\u2212]?(?:{_MONEY}\s?{_NUMBER}|(?<!\d){_NUMBER}\s?{_MONEY})"
PRICE = re.compile(rf"{_AMOUNT}(?:\s\({_AMOUNT}/[^()\n]{{1,16}}\))?")
_LINK = re.compile(r"https?://\S+")
_WHOLE = re.compile(rf"{_LINK.pattern}|{_MARKED.pattern}|{PRICE.pattern}")

# Best places to cut first: between paragraphs, lines, sentences, words.
_BREAKS = (re.compile(r"\n\n+"), re.compile(r"\n"), re.compile(r"(?<=[.!?…:;])\s+"), re.compile(r"\s+"))
_BLANKS = re.compile(r"[ \t\r\n\v\f]+")
_JOINERS = {0x200D, 0xFE0E, 0xFE0F, *range(0x0300, 0x0370), *range(0x1F3FB, 0x1F400), *range(0x20D0, 0x2100)}
_ASTRAL = 0xFFFF
_SHORTEST = 2  # a letter, or only "…", and the blank before the price


def size(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def emphasised(text: str) -> Iterator[tuple[str, bool]]:
    """The text in runs, each with whether it stands between `*`; the stars themselves are gone."""
    start = 0
    for match in _MARKED.finditer(text):
        if match.start() > start:
            yield text[start : match.start()], False
        yield match[1], True
        start = match.end()
    if start < len(text):
        yield text[start:], False


def plain(text: str) -> str:
    """The text without emphasis marks."""
    return _MARKED.sub(r"\1", text)


def literal(text: str) -> str:
    """A merchant's words for use between `*`: their own stars are no marks."""
    return text.replace("*", _NO_MARK)


def prices(text: str) -> list[str]:
    """Every price in a text, as written."""
    return PRICE.findall(text)


def shorten(text: str, limit: int) -> str:
    """At most `limit` units, ending in "…" when something was left out; a price at the end is kept, none is cut."""
    if size(text) <= limit:
        return text
    last = max(PRICE.finditer(text), key=re.Match.end, default=None)
    if last is not None and last.end() == len(text) and size(last[0]) + _SHORTEST < limit:
        return f"{_shorten(text[: last.start()].rstrip(), limit - size(last[0]) - 1)} {last[0]}"
    return _shorten(text, limit)


def _shorten(text: str, limit: int) -> str:
    if size(text) <= limit:
        return text
    head = text[: _outside(text, _index(text, limit - 1))]
    at_word = head.rfind(" ")
    if at_word * 2 > len(head) and not text[len(head)].isspace():
        head = head[:at_word]
    return head.rstrip(" \n,;:·–-") + "…"


def one_line(text: str) -> str:
    """A label: no emphasis, no line breaks; spaces that hold a price together stay."""
    return _BLANKS.sub(" ", plain(text) if "*" in text else text).strip()


def split(text: str, limit: int) -> list[str]:
    """Pieces of at most `limit` units, cut at the best place near the end of each."""
    pieces = []
    rest = text.strip()
    while size(rest) > limit:
        cut = _best_cut(rest, limit)
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [piece for piece in (*pieces, rest) if piece]


def split_tail(text: str, limit: int, tail: int) -> list[str]:
    """As `split`, but the last piece has at most `tail` units: it goes beside buttons."""
    pieces = []
    rest = text.strip()
    while size(rest) > tail:
        cut = _cut_before_tail(rest, limit, tail) or _best_cut(rest, min(limit, max(tail, size(rest) - 1)))
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [piece for piece in (*pieces, rest) if piece]


def _cut_before_tail(text: str, limit: int, tail: int) -> int | None:
    """Where to cut so that two pieces are enough; None when they are not."""
    if size(text) > limit + tail:
        return None
    for pattern in _BREAKS:
        for match in pattern.finditer(text):
            cut = match.start()
            fits = size(text[match.end() :]) <= tail and size(text[:cut]) <= limit
            if cut and fits and _outside(text, cut) == cut:
                return cut
    return None


def _best_cut(text: str, limit: int) -> int:
    """Where to cut: after the last good break in the latter half, else before whatever must stay whole."""
    end = _index(text, limit)
    for pattern in _BREAKS:
        for match in reversed([*pattern.finditer(text, end // 2, min(len(text), end + 1))]):
            if match.start() <= end and _outside(text, match.start()) == match.start():
                return match.start()
    return _outside(text, end)


def _index(text: str, limit: int) -> int:
    """The largest index whose head measures at most `limit`, not within a composed character; at least 1."""
    end, units = 0, 0
    for letter in text:
        units += 2 if ord(letter) > _ASTRAL else 1
        if units > limit:
            break
        end += 1
    whole = end
    while 0 < whole < len(text) and (ord(text[whole]) in _JOINERS or ord(text[whole - 1]) == 0x200D):  # noqa: PLR2004
        whole -= 1
    return whole or max(1, end)


def _outside(text: str, index: int) -> int:
    """`index`, moved before a price, address or emphasis that it would cut; unmoved when that one fills the head."""
    for match in _WHOLE.finditer(text):
        if match.start() >= index:
            break
        if index < match.end():
            return match.start() or index
    return index
