"""A model's answer, believed only as far as lexicon, conversation and message bear it out.

Whatever does not hold makes the whole answer worthless: Implausible is raised and the built-in reading stands.
"""

from typing import Any, Literal

import msgspec
from msgspec.structs import replace

from bots.understanding import filtering
from bots.understanding.entries import Entry
from bots.understanding.lexicon import Lexicon
from bots.understanding.model.question import ASKS, INTENTS, REASONS, Question
from bots.understanding.reading import CartLine, CartOp, Context, Reading, Search

SURE = 0.5  # a model that is less sure than this is not believed
_CHANGES = frozenset({"add_to_cart", "change_cart", "remove_from_cart", "reorder", "provide_slot"})
_SEARCHES = frozenset({"search", "refine_search", "recommendation"})
_MOST_OPS, _MOST_INTENTS, _MOST_PIECES = 8, 4, 99


class Implausible(ValueError):
    """The answer is no answer: another form, something that does not exist, or more than the message says."""


class _Op(msgspec.Struct, forbid_unknown_fields=True):
    op: Literal["add", "set_quantity", "change_variant", "remove"]
    product: str | None = None
    colour: str | None = None
    size: str | None = None
    quantity: int | None = None
    line: int | None = None


class _Filters(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    category: str | None = None
    colour: str | None = None
    not_colour: str | None = None
    size: str | None = None
    gender: Literal["women", "men", "unisex", "kids"] | None = None
    min_price: int | None = None
    max_price: int | None = None


class _Answer(msgspec.Struct, forbid_unknown_fields=True):
    intents: list[str]
    confidence: float
    cart_ops: list[_Op] = []
    filters: _Filters | None = None
    product: str | None = None
    colour: str | None = None
    size: str | None = None
    asks: list[str] = []
    order: str | None = None
    items: list[str] = []
    reason: str | None = None


_decoder = msgspec.json.Decoder(_Answer)


def read(content: str, question: Question, context: Context, known: Reading, lexicon: Lexicon, *, by: str) -> Reading:
    """The reading that an answer gives. `known` is the built-in one; `by` names the model. Raises Implausible."""
    try:
        answer = _decoder.decode(content)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as fault:
        raise Implausible(f"another form: {fault}") from fault
    _need(0 < len(answer.intents) <= _MOST_INTENTS and set(answer.intents) <= set(INTENTS), "unknown intents")
    _need(SURE <= answer.confidence <= 1, "not sure itself")
    _need(set(answer.asks) <= set(ASKS) and (answer.reason is None or answer.reason in REASONS), "unknown words")
    _need(answer.order is None or answer.order in {order.number for order in context.orders}, "not one's own order")
    for product in (answer.product, *answer.items):
        _need(product is None or product in question.told, "a product it was not told of")
    judge = _Judge(question, context, lexicon)
    ops = tuple(judge.op(one) for one in answer.cart_ops[: _MOST_OPS + 1])
    _need(len(ops) <= _MOST_OPS, "too many changes")
    _need(not ops or bool(_CHANGES.intersection(answer.intents)), "changes a cart without saying so")
    _need(len({op.line for op in ops if op.line}) == sum(1 for op in ops if op.line), "a line twice")
    entry = lexicon.entry(answer.product)
    if entry is not None:
        _variant(entry, answer.colour, answer.size)
    reading = replace(
        known, intents=tuple(dict.fromkeys(answer.intents)), cart_ops=ops, missing=judge.missing(ops), search=None,
        product=answer.product, colour=answer.colour if entry else None, size=answer.size if entry else None,
        asks=tuple(answer.asks), order=answer.order, items=tuple(answer.items), reason=answer.reason, confirm=None,
        handover="human_handover" in answer.intents, offer_handover=False, tells=(), action=None,
        confidence=answer.confidence, why=(f"read by the language model {by}", *known.why[:1]), size_candidates=(),
        model=by,
    )  # fmt: skip
    if ungrounded := [op.product for op in ops if op.op == "add" and op.product not in question.grounded]:
        # Nothing in the message or the conversation names it: worth showing, not worth selling.
        shown = tuple(dict.fromkeys(product for product in ungrounded if product))
        return replace(reading, intents=("search",), cart_ops=(), missing=(), search=Search(products=shown))
    if _SEARCHES.intersection(answer.intents):
        return replace(reading, search=_search(answer, lexicon))
    return reading


class _Judge:
    """Checks operations against what there is and what was said."""

    def __init__(self, question: Question, context: Context, lexicon: Lexicon) -> None:
        self.question, self.context, self.lexicon = question, context, lexicon
        self.lines = {line.line: line for line in context.cart}

    def op(self, said: _Op) -> CartOp:
        """An operation of the shop's. Raises Implausible."""
        if said.op == "add":
            return self._add(said)
        line = self.lines.get(said.line or 0)
        if line is None:
            raise Implausible("a line that the cart does not have")
        _need(said.product in {None, line.product}, "another product's line")
        return self._on_line(said, line)

    def missing(self, ops: tuple[CartOp, ...]) -> tuple[str, ...]:
        """What has to be asked before these can be done."""
        found: dict[str, None] = {}
        for op in ops:
            entry = self.lexicon.entry(op.product) if op.op == "add" else None
            if entry is not None and op.colour is None and entry.colours:
                found["colour"] = None
            if entry is not None and op.size is None and entry.sizes:
                found["size"] = None
        return tuple(found)

    def _add(self, said: _Op) -> CartOp:
        entry = self.lexicon.entry(said.product)
        if entry is None or entry.id not in self.question.told:
            raise Implausible("a product that it was not told of")
        _need(said.line is None, "a new line has no number")
        colour = said.colour if said.colour is not None or len(entry.colours) != 1 else entry.colours[0]
        size = said.size if said.size is not None or len(entry.sizes) != 1 else entry.sizes[0]
        _variant(entry, colour, size)
        return CartOp(op="add", product=entry.id, colour=colour, size=size, quantity=self._quantity(said, entry.id))

    def _on_line(self, said: _Op, line: CartLine) -> CartOp:
        if said.op == "remove":
            return CartOp(op="remove", line=line.line, product=line.product)
        quantity = None if said.quantity is None else self._quantity(said, line.product)
        if said.op == "set_quantity":
            _need(quantity is not None, "no quantity")
            return CartOp(op="set_quantity", line=line.line, product=line.product, quantity=quantity)
        entry = self.lexicon.entry(line.product)
        if entry is None:
            raise Implausible("a product that is gone")
        colour, size = said.colour or line.colour, said.size or line.size
        _variant(entry, colour, size)
        return CartOp(op="change_variant", line=line.line, product=entry.id, colour=colour, size=size,
                      quantity=quantity or line.quantity)  # fmt: skip

    def _quantity(self, said: _Op, product: str) -> int:
        quantity = 1 if said.quantity is None else said.quantity
        bought = {line.quantity for order in self.context.orders for line in order.lines if line.product == product}
        there = {line.quantity for line in self.context.cart if line.product == product}
        borne_out = {1, *bought, *there, *(one + 1 for one in there), *(one - 1 for one in there)}
        borne_out |= self.question.numbers | {first + one for first in there for one in self.question.numbers}
        _need(0 < quantity <= _MOST_PIECES and quantity in borne_out, "a quantity that nobody named")
        return quantity


def _variant(entry: Entry, colour: str | None, size: str | None) -> None:
    _need(colour is None or colour in entry.colours, "a colour that does not exist")
    _need(size is None or size in entry.sizes, "a size that does not exist")
    _need(entry.available(colour, size), "a variant that is sold out")


def _search(answer: _Answer, lexicon: Lexicon) -> Search:
    said: dict[str, Any] = msgspec.to_builtins(answer.filters) if answer.filters else {}
    if "category" in said:
        _need(bool(filtering.in_category(lexicon, said["category"])), "a category that does not exist")
    return filtering.run(lexicon, said, None)


def _need(holds: bool, otherwise: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not holds:
        raise Implausible(otherwise)
