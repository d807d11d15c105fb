"""Intent rules: patterns from the data files, compiled once, and the signals they find in a folded message.

A rule either votes for an intent or raises a cue (`want`, `remove`, `again`, ...) that the decisions combine with what
the message names. The pattern signs are explained at the top of `data/intents.de.toml`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import itemgetter

from msgspec import Struct

from bots.understanding import data
from bots.understanding.normalise import fold
from bots.understanding.sieve import Sieve

LANGUAGES = ("de", "en")
_BREAK = r"[^\w.!?;\n]+"
_LEAD = re.compile(r"[\W_]*")  # signs before the first word, which belong to no clause
_UMLAUT = {"ä": "ae?", "ö": "oe?", "ü": "ue?", "ß": "ss?"}


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One compiled rule: the intent it votes for, or the cue it raises, and its patterns in order."""

    intent: str | None
    cue: str | None
    score: float
    patterns: tuple[re.Pattern[str], ...]


class Signal(Struct, frozen=True):
    """A rule's match: which intent or cue, how sure, where, and the words that matched."""

    name: str
    score: float
    start: int
    end: int
    words: str


def translate(source: str, classes: Mapping[str, str]) -> str:
    """A pattern of the data files as a regular expression over folded text."""
    for _ in range(3):
        source = re.sub(r"\{([a-z]+)\}", lambda match: classes[match.group(1)], source)
    source = source.replace("( ~)?", "").replace("(~ )?", "~ ")
    out: list[str] = []
    at = 0
    while at < len(source):
        sign = source[at]
        previous = source[at - 1] if at else " "
        if sign == "~":
            out.append(rf"(?:\w+{_BREAK}){{0,5}}?")
            at += 1  # the blank after a gap belongs to it
        elif sign == " ":
            out.append(_BREAK)
        elif sign == "*":
            out.append(r"\w*" if previous.isalnum() else r"\w+" if previous in " (|" else sign)
        elif sign == "(" and source[at + 1] != "?":
            out.append("(?:")
        elif sign == "^":
            out.append(r"^[\W_]*")
        elif sign == "$" and previous != "\\":
            out.append(r"[\W_]*$")
        elif sign == "'":
            pass
        else:
            out.append(_UMLAUT.get(sign, sign))
        at += 1
    body = "".join(out)
    start = "" if source.startswith("^") else r"\b"
    return f"{start}(?:{body})" if source.endswith("$") else rf"{start}(?:{body})\b"


def load(language: str) -> tuple[Rule, ...]:
    """The rules of a language, in file order."""
    found = data.table(f"intents.{language}")
    classes = found["class"]
    rules = []
    for rule in found["rule"]:
        patterns = tuple(re.compile(translate(source, classes)) for source in rule["patterns"])
        cue = rule.get("cue")
        rules.append(Rule(None if cue else rule["intent"], cue, rule["score"], patterns))
    return tuple(rules)


@cache
def vocabulary() -> tuple[frozenset[str], frozenset[str]]:
    """Every plain word that stands in a pattern, folded, and every beginning that a pattern leaves open."""
    found: set[str] = set()
    begun: set[str] = set()
    for language in LANGUAGES:
        table = data.table(f"intents.{language}")
        for source in (*table["class"].values(), *(one for rule in table["rule"] for one in rule["patterns"])):
            for word in re.findall(r"[^\W\d_]{3,}(?![\w*])", source):
                found.add(fold(word))
            begun.update(fold(word) for word in re.findall(r"([^\W\d_]{4,})\*", source))
    return frozenset(found), frozenset(begun)


def signals(folded: str) -> tuple[list[Signal], dict[str, list[Signal]]]:
    """Every intent signal, and every cue by name, that the rules find."""
    intents: list[Signal] = []
    cues: dict[str, list[Signal]] = {}
    for rule, patterns in _possible(folded):
        for match in _matches(patterns, folded):
            words = match.group()
            start = match.start() + _LEAD.match(words).end()  # type: ignore[union-attr]  # matches all
            signal = Signal(rule.intent or rule.cue or "", rule.score, start, match.end(), words.strip())
            if rule.intent:
                intents.append(signal)
            elif rule.cue:
                cues.setdefault(rule.cue, []).append(signal)
    return intents, cues


def _possible(folded: str) -> Iterator[tuple[Rule, list[re.Pattern[str]]]]:
    """The rules that may match, in order, each with those of its patterns that may."""
    sieve, patterns = sifted()
    for rule, found in groupby((patterns[number] for number in sieve.candidates(folded)), key=itemgetter(0)):
        yield rule, [pattern for _, pattern in found]


def _matches(patterns: list[re.Pattern[str]], folded: str) -> Iterator[re.Match[str]]:
    """What a rule's patterns match, from left to right, of several at one place the first: as one pattern would."""
    if len(patterns) == 1:
        yield from patterns[0].finditer(folded)
        return
    found = [match for pattern in patterns if (match := pattern.search(folded))]
    while found:
        first = min(found, key=re.Match.start)
        yield first
        again = (one if one.start() >= first.end() else one.re.search(folded, first.end()) for one in found)
        found = [match for match in again if match]


@cache
def sifted() -> tuple[Sieve, list[tuple[Rule, re.Pattern[str]]]]:
    """Every pattern of every rule, in order, and their sieve."""
    patterns = [(rule, pattern) for language in LANGUAGES for rule in load(language) for pattern in rule.patterns]
    return Sieve([pattern for _, pattern in patterns]), patterns
