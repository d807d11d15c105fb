"""Everything about orders, money, help and the cart as a whole: one intent a rule, one branch here."""

from collections.abc import Collection

from bots.understanding import advising, cartlines, incart, returning, searching, service, undoing, vouchers
from bots.understanding.clauses import SOCIAL, purpose
from bots.understanding.items import items
from bots.understanding.reading import OPEN, CartOp
from bots.understanding.rules import Signal
from bots.understanding.turn import Clause

SOFT = {"smalltalk", "help", "recommendation", "cancel_flow", "complaint", "size_advice"}
_CLAIMING = frozenset({"will", "moechte", "want", "demand", "fordere", "verlange", "haette"})
_STILL = frozenset(
    {"wo", "wann", "where", "wheres", "when", "noch", "yet", "still", "immer", "know", "wissen", "status"}
)
_GIFTS = ("gift", "geschenk", "gutschein")
_UNDONE = frozenset({"doch", "nicht", "anders"})
_BACK = frozenset({"rueckgaengig", "undo"})
_BUYING = frozenset(
    {"kauf", "kaufe", "kaufen", "kaufn", "bestell", "bestelle", "bestellen", "bestelln", "buy", "order", "purchase"}
)
_IT = frozenset({"it", "them", "this", "these", "that", "das", "die", "den", "es"})
_CURT = 5  # words of `und wie viel macht das`


def service_signal(clause: Clause, but: Collection[str] = ()) -> Signal | None:
    """The surest signal of a service intent in the clause, small talk aside."""
    return next((one for one in clause.signals() if one.name not in SOCIAL and one.name not in but), None)


def serve(clause: Clause, signal: Signal) -> bool:  # noqa: C901, PLR0911, PLR0912, PLR0915 - a branch per intent
    """Act on a service signal; false when the clause means something else after all."""
    turn, draft = clause.turn, clause.turn.draft
    why = f"“{signal.words[:40]}”"
    match signal.name:
        case "track_order":
            service.track(clause)
        case "cancel_order":
            if _about_cart(clause):
                return False
            service.cancel(clause)
        case "change_order":
            if _alters_cart(clause):
                return False
            service.alter(clause)
        case "return_item":
            if turn.context.cart and not turn.context.orders and clause.has("remove"):
                return False
            returning.give_back(clause, "return_item")
        case "exchange_item":
            if _swaps_in_cart(clause):
                return False
            returning.give_back(clause, "exchange_item")
        case "refund_status" if _CLAIMING & set(clause.words()) and not _STILL & set(clause.words()):
            returning.give_back(clause, "return_item")  # `a shoe is broken, I want my money back`
        case "refund_status" | "invoice":
            order = service.own_order(clause, ()) if turn.context.orders or turn.marks.of("order") else None
            if order is not None:
                draft.values["order"] = order.number
            draft.act(clause.start, signal.name, why=why, confidence=0.9)
        case "voucher":
            return vouchers.claim(clause, signal)
        case "human_handover":
            draft.values["handover"] = True
            draft.act(clause.start, "human_handover", why=why, confidence=0.95)
        case "complaint":
            return _complaint(clause, signal)
        case "oath":
            _curse(clause, why)
        case "shipping_info" if any(name == "change_order" for _, name in draft.acts):
            return True  # `I moved, can you send it to 12 Baker Street?`
        case "shipping_info" if turn.context.orders and clause.signal("track_order"):
            service.track(clause)
        case "shipping_info" if clause.has("wrapped"):
            _wrap(clause, why)
        case "shipping_info" if clause.has("again") and clause.mentions():
            return False
        case "payment_info" if clause.mentions() and any(word.startswith(_GIFTS) for word in clause.words()):
            return False
        case "checkout" if any(name == "complaint" for _, name in draft.acts):
            return True  # `you messed up my order, I'm done`
        case "checkout" if not turn.context.cart and clause.start and draft.acts and _closes(signal):
            return True  # `thanks, that's all for now`
        case "checkout" if _takes_goods(clause, signal):
            return False
        case "checkout":
            if _buys_again(clause) or (clause.mentions() and not _named_all_in_cart(clause)):
                return False
            draft.act(clause.start, "checkout", why=why, confidence=0.9)
        case "show_cart":
            _sum(clause, why)
        case "clear_cart":
            return _clear(clause, signal)
        case "size_advice":
            return advising.size_advice(clause, signal)
        case "recommendation":
            return advising.recommend(clause, signal)
        case "smalltalk" | "help" | "cancel_flow" | "affirm" | "deny":
            return _soft(clause, signal)
        case _:
            draft.act(clause.start, signal.name, why=why, confidence=0.9)
    return True


def _curse(clause: Clause, why: str) -> None:
    # A curse and nothing else: whoever it is meant for, somebody may take over.
    clause.turn.draft.values["offer_handover"] = True
    clause.turn.draft.act(clause.start, "unclear", why=why)


def _wrap(clause: Clause, why: str) -> None:
    clause.turn.draft.values["field"] = "gift_wrap"
    clause.turn.draft.act(clause.start, "shipping_info", why=why, confidence=0.8)


def _alters_cart(clause: Clause) -> bool:
    # Where it goes concerns the order, also of somebody who has only a cart yet.
    in_cart = clause.turn.context.cart and not clause.turn.context.orders
    return bool(in_cart) and "order" not in clause.text() and not service.about_place(clause)


def _sum(clause: Clause, why: str) -> None:
    """What is in the cart and what it costs; of an empty one `what does that come to?` asks for the piece's price."""
    turn, draft = clause.turn, clause.turn.draft
    if (
        turn.context.cart
        or turn.focus is None
        or len(clause.words()) > _CURT
        or not (clause.has("ask") and clause.has("refer"))
    ):
        draft.act(clause.start, "show_cart", why=why, confidence=0.9)
        if (line := incart.line_asked(clause)) is not None:
            draft.values.update(product=line.product, colour=line.colour, size=line.size)
        return
    draft.values["product"] = turn.focus.product
    draft.asks.append("price")
    draft.act(clause.start, "product_question", why="asks about price", confidence=0.7)


def _closes(signal: Signal) -> bool:
    return signal.words.startswith(("that", "this", "das war", "das ist", "mehr"))


def _soft(clause: Clause, signal: Signal) -> bool:
    turn, draft = clause.turn, clause.turn.draft
    if clause.mentions() or clause.of("size") or (clause.of("colour") and signal.name != "smalltalk"):
        return False
    if signal.name == "help" and _described(clause):
        return False
    if signal.name in {"affirm", "deny"} and (
        (clause.has("remove") and turn.context.cart)
        or clause.of("quantity")
        or clause.of("number")
        or clause.of("ordinal")
    ):
        return False
    if (
        signal.name in {"cancel_flow", "deny"}
        and turn.focus_line() is not None
        and turn.context.pending is None
        and _takes_back(clause)
    ):
        return cartlines.remove(clause)
    if signal.name == "cancel_flow" and undoing.pauses(clause):
        draft.values.setdefault("field", "pause")
    draft.act(clause.start, signal.name, why=f"“{signal.words[:40]}”", confidence=0.85)
    return True


def _described(clause: Clause) -> bool:
    # `I want to buy something warm` looks for goods, `I want to buy something` asks how.
    marks = clause.turn.marks
    priced = marks.max_price is not None or marks.min_price is not None
    return priced or any(searching.named(clause, group) for group in ("tag", "material", "gender"))


def _takes_back(clause: Clause) -> bool:
    if "noch" in clause.words() or not _UNDONE & set(clause.words()):
        return False
    # `rückgängig, doch lieber schwarz` wants it otherwise, not gone
    rest = Clause(clause.turn, clause.last, len(clause.turn.marks.tokens))
    return purpose(rest) != "change" or not (rest.of("colour") or rest.of("size"))


def _about_cart(clause: Clause) -> bool:
    context = clause.turn.context
    if "order" in clause.text() or "bestell" in clause.text():
        return bool(context.cart and clause.mentions()) and not context.orders
    back = not _BACK.isdisjoint(clause.words())
    if context.orders:  # they are not meant right after a change of the cart
        return back and clause.turn.focus_line() is not None
    return back or bool(context.cart)


def _swaps_in_cart(clause: Clause) -> bool:
    turn = clause.turn
    if not turn.context.cart:
        return False
    return not turn.context.orders or any(incart.lines_named(clause, item) for item in items(clause))


def _buys_again(clause: Clause) -> bool:
    # `W-2230 bitte noch mal genau so bestellen`
    context = clause.turn.context
    return bool(context.orders) and not context.cart and clause.has("again")


def _takes_goods(clause: Clause, signal: Signal) -> bool:
    # `kauf ich`, `ok order it`, of goods just looked at that are not in the cart
    turn, said = clause.turn, signal.words.split()
    near = (turn.focus is not None and turn.focus_line() is None) or len(turn.context.shown) == 1
    if not near or _BUYING.isdisjoint(said):
        return False
    return not turn.context.cart or (turn.focus_line() is None and (said[-1] == "ich" or not _IT.isdisjoint(said)))


def _named_all_in_cart(clause: Clause) -> bool:
    return bool(clause.turn.context.cart) and all(
        incart.lines_named(clause, item) for item in items(clause) if item.mention is not None
    )


def _complaint(clause: Clause, signal: Signal) -> bool:
    turn, draft = clause.turn, clause.turn.draft
    if clause.has("fault") and turn.context.orders and clause.mentions() and returning.reason(turn):
        return False
    draft.values["offer_handover"] = True
    draft.act(clause.start, "complaint", why=f"“{signal.words[:40]}”", confidence=0.85)
    return True


def _calls_off(clause: Clause) -> bool:
    # `cancel everything`, with an order that is not sent
    still_open = any(order.status in OPEN for order in clause.turn.context.orders)
    return still_open and any(word.startswith(("cancel", "stornier")) for word in clause.words())


def _clear(clause: Clause, signal: Signal) -> bool:
    turn, draft = clause.turn, clause.turn.draft
    if clause.mentions():
        return False

    if not turn.context.cart and _calls_off(clause):
        service.cancel(clause)
        return True
    if turn.context.cart:
        draft.ops[:] = [CartOp(op="clear")]
        draft.acts[:] = [act for act in draft.acts if act[1] != "remove_from_cart"]
    draft.act(clause.start, "clear_cart", why=f"“{signal.words[:40]}”", confidence=0.9)
    return True
