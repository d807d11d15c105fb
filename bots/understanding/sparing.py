"""Goods of an order that a message only names beside those it is about: they are kept, or liked as they are."""

from bots.understanding import data
from bots.understanding.clauses import fragments
from bots.understanding.items import Item, items
from bots.understanding.turn import Clause

_GLAD = data.word_set("owned_glad")
_NOT = data.word_set("pointing_not")
_ONLY = frozenset({"nur", "bloss", "lediglich", "only", "just"})
_LEADS = frozenset({"sondern", "und", "and", "but", "aber", "also", "dann", "then"})
_GOING = ("return_item", "exchange_item", "refund_status", "cancel_order")


def concerned(clause: Clause) -> list[Item]:
    """The goods named in the whole message without those that stay: `die Tees sind super, aber der Hoodie geht zurück`.

    All of them where none would be left.
    """
    whole = clause.turn.whole()
    named = [item for item in items(whole) if item.mention is not None]
    staying = [part for part in fragments(clause.turn) if _stays(part)] if len(named) > 1 else []
    left = [
        item
        for item in named
        if item.mention is not None and not any(one.first <= item.mention.first < one.last for one in staying)
    ]
    return left or named


def _stays(part: Clause) -> bool:
    words = part.words()
    if not part.mentions() or part.has("remove", "fault") or part.signal(*_GOING) is not None:
        return False
    if any(word in _ONLY for word in words[:2] if words[0] in _ONLY | _LEADS):
        return True
    return _NOT.isdisjoint(words) and (part.has("keep") or not _GLAD.isdisjoint(words))
