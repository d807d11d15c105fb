"""A clause while the shop waits for an answer: a yes or no, a value, or a change of mind."""

from bots.understanding import answers, choosing, data, incart, refusing, service, serving
from bots.understanding.items import items
from bots.understanding.reading import Pending
from bots.understanding.turn import Clause

_ALWAYS = {"human_handover", "privacy_request"}
_WHICH = data.word_set("pending_which")
_NOT = data.word_set("pointing_not")
_NUMBER = frozenset({"nummer", "bestellnummer", "number", "nr", "mail", "it", "sie"})
_WHETHER = data.word_set("topics_asking")
_CART = frozenset({"basket", "cart", "einkaufswagen", "korb", "trolley", "warenkorb"})
_WHOLE = frozenset({"all", "alles", "everything"})
_LISTS = (
    "newsletter",
    "verteiler",
    "list",
    "mail",
    "email",
    "werb",
    "market",
    "ads",
    "promo",
    "angebot",
    "offers",
    "spam",
)
_LEAST = 2  # words of `which ones`
_ASKED_FOR = frozenset({"colour", "size"})


def answer_pending(clause: Clause) -> bool:  # noqa: C901, PLR0911, PLR0912 - the order of questions is the decision
    """Take the clause as an answer to the open question; false when it is none."""
    turn = clause.turn
    pending = turn.context.pending
    if pending is None or any(one.name in _ALWAYS for one in clause.signals()) or _off_list(clause):
        return False
    if pending.confirm is not None:
        return (pending.confirm == "cancel_order" and _only_part(clause)) or _confirm(clause)
    if choosing.choose(clause, pending):
        return True
    if answers.size_unknown(clause, pending) and not _dropped_elsewhere(clause):
        return _size_open(clause, pending)
    if _which(clause):
        return True
    if pending.op == "track" and (clause.has("dont_know") or _has_none(clause)) and not turn.marks.of("order"):
        turn.draft.tell("no_number")
        service.track(clause)
        return True
    if choosing.asks(clause) and not (clause.of("size") or clause.of("colour")):
        return False
    asks = clause.has("stock", "ask") and not clause.has("change")
    advice = clause.signal("size_advice") and (clause.question() or _NOT & set(clause.words()))  # `M fits her, not me`
    if advice or (clause.question() and asks):
        return False
    if _clears(clause):
        return False
    if clause.signal("cancel_flow", "clear_cart") is not None and not clause.mentions():
        turn.draft.act(clause.start, "cancel_flow", why="the open question is dropped")
        return True
    if clause.signal("deny", "unsubscribe") is not None and not (
        clause.of("size") or clause.of("colour") or clause.mentions()
    ):
        turn.draft.act(
            clause.start, "cancel_flow" if clause.signal("unsubscribe") else "deny", why="no to the open question"
        )
        return True
    if clause.has("remove") and not (clause.of("size") or clause.of("colour")) and turn.lexicon.entry(pending.product):
        named = [one for one in clause.mentions() if not one.bits & turn.lexicon.bits([pending.product or ""])]
        if not named and not any(incart.lines_named(clause, item) for item in items(clause)):
            turn.draft.act(clause.start, "cancel_flow", why="the pending goods are not wanted")
            return True
    strong = serving.service_signal(clause)
    if strong is not None and strong.name not in serving.SOFT | {"exchange_item", "change_order", "checkout"}:
        return False
    return _refused(clause) or answers.fill(clause, pending)


def _clears(clause: Clause) -> bool:
    # `empty the cart`, asked for a size; `alles löschen`, asked for an address
    said = clause.signal("clear_cart")
    words = clause.words()
    whole = not _CART.isdisjoint(words) or (not _WHOLE.isdisjoint(words) and clause.has("remove"))
    return said is not None and bool(clause.turn.context.cart) and whole


def _off_list(clause: Clause) -> bool:
    # `take me off your mailing list`: no answer to whatever was asked, as a bare `stop` is
    return clause.signal("unsubscribe") is not None and any(word.startswith(_LISTS) for word in clause.words())


def _only_part(clause: Clause) -> bool:
    # asked whether to call the order off: `just one, keep the rest`, `nur den Hoodie`
    amount = clause.of("quantity") or clause.of("number")
    counted = clause.has("only") and amount and not clause.mentions()
    if not counted and not (service.names_part(clause) and not clause.signal("affirm")):
        return False
    service.alter(clause)
    clause.turn.draft.values["field"] = "items"
    return True


def _refused(clause: Clause) -> bool:
    # `not L, that's for sure`, asked for a size
    if not refusing.refuses_size(clause):
        return False
    clause.turn.draft.act(clause.start, "deny", why="no to the open question")
    return True


def _dropped_elsewhere(clause: Clause) -> bool:
    # `ach egal, vergiss es`
    here = clause.signals()
    return any(one.name == "cancel_flow" and one not in here for one in clause.turn.signals)


def _has_none(clause: Clause) -> bool:
    # `die nummer hab ich grad nicht zur hand`
    words = set(clause.words())
    return bool(words & _NUMBER) and bool(words & _NOT)


def _size_open(clause: Clause, pending: Pending) -> bool:
    # `in blue, size I don't know`: the colour is an answer all the same
    if "colour" in pending.missing and clause.of("colour"):
        return answers.fill(clause, pending)
    clause.turn.draft.act(clause.start, "size_advice", why="does not know the size asked for")
    clause.turn.draft.values["product"] = pending.product
    return True


def _which(clause: Clause) -> bool:
    # `welche gibts denn?`, asked for a size: what there is of the goods spoken of
    draft, pending = clause.turn.draft, clause.turn.context.pending
    asked = [one for one in pending.missing if one in _ASKED_FOR] if pending is not None else []
    words = clause.words()
    if pending is None or not asked or not (clause.question() or clause.has("show", "ask")):
        return False
    if len(words) < _LEAST or any(word not in _WHICH for word in words):
        return False
    draft.values["product"] = pending.product
    draft.asks += [f"{one}s" for one in asked]
    draft.act(clause.start, "product_question", why="what there is to choose from")
    return True


def _confirm(clause: Clause) -> bool:
    draft = clause.turn.draft
    if (
        serving.service_signal(
            clause, but={"checkout", "cancel_flow", "clear_cart", "smalltalk", "cancel_order", "unsubscribe"}
        )
        is not None
    ):
        return False
    if clause.words()[0] in _WHETHER and clause.signal("cancel_order") is not None:
        return False  # `kann ich danach noch stornieren?`
    answer = answers.yes_or_no(clause)
    objects = (
        bool(clause.mentions())
        or bool(clause.of("size"))
        or bool(clause.of("colour"))
        or (bool(clause.of("number")) and clause.has("change"))
    )
    if answer is None:
        answer = _done_or_left(clause, objects=objects)
    if answer is None:
        return False
    if objects or (clause.has("remove", "more") and not (answer is False and not objects)):
        if answer:
            draft.values.setdefault("confirm", None)
        return False
    if answer is False and clause.signal("cancel_flow", "cancel_order") and not clause.signal("deny"):
        draft.act(clause.start, "cancel_flow", why="no, in other words", confidence=0.9)
        draft.act(clause.start, "deny")
    else:
        draft.act(clause.start, "affirm" if answer else "deny", why="answers the open question", confidence=0.95)
    if "confirm" not in draft.values:
        draft.values["confirm"] = answer
    return True


def _done_or_left(clause: Clause, *, objects: bool) -> bool | None:
    # `stornieren`, asked whether to call the order off, is a yes; asked anything else, a no
    pending = clause.turn.context.pending
    if clause.signal("checkout") is not None and not objects:
        return True
    if clause.signal("cancel_order") is not None:
        return pending is not None and pending.confirm == "cancel_order"
    return None if clause.signal("unsubscribe") is None else False
