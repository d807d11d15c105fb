"""One message being read: what was found in it, where the conversation stands, and the reading as it grows."""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bots.understanding import data
from bots.understanding.entries import Entry
from bots.understanding.lexicon import Lexicon
from bots.understanding.marks import Marks
from bots.understanding.products import Mention
from bots.understanding.reading import CartLine, CartOp, Context, Focus, Refused, Search, Unclear
from bots.understanding.rules import Signal

if TYPE_CHECKING:
    from bots.understanding.gathering import Item

_LEADS = data.word_set("turn_leads")
_TOO = frozenset({"auch", "too", "also", "ebenfalls", "as"})
_IT = frozenset({"die", "der", "das", "es", "er", "sie", "man"})
_TAG = re.compile(
    r"\b(?:oder|gell|ne|nicht wahr|right|innit|is ?nt it|are ?nt they)\s*\?+\s*$"
)  # `das war alles, oder?`
_LEAST = 3  # words of a question, letters of its verb
_STATED = frozenset(
    {("ist", "fuer"), ("sind", "fuer"), ("is", "for"), ("are", "for"), ("would", "be")}
)  # `would be great if …`
_NO_QUESTION = frozenset({("will", "de"), ("hat", "en")})
_ASKING = data.word_set("turn_asking")


def _verb_first(words: list[str]) -> bool:
    # `knistert die beim Laufen`
    return len(words) > _LEAST and words[0].endswith("t") and len(words[0]) > _LEAST and words[1] in _IT


@dataclass(slots=True)
class Draft:
    """The reading before it is frozen."""

    acts: list[tuple[int, str]] = field(default_factory=list)
    ops: list[CartOp] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    tells: list[str] = field(default_factory=list)
    asks: list[str] = field(default_factory=list)
    items: list[str] = field(default_factory=list)
    why: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    size_candidates: list[str] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    unclear: list[Unclear] = field(default_factory=list)
    search: Search | None = None
    values: dict[str, Any] = field(default_factory=dict)
    confidence: float = 0.5

    def act(self, at: int, intent: str, *, why: str = "", confidence: float = 0.8) -> None:
        """Add an intent, once, at its place in the message. The desk has a phrase `because.…` for each `why`."""
        if intent not in {name for _, name in self.acts}:
            self.acts.append((at, intent))
        if why and why not in self.why:
            self.why.append(why)
        self.confidence = max(self.confidence, confidence)

    def tell(self, word: str) -> None:
        """Something the reply has to say."""
        if word not in self.tells:
            self.tells.append(word)

    def lack(self, *words: str) -> None:
        """Something the shop has to ask for."""
        self.missing += [word for word in words if word not in self.missing]


@dataclass(slots=True)
class Turn:
    """Everything a decision may look at."""

    marks: Marks
    mentions: list[Mention]
    signals: list[Signal]
    cues: dict[str, list[Signal]]
    context: Context
    lexicon: Lexicon
    language: str
    folded: str
    draft: Draft = field(default_factory=Draft)
    focus: Focus | None = None
    resorts: list[Signal] = field(default_factory=list)
    carted: int = field(init=False)  # the products of the cart, as a set
    told: dict[tuple[int, int, bool], "list[Item]"] = field(default_factory=dict)  # what clauses speak of

    def __post_init__(self) -> None:
        self.carted = self.lexicon.bits(line.product for line in self.context.cart)

    def line(self, number: int | None) -> CartLine | None:
        """The cart line of this number, or None."""
        return next((line for line in self.context.cart if line.line == number), None)

    def focus_line(self) -> CartLine | None:
        """The cart line just spoken of: the focus's own, or the only one of its product, colour and size."""
        if self.focus is None:
            return None
        found = self.line(self.focus.line)
        if found is not None and found.product == self.focus.product:
            return found
        focus = self.focus
        same = [
            line
            for line in self.context.cart
            if line.product == focus.product and focus.colour in {None, line.colour} and focus.size in {None, line.size}
        ]
        return same[0] if len(same) == 1 else None

    def only_line(self) -> CartLine | None:
        """The only line of a cart beside which nothing was shown or spoken of."""
        alone = len(self.context.cart) == 1 and not self.context.shown and self.focus is None
        return self.context.cart[0] if alone else None

    def focus_gone(self) -> bool:
        """Whether what was just spoken of is not in the cart, so that `it` means none of its lines."""
        return self.focus is not None and all(line.product != self.focus.product for line in self.context.cart)

    def shown(self) -> list[Entry]:
        """The products last shown that the shop still has, in that order."""
        return [entry for product in self.context.shown if (entry := self.lexicon.entry(product)) is not None]

    def whole(self) -> "Clause":
        """The message as one clause, whatever its parts want."""
        return Clause(self, 0, len(self.marks.tokens))


@dataclass(slots=True)
class Clause:
    """A part of the message with one purpose: a range of tokens and what was found there."""

    turn: Turn
    first: int
    last: int

    start: int = field(init=False)
    end: int = field(init=False)
    _words: list[str] = field(init=False)
    _mentions: list[Mention] = field(init=False)
    _signals: list[Signal] = field(init=False)
    _cues: dict[str, list[Signal]] = field(init=False)

    def __post_init__(self) -> None:
        turn, tokens = self.turn, self.turn.marks.tokens
        self.start = tokens[self.first].start if self.first < len(tokens) else 0
        self.end = tokens[self.last - 1].end if self.last else 0
        self._words = turn.marks.words[self.first : self.last]
        self._mentions = [one for one in turn.mentions if self.first <= one.first < self.last]
        self._signals = sorted(self._inside(turn.signals), key=lambda one: (-one.score, one.start - one.end))
        self._cues = {name: inside for name, found in turn.cues.items() if (inside := self._inside(found))}

    def _inside(self, signals: list[Signal]) -> list[Signal]:
        start, end = self.start, max(self.end, self.start + 1)
        return [one for one in signals if start <= one.start < end]

    def has(self, *cues: str) -> bool:
        """Whether any of these cues stands in the clause."""
        return not self._cues.keys().isdisjoint(cues)

    def cue(self, name: str) -> list[Signal]:
        """The matches of one cue in the clause."""
        return self._cues.get(name, [])

    def signals(self) -> list[Signal]:
        """The intent signals in the clause, surest first."""
        return self._signals

    def signal(self, *names: str) -> Signal | None:
        """The surest signal of one of these intents."""
        return next((one for one in self._signals if one.name in names), None)

    def mentions(self) -> list[Mention]:
        """The products named in the clause."""
        return self._mentions

    def words(self) -> list[str]:
        """The clause's words."""
        return self._words

    def too(self) -> bool:
        """Whether it adds to what was said before (`auch`, `too`)."""
        return any(
            word in _TOO and (word != "also" or self.turn.language == "en") and (word != "too" or self._ends(at))
            for at, word in enumerate(self.words(), self.first)
        )

    def _ends(self, at: int) -> bool:
        # `one for my brother too, in XL`; but `too dark`
        tokens = self.turn.marks.tokens
        return (
            at + 1 >= self.last
            or tokens[at + 1].text in {"please", "pls", "in"}
            or self.turn.folded[tokens[at].end : tokens[at + 1].start].strip() != ""
        )

    def text(self) -> str:
        """The clause's folded text, with the sign that ends it."""
        return self.turn.folded[self.start : self.end + 2]

    def question(self) -> bool:
        """Whether it is asked rather than said: by its sign, or by a verb or question word in front."""
        words = self.words()
        if len(words) > 1 and "," in self.turn.folded[self.start : self.turn.marks.tokens[self.first + 1].start]:
            return "?" in self.text()
        lead = words[1] if len(words) > 1 and words[0] in _LEADS else words[0] if words else ""
        if tuple(words[:2]) in _STATED:
            return "?" in self.text()
        if lead == "do" and words[1:2] in (["me"], ["us"]):
            return "?" in self.text()
        if self.turn.language == "de" and self.turn.focus is not None and _verb_first(words):
            return True
        return "?" in _TAG.sub("", self.text()) or (lead in _ASKING and (lead, self.turn.language) not in _NO_QUESTION)

    def of(self, kind: str) -> list[Any]:
        """Values of the marks of a kind in the clause."""
        return [mark.value for mark in self.turn.marks.of(kind, self.first, self.last)]
