"""Advice: which size fits, and what to take."""

from bots.understanding import filtering, looking, reordering, searching, shopping
from bots.understanding.items import items
from bots.understanding.reading import Search
from bots.understanding.rules import Signal
from bots.understanding.turn import Clause

_GIFT_TAGS = ("gift", "gifts", "geschenk", "geschenke", "geschenkidee", "geschenkideen")
_WHICH = frozenset({"which", "welche", "welchen", "welcher", "welches", "one", "ones", "davon", "those", "them"})


def size_advice(clause: Clause, signal: Signal) -> bool:
    """Act on a question which size fits; false when it is none."""
    turn, draft = clause.turn, clause.turn.draft
    if clause.has("fault") and turn.context.orders and not clause.question():
        return False
    found = items(clause)
    item = next((one for one in found if one.mention is not None), None) or shopping.first_item(clause)
    if not clause.question() and clause.has("want") and item.named() and (item.sizes or item.explicit):
        return False
    if "volume" in searching.named(clause, "asks"):
        return False  # `does a 15 inch laptop fit in it?`
    if looking.open_size(clause) and (item.named() or turn.focus is not None):
        return False
    entry = shopping.pick(clause, item)
    if entry is None and item.mention is not None and item.mention.concept is not None:
        draft.lack("product")  # `and the shoes, do they run small?`, of a shop with several
    elif entry is None:
        entry = turn.lexicon.entry(turn.focus.product) if turn.focus else None
    if entry is None and turn.context.pending is not None:
        entry = turn.lexicon.entry(turn.context.pending.product)
    before = (
        reordering.bought(clause, item, reordering.recent(turn.context.orders)) if clause.has("last_size") else None
    )
    if before is not None or entry is not None:
        draft.values["product"] = before.product if before is not None else entry.id if entry else None
    draft.asks += [one for one in ("fit", "last_size") if one not in draft.asks and (one == "fit" or clause.has(one))]
    draft.act(clause.start, "size_advice", why=f"“{signal.words[:40]}”", confidence=0.85)
    return True


def recommend(clause: Clause, signal: Signal) -> bool:
    """Act on a wish for a recommendation; false when it is for something the shop does not have."""
    turn, draft = clause.turn, clause.turn.draft
    if clause.has("oos") and not clause.mentions():
        return False  # `can you recommend a dentist?`
    if clause.question() and turn.context.shown[1:] and "price" in searching.named(clause, "asks"):
        return False  # `what does the whole outfit cost?`
    if clause.has("goes_with"):
        item = shopping.first_item(clause)
        if (entry := shopping.pick(clause, item)) is not None:
            draft.values["product"] = entry.id
    elif (found := _wished(clause)) is not None:
        draft.search = found if found.products else None
    elif turn.context.shown and _WHICH & set(clause.words()) and not searching.person_words() & set(clause.words()):
        draft.asks.append("choice")  # `which one would you pick?`
    if turn.focus is not None:
        draft.values.setdefault("product", turn.focus.product)
    draft.act(clause.start, "recommendation", why=f"“{signal.words[:40]}”", confidence=0.85)
    return True


def _wished(clause: Clause) -> Search | None:
    # what is told of the goods, and that they are to be a present; None where nothing is
    turn, gift = clause.turn, _gift_tag(clause)
    told = clause.mentions() or turn.marks.max_price is not None or gift is not None
    if not (told or searching.named(clause, "tag") or searching.named(clause, "gender")):
        return None
    wanted, bits, unwanted = searching.filters(clause)
    if gift is not None and not clause.mentions():
        wanted.setdefault("tag", gift)
        wanted.pop("size", None)  # `er wird 40`
    excluded = 0
    for one in unwanted:
        excluded |= one.bits
    return filtering.run(turn.lexicon, wanted, bits, excluded) if wanted else Search()


def _gift_tag(clause: Clause) -> str | None:
    # `a present for my dad`, of a shop that marks what makes one
    if not any(word.startswith(("geschenk", "gift", "present", "mitbringsel")) for word in clause.words()):
        return None
    return next((tag for tag in _GIFT_TAGS if tag in clause.turn.lexicon.facets.tags), None)
