"""A message made comparable: one Unicode form, no invisible signs, umlauts written out, emoji turned into words.

Folding follows how people type on foreign keyboards: `ä` and `ae`, `ß` and `ss` become the same text, apostrophes
vanish (`I'll`, `ill`), and every token remembers how it was written.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from bots.understanding import data

LONGEST = 1200  # characters that are read; whoever writes more says what he wants at the start
_TOKEN = re.compile(r"[^\W_]+(?:['’`´][^\W\d_]+)*", re.UNICODE)
_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "å": "a", "œ": "oe", "ł": "l"}
)
_APOSTROPHES = re.compile(r"['’`´]")
_KEPT_CONTROLS = "\n\t "
_T_SHIRT = re.compile(r"\b([Tt])[\s-]+[Ss]hirt")
_REPEATED = re.compile(r"([^\W\d_x])\1{2,}")  # drawn-out letters; x is left as it is, for sizes repeat it


@dataclass(frozen=True, slots=True)
class Token:
    """A word or number: folded, as written, and where it stands in the folded text."""

    text: str
    raw: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Normal:
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


def clean(raw: str) -> tuple[str, tuple[str, ...]]:
    """The text without invisible signs, each known emoji replaced by its word, and the meanings found."""
    text = unicodedata.normalize("NFKC", raw[: LONGEST * 4])
    out: list[str] = []
    meanings: list[str] = []
    table = data.emoji()
    for sign in text:
        if sign.isascii():
            out.append(sign if " " <= sign < "\x7f" or sign in _KEPT_CONTROLS else "")
            continue
        meaning = table.get(sign)
        if meaning is not None:
            meanings.append(meaning)
            out.append(f" {meaning} ")
            continue
        category = unicodedata.category(sign)
        if category[0] == "C":
            continue
        out.append(" " if category[0] == "Z" or category == "So" else sign)
    return "".join(out)[:LONGEST].strip(), tuple(meanings)


def normalise(raw: str) -> Normal:
    """Read a message of any length and any signs; never fails."""
    text, meanings = clean(raw)
    text = _T_SHIRT.sub(r"\1shirt", text)
    parts: list[str] = []
    tokens: list[Token] = []
    at = length = 0
    for match in _TOKEN.finditer(text):
        gap = text[at : match.start()].lower()
        word = _REPEATED.sub(r"\1\1", fold(match.group())) if not match.group().isupper() else fold(match.group())
        parts += (gap, word)
        start = length + len(gap)
        length = start + len(word)
        tokens.append(Token(word, match.group(), start, length))
        at = match.end()
    parts.append(text[at:].lower())
    return Normal(clean=text, folded="".join(parts), tokens=tuple(tokens), emoji=meanings)
