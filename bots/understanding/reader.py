"""The reader that needs no model: a message and its context in, a reading out; no network, no clock."""

import re
from functools import lru_cache
from typing import Protocol

from bots.understanding import (
    answers,
    data,
    decide,
    describing,
    ellipsis,
    hostile,
    language,
    marking,
    normalise,
    numbers,
    patience,
    persons,
    products,
    resort,
    returning,
    rules,
    sameness,
    stems,
    topics,
)
from bots.understanding.clauses import clauses
from bots.understanding.idling import idle
from bots.understanding.lexicon import Lexicon
from bots.understanding.marks import Marks
from bots.understanding.normalise import Normal
from bots.understanding.products import Mention
from bots.understanding.reading import Context, Reading
from bots.understanding.rules import Signal
from bots.understanding.spelling import rules_know
from bots.understanding.turn import Draft, Turn

_SECONDARY = {"greeting", "thanks", "goodbye", "affirm", "smalltalk"}
_NUMBERED_SIZES = range(24, 60)  # numbers that are sizes rather than amounts
_ABOUT_GOODS = {"size_advice", "return_item", "exchange_item", "complaint", "product_question", "stock_question"}
_BODILY = re.compile(r"(?:cm|kg|kilos?|lbs|pounds|m|meter|ft|feet|inch|inches)$|^[12][.,]\d\d$")
_ADDRESS = re.compile("|".join(data.table("addresses")["patterns"]))
_NAME = re.compile(
    r"(?:ich heiße|ich heisse|mein name ist|my name is|name:|i am called|ich bin der|ich bin die)"
    r"\s+([A-ZÄÖÜ][\w'-]+(?:\s[A-ZÄÖÜ][\w'-]+){0,2})"
)
_WARMING = (
    "Hallo, habt ihr den blauen Winterpullover aus Wolle für Damen in Größe M unter 50 Euro?",
    "ist der Rucksack wasserdicht und kann ich die Sonenbrile umtauschen, Bestellung C-1000",
    "I'd like two of the cheapest red dreses in size L please, not black, where is my parcel?",
)


class Reader(Protocol):
    """Whatever reads messages: the built-in rules, or a model behind the same reading."""

    def read(self, text: str, context: Context, *, lang: str | None = None) -> Reading:
        """What the text means in its context. Never raises, whatever the text."""
        ...


def warm() -> None:
    """Compile rules and word lists, which takes a second, before the first shopper's message has to wait for it."""
    RuleReader(Lexicon([]))


class RuleReader:
    """Reads by the shop's lexicon and the rules of `data/`; the same text and context always read the same."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._standard = lru_cache(maxsize=16384)(self._respelled)
        for sentence in _WARMING:  # word lists and patterns are compiled now, not at the first shopper's message
            self.read(sentence, Context())

    def read(self, text: str, context: Context, *, lang: str | None = None) -> Reading:
        """What the text means in its context. Never raises, whatever the text."""
        normal = normalise.normalise(text)
        spoken = language.detect(normal, lang if lang in rules.LANGUAGES else None)
        if action := _action(normal, context):
            return Reading(
                intents=("select_item",), action=action, language=spoken, confidence=1.0, why=("a button's own words",)
            )
        if hostile.is_attack(normal.folded):
            return Reading(
                intents=("out_of_scope",),
                language=spoken,
                confidence=0.9,
                why=("orders to the machine are only words",),
            )
        if not normal.tokens:
            return Reading(language=spoken, confidence=0.2, why=("no words",))
        turn = self._turn(normal, context, spoken)
        address = _address_like(turn)
        if address is None and not patience.ask(turn):
            _decide(turn)
        elif address is not None:
            _with_address(turn)
        return _finish(turn, spoken, address=address is not None)

    def _respelled(self, word: str, spoken: str) -> str:
        if (number := numbers.compounds().get(word)) is not None:
            return number
        spelling = self.lexicon.spelling
        if spelling.knows(word):
            return spelling.correct(word) or word
        plain = language.infinitive(word) if spoken == "de" else None
        known = plain if plain and rules_know(plain) else None
        return known or language.standard(word, spoken) or spelling.correct(word) or word

    def _turn(self, normal: Normal, context: Context, spoken: str) -> Turn:
        words = [token.text for token in normal.tokens]
        whole = ellipsis.completed(normal, words, self.lexicon)
        corrected = [self._standard(word, spoken) for word in whole]
        respelled = normal if corrected == words else folded_text(normal, corrected)
        found = marking.mark(respelled, corrected, self.lexicon, context, spoken)
        signals, cues = rules.signals(found.text.folded)
        named = products.mentions(found, self.lexicon, spoken)
        ordered = self.lexicon.bits(line.product for order in context.orders for line in order.lines)
        facts = {
            "@goods": bool(named),
            "@owned": any(one.bits & ordered for one in named),
            "@variant": any(mark.kind in {"colour", "size"} or _sizeable(mark.value) for mark in found.found),
            "@measure": any(_BODILY.search(str(mark.value)) for mark in found.of("measure")),
        }
        where = topics.situation(context, *(name for name, holds in facts.items() if holds))
        told = topics.told(found.text, found.words, where)
        signals += told.intents
        for cue, spoken_of in told.cues.items():
            if not (one := [signal for signal in spoken_of if not _within_name(signal, found, named)]):
                continue
            cues.setdefault(cue, []).extend(one)
            if cue in returning.REASONS:
                cues.setdefault("fault", []).extend(one)
        if context.pending and context.pending.confirm and answers.wavers(found.text.folded):
            signals = [signal for signal in signals if signal.name != "affirm"]
        signals = [one for one in signals if one.name == "voucher" or not _within_name(one, found, named)]
        signals = [one for one in signals if not _within_value(one, found)]
        turn = Turn(
            marks=found,
            mentions=named,
            signals=signals,
            cues=cues,
            context=context,
            lexicon=self.lexicon,
            language=spoken,
            folded=found.text.folded,
            focus=context.focus,
            resorts=told.resorts,
        )
        persons.count(turn)
        sameness.mark_values(turn)
        describing.mark_places(turn)
        return turn


def _sizeable(value: object) -> bool:
    return isinstance(value, int) and value in _NUMBERED_SIZES


def _within_name(signal: Signal, marks: Marks, named: list[Mention]) -> bool:
    # `a phone case` is no wish to be called
    first, last = marks.span(signal.start, signal.end)
    inside = signal.name in {"show_cart", "clear_cart"}  # nor is a sleeping bag the bag that goods are put into
    return any(
        one.last - one.first > 1 and (inside or one.first <= first) and one.first < last <= one.last for one in named
    )


def _within_value(signal: Signal, marks: Marks) -> bool:
    # `an inner tube, 28 Zoll` asks nothing of customs, though `90 kg` asks for a size
    first, last = marks.span(signal.start, signal.end)
    kinds = {"size", "measure"} if signal.name == "shipping_info" else {"size"}
    return any(mark.kind in kinds and mark.first <= first < last <= mark.last for mark in marks.found)


def _decide(turn: Turn) -> None:
    # Clauses that only consider or keep something count only when no other clause acts.
    parts = [(clause, idle(clause)) for clause in clauses(turn)]
    for clause in (one for one, aside in parts if not aside):
        decide.decide(clause)
    for clause in (one for one, aside in parts if aside):
        if not turn.draft.acts:
            decide.decide(clause)
    resort.decide(turn)


def folded_text(normal: Normal, words: list[str]) -> Normal:
    """The message with its words respelled, every token's place moved along."""
    parts: list[str] = []
    tokens: list[normalise.Token] = []
    at = length = 0
    for token, word in zip(normal.tokens, words, strict=True):
        gap = normal.folded[at : token.start]
        parts += (gap, word)
        start = length + len(gap)
        length = start + len(word)
        tokens.append(normalise.Token(word, token.raw, start, length))
        at = token.end
    parts.append(normal.folded[at:])
    return Normal(clean=normal.clean, folded="".join(parts), tokens=tuple(tokens), emoji=normal.emoji)


def _action(normal: Normal, context: Context) -> str | None:
    said = " ".join(token.text for token in normal.tokens)
    if not said:
        return None
    return next((id_ for id_, title in context.actions if _title_words(title) == said), None)


@lru_cache(maxsize=4096)
def _title_words(title: str) -> str:
    """A button's title as it would be typed; the same few buttons stand under every answer."""
    return " ".join(stems.words(title))


def _address_like(turn: Turn) -> str | None:
    match = _ADDRESS.search(turn.folded)
    return None if match is None or _of_order(turn) else match.group()


def _of_order(turn: Turn) -> bool:
    # `has it gone to 12 Baker Street?` asks; `send it to 12 Baker Street` is of the cart where there is one
    told = {one.name for one in turn.signals}
    in_cart = bool(turn.context.cart) and not turn.marks.order_numbers
    return "track_order" in told or ("change_order" in told and not in_cart)


def _with_address(turn: Turn) -> None:
    turn.draft.act(0, "provide_slot", why="a postal address", confidence=0.85)


def _without_search(draft: Draft, names: list[str]) -> list[str]:
    # `the jacket just isn't me, how do I return it`: goods that are only named are what the other part is about.
    if draft.search is not None and len(draft.search.products) == 1:
        draft.values.setdefault("product", draft.search.products[0])
    draft.search = None
    return [name for name in names if name != "search"]


def _finish(turn: Turn, spoken: str, *, address: bool) -> Reading:
    draft = turn.draft
    acts = sorted(draft.acts, key=lambda act: act[0])
    names = [name for _, name in acts]
    weighty = [name for name in names if name not in _SECONDARY]
    if weighty:
        names = weighty
    about = {"asked": {"size_advice"}, "said": _ABOUT_GOODS}.get(draft.values.get("only_named", ""), set())
    vague = draft.search is not None and not draft.search.filters
    if "search" in names and len(names) > 1 and (vague or about & set(names)):
        names = _without_search(draft, names)
    if "deny" in names and len(names) > 1 and ("confirm" not in draft.values or draft.ops):
        names = [name for name in names if name != "deny"]
    if "size_advice" in names and {"fit", "size", "sizes", "last_size"} >= set(draft.asks):
        names = [name for name in names if name != "product_question"]
    if "refund_status" in names and not draft.items:
        names = [name for name in names if name != "return_item"]
    if draft.ops or draft.search is not None or "cancel_order" in names:
        names = [name for name in names if name != "cancel_flow"]
    if not weighty and {"thanks", "goodbye"} & set(names) and "confirm" not in draft.values:
        names = [name for name in names if name in {"thanks", "goodbye"}]
    if not names:
        names = ["out_of_scope"] if len(turn.marks.words) > 4 and spoken in rules.LANGUAGES else ["unclear"]  # noqa: PLR2004
        draft.why.append("no rule knows these words")
        draft.confidence = 0.3
    values = draft.values
    match = _NAME.search(turn.marks.text.clean)
    email = turn.marks.email
    if email and names in (["unclear"], ["out_of_scope"]):
        names = ["provide_slot"]
    return Reading(
        intents=tuple(names),
        cart_ops=tuple(draft.ops),
        missing=tuple(draft.missing),
        search=draft.search,
        product=values.get("product"),
        colour=values.get("colour"),
        size=values.get("size"),
        asks=tuple(draft.asks),
        order=values.get("order"),
        items=tuple(draft.items),
        reason=values.get("reason"),
        field=values.get("field"),
        voucher_code=values.get("voucher_code"),
        confirm=values.get("confirm"),
        handover=bool(values.get("handover")),
        offer_handover=bool(values.get("offer_handover")),
        tells=tuple(draft.tells),
        language=spoken,
        confidence=draft.confidence,
        why=tuple(draft.why),
        numbers=tuple(draft.numbers),
        address_like=address,
        email=email,
        name=match.group(1) if match else None,
        quantity=next(
            (mark.value for mark in turn.marks.of("quantity") if mark.hint != "article"), values.get("quantity")
        ),
        size_candidates=tuple(draft.size_candidates),
        refused=tuple(draft.refused),
        unclear=tuple(draft.unclear) if draft.ops else (),
    )
