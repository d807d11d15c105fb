"""The person's own orders: which of them a message is about, and its being followed, called off or altered."""

import re
from itertools import pairwise

from bots.understanding import data, reordering, sparing
from bots.understanding.items import Item, items
from bots.understanding.reading import OPEN, UNDER_WAY, PastOrder
from bots.understanding.turn import Clause

_LINE = re.compile(
    r"\b(groesse|farbe|size|colour|color|artikel|item|items|produkt|menge|quantity|article|articles|product|products|hinzu\w*|dazu\w*|add|remove|weg|ergaenz\w*|statt|instead|delete|swap)\b"
)
_PLACE = re.compile(
    r"\b(\w*adress\w*|anschrift\w*|address\w*|strassen?\w*|street|hausnummer|hausnr|plz|postleitzahl|umgezogen|packstation|moved|"
    r"house number|zip|postcode|ship (it|this|them|that) to|deliver (it|this|them|that) to|"
    r"lieferanschrift|lieferadresse|nachbar\w*|neighbou?rs?|buero|office|hotel|eltern|"
    r"parents|(meine|my|die|der|zur) (arbeit|work))\b"
)
_BILL = re.compile(r"\b(rechnungsadresse|rechnungsanschrift|billing)\b")
_DATE = re.compile(r"\b(liefertermin|lieferdatum|delivery date|spaeter|later|frueher|earlier|termin|datum)\b")


def own_order(clause: Clause, prefer: tuple[str, ...]) -> PastOrder | None:
    """The own order meant: the one named, the one with the goods named, else the newest fitting, else the latest.

    A number that is none of the person's own gives none, and the reply has to say so.
    """
    turn = clause.turn
    orders = reordering.recent(turn.context.orders)
    if turn.marks.order_numbers:
        return next(order for order in orders if order.number == turn.marks.order_numbers[0])
    if any(mark.kind == "order" and mark.value is None for mark in turn.marks.found):
        turn.draft.tell("not_your_order")
        return None
    if not orders:
        turn.draft.lack("order_number")
        return None
    for item in items(clause):
        if item.mention is not None:
            holding = [order for order in orders if any(_meant(clause, item, order))]
            if holding:
                return next((order for order in holding if order.status in prefer), holding[0])
    fitting = [order for order in orders if order.status in prefer]
    if fitting:
        return fitting[0]
    return next((order for order in orders if order.number == turn.context.latest_order), orders[0])


def _meant(clause: Clause, item: Item, order: PastOrder) -> list[str]:
    line = reordering.bought(clause, item, [order])
    return [line.product] if line else []


def alters_open_order(clause: Clause) -> bool:
    """Whether an order that is still open shall be changed, without the word for it (`can you change it to 40?`)."""
    words = clause.turn.marks.words
    return any(order.status in OPEN for order in clause.turn.context.orders) and any(word in _ALTER for word in words)


def lacks_number(clause: Clause) -> bool:
    """Whether somebody has no order number at hand (`die Bestellnummer finde ich nicht`); then it is found without."""
    words = clause.words()
    named = any(word.startswith(_ORDER_NUMBERS) for word in words) or ("order", "number") in pairwise(words)
    if not named or clause.question() or _LACKING.isdisjoint(words) or not _UNFIT.isdisjoint(words):
        return False
    clause.turn.draft.tell("no_number")
    track(clause)
    return True


def track(clause: Clause) -> None:
    """Where an order is, or where it goes."""
    if clause.has("whereto"):
        clause.turn.draft.values["field"] = "shipping_address"
    _about(clause, "track_order", (*UNDER_WAY, *OPEN))


def _about(clause: Clause, intent: str, prefer: tuple[str, ...]) -> None:
    order = own_order(clause, prefer)
    if order is not None:
        clause.turn.draft.values["order"] = order.number
    clause.turn.draft.act(clause.start, intent, why=f"order {order.number}" if order else "an order", confidence=0.9)


def cancel(clause: Clause) -> None:
    """An order to be cancelled, done only after a yes; of a part of one, an order to be changed."""
    if names_part(clause):
        _about(clause, "change_order", OPEN)
        clause.turn.draft.values["field"] = "items"
        return
    _about(clause, "cancel_order", OPEN)
    clause.turn.draft.tell("confirm")


def names_part(clause: Clause) -> bool:
    """Whether the message names goods of an open order, and not all that is in it."""
    whole = clause.turn.whole()
    if _whole_order(whole.words()):
        return False
    still_open = [order for order in reordering.recent(clause.turn.context.orders) if order.status in OPEN]
    lines = [reordering.bought(whole, item, still_open) for item in sparing.concerned(whole)]
    found = [line for line in lines if line is not None]
    order = next((one for one in still_open if any(line in one.lines for line in found)), None)
    if order is None:
        return False
    if {line.product for line in order.lines} - {line.product for line in found}:
        return True
    count = counted(whole)
    return len(order.lines) == 1 and count is not None and count < order.lines[0].quantity


def _whole_order(words: list[str]) -> bool:
    # `storniere die Bestellung mit dem Hoodie`, `alles`; but `den Hoodie aus der Bestellung`, `nicht alles`
    return any(
        (word in _ORDER and not _OUT_OF & set(words[max(at - 3, 0) : at]))
        or (word in _WHOLE and not _NOT & set(words[max(at - 1, 0) : at]))
        for at, word in enumerate(words)
    )


def about_place(clause: Clause) -> bool:
    """Whether the message speaks of where an order goes."""
    return _PLACE.search(clause.turn.folded) is not None


def alter(clause: Clause) -> None:
    """An order to be changed: where it goes, or what is in it."""
    _about(clause, "change_order", OPEN)
    text = clause.turn.folded
    if _BILL.search(text):
        field = "billing_address"
    elif about_place(clause):
        field = "shipping_address"
    elif _DATE.search(text):
        field = "delivery_date"
    elif _LINE.search(text) or clause.mentions() or clause.of("size") or clause.of("colour"):
        field = "items"
    else:
        return
    clause.turn.draft.values["field"] = field


def counted(clause: Clause) -> int | None:
    """How many pieces are spoken of, where that is said: `one of the tees`."""
    whole = clause.turn.whole()
    return next((item.quantity for item in items(whole) if item.mention is not None and item.explicit), None)


_ALTER = data.word_set("service_alter")
_WHOLE = frozenset({"alles", "komplett", "ganz", "ganze", "everything", "whole", "entire", "entirely"})
_ORDER = frozenset({"bestellung", "order", "auftrag", "kauf", "purchase"})
_NOT = frozenset({"nicht", "not"})
_OUT_OF = frozenset({"aus", "von", "from", "of", "in"})
_ORDER_NUMBERS = ("auftragsn", "bestelln", "ordern")
_LACKING = data.word_set("pointing_not") | {"cant", "forgot", "havent", "lost", "vergessen", "verlegt", "verloren"}
_UNFIT = frozenset({"falsch", "funktioniert", "geht", "invalid", "ungueltig", "working", "works", "wrong"})
