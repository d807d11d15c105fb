"""Clauses that say something only when nothing else in the message does."""

from itertools import pairwise

from bots.understanding import pointing
from bots.understanding.clauses import kept
from bots.understanding.turn import Clause

_TOO_MANY = frozenset({("too", "many"), ("too", "much"), ("zu", "viel"), ("zu", "viele")})
_GIFTS = frozenset({"geschenk", "geschenke", "mitbringsel", "gift", "gifts", "present", "presents"})


def idle(clause: Clause) -> bool:
    """Whether a clause only considers, keeps, rules out or explains."""
    aside = kept(clause) or _only_negated(clause) or _reconsiders(clause) or _explains(clause) or _too_many(clause)
    return aside or clause.has("unsure")


def _too_many(clause: Clause) -> bool:
    # `six pots is too many, make it four`
    return bool(clause.turn.context.cart) and not _TOO_MANY.isdisjoint(pairwise(clause.words()))


def _explains(clause: Clause) -> bool:
    # `it's a present, so in grey please` says why, and asks for no idea
    if {one.name for one in clause.signals()} != {"recommendation"} or _GIFTS.isdisjoint(clause.words()):
        return False
    return not ("?" in clause.text() or clause.mentions() or clause.has("show", "want", "need", "change", "request"))


def _reconsiders(clause: Clause) -> bool:
    # `I've changed my mind about the hat, take it out`: what is to be done follows
    return clause.signal("cancel_flow") is not None and any(one.bits & clause.turn.carted for one in clause.mentions())


def _only_negated(clause: Clause) -> bool:
    # `I don't want jeans, I want chinos`
    context, named = clause.turn.context, clause.mentions()
    seen = context.cart or context.shown or context.orders
    return not seen and bool(named) and all(pointing.negated(clause, one.first) for one in named)
