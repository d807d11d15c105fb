"""Answers to the shop's open question: a missing colour or size, an e-mail or order number, yes or no."""

import re

from msgspec.structs import replace

from bots.understanding import (
    amendable,
    amending,
    attributes,
    carting,
    data,
    incart,
    language,
    pointing,
    shopping,
    stems,
    steps,
)
from bots.understanding.entries import Entry
from bots.understanding.items import Item, items
from bots.understanding.reading import CartLine, CartOp, Pending
from bots.understanding.resolve import Variant, variant
from bots.understanding.turn import Clause, Turn

_YES = data.word_set("answers_yes")
_NO = data.word_set("answers_no")
_AGAINST = re.compile("|".join(data.table("answers")["against"]))
_IN_FAVOUR = re.compile("|".join(data.table("answers")["in_favour"]))
_ON_LINES = frozenset({"change_variant", "remove", "set_quantity"})
_BOTH = frozenset({"beide", "beiden", "both"})
_TO = frozenset({"to", "bis"})
_TELLING = 4  # letters of a word that tells a title
_AMOUNTS = 12  # asked for a size, a number above is meant as one


def yes_or_no(clause: Clause) -> bool | None:
    """The clause as an answer: true, false, or None when it is none."""
    agreed = _IN_FAVOUR.search(clause.text()) is not None and not wavers(clause.turn.folded)
    if agreed or (clause.signal("affirm") is not None and not _negated(clause)):
        return True
    if clause.signal("deny", "cancel_flow") is not None:
        return False
    words = clause.words()
    if not words:
        return None
    if words[0] in _YES and not clause.has("remove") and not wavers(clause.turn.folded):
        return True
    if words[0] in _NO and not (words[0] == "nicht" and len(words) > 1):
        return False
    return None


def approves(words: list[str]) -> bool:
    """Whether one of the words says yes."""
    return not _YES.isdisjoint(words)


def wavers(folded: str) -> bool:
    """Whether a message holds something against a yes in it: a no, a condition, a doubt, a question."""
    return _AGAINST.search(_IN_FAVOUR.sub(" ", folded)) is not None


def _negated(clause: Clause) -> bool:
    return clause.signal("deny") is not None and clause.words()[:1] != ["ja"] and clause.words()[:1] != ["yes"]


def fill(clause: Clause, pending: Pending) -> bool:  # noqa: C901 - the order of questions is the decision
    """Take the clause as values for the pending operation; false when it gives none."""
    turn, draft = clause.turn, clause.turn.draft
    entry = turn.lexicon.entry(pending.product)
    if _identity(clause, pending):
        return True
    if entry is None or not pending.op:
        return False
    found = [item for item in items(clause) if _concerns(turn, item, pending)]
    if not any(item.sizes or item.numbers for item in found) and (end := _end_of_row(clause, pending, entry.sizes)):
        found = [replace(found[0], sizes=[end], ordinal=None) if found else Item(sizes=[end])]
    if not any(item.sizes or item.numbers for item in found) and (size := _stepped(clause, pending, entry.sizes)):
        found = [replace(found[0] if found else Item(), sizes=[size], quantity=None, explicit=False)]
    found = [
        item
        for item in found
        if item.colours or item.sizes or item.numbers or item.explicit or _article(clause, item, pending)
    ]
    found = _amount_apart(found)
    if not found:
        return False
    if _of_shown(clause, found[0], entry):
        return carting.add(clause, found)
    if any(item.named() and not _concerns(turn, item, pending) for item in items(clause)):
        return False
    before = len(draft.ops)
    for item in found:
        wanted = replace(item, mention=None)
        if "size" in pending.missing and wanted.numbers and not wanted.sizes and wanted.numbers[0] > _AMOUNTS:
            wanted.sizes, wanted.numbers = [str(wanted.numbers[0])], wanted.numbers[1:]
        _as_range(clause, pending, wanted)
        default = pending.quantity or 1
        carting.rule_out(clause, wanted, entry)
        done = variant(wanted, entry, turn.lexicon, colour=pending.colour, size=pending.size)
        if not wanted.explicit:
            done.quantity = default if len(found) == 1 else max(wanted.quantity or 1, 1)
        put(clause, pending, done)
    draft.act(
        clause.start,
        "provide_slot",
        why=f"answers what was asked: {', '.join(pending.missing) or pending.op}",
        confidence=0.9,
    )
    draft.confidence = 0.9 if len(draft.ops) > before else 0.7
    return True


def _as_range(clause: Clause, pending: Pending, wanted: Item) -> None:
    # `thirty nine to forty two`, asked for a size: neither number counts pieces
    counted = [wanted.quantity] if wanted.explicit and (wanted.quantity or 0) > _AMOUNTS else []
    ends = [str(one) for one in (*counted, *wanted.numbers, *wanted.sizes)]
    if "size" in pending.missing and len(ends) == 2 and not _TO.isdisjoint(clause.words()):  # noqa: PLR2004 - from, to
        wanted.sizes, wanted.numbers = ["-".join(ends)], []
        wanted.quantity, wanted.explicit = None, False


def _of_shown(clause: Clause, item: Item, asked: Entry) -> bool:
    # `the navy ones, M`, of goods looked at since, when those of the open question have no navy
    turn = clause.turn
    focus = turn.lexicon.entry(turn.focus.product) if turn.focus is not None else None
    if focus is None or focus.id == asked.id or item.named():
        return False
    return shopping.fits_words(turn, focus, item) and not shopping.fits_words(turn, asked, item)


def _stepped(clause: Clause, pending: Pending, sizes: tuple[str, ...]) -> str | None:
    # `a size up`, asked for the colour; `one up from M`, asked for the size
    by = steps.stepped(clause)
    against = [mark.value for mark in pointing.compared_with(clause) if mark.kind == "size"]
    base = against[0] if against else pending.size
    return attributes.step(base, sizes, by) if by and base else None


def _amount_apart(found: list[Item]) -> list[Item]:
    # `L, but only one shirt`: an amount that stands for itself is of what the answer names
    counts = [item for item in found if not (item.colours or item.sizes or item.numbers)]
    told = [item for item in found if item not in counts]
    if len(told) > 1 and found[0].numbers == [len(told) - 1] and not (found[0].colours or found[0].sizes):
        return found[1:]  # `for two people: M and XL`
    if len(told) != 1 or len(counts) != 1 or told[0].explicit:
        return found
    return [replace(told[0], quantity=counts[0].quantity, explicit=True)]


def _end_of_row(clause: Clause, pending: Pending, sizes: tuple[str, ...]) -> str | None:
    # `the biggest you have`, asked for a size
    if "size" not in pending.missing or not sizes:
        return None
    asked = "L" if clause.has("big") else "S" if clause.has("little") else ""
    if not clause.turn.context.shown and 0 in clause.of("ordinal") and len(sizes) % 2:
        return sizes[len(sizes) // 2]  # `the one in the middle`
    found = sizes[-1] if clause.has("largest") else sizes[0] if clause.has("smallest") else None
    return found or attributes.end_of_row(asked, sizes) or attributes.partly(clause.words(), sizes)


def _article(clause: Clause, item: Item, pending: Pending) -> bool:
    return ("quantity" in pending.missing or clause.has("only")) and item.quantity is not None


def put(clause: Clause, pending: Pending, done: Variant) -> None:
    """The operation that the open question was about, for the variant it came to."""
    line = clause.turn.line(pending.line)
    changes = pending.op in {"change_variant", "set_quantity"} and done.buyable() and not done.missing
    if changes and line is not None:
        carting.change(clause, line, done, done.quantity)
        return
    carting.put(clause, done)


def _concerns(turn: Turn, item: Item, pending: Pending) -> bool:
    if item.mention is not None:
        return bool(item.mention.bits & turn.lexicon.bits([pending.product or ""]))
    if item.ordinal is not None:
        entry = shopping.at_place(turn.shown(), item.ordinal)
        return entry is None or entry.id == pending.product
    return True


def _identity(clause: Clause, pending: Pending) -> bool:
    turn, draft = clause.turn, clause.turn.draft
    marks = turn.marks
    if "email" in pending.missing and marks.email:
        draft.act(clause.start, "provide_slot", why="an e-mail address, as asked", confidence=0.95)
        return True
    if "order_number" in pending.missing and any(mark.kind == "order" for mark in marks.found):
        if marks.order_numbers:
            draft.values["order"] = marks.order_numbers[0]
        else:
            draft.tell("not_your_order")
        draft.act(clause.start, "provide_slot", why="an order number, as asked", confidence=0.9)
        return True
    if "product" in pending.missing:
        return _choose_line(clause, pending) if pending.op in _ON_LINES else _choose(clause, pending)
    return False


def _choose_line(clause: Clause, pending: Pending) -> bool:
    """Do to the lines of the cart that the words name what was asked of which of them."""
    lines = _lines_meant(clause, pending)
    for line in lines:
        if pending.op == "remove":
            clause.turn.draft.ops.append(CartOp(op="remove", line=line.line, product=line.product))
        else:
            amending.apply(clause, line, _as_asked(pending), bold=True)
    if lines:
        clause.turn.draft.act(clause.start, "provide_slot", why="the product, as asked", confidence=0.85)
    return bool(lines)


def _lines_meant(clause: Clause, pending: Pending) -> list[CartLine]:
    cart = list(clause.turn.context.cart)
    if not _BOTH.isdisjoint(clause.words()):
        wanted = _as_asked(pending)
        return [line for line in cart if amendable.takes(clause, line, wanted)] if wanted.sizes else cart[:2]
    item = shopping.first_item(clause)
    if clause.has("show", "stock", "ask") or item.sizes or item.explicit:
        return []  # no answer, or of other goods
    if item.ordinal is not None:
        line = incart.line_at(clause, item.ordinal)
        return [line] if line is not None else []
    if item.mention is not None:
        lines = incart.lines_named(clause, item)
    else:
        lines = [line for line in cart if item.colours and incart.line_fits(clause, line, item)]
    if not lines and not item.colours:
        lines = [line for line in cart if _says_title(clause, line)]
    return lines if len(lines) == 1 else []


def _says_title(clause: Clause, line: CartLine) -> bool:
    # `den merino`, of a Merino-Pullover and another one
    entry = clause.turn.lexicon.entry(line.product)
    said = [word for word in clause.words() if len(word) >= _TELLING and word not in language.function_words()]
    titles = [stems.joined(title) for title in entry.titles.values()] if entry is not None else []
    return any(title.startswith(word) for word in said for title in titles)


def _as_asked(pending: Pending) -> Item:
    counts = pending.op == "set_quantity"
    return Item(
        colours=[pending.colour] if pending.colour else [],
        sizes=[pending.size] if pending.size else [],
        quantity=pending.quantity if counts else None,
        explicit=counts,
    )


def _choose(clause: Clause, pending: Pending) -> bool:
    turn = clause.turn
    found = items(clause)
    if not found or not found[0].named():
        return False
    entry = shopping.pick(clause, found[0])
    if entry is None:
        return False
    item = found[0]
    done = variant(item, entry, turn.lexicon, colour=pending.colour, size=pending.size)
    if not item.explicit:
        done.quantity = pending.quantity or 1
    if pending.op in {None, "add", "reorder"}:
        carting.put(clause, done)
    turn.draft.act(clause.start, "provide_slot", why="the product, as asked", confidence=0.85)
    return True


def size_unknown(clause: Clause, pending: Pending) -> bool:
    """Whether the shopper does not know the size that was asked for."""
    told = clause.of("size")
    return (
        "size" in pending.missing
        and not told
        and clause.has("dont_know", "whole")
        and not attributes.fitting("".join(clause.words()), ())
    )
