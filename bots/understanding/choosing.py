"""A choice among what the shop asked about: the first or last of it, both, every one, none of them."""

from bots.understanding import answers, carting, data
from bots.understanding.items import Item, items
from bots.understanding.reading import Pending
from bots.understanding.resolve import variant
from bots.understanding.turn import Clause

_BOTH = frozenset({"beide", "beiden", "beides", "both"})
_ALL = frozenset({"all", "alle", "allen", "each", "jeder", "jede", "jedem", "jedes", "every"})
_NONE = frozenset({"kein", "keine", "keinen", "keiner", "keines", "keins", "neither", "none"})
_AROUND = data.word_set("choosing_around")
_DENIED = data.word_set("pointing_not") - {"no"}  # `no, both please`
_TWO = 2


def declines(clause: Clause) -> bool:
    """Whether none of what was offered is wanted, and nothing else said: `keins von beiden`, `none of them`."""
    words = set(clause.words())
    none = not words.isdisjoint(_NONE) or (not words.isdisjoint(_BOTH) and not words.isdisjoint(_DENIED))
    return none and words <= _NONE | _BOTH | _DENIED | _AROUND and not clause.mentions()


def asks(clause: Clause) -> bool:
    """Whether a clause is a question; `doesn't matter, the first one` only begins like one."""
    return clause.question() and not (clause.has("dont_know") and clause.of("ordinal"))


def choose(clause: Clause, pending: Pending) -> bool:
    """Take what the words choose of the goods, colours or sizes asked about; false where they do not choose so."""
    if pending.op not in {None, "add", "reorder"} or asks(clause) or _valued(clause):
        return False
    if "product" in pending.missing:
        return _goods(clause, pending)
    entry = clause.turn.lexicon.entry(pending.product)
    kind = next((one for one in pending.missing if one in {"colour", "size"}), None)
    if entry is None or kind is None:
        return False
    chosen = _chosen(clause, entry.colours if kind == "colour" else entry.sizes, several=kind == "colour")
    for value in chosen:
        colour, size = (value, pending.size) if kind == "colour" else (pending.colour, value)
        found = variant(Item(), entry, clause.turn.lexicon, colour=colour, size=size)
        wanted = pending.quantity or 1
        found.quantity = 1 if wanted == len(chosen) else wanted  # two were wanted: one of each
        answers.put(clause, pending, found)
    if chosen:
        clause.turn.draft.act(
            clause.start, "provide_slot", why=f"answers what was asked: {', '.join(pending.missing)}", confidence=0.9
        )
    return bool(chosen)


def _valued(clause: Clause) -> bool:
    return bool(clause.mentions() or clause.of("colour") or clause.of("size")) or clause.has("show", "other")


def _chosen(clause: Clause, options: tuple[str, ...], *, several: bool) -> list[str]:
    if several and _every(clause, len(options)):
        return list(options)
    marks = clause.turn.marks
    placed = next((mark for mark in marks.of("ordinal", clause.first, clause.last) if mark.hint != "described"), None)
    if placed is None or not set(clause.words()) <= _AROUND | set(marks.words[placed.first : placed.last]):
        return []
    place = placed.value
    at = place - 1 if place > 0 else place
    return [options[at]] if place and -len(options) <= at < len(options) else []


def _every(clause: Clause, count: int) -> bool:
    """Whether all of so many are wanted: `beide`, `all three`, `one of each`."""
    words = set(clause.words())
    if not words.isdisjoint(_DENIED):
        return False
    if not words.isdisjoint(_BOTH):
        return count == _TWO
    told = [amount for amount in clause.of("quantity") + clause.of("number") if amount > 1]
    return not words.isdisjoint(_ALL) and all(amount == count for amount in told)


def _goods(clause: Clause, pending: Pending) -> bool:
    shown = clause.turn.shown()
    if not _every(clause, len(shown)) or any(item.ordinal for item in items(clause) if item.explicit):
        return False
    for entry in shown:
        found = variant(Item(), entry, clause.turn.lexicon, colour=pending.colour, size=pending.size)
        found.quantity = pending.quantity or 1
        carting.put(clause, found)
    clause.turn.draft.act(clause.start, "provide_slot", why="the product, as asked", confidence=0.85)
    return True
