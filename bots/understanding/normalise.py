"""A message made comparable: one Unicode form, no invisible signs, umlauts written out, emoji turned into words.

Folding follows how people type on foreign keyboards: `ä` and `ae`, `ß` and `ss` become the same text, apostrophes
vanish (`I'll`, `ill`), and every token remembers how it was written.
"""

import re
import unicodedata
from functools import lru_cache

from msgspec import Struct

from bots.understanding import data

LONGEST = 1200  # characters that are read; whoever writes more says what he wants at the start
_TOKEN = re.compile(r"[^\W_]+(?:['’`´][^\W\d_]+)*", re.UNICODE)
_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "å": "a", "œ": "oe", "ł": "l"}
)
_APOSTROPHES = re.compile(r"['’`´]")
_UNUSUAL = re.compile(r"[^ -~\n\t]")
_T_SHIRT = re.compile(r"\b([Tt])[\s-]+[Ss]hirt")
_REPEATED = re.compile(r"([^\W\d_x])\1{2,}")  # drawn-out letters; x is left as it is, for sizes repeat it


class Token(Struct, frozen=True):
    """A word or number: folded, as written, and where it stands in the folded text."""

    text: str
    raw: str
    start: int
    end: int


class Normal(Struct, frozen=True):
    """A normalised message: `clean` keeps case and umlauts, `folded` is what rules match, `tokens` its words."""

    clean: str
    folded: str
    tokens: tuple[Token, ...]
    emoji: tuple[str, ...]


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """One word or phrase in lower case without accents, umlauts and sharp s written out."""
    lowered = _APOSTROPHES.sub("", word).casefold()
    if lowered.isascii():
        return lowered
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", lowered).translate(_UMLAUTS))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


@lru_cache(maxsize=65536)
def _word(raw: str) -> str:
    """A word as rules know it: folded, and what was drawn out (`sooooo`) shorter, unless it is all capitals."""
    return fold(raw) if raw.isupper() else _REPEATED.sub(r"\1\1", fold(raw))


def clean(raw: str) -> tuple[str, tuple[str, ...]]:
    """The text without invisible signs, each known emoji replaced by its word, and the meanings found."""
    meanings: list[str] = []

    def plain(match: re.Match[str]) -> str:
        sign = match.group()
        meaning = data.emoji().get(sign)
        if meaning is not None:
            meanings.append(meaning)
            return f" {meaning} "
        category = unicodedata.category(sign)
        if category[0] == "C":
            return ""
        return " " if category[0] == "Z" or category == "So" else sign

    text = _UNUSUAL.sub(plain, unicodedata.normalize("NFKC", raw[: LONGEST * 4]))
    return text[:LONGEST].strip(), tuple(meanings)


def normalise(raw: str) -> Normal:
    """Read a message of any length and any signs; never fails."""
    text, meanings = clean(raw)
    if "hirt" in text:
        text = _T_SHIRT.sub(r"\1shirt", text)
    parts: list[str] = []
    tokens: list[Token] = []
    at = length = 0
    for match in _TOKEN.finditer(text):
        written = match.group()
        gap = text[at : match.start()].lower()
        word = _word(written)
        parts += (gap, word)
        start = length + len(gap)
        length = start + len(word)
        tokens.append(Token(word, written, start, length))
        at = match.end()
    parts.append(text[at:].lower())
    return Normal(clean=text, folded="".join(parts), tokens=tuple(tokens), emoji=meanings)
