"""Which goods a question is about that are not told by their name alone: in the cart, on the list, just spoken of."""

from bots.understanding import incart, pointing, ranking, shopping
from bots.understanding.entries import Entry
from bots.understanding.items import Item
from bots.understanding.turn import Clause, Turn

_ONES = frozenset({"one", "ones"})


def spoken_of(clause: Clause) -> Entry | None:
    """Goods that nobody names: those of the open question, else those just spoken of, else the only ones shown."""
    turn = clause.turn
    if any(one.concept is not None or one.senses > 1 for one in clause.mentions()):
        return None
    if clause.mentions() and not clause.has("refer"):
        return None  # `are they waterproof?` names no goods, though some go by that word
    if clause.first and (entry := turn.lexicon.entry(turn.draft.values.get("product"))) is not None:
        return entry  # `the linen one then, is it there in XL?`
    pending, focus = turn.context.pending, turn.focus
    since = pending is not None and focus is not None and focus.line is None and focus.product != pending.product
    if pending is not None and not since and (entry := turn.lexicon.entry(pending.product)) is not None:
        return entry
    if turn.focus is not None:
        return turn.lexicon.entry(turn.focus.product)
    return turn.lexicon.entry(turn.context.shown[0]) if len(turn.context.shown) == 1 else None


def pointed_at(clause: Clause, item: Item, *, refers: bool) -> Entry | None:
    """The one of what is shown that its colour or price points at (`what does the red one cost`)."""
    words = set(clause.words())
    if not (refers or _ONES & words) or (
        clause.has("show") and not (clause.has("stock") and not {"davon", "of"} & words)
    ):
        return None
    return shopping.among_shown(clause, item)


def in_cart(clause: Clause, item: Item) -> Entry | None:
    """The goods of the cart called by their kind (`was kostet der Gürtel nochmal?`), where no others are looked at."""
    turn = clause.turn
    if item.mention is None or item.ordinal is not None or not pointing.definite_near(clause, item.mention):
        return None
    if shopping.titled(turn, item) is not None:
        return None
    looked_at = item.mention.bits & turn.lexicon.bits(turn.context.shown)
    focus = turn.lexicon.bits([turn.focus.product]) if turn.focus is not None else 0
    if (looked_at and not looked_at & turn.carted) or item.mention.bits & focus & ~turn.carted:
        return None
    goods = {line.product for line in incart.lines_named(clause, item)}
    return turn.lexicon.entry(goods.pop()) if len(goods) == 1 else None


def called(turn: Turn, item: Item) -> bool:
    """Whether goods are called by their title (`was kostet der Flechtgürtel?`), whatever was spoken of before."""
    mention, analyses = item.mention, turn.lexicon.analyses
    listed = turn.lexicon.listed(mention.bits, ranking.MANY) if mention is not None else []
    return any(mention is not None and ranking.is_title(mention, analyses[entry.id][1]) for entry in listed)
