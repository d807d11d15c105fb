"""A person's name before an address ('Ada Lovelace, Lindenstr 5, 10969 Berlin'), told from talk ('ja gerne, …')."""

import re

from bots.understanding import data, stems, topics
from bots.understanding.spelling import common_words, rules_know

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*\.?$")
_PARTICLES = frozenset({"da", "de", "del", "der", "den", "di", "la", "le", "ten", "ter", "van", "von", "zu"})
_BEFORE = data.word_set("names_before")
_FEWEST, _MOST = 2, 5


def person(text: str) -> str:
    """The name that a text is, in one line; empty where it is anything else, or might be.

    A name is two to five words that neither the rules nor the lists of everyday words know. It begins after the last
    word that leads up to a name: 'an meine Oma Erna Schmidt', 'Frau Petra Krause'.
    """
    words = text.split()
    begins = max((at for at, word in enumerate(words, 1) if _folded(word) in _BEFORE), default=0)
    words = words[begins:]
    if not _FEWEST <= len(words) <= _MOST or not all(_WORD.match(word) for word in words):
        return ""
    said = [_folded(word) for word in words]
    if any(_is_talk(word) for word in said if word not in _PARTICLES) or said[0] in topics.spoken_words():
        return ""
    return " ".join(words)


def _folded(word: str) -> str:
    return stems.fold(word.strip(".,:").lower())


def _is_talk(word: str) -> bool:
    return rules_know(word) or word in common_words()
