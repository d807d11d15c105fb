"""Stems and compounds: the forms of a word that count as one, and the head of a German compound."""

import threading
from collections.abc import Iterable
from functools import lru_cache

import snowballstemmer

from bots.understanding.normalise import fold, normalise

_STEMMED = 4  # letters from which a word has a stem
_LONGEST = 40  # letters up to which it has one: stemming costs time for each, and no language has longer ones
_TOLD = 6  # letters by which what begins a phrase is told
_LINKS = ("s", "n", "en", "es", "er", "e")


class _Stemmers(threading.local):
    """A stemmer remembers the word it works on: the build of a large shelf in a thread needs its own ones."""

    def __init__(self) -> None:
        self.german = snowballstemmer.stemmer("german")
        self.english = snowballstemmer.stemmer("english")


_STEMMERS = _Stemmers()


@lru_cache(maxsize=131072)
def keys(word: str) -> tuple[str, ...]:
    """The stems under which a folded word is found: German, English; as it stands when it is short or overlong."""
    if not _STEMMED <= len(word) <= _LONGEST or word.isdigit():
        return (word,)
    german, english = _STEMMERS.german.stemWord(word), _STEMMERS.english.stemWord(word)
    return (german,) if german == english else (german, english)


def words(phrase: str) -> list[str]:
    """The folded words of a phrase; `T-Shirt` and the like are one word."""
    return [token.text for token in normalise(phrase).tokens]


@lru_cache(maxsize=16384)
def joined(phrase: str) -> str:
    """A phrase written together and folded: `Kapuzen-Pulli` and `kapuzenpulli` are the same."""
    return "".join(words(phrase))


def keys_in(word: str, language: str) -> tuple[str, ...]:
    """The stems of a word of a known language: by German rules the English `wallet` would be a form of `wall`.

    German takes in English words with their plurals, so both rules hold for it.
    """
    return keys(word)[-1:] if language == "en" else keys(word)


@lru_cache(maxsize=32768)
def joined_keys(parts: tuple[str, ...], language: str = "") -> tuple[str, ...]:
    """The stems of words written together, their last one stemmed; of words of one language, by its rules alone."""
    lead = "".join(parts[:-1])
    return tuple(lead + key for key in keys_in(parts[-1], language))


def beginnings(phrases: Iterable[str]) -> frozenset[str]:
    """What phrases written together begin with, for `may_begin`."""
    return frozenset(phrase[:length] for phrase in phrases for length in range(1, _TOLD + 1))


def may_begin(word: str, known: frozenset[str]) -> bool:
    """Whether one of some phrases may begin with a word; where none does, it needs no look at the words behind it."""
    return word[:_TOLD] in known


def splits(word: str) -> list[tuple[str, str]]:
    """Possible modifier and head of a compound, longest head first; linking letters are left to the caller."""
    return [(word[:at], word[at:]) for at in range(max(3, len(word) - _LONGEST), len(word) - 2)]


def without_link(modifier: str) -> tuple[str, ...]:
    """A compound's first part with and without its linking letters (`damen`, `dame`)."""
    return (
        modifier,
        *(
            modifier[: -len(link)]
            for link in _LINKS
            if modifier.endswith(link) and len(modifier) - len(link) >= _STEMMED - 1
        ),
    )


__all__ = ["beginnings", "fold", "joined", "joined_keys", "keys", "may_begin", "splits", "without_link", "words"]
