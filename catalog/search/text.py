"""How text becomes words, the same for goods and for queries. Stemming is PostgreSQL's, per language."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import lru_cache
from hashlib import blake2s
from uuid import UUID

# PostgreSQL's own text search configurations; any other language is not stemmed.
_CONFIGS = {
    "ar": "arabic", "da": "danish", "de": "german", "en": "english", "es": "spanish", "fi": "finnish", "fr": "french",
    "hu": "hungarian", "it": "italian", "nb": "norwegian", "nl": "dutch", "no": "norwegian", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip
_WORD = re.compile(r"[^\W_]+")
_HYPHENATED = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)+")
_LONGEST_WORD = 60
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_LINKS = ("", "s", "n", "en", "es", "er", "e")
_SHORTEST_HEAD = 4
_SHORTEST_PART = 3
_COMPOUNDING = frozenset({"de", "nl", "sv", "da", "no", "nb"})


def config_of(locale: str) -> str:
    """The text search configuration of a language."""
    return _CONFIGS.get(locale.split("-", 1)[0].lower(), "simple")


def compounding(locale: str) -> bool:
    """Whether the language writes compounds as one word."""
    return locale.split("-", 1)[0].lower() in _COMPOUNDING


@lru_cache(maxsize=4096)
def tenant(shop_id: UUID, locale: str) -> str:
    """The word that every document of a shop and language has, and nobody types."""
    return "§" + blake2s(shop_id.bytes + locale.encode(), digest_size=6).hexdigest()


def fold(text: str) -> str:
    """Lower case, compatibility forms resolved, ready for `words`."""
    return unicodedata.normalize("NFKC", text).lower()


def words(text: str) -> list[str]:
    """The words of a folded text in order; 'T-Shirt' is 't', 'shirt'."""
    return [word[:_LONGEST_WORD] for word in _WORD.findall(text)]


def joined(text: str) -> list[str]:
    """Hyphenated words of a folded text written as one: 'tshirt'."""
    return ["".join(_WORD.findall(word))[:_LONGEST_WORD] for word in _HYPHENATED.findall(text)]


def spelled_out(word: str) -> str:
    """A word without umlauts, as people type it on foreign keyboards: 'gürtel' is 'guertel'."""
    return word.translate(_UMLAUTS)


def deletions(word: str) -> set[str]:
    """The word itself and the word without each of its letters."""
    return {word} | {word[:index] + word[index + 1 :] for index in range(len(word))}


def suffixes(word: str) -> Iterator[str]:
    """Ends of a word that could be the head of a compound, the longest first."""
    for start in range(_SHORTEST_PART, len(word) - _SHORTEST_HEAD + 1):
        yield word[start:]


def prefixes(word: str) -> Iterator[str]:
    """Beginnings of a word that could be the first part of a compound, without the letters that link it."""
    for end in range(_SHORTEST_PART, len(word) - _SHORTEST_HEAD + 1):
        for link in _LINKS:
            if word[:end].endswith(link) and end - len(link) >= _SHORTEST_PART:
                yield word[: end - len(link)]


def split(word: str, known: Collection[str]) -> tuple[str, str] | None:
    """A compound as (first part, head), by known words: 'kapuzenpullover' is ('kapuzen', 'pullover').

    The longest known head wins; its first part loses the letters that link it when it is a known word without them.
    """
    for head in suffixes(word):
        if head in known:
            rest = word[: -len(head)]
            stems = (rest[: len(rest) - len(link)] for link in _LINKS if rest.endswith(link))
            return next((stem for stem in stems if len(stem) >= _SHORTEST_PART and stem in known), rest), head
    return None
