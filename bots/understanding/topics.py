"""Intents told by what a sentence speaks of, in any order of words: a parcel and `not yet` ask where it is.

`data/topics.toml` groups words of both languages into notions, and says which notions together mean what. Where the
conversation stands counts as notions of its own: `@orders` is there for a person who has ordered.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache

from bots.understanding import data, stems
from bots.understanding.normalise import Normal
from bots.understanding.reading import OPEN, Context
from bots.understanding.rules import Signal

_HARD = re.compile(r"[.!?;\n]")
_OPEN_FROM = 3  # letters before the `*` of an open ending
_STEMMED = 4  # letters from which a word that is listed nowhere may be a form of a listed one
_ENDING = 3  # letters by which forms of a word differ: `operations` are no form of `Oper`
_ASKING = data.word_set("turn_asking") | data.word_set("topics_asking")
_LEADS = data.word_set("turn_leads")
_PLAIN = str.maketrans({"ä": "a", "ö": "o", "ü": "u"})


@dataclass(frozen=True, slots=True)
class Topic:
    """Notions that together speak for an intent, or for a cue, and those that speak against it, as bits."""

    name: str
    cue: bool
    score: float
    needs: int
    without: int
    resort: bool


@dataclass(slots=True)
class Spoken:
    """What a message speaks of: intents, cues by name, and what to take it for where nothing else is known."""

    intents: list[Signal] = field(default_factory=list)
    cues: dict[str, list[Signal]] = field(default_factory=dict)
    resorts: list[Signal] = field(default_factory=list)

    def add(self, topic: Topic, signal: Signal) -> None:
        """Keep a topic's signal where it belongs."""
        if topic.resort:
            self.resorts.append(signal)
        elif topic.cue:
            self.cues.setdefault(topic.name, []).append(signal)
        else:
            self.intents.append(signal)


@dataclass(frozen=True, slots=True)
class Notions:
    """Which notions a phrase is a word of, as bits: by whole words, by how words begin, and how they end.

    `longest` has how many words the longest phrase that a word begins has, where it begins one.
    """

    bits: dict[str, int]
    whole: dict[tuple[str, ...], int]
    begun: dict[str, int]
    ended: dict[str, int]
    stemmed: dict[str, list[tuple[int, int]]]
    longest: dict[str, int]

    def of(self, part: tuple[str, ...]) -> int:
        """The notions of some words side by side; of a form that no notion lists, those of the word it is a form of."""
        found = self.whole.get(part, 0)
        if len(part) == 1:
            word = part[0]
            for length in range(_OPEN_FROM, len(word) + 1):
                found |= self.begun.get(word[:length], 0)
            for ending, bits in self.ended.items():
                found |= bits if word.endswith(ending) else 0
            if not found and len(word) >= _STEMMED and word not in spoken_words():
                for length, bits in (one for key in stems.keys(word) for one in self.stemmed.get(key, ())):
                    found |= bits if abs(length - len(word)) <= _ENDING else 0
        return found


@cache
def spoken_words() -> frozenset[str]:
    """Words that are what they are, folded: `Stück` is no form of `stuck`."""
    lists = ("common.de", "common.en", "language.de", "language.en")
    return frozenset(stems.fold(word) for name in lists for word in data.words(name))


@cache
def notions() -> Notions:
    """The notions of the data file, and those of the conversation."""
    table = data.table("topics")
    bits: dict[str, int] = {name: 1 << at for at, name in enumerate((*table["notion"], *table["situation"]["names"]))}
    whole: dict[tuple[str, ...], int] = {}
    begun: dict[str, int] = {}
    ended: dict[str, int] = {}
    stemmed: dict[str, list[tuple[int, int]]] = {}
    for name, words in table["notion"].items():
        for written in words.split():
            for form in {written, written.translate(_PLAIN)}:
                part = tuple(stems.fold(word) for word in form.split("_"))
                if part[0].startswith("*"):
                    ended[part[0][1:]] = ended.get(part[0][1:], 0) | bits[name]
                elif part[-1].endswith("*"):
                    begun[part[-1][:-1]] = begun.get(part[-1][:-1], 0) | bits[name]
                else:
                    whole[part] = whole.get(part, 0) | bits[name]
                    for key in stems.keys(part[0]) if len(part) == 1 and len(part[0]) >= _STEMMED - 1 else ():
                        stemmed.setdefault(key, []).append((len(part[0]), bits[name]))
    longest: dict[str, int] = {}
    for part in whole:
        longest[part[0]] = max(longest.get(part[0], 1), len(part))
    return Notions(bits, whole, begun, ended, stemmed, longest)


@cache
def topics() -> tuple[Topic, ...]:
    """Every combination of the data file, in its order."""
    known = notions().bits
    return tuple(
        Topic(
            name=found.get("intent") or found["cue"],
            cue="cue" in found,
            score=found.get("score", 0.7),
            needs=sum(known[name] for name in set(needs.split())),
            without=sum(known[name] for name in set(found.get("without", "").split())),
            resort=found.get("resort", False),
        )
        for found in data.table("topics")["topic"]
        for needs in found["needs"]
    )


@cache
def _by_rarest() -> dict[int, list[tuple[int, Topic]]]:
    """The topics with their places in the file, by that of the notions each needs which the fewest need."""
    count = Counter(bit for topic in topics() for bit in _bits(topic.needs))
    found: dict[int, list[tuple[int, Topic]]] = {}
    for place, topic in enumerate(topics()):
        found.setdefault(min(_bits(topic.needs), key=lambda bit: count[bit]), []).append((place, topic))
    return found


def _bits(held: int) -> Iterator[int]:
    while held:
        bit = held & -held
        yield bit
        held ^= bit


def _met(spoken: int) -> list[Topic]:
    """The topics whose notions are there, in the order of the file."""
    known = _by_rarest()
    near = sorted(one for bit in _bits(spoken) for one in known.get(bit, ()) if not one[1].needs & ~spoken)
    return [topic for _, topic in near if not spoken & topic.without]


@lru_cache(maxsize=65536)
def _of(part: tuple[str, ...]) -> int:
    return notions().of(part)


@cache
def knows(word: str) -> bool:
    """Whether a word belongs to a notion, so that it is none to be corrected."""
    return _of((word,)) != 0


def told(text: Normal, words: list[str], situation: int) -> Spoken:
    """What the message's sentences speak of."""
    found = Spoken()
    for first, last in _sentences(text):
        places = _places(words, first, last)
        asked = "?" in _end(text, last) or words[first + (words[first] in _LEADS and first + 1 < last)] in _ASKING
        spoken = situation | (notions().bits["@question"] if asked else 0)
        for bits in places.values():
            spoken |= bits
        for topic in _met(spoken):
            found.add(topic, _signal(text, topic, places))
    return found


def situation(context: Context, *named: str) -> int:
    """Where the conversation stands, as notions, with what is `named`: `@goods`, `@owned`, `@variant`, `@measure`."""
    known = notions().bits
    facts = {
        "@orders": bool(context.orders),
        "@open": any(order.status in OPEN for order in context.orders),
        "@cart": bool(context.cart),
        "@shown": bool(context.shown),
        "@focus": context.focus is not None,
        "@pending": context.pending is not None,
        **dict.fromkeys(named, True),
    }
    return sum(known[name] for name, holds in facts.items() if holds)


def _sentences(text: Normal) -> list[tuple[int, int]]:
    tokens = text.tokens
    cuts = [at for at in range(1, len(tokens)) if _HARD.search(text.folded[tokens[at - 1].end : tokens[at].start])]
    return list(zip([0, *cuts], [*cuts, len(tokens)], strict=True))


def _end(text: Normal, last: int) -> str:
    following = text.tokens[last].start if last < len(text.tokens) else len(text.folded)
    return text.folded[text.tokens[last - 1].end : following]


def _places(words: list[str], first: int, last: int) -> dict[tuple[int, int], int]:
    """The notions named in a sentence, by the tokens that name them."""
    found: dict[tuple[int, int], int] = {}
    longest = notions().longest
    for at in range(first, last):
        for length in range(1, min(longest.get(words[at], 1), last - at) + 1):
            if bits := _of(tuple(words[at : at + length])):
                found[at, at + length] = bits
    return found


def _signal(text: Normal, topic: Topic, places: dict[tuple[int, int], int]) -> Signal:
    named = [(first, last) for (first, last), bits in places.items() if bits & topic.needs]
    start = text.tokens[min(first for first, _ in named)].start if named else 0
    end = text.tokens[max(last for _, last in named) - 1].end if named else 0
    return Signal(topic.name, topic.score, start, end, text.folded[start:end])
