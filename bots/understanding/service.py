"""Orders, returns, money and people: which of the person's own orders a message is about, what came wrong, and why."""

import re
from dataclasses import dataclass

from bots.understanding import amending, attributes, data, reordering, stems
from bots.understanding.items import Item, items
from bots.understanding.reading import PastOrder
from bots.understanding.turn import Clause, Turn

_CODE = re.compile(
    r"\b(?=[A-Za-z0-9-]*[A-Za-z])(?=[A-Za-z0-9-]*\d)[A-Za-z0-9][A-Za-z0-9-]{3,24}\b|\b[A-Z][A-Z0-9-]{3,24}\b"
)
_AFTER_CODE = re.compile(
    r"(?:code|gutschein|voucher|coupon|rabattcode|gutscheincode|promo)\W+"
    r"(?:(?:ist|is|lautet|heißt|heisst|namens|called|von mir|:)\W*)*([A-Za-z][A-Za-z0-9-]{3,24})",
    re.IGNORECASE,
)
_NO_CODES = data.word_set("service_no_codes")
_REASONS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (found["name"], re.compile("|".join(found["patterns"]))) for found in data.table("reasons")["reason"]
)
REASONS = frozenset(name for name, _ in _REASONS)
OPEN = ("processing", "placed", "paid", "awaiting_payment", "payment_pending", "open", "new", "confirmed", "packed")
ARRIVED = ("delivered", "fulfilled", "closed", "arrived", "completed")
UNDER_WAY = ("shipped", "fulfilling", "in_transit", "sent")
_LINE = re.compile(
    r"\b(groesse|farbe|size|colour|color|artikel|item|items|produkt|menge|quantity|article|articles|product|products|hinzu\w*|dazu\w*|add|remove|weg|ergaenz\w*|statt|instead|delete|swap)\b"
)
_PLACE = re.compile(
    r"\b(\w*adress\w*|anschrift\w*|address\w*|strassen?\w*|street|hausnummer|plz|postleitzahl|umgezogen|packstation|moved|"
    r"house number|zip|postcode|ship (it|this|them|that) to|deliver (it|this|them|that) to|"
    r"lieferanschrift|lieferadresse|nachbar\w*|neighbou?rs?|buero|office|hotel|eltern|"
    r"parents|(meine|my|die|der|zur) (arbeit|work))\b"
)
_BILL = re.compile(r"\b(rechnungsadresse|rechnungsanschrift|billing)\b")
_DATE = re.compile(r"\b(liefertermin|lieferdatum|delivery date|spaeter|later|frueher|earlier|termin|datum)\b")


@dataclass(frozen=True, slots=True)
class Matter:
    """An order and the goods of it that a message is about."""

    order: PastOrder | None
    products: tuple[str, ...]


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
    whole = Clause(clause.turn, 0, len(clause.turn.marks.tokens))
    if _whole_order(whole.words()):
        return False
    still_open = [order for order in reordering.recent(clause.turn.context.orders) if order.status in OPEN]
    lines = [reordering.bought(whole, item, still_open) for item in items(whole) if item.mention is not None]
    found = [line for line in lines if line is not None]
    order = next((one for one in still_open if any(line in one.lines for line in found)), None)
    if order is None:
        return False
    if {line.product for line in order.lines} - {line.product for line in found}:
        return True
    count = _counted(whole)
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


def reason(turn: Turn) -> str | None:
    """Why goods come back, in the words of the format, or None when it is not said."""
    return next((name for name, pattern in _REASONS if pattern.search(turn.folded) or name in turn.cues), None)


def give_back(clause: Clause, intent: str) -> None:
    """Goods to be returned or exchanged: the order, the goods of it, the reason, and what is wanted instead."""
    draft, orders = clause.turn.draft, clause.turn.context.orders
    if intent == "exchange_item" and orders and all(order.status in OPEN for order in orders):
        alter(clause)  # nothing has left yet that could be given back
        return
    matter = _matter(clause)
    if matter.order is not None:
        draft.values["order"] = matter.order.number
    draft.items += [product for product in matter.products if product not in draft.items]
    if (count := _counted(clause)) is not None:
        draft.values["quantity"] = count
    if (why := reason(clause.turn)) is not None:
        draft.values["reason"] = why
    if intent == "return_item" and _wants_other(clause):
        intent = "exchange_item"
    if intent == "exchange_item":
        _instead(clause, matter)
    draft.act(
        clause.start,
        intent,
        why=f"goods of order {matter.order.number}" if matter.order else "goods to give back",
        confidence=0.9,
    )


def _counted(clause: Clause) -> int | None:
    """How many pieces are spoken of, where that is said: `one of the tees`."""
    whole = Clause(clause.turn, 0, len(clause.turn.marks.tokens))
    return next((item.quantity for item in items(whole) if item.mention is not None and item.explicit), None)


_ALTER = data.word_set("service_alter")
_WHOLE = frozenset({"alles", "komplett", "ganz", "ganze", "everything", "whole", "entire", "entirely"})
_ORDER = frozenset({"bestellung", "order", "auftrag", "kauf", "purchase"})
_NOT = frozenset({"nicht", "not"})
_OUT_OF = frozenset({"aus", "von", "from", "of", "in"})
_OTHER = frozenset(
    [
        "instead",
        "stattdessen",
        "lieber",
        "dafuer",
        "rather",
        "brauche",
        "brauch",
        "braeuchte",
        "need",
        "gegen",
        "got",
        "have",
        "gibts",
        "habt",
        "gibt",
    ]
)


def _wants_other(clause: Clause) -> bool:
    # Too big, and another size is named: an exchange, though nobody says so.
    whole = Clause(clause.turn, 0, len(clause.turn.marks.tokens))
    sizes = clause.turn.lexicon.sizes
    sized = bool(whole.of("size")) or any(sizes.read(str(number)) for number in whole.of("number"))
    other = sized and any(word in _OTHER for word in whole.words())
    return (other or amending.stepped(whole) != 0) and not any(
        one.name in {"return_item", "refund_status"} for one in whole.signals()
    )


def _matter(clause: Clause) -> Matter:
    turn = clause.turn
    whole = Clause(turn, 0, len(turn.marks.tokens))
    order = own_order(whole, ARRIVED)
    if order is None:
        return Matter(None, ())
    products: list[str] = []
    orders = reordering.recent(turn.context.orders)
    for item in items(whole):
        line = reordering.bought(whole, item, [order, *orders]) if item.mention is not None else None
        if line is not None and line.product not in products:
            products.append(line.product)
    if not products and len(order.lines) == 1:
        products = [order.lines[0].product]
    elif not products and turn.focus is not None and any(line.product == turn.focus.product for line in order.lines):
        products = [turn.focus.product]
    if not products and any(
        word in {"alles", "everything", "all", "komplett", "alle", "ganze", "whole", "entire"} for word in whole.words()
    ):
        products = [line.product for line in order.lines]
    if not products:
        turn.draft.lack("product")
    return Matter(order, tuple(products))


def _instead(clause: Clause, matter: Matter) -> None:
    turn = clause.turn
    whole = Clause(turn, 0, len(turn.marks.tokens))
    lexicon = turn.lexicon
    entry = lexicon.entry(matter.products[0]) if matter.products else None
    line = next(
        (
            line
            for line in (matter.order.lines if matter.order else ())
            if entry is not None and line.product == entry.id
        ),
        None,
    )
    sizes = [size for item in items(whole) for size in (*item.sizes, *(str(number) for number in item.numbers))]
    if entry is not None and line is not None and line.size and (by := amending.stepped(whole)):
        sizes = [size for size in (attributes.step(line.size, entry.sizes, by),) if size]
    if entry is not None:
        sizes = [options[0] for size in sizes if (options := attributes.fitting(size, entry.sizes))] or sizes
    sizes = [size for size in sizes if line is None or size != line.size] or []
    colours = [colour for item in items(whole) for colour in item.colours]
    if entry is not None:
        options = [
            one
            for colour in colours
            for one in lexicon.colours.among(colour, entry.colours)
            if line is None or one != line.colour
        ]
        if options:
            turn.draft.values["colour"] = options[-1]
    if sizes:
        turn.draft.values["size"] = sizes[-1]


def voucher_code(clause: Clause) -> str | None:
    """The code in a message, in capitals: what looks like one, or what follows the word for it."""
    text = clause.turn.marks.text.clean
    shouting = text.isupper()
    own = {order.number.casefold() for order in clause.turn.context.orders}
    for match in _CODE.finditer(text):
        word = match.group()
        if (
            word.casefold() in _NO_CODES
            or word.casefold() in own
            or (shouting and not any(sign.isdigit() for sign in word))
        ):
            continue
        if not re.fullmatch(r"\d+(?:er|x|cm|kg|mal|te|ter|st|nd|rd|th|euro|eur)", word, re.IGNORECASE):
            return word.upper()
    if (found := _AFTER_CODE.search(text)) and stems.fold(found.group(1)) not in _NO_CODES:
        return found.group(1).upper()
    return None
