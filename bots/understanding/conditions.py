"""What is wanted on a condition: `do you have it in grey? then I'll take it`, `if there is one in XXL, add it`."""

from bots.understanding import amending, carting, data, looking
from bots.understanding.items import Item, items
from bots.understanding.reading import Focus
from bots.understanding.turn import Clause

_THEN = frozenset({"dann", "then", "so"})
_CURT = 4  # words of `dann pack sie ein`
_OTHERWISE = frozenset({"ansonsten", "sonst", "otherwise", "else"})
_SUPPOSING = frozenset({"falls", "if", "sofern", "wenn"})
_THERE = data.word_set("conditions_there")
_OFFERED = "stock_question"


def conditioned(before: Clause, after: Clause) -> bool:
    """Whether a fragment rests on the answer to the question before it."""
    if otherwise(after):
        return False
    return after.has("if_so") or (before.question() and (after.words()[0] in _THEN or _takes(after)))


def supposes(clause: Clause) -> bool:
    """Whether goods are spoken of on condition that there are such (`falls es den in XXL gibt`)."""
    words = clause.words()
    told = clause.mentions() or clause.of("size") or clause.of("colour")
    return bool(told) and not _SUPPOSING.isdisjoint(words[:2]) and not _THERE.isdisjoint(words)


def suppose(clause: Clause) -> bool:
    """Put in what is wanted if there is such, beside what is in the cart; false where nothing hangs on that."""
    focus = clause.turn.focus
    if not supposes(clause) or clause.question() or clause.has("change") or not clause.has("want"):
        return False
    found = items(clause)
    item = next((one for one in found if one.mention or one.colours or one.sizes), None)
    if item is None or (item.mention is None and focus is None):
        return False
    item.quantity = next((one.quantity for one in reversed(found) if one.quantity), 1)
    if item.mention is None and focus is not None and focus.size and not (item.sizes or item.numbers):
        item.sizes = [focus.size]
    return carting.add(clause, [item])


def otherwise(clause: Clause) -> bool:
    """Whether a fragment tells what is to be done if the condition does not hold."""
    return clause.words()[0] in _OTHERWISE


def _takes(clause: Clause) -> bool:
    # `haste die in M? pack ein`
    if otherwise(clause) or any(clause.of(kind) for kind in ("size", "colour", "number")):
        return False
    return clause.has("want") and not clause.mentions() and not clause.question() and len(clause.words()) <= _CURT


def follow(clause: Clause) -> bool:
    """Do what is wanted if the goods just asked for are to be had; false where nothing hangs on a question."""
    turn, draft = clause.turn, clause.turn.draft
    looked = draft.search.products if draft.search is not None else ()
    entry = turn.lexicon.entry(looked[0] if len(looked) == 1 else draft.values.get("product"))
    asked = len(looked) == 1 or any(name == _OFFERED for _, name in draft.acts)
    said = [one for one in turn.cues.get("if_so", ()) if one.start < clause.end]
    if not asked or entry is None or not (said or clause.words()[0] in _THEN or _takes(clause)) or clause.mentions():
        return False
    wants = clause.has("want", "change", "more") or looking.polite(clause)
    if not wants:
        return bool(said) and not clause.signals()
    if clause.question() or draft.tells:
        return not clause.question()
    item = next(iter(items(clause)), Item())
    item.colours = item.colours or [value for value in (draft.values.get("colour"),) if value]
    size = draft.values.get("size") or (draft.search.filters.get("size") if draft.search is not None else None)
    item.sizes = item.sizes or [value for value in (size,) if isinstance(value, str) and not item.numbers]
    line = turn.focus_line()
    if line is not None and line.product == entry.id and clause.has("change") and not clause.has("more"):
        if amending.apply(clause, line, item, bold=True):
            draft.act(clause.start, "change_cart", why="otherwise, as it is to be had", confidence=0.8)
        return True
    if turn.focus is None or turn.focus.product != entry.id:
        turn.focus = Focus(product=entry.id)
    return carting.add(clause, [item])
