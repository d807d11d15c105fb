"""What one clause means: an open question first, then orders, the cart, goods, small talk."""

import re

from bots.understanding import (
    browsing,
    choosing,
    conditions,
    data,
    owned,
    pending,
    persons,
    service,
    serving,
    shopping,
    spelling,
    undoing,
    vouchers,
    whereto,
    wishes,
)
from bots.understanding.clauses import MANNERS, drops_line, kept
from bots.understanding.turn import Clause

_SEEKING = data.word_set("decide_seeking")
_WORLD = data.word_set("decide_world")
_BRIEF = 8  # words up to which a question that seeks may be about goods
_EACH = frozenset({"both", "each", "one", "ones", "beide", "jedem", "jeder"})
_TAKING = frozenset({"cart", "basket", "warenkorb", "korb", "take", "buy", "nehme", "nehm", "kaufe"})
_LEADS = frozenset(
    {"alright", "well", "right", "cool", "so", "then", "and", "na", "dann", "und", "gut", "super", "lustig"}
)
_CURT = 3  # words of `nehme ich bitte`
_NAME_OF_GOODS = 8  # letters of a word alone that is more likely a name of goods than a mood
_UNSPEAKABLE = re.compile(r"[^aeiouy]{6}|(.{1,3})\1\1")


def decide(clause: Clause) -> None:
    """Add to the draft what the clause means."""
    if (
        _lookbooks(clause)
        or conditions.follow(clause)
        or _none_of_them(clause)
        or pending.answer_pending(clause)
        or undoing.undo(clause)
        or conditions.suppose(clause)
        or _only_social(clause)
        or service.lacks_number(clause)
        or _about_shop(clause)
        or persons.share_out(clause)
    ):
        return
    if kept(clause):
        clause.turn.draft.act(clause.start, "show_cart", why="goods that stay in the cart")
        return
    found = serving.service_signal(clause)
    if found is not None and (not drops_line(clause) or found.name == "unsubscribe") and serving.serve(clause, found):
        return
    if (
        owned.settle_owned(clause)
        or vouchers.gift_code(clause)
        or owned.report_fault(clause)
        or owned.steps_owned(clause)
        or owned.unwanted_order(clause)
    ):
        return
    if wishes.change_cart(clause) or owned.speaks_of_order(clause) or browsing.browse(clause):
        return
    if _numbered(clause) or _social(clause):
        return
    _rest(clause)


def _lookbooks(clause: Clause) -> bool:
    """The looks as such are wanted: `zeig mir nochmal das lookbook`."""
    if clause.mentions() or not any(word.startswith("lookbook") for word in clause.words()):
        return False
    clause.turn.draft.act(clause.start, "recommendation", why="the lookbooks")
    return True


def _none_of_them(clause: Clause) -> bool:
    context = clause.turn.context
    asked = context.pending is not None and context.pending.confirm is None and context.pending.missing
    if not (asked or len(context.shown) > 1) or not choosing.declines(clause):
        return False
    clause.turn.draft.act(clause.start, "deny", why="what was offered is not wanted", confidence=0.9)
    return True


def _about_shop(clause: Clause) -> bool:
    # `what's your email?`, `wo sitzt eure Firma?`
    named = any(not one.extras for one in clause.mentions())  # a `Mailadresse` is no dress
    if not clause.has("contact") or named or clause.signal("complaint", "payment_info") is not None:
        return False
    clause.turn.draft.values["field"] = "shop"
    clause.turn.draft.act(clause.start, "help", why="about the shop itself", confidence=0.8)
    return True


def _only_social(clause: Clause) -> bool:
    said = [one for one in clause.signals() if one.name in {*MANNERS, "affirm"}]
    places = [token.start for token in clause.turn.marks.tokens[clause.first : clause.last]]
    covered = all(
        word in _LEADS or any(one.start <= at < one.end for one in said)
        for at, word in zip(places, clause.words(), strict=True)
    )
    if not covered or all(one.name == "affirm" for one in said):
        return False
    return _social(clause)


def _numbered(clause: Clause) -> bool:
    if not any(mark.kind == "order" and clause.first <= mark.first < clause.last for mark in clause.turn.marks.found):
        return False
    if clause.has("change", "remove") and len(clause.words()) > _CURT:
        service.alter(clause)
        return True
    service.track(clause)
    return True


def _social(clause: Clause) -> bool:
    done = False
    for signal in sorted(clause.signals(), key=lambda one: one.start):
        if signal.name in MANNERS:
            clause.turn.draft.act(signal.start, signal.name, why=f"“{signal.words[:40]}”")
            done = True
    if done and not any(one.name in {"affirm", "deny"} for one in clause.signals()):
        return True
    return (
        any(
            serving.serve(clause, signal)
            for signal in clause.signals()
            if signal.name in serving.SOFT | {"affirm", "deny"}
        )
        or done
    )


def _rest(clause: Clause) -> None:
    turn, draft = clause.turn, clause.turn.draft
    if clause.has("oos"):
        draft.act(clause.start, "out_of_scope", why="nothing a shop does", confidence=0.7)
    elif whereto.asked(clause):
        draft.act(clause.start, "shipping_info", why="how long delivery takes", confidence=0.7)
    elif clause.has("shopinfo"):
        draft.values["field"] = "shop"
        draft.act(clause.start, "help", why="about the shop itself", confidence=0.5)
    elif clause.has("language"):
        draft.act(clause.start, "help", why="another language, please", confidence=0.6)
    elif clause.has("repeat"):
        draft.act(clause.start, "help", why="say it again", confidence=0.5)
    elif clause.has("newsletter"):
        draft.act(clause.start, "help", why="about the newsletter", confidence=0.5)
    elif (_seeks(clause) and _unknown_goods(clause)) or _lone_word(clause):
        shopping.empty_search(clause, "search")
    elif (
        clause.has("want")
        and (clause.has("refer") or _EACH & set(clause.words()))
        and not any(word.startswith(("bezahl", "zahl", "pay")) for word in clause.words())
        and (turn.context.shown or _TAKING & set(clause.words()))
        and not (clause.question() and turn.resorts)  # `wann kommt das, wenn ich heute bestelle?`
    ):
        draft.lack("product")
        draft.act(clause.start, "add_to_cart", why="something of the list, not said which", confidence=0.5)


def _seeks(clause: Clause) -> bool:
    # `do you sell tents?`, `any tents?`; but `what is a tent?` asks about the world
    if clause.has("reduced"):
        return True
    if not clause.has("show", "stock", "need"):
        return False
    words = clause.words()
    if len(words) > _BRIEF and (words[0] in _WORLD or "out" in words):
        return False  # `how do I find the area of a circle`
    return bool(_SEEKING & set(words)) or (words[0] not in _WORLD and not clause.question())


def _lone_word(clause: Clause) -> bool:
    # `Tennisschläger`: what somebody types into a search, though nobody here knows it; `asdfghjkl` is none
    words, context = clause.turn.marks.words, clause.turn.context
    if len(words) != 1 or context.pending is not None or not words[0].isalpha():
        return False
    word = words[0]
    return len(word) >= _NAME_OF_GOODS and _UNSPEAKABLE.search(word) is None and not spelling.rules_know(word)


def _unknown_goods(clause: Clause) -> bool:
    spelled = clause.turn.lexicon.spelling
    return any(len(word) > _CURT and word.isalpha() and not spelled.knows(word) for word in clause.words())
