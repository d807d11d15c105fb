"""Goods that come back: of which order, which of them, why, and what is wanted instead."""

import re
from dataclasses import dataclass

from bots.understanding import attributes, data, reordering, service, sparing
from bots.understanding.items import items
from bots.understanding.reading import ARRIVED, OPEN, PastOrder
from bots.understanding.steps import stepped
from bots.understanding.turn import Clause, Turn

_REASONS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (found["name"], re.compile("|".join(found["patterns"]))) for found in data.table("reasons")["reason"]
)
REASONS = frozenset(name for name, _ in _REASONS)
_SAME = re.compile(
    r"\b(?:das ?selbe|die ?selben?|den ?selben|(?:das|die|den|der|derselben) gleichen?|gleiche groesse|selbe groesse|"
    r"derselben|(?:the )?same|identical|replacements?|ersatz|(?:ein(?:en?|es)?|einfach) neue[sn]?|nochmal neu)\b"
)
_NOT = data.word_set("pointing_not")
_OTHER = frozenset(
    [
        "instead",
        "stattdessen",
        "lieber",
        "dafuer",
        "rather",
        "brauche",
        "brauch",
        "braeuchte",
        "need",
        "gegen",
        "got",
        "have",
        "gibts",
        "habt",
        "gibt",
    ]
)


@dataclass(frozen=True, slots=True)
class Matter:
    """An order and the goods of it that a message is about."""

    order: PastOrder | None
    products: tuple[str, ...]


def reason(turn: Turn) -> str | None:
    """Why goods come back, in the words of the format, or None when it is not said."""
    return next((name for name, pattern in _REASONS if pattern.search(turn.folded) or name in turn.cues), None)


def same_again(folded: str) -> bool:
    """Whether words wish for the same piece once more, in place of the one that goes back: `gegen das gleiche`."""
    return _SAME.search(folded) is not None


def give_back(clause: Clause, intent: str) -> None:
    """Goods to be returned or exchanged: the order, the goods of it, the reason, and what is wanted instead."""
    draft, orders = clause.turn.draft, clause.turn.context.orders
    if intent == "exchange_item" and orders and all(order.status in OPEN for order in orders):
        service.alter(clause)  # nothing has left yet that could be given back
        return
    matter = _matter(clause)
    if matter.order is not None:
        draft.values["order"] = matter.order.number
    draft.items += [product for product in matter.products if product not in draft.items]
    if (count := service.counted(clause)) is not None:
        draft.values["quantity"] = count
    if (why := reason(clause.turn)) is not None:
        draft.values["reason"] = why
    if intent == "return_item" and _wants_other(clause):
        intent = "exchange_item"
    if intent == "exchange_item":
        _instead(clause, matter)
    draft.act(
        clause.start,
        intent,
        why=f"goods of order {matter.order.number}" if matter.order else "goods to give back",
        confidence=0.9,
    )


def _wants_other(clause: Clause) -> bool:
    # Too big, and another size is named: an exchange, though nobody says so.
    whole = clause.turn.whole()
    sizes = clause.turn.lexicon.sizes
    if reason(clause.turn) is not None and same_again(clause.turn.folded) and not _money(whole):
        return True
    sized = bool(whole.of("size")) or any(sizes.read(str(number)) for number in whole.of("number"))
    other = sized and any(word in _OTHER for word in whole.words())
    return (other or stepped(whole) != 0) and not any(
        one.name in {"return_item", "refund_status"} for one in whole.signals()
    )


def _money(whole: Clause) -> bool:
    # `not my money back` wishes for none
    return whole.signal("refund_status") is not None and _NOT.isdisjoint(whole.words())


def _matter(clause: Clause) -> Matter:
    turn = clause.turn
    whole = turn.whole()
    order = service.own_order(whole, ARRIVED)
    if order is None:
        return Matter(None, ())
    products: list[str] = []
    orders = reordering.recent(turn.context.orders)
    for item in sparing.concerned(whole):
        line = reordering.bought(whole, item, [order, *orders])
        if line is not None and line.product not in products:
            products.append(line.product)
    products = products or _told_by_colour(whole, order)
    if not products and len(order.lines) == 1:
        products = [order.lines[0].product]
    elif not products and turn.focus is not None and any(line.product == turn.focus.product for line in order.lines):
        products = [turn.focus.product]
    if not products and any(
        word in {"alles", "everything", "all", "komplett", "alle", "ganze", "whole", "entire"} for word in whole.words()
    ):
        products = [line.product for line in order.lines]
    if not products:
        turn.draft.lack("product")
    return Matter(order, tuple(products))


def _told_by_colour(whole: Clause, order: PastOrder) -> list[str]:
    # `something wrong came, black instead of green`: the one piece of the order in a colour that is named
    told, among = [str(one) for one in whole.of("colour")], whole.turn.lexicon.colours.among
    found = [line.product for line in order.lines if line.colour and any(among(one, [line.colour]) for one in told)]
    return found if len(found) == 1 else []


def _instead(clause: Clause, matter: Matter) -> None:
    turn = clause.turn
    whole = turn.whole()
    lexicon = turn.lexicon
    entry = lexicon.entry(matter.products[0]) if matter.products else None
    line = next(
        (
            line
            for line in (matter.order.lines if matter.order else ())
            if entry is not None and line.product == entry.id
        ),
        None,
    )
    sizes = [size for item in items(whole) for size in (*item.sizes, *(str(number) for number in item.numbers))]
    if entry is not None and line is not None and line.size and (by := stepped(whole)):
        sizes = [size for size in (attributes.step(line.size, entry.sizes, by),) if size]
    if entry is not None:
        sizes = [options[0] for size in sizes if (options := attributes.fitting(size, entry.sizes))] or sizes
    same = [line.size] if line is not None and line.size is not None and same_again(turn.folded) else []
    sizes = [size for size in sizes if line is None or size != line.size] or same
    colours = [colour for item in items(whole) for colour in item.colours]
    if entry is not None:
        options = [
            one
            for colour in colours
            for one in lexicon.colours.among(colour, entry.colours)
            if line is None or one != line.colour
        ]
        if options:
            turn.draft.values["colour"] = options[-1]
    if sizes:
        turn.draft.values["size"] = sizes[-1]
