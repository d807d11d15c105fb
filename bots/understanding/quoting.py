"""What a product's own texts say to a question: the sentences that speak of it, never more than what they say."""

import re
from collections.abc import Iterable, Sequence

from bots.understanding import data, language, searching, stems

_SMALL = data.word_set("quoting_small")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_TELLING = 4  # letters from which a word is told from others
_TOLD = 3  # letters from which a word that is known to ask for a fact tells it: `bio`
_PART = 5  # letters of a stem by which a compound is told: `Innentasche` is a `Tasche`


def asked(question: str, known: Iterable[str]) -> list[str]:
    """The words of a question that tell what it asks: no small ones, and none of those `known` (the product's name)."""
    named = {key for phrase in known for word in stems.words(phrase) for key in stems.keys(word)}
    return [
        word
        for word in stems.words(question)
        if word not in language.function_words() and word not in _SMALL and named.isdisjoint(stems.keys(word))
    ]


def on_fact(ask: str, text: str) -> list[str]:
    """The sentences of a text in which words for a fact stand."""
    phrases = [_telling(stems.words(phrase), _TOLD) for phrase in data.table("attributes")["asks"].get(ask, ())]
    return [one for one in _sentences(text) if any(words and _speaks(words, one) for words in phrases)]


def on_words(words: Sequence[str], text: str) -> list[str]:
    """The sentences of a text in which one of some words stands."""
    return [one for one in _sentences(text) if any(_speaks([word], one) for word in _telling(words))]


def tag_for(words: Iterable[str], tags: Iterable[str]) -> str | None:
    """The attribute that both a word and one of a product's tags stand for (`wasserdicht`, of what is `waterproof`)."""
    meant = searching.words_of("tag")
    held = {name for tag in tags if (name := meant.get(stems.joined(tag))) is not None}
    wished = (meant[key] for word in words for key in (word, *stems.keys(word)) if key in meant)
    return next((name for name in wished if name in held), None)


def _sentences(text: str) -> list[str]:
    return [one for one in _SENTENCE.split(text.strip()) if one]


def _telling(words: Sequence[str], least: int = _TELLING) -> list[str]:
    return [word for word in words if len(word) >= least and word not in language.function_words()]


def _speaks(words: Sequence[str], sentence: str) -> bool:
    said = [part for word in stems.words(sentence) for part in (word, *word.split("-"))]
    return all(any(_same(word, other) for other in said) for word in words)


def _same(word: str, other: str) -> bool:
    if not set(stems.keys(word)).isdisjoint(stems.keys(other)):
        return True
    shorter, longer = sorted((stems.keys(word)[0], stems.keys(other)[0]), key=len)
    return len(shorter) >= _PART and shorter in longer
