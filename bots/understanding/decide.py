"""What one clause means, in the order that people speak: answers to an open question first, then orders, cart, goods, small talk."""

from bots.understanding import answers, carting, searching, service, shopping
from bots.understanding.items import Item, items
from bots.understanding.products import Mention
from bots.understanding.resolve import product
from bots.understanding.rules import Signal
from bots.understanding.turn import Clause

_SOCIAL = {"greeting", "thanks", "goodbye", "affirm", "deny"}
_SOFT = {"smalltalk", "help", "recommendation", "cancel_flow", "complaint", "size_advice"}
_CURT = 3  # words of `nehme ich bitte`
_ALWAYS = {"human_handover", "privacy_request"}


def decide(clause: Clause) -> None:
    """Add to the draft what the clause means."""
    if _pending(clause) or _only_social(clause):
        return
    found = _service_signal(clause)
    if found is not None and _serve(clause, found):
        return
    if _owned(clause) or _gift_code(clause) or _fault(clause) or _steps_owned(clause) or _unwanted_order(clause):
        return
    if _cart(clause) or _goods(clause):
        return
    if _numbered(clause) or _social(clause):
        return
    _rest(clause)


def _only_social(clause: Clause) -> bool:
    length = max(clause.end - clause.start, 1)
    if not any(
        one.name in {"greeting", "thanks", "goodbye"} and one.end - one.start >= length - 1 for one in clause.signals()
    ):
        return False
    return _social(clause)


def _gift_code(clause: Clause) -> bool:
    code = service.voucher_code(clause)
    if (
        code is None
        or not any(sign.isdigit() for sign in code)
        or not any(_gift(clause, one) for one in clause.mentions())
    ):
        return False
    clause.turn.draft.values["voucher_code"] = code
    clause.turn.draft.act(clause.start, "voucher", why=f"the code {code}")
    return True


def _owned(clause: Clause) -> bool:
    turn = clause.turn
    if turn.context.cart or not turn.context.orders:
        return False
    if service.alters_open_order(clause):
        service.alter(clause)
        return True
    words = clause.words()
    if (
        words
        and words[-1] in {"zurueck", "retour", "back"}
        and any(carting.bought(clause, item, carting.recent(turn.context.orders)) for item in items(clause))
    ):
        service.give_back(clause, "return_item")
        return True
    return False


def _steps_owned(clause: Clause) -> bool:
    turn = clause.turn
    if clause.has("again") or not carting.stepped(clause) or turn.context.cart or not turn.context.orders:
        return False
    service.give_back(clause, "exchange_item")
    return True


def _unwanted_order(clause: Clause) -> bool:
    turn = clause.turn
    if turn.context.cart or not clause.has("remove") or not clause.mentions() or clause.question():
        return False
    open_orders = [order for order in turn.context.orders if order.status in service.OPEN]
    if not open_orders or not any(carting.bought(clause, item, open_orders) for item in items(clause)):
        return False
    service.cancel(clause)
    return True


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
        if signal.name in {"greeting", "thanks", "goodbye"}:
            clause.turn.draft.act(signal.start, signal.name, why=f"“{signal.words[:40]}”")
            done = True
    if done and not any(one.name in {"affirm", "deny"} for one in clause.signals()):
        return True
    return (
        any(_serve(clause, signal) for signal in clause.signals() if signal.name in _SOFT | {"affirm", "deny"}) or done
    )


def _pending(clause: Clause) -> bool:
    turn = clause.turn
    pending = turn.context.pending
    if pending is None or any(one.name in _ALWAYS for one in clause.signals()):
        return False
    if pending.confirm is not None:
        return _confirm(clause)
    if answers.size_unknown(clause, pending):
        turn.draft.act(clause.start, "size_advice", why="does not know the size asked for")
        turn.draft.values["product"] = pending.product
        return True
    if clause.question() and not (clause.of("size") or clause.of("colour")):
        return False
    if clause.question() and (clause.has("stock", "ask") or clause.signal("size_advice")):
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
        if not named and not any(carting.lines_named(clause, item) for item in items(clause)):
            turn.draft.act(clause.start, "cancel_flow", why="the pending goods are not wanted")
            return True
    strong = _service_signal(clause)
    if strong is not None and strong.name not in _SOFT | {"exchange_item", "change_order", "checkout"}:
        return False
    return answers.fill(clause, pending)


def _confirm(clause: Clause) -> bool:
    turn, draft = clause.turn, clause.turn.draft
    if (
        _service_signal(
            clause, but={"checkout", "cancel_flow", "clear_cart", "smalltalk", "cancel_order", "unsubscribe"}
        )
        is not None
    ):
        return False
    answer = answers.yes_or_no(clause)
    objects = (
        bool(clause.mentions())
        or bool(clause.of("size"))
        or bool(clause.of("colour"))
        or (bool(clause.of("number")) and clause.has("change"))
    )
    if answer is None and clause.signal("checkout") is not None and not objects:
        answer = True
    if answer is None and clause.signal("unsubscribe", "cancel_order") is not None:
        answer = False
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


def _service_signal(clause: Clause, but: set[str] = frozenset()) -> Signal | None:  # type: ignore[assignment]  # an empty set
    return next((one for one in clause.signals() if one.name not in _SOCIAL and one.name not in but), None)


def _serve(clause: Clause, signal: Signal) -> bool:  # noqa: C901, PLR0911, PLR0912 - one branch per intent, each one line
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
            if turn.context.cart and not turn.context.orders and "order" not in clause.text():
                return False
            service.alter(clause)
        case "return_item":
            service.give_back(clause, "return_item")
        case "exchange_item":
            if _swaps_in_cart(clause):
                return False
            service.give_back(clause, "exchange_item")
        case "refund_status" | "invoice":
            order = service.own_order(clause, ()) if turn.context.orders or turn.marks.of("order") else None
            if order is not None:
                draft.values["order"] = order.number
            draft.act(clause.start, signal.name, why=why, confidence=0.9)
        case "voucher":
            return _voucher(clause, signal)
        case "human_handover":
            draft.values["handover"] = True
            draft.act(clause.start, "human_handover", why=why, confidence=0.95)
        case "complaint":
            return _complaint(clause, signal)
        case "checkout":
            if clause.mentions() and not _named_all_in_cart(clause):
                return False
            draft.act(clause.start, "checkout", why=why, confidence=0.9)
        case "clear_cart":
            return _clear(clause, signal)
        case "size_advice":
            return _size_advice(clause, signal)
        case "recommendation":
            return _recommend(clause, signal)
        case "smalltalk" | "help" | "cancel_flow" | "affirm" | "deny":
            return _soft(clause, signal)
        case _:
            draft.act(clause.start, signal.name, why=why, confidence=0.9)
    return True


def _soft(clause: Clause, signal: Signal) -> bool:
    turn, draft = clause.turn, clause.turn.draft
    if clause.mentions() or clause.of("size") or (clause.of("colour") and signal.name != "smalltalk"):
        return False
    if signal.name in {"affirm", "deny"} and (
        (clause.has("remove")
        and turn.context.cart)
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
        return carting.remove(clause)
    draft.act(clause.start, signal.name, why=f"“{signal.words[:40]}”", confidence=0.85)
    return True


def _takes_back(clause: Clause) -> bool:
    return (
        any(word in {"doch", "nicht", "rueckgaengig", "undo", "anders"} for word in clause.words())
        and "noch" not in clause.words()
    )


def _about_cart(clause: Clause) -> bool:
    if not clause.turn.context.cart or clause.turn.context.orders:
        return False
    return bool(clause.mentions()) or ("order" not in clause.text() and "bestell" not in clause.text())


def _swaps_in_cart(clause: Clause) -> bool:
    turn = clause.turn
    if not turn.context.cart:
        return False
    return not turn.context.orders or any(carting.lines_named(clause, item) for item in items(clause))


def _named_all_in_cart(clause: Clause) -> bool:
    return bool(clause.turn.context.cart) and all(
        carting.lines_named(clause, item) for item in items(clause) if item.mention is not None
    )


def _voucher(clause: Clause, signal: Signal) -> bool:
    code = service.voucher_code(clause)
    goods = [one for one in clause.mentions() if one.concept == "giftcard" or _gift(clause, one)]
    if (
        code is None
        and goods
        and (
            clause.has("want", "show")
            and not any(word.startswith(("einloes", "redeem", "hab", "have")) for word in clause.words())
        )
    ):
        return False
    if code is not None:
        clause.turn.draft.values["voucher_code"] = code
    clause.turn.draft.act(clause.start, "voucher", why=f"“{signal.words[:40]}”", confidence=0.9)
    return True


def _gift(clause: Clause, mention: Mention) -> bool:
    lexicon = clause.turn.lexicon
    return bool(mention.bits & lexicon.by_category.get("giftcard", 0))


def _complaint(clause: Clause, signal: Signal) -> bool:
    turn, draft = clause.turn, clause.turn.draft
    if clause.has("fault") and turn.context.orders and clause.mentions() and service.reason(turn.folded):
        return False
    draft.values["offer_handover"] = True
    draft.act(clause.start, "complaint", why=f"“{signal.words[:40]}”", confidence=0.85)
    return True


def _clear(clause: Clause, signal: Signal) -> bool:
    turn, draft = clause.turn, clause.turn.draft
    if clause.mentions():
        return False
    from bots.understanding.carting import CartOp  # noqa: PLC0415

    if turn.context.cart:
        draft.ops.append(CartOp(op="clear"))
    draft.act(clause.start, "clear_cart", why=f"“{signal.words[:40]}”", confidence=0.9)
    return True


def _size_advice(clause: Clause, signal: Signal) -> bool:
    turn, draft = clause.turn, clause.turn.draft
    if clause.has("fault") and turn.context.orders and not clause.question():
        return False
    item = shopping.first_item(clause)
    if not clause.question() and clause.has("want") and item.named() and (item.sizes or item.explicit):
        return False
    entry = shopping.pick(clause, item) or (turn.lexicon.entry(turn.focus.product) if turn.focus else None)
    if entry is None and turn.context.pending is not None:
        entry = turn.lexicon.entry(turn.context.pending.product)
    if entry is not None:
        draft.values["product"] = entry.id
    draft.asks += [] if "fit" in draft.asks else ["fit"]
    draft.act(clause.start, "size_advice", why=f"“{signal.words[:40]}”", confidence=0.85)
    return True


def _recommend(clause: Clause, signal: Signal) -> bool:
    turn, draft = clause.turn, clause.turn.draft
    if (
        clause.mentions()
        or clause.turn.marks.max_price is not None
        or searching.named(clause, "tag")
        or searching.named(clause, "gender")
    ):
        wanted, bits, unwanted = searching.filters(clause)
        if wanted:
            excluded = 0
            for one in unwanted:
                excluded |= one.bits
            draft.search = searching.run(turn.lexicon, wanted, bits, excluded)
    if turn.focus is not None:
        draft.values["product"] = turn.focus.product
    draft.act(clause.start, "recommendation", why=f"“{signal.words[:40]}”", confidence=0.85)
    return True


def _fault(clause: Clause) -> bool:
    turn = clause.turn
    if not clause.has("fault") or (service.reason(turn.folded) is None and not turn.context.orders):
        return False
    if clause.question() and not turn.context.orders:
        return False
    if turn.context.cart and not turn.context.orders:
        return False
    found = items(clause)
    owned = any(
        item.mention is not None and carting.bought(clause, item, carting.recent(turn.context.orders)) for item in found
    )
    if turn.context.shown and not owned and not turn.context.orders:
        return False
    if not owned and any(item.mention is not None for item in found) and turn.context.orders:
        return False
    if clause.question() and not owned:
        return False
    service.give_back(clause, "return_item")
    if turn.draft.values.get("reason") == "defective":
        turn.draft.values["offer_handover"] = True
    return True


def _cart(clause: Clause) -> bool:
    turn = clause.turn
    found = items(clause)
    if clause.has("unsure"):
        return False
    requested = clause.has("request") and any(item.named() and (item.sizes or item.explicit) for item in found)
    if clause.question() and clause.has("stock", "ask", "show") and not clause.has("remove", "again") and not requested:
        return False
    if clause.has("remove") and not _asks_for_goods(clause) and carting.remove(clause):
        return True
    again = clause.has("again") or (
        clause.has("more") and turn.context.orders and not turn.context.cart and not turn.context.shown
    )
    if again and _again(clause, found):
        return True
    if turn.context.cart and _changes(clause, found):
        return True
    return _adds(clause, found)


def _asks_for_goods(clause: Clause) -> bool:
    # `lieber ohne Kapuze`, `instead of the scarf a beanie`: change decides what goes out.
    return any(word in {"statt", "anstatt", "anstelle"} for word in clause.words()) or "instead of" in clause.text()


def _again(clause: Clause, found: list[Item]) -> bool:
    turn = clause.turn
    named = [item for item in found if item.mention is not None]
    cart_lines = [line for item in named for line in carting.lines_named(clause, item)]
    if cart_lines and not any(carting.bought(clause, item, carting.recent(turn.context.orders)) for item in named):
        return False
    if not named and (turn.focus is not None or (turn.context.cart and not turn.context.orders)):
        return False
    return carting.reorder(clause)


def _changes(clause: Clause, found: list[Item]) -> bool:
    turn = clause.turn
    named = [item for item in found if item.mention is not None]
    in_cart = [item for item in named if carting.lines_named(clause, item)]
    values = any(item.colours or item.sizes or item.numbers or item.explicit for item in found)
    denied = clause.signal("deny", "affirm") is not None
    if (
        clause.has("change")
        or carting.contrasted(clause) is not None
        or carting.stepped(clause)
        or (denied
        and (values or named))
    ):
        if clause.has("more") and not clause.has("only") and not _statt(clause):
            return False
        if (values or named or carting.stepped(clause)) and (
            in_cart or not named or _statt(clause) or turn.focus_line() is not None
        ):
            if named and not in_cart and not _statt(clause) and not clause.has("change"):
                return False
            return carting.change(clause)
        if clause.has("only") and found and found[0].quantity:
            return carting.change(clause)
        return False
    if clause.has("more"):
        return False
    if clause.has("less"):
        return carting.remove(clause)
    if (clause.has("again") and not clause.has("change")) or any(word in _TOO for word in clause.words()):
        return False
    if turn.focus_line() is not None and not named and values and not any(item.ordinal for item in found):
        if (
            clause.has("want")
            and not clause.has("refer", "only")
            and (found[0].explicit and (found[0].sizes or found[0].colours))
        ):
            return False
        return carting.change(clause, bold=True)
    if clause.has("only") and values and (in_cart or not named):
        return carting.change(clause)
    if (
        in_cart
        and len(in_cart) == len(named)
        and values
        and not _firm(clause)
        and (_definite(clause, in_cart[0]) or _recoloured(in_cart[0]))
    ):
        return carting.change(clause)
    if clause.has("refer") and values and not named and len(turn.context.cart) == 1 and "davon" in clause.words():
        return carting.change(clause)
    return False


_TOO = frozenset({"auch", "too", "also", "ebenfalls", "as"})


def _firm(clause: Clause) -> bool:
    return any(signal.words not in {"gern", "gerne"} for signal in clause.cue("want"))


def _recoloured(item: Item) -> bool:
    # `t-shirts in black please`, with grey ones in the cart and no size said: these, otherwise.
    return bool(item.colours) and not item.sizes and not item.explicit and item.quantity is None


def _statt(clause: Clause) -> bool:
    return any(word in {"statt", "anstatt", "anstelle", "instead", "stattdessen"} for word in clause.words())


def _definite(clause: Clause, item: Item) -> bool:
    words = clause.turn.marks.words
    mention = item.mention
    if mention is None or (item.quantity == 1 and not item.explicit):
        return False
    before = words[max(clause.first, mention.first - 3) : mention.first]
    return any(word in {"die", "das", "den", "der", "the", "my", "meine", "mein", "meinen"} for word in before)


def _adds(clause: Clause, found: list[Item]) -> bool:
    turn = clause.turn
    if _looks(clause, found):
        return False
    found = found or [Item()]
    named = [item for item in found if item.named()]
    explicit = any(item.explicit for item in found)
    values = any(item.colours or item.sizes or item.numbers or item.explicit for item in found)
    wants = (
        clause.has("want", "more", "again")
        or (any(word in _TOO for word in clause.words()) and not named)
        or clause.signal("affirm") is not None
        or _polite(clause)
    )
    if clause.question() and not (
        clause.has("request") and (any(item.sizes or item.explicit for item in found) or not clause.has("refer"))
    ):
        return False
    if not named:
        pointing = _points(clause)
        target = turn.focus is not None or len(turn.context.shown) == 1 or shopping.superlative(clause) is not None
        pointed = shopping.among_shown(clause, found[0]) or shopping.described_shown(clause)
        if (
            wants
            and not _polite_only(clause)
            and (target or pointed)
            and (clause.has("refer", "more") or values or shopping.superlative(clause) or len(clause.words()) <= _CURT)
        ):
            return carting.add(clause, found)
        if (
            target
            and (found[0].sizes or found[0].numbers)
            and (found[0].colours or turn.focus is not None)
            and turn.focus_line() is None
            and not clause.has("show")
        ):
            return carting.add(clause, found)
        if pointed and (found[0].sizes or found[0].numbers) and pointing:
            return carting.add(clause, found)
        return False
    if (not clause.has("want", "more", "again") and _chatty(clause)) or (clause.has("past") and not clause.has("want")):
        return False
    if wants or explicit or _all_complete(clause, named):
        if _ambiguous(clause, named) and not (turn.context.shown and any(item.ordinal for item in named)):
            return False
        if any(item.ordinal is not None for item in named) and not turn.context.shown:
            return False
        if (
            not clause.has("want", "more", "again")
            and not explicit
            and not any(_complete(clause, item) for item in named)
        ):
            return False
        if all(
            item.ordinal is not None and not (item.colours or item.sizes or item.numbers or item.explicit)
            for item in named
        ) and not clause.has("want"):
            return False
        return carting.add(clause, [item for item in found if item.named()] or found)
    return False


_PLAIN_WORDS = frozenset(
    ["in", "size", "groesse", "gr", "bitte", "please", "pls", "und", "and", "mit", "with", "the", "a", "an", "die", "das", "den", "der", "dem", "ein", "eine", "einen", "auch", "also", "noch", "dazu", "mal", "dann", "fuer", "for", "mich", "me", "mir", "uns", "of", "von", "in", "je", "jeweils", "each", "both", "beide", "stueck", "pcs", "pieces", "paar", "pair", "pairs", "packung", "packungen", "pack", "packs", "farbe", "colour", "color", "ok", "okay", "ja", "yes", "hallo", "hi", "hey", "hello", "danke", "thanks", "ne", "nen", "n", "as", "well", "plus", "oder", "just", "nur", "only", "one", "eins", "einmal", "davon", "them", "it", "charles", "moin", "gerne", "gern", "nr", "nummer", "number", "guten", "tag", "morgen", "abend", "good", "morning", "laenge", "length", "weite", "each", "eu", "to", "go", "now", "jetzt", "heute", "aeh", "aehm", "nein", "no", "doch", "sorry", "wait", "make", "that", "oh", "ach", "nee", "ne", "quatsch", "meine", "mean", "meant", "halt"]
)


def _all_complete(clause: Clause, named: list[Item]) -> bool:
    full = [_complete(clause, item) for item in named]
    return all(full) or (any(full) and all(item.colours or item.sizes or item.explicit for item in named))


def _chatty(clause: Clause) -> bool:
    """Whether a phrase without a verb of wanting says more than an order would, so that it is talk about goods."""
    turn = clause.turn
    held = {at for mention in turn.mentions for at in range(mention.first, mention.last)} | turn.marks.taken
    return (
        sum(at not in held and turn.marks.words[at] not in _PLAIN_WORDS for at in range(clause.first, clause.last)) > 1
    )


def _polite(clause: Clause) -> bool:
    return any(word in {"bitte", "please", "pls", "plz", "biddeschoen"} for word in clause.words())


def _polite_only(clause: Clause) -> bool:
    return not clause.has("want", "more", "again") and not any(word in _TOO for word in clause.words())


def _looks(clause: Clause, found: list[Item]) -> bool:
    """Whether the clause looks for goods rather than taking them."""
    turn = clause.turn
    priced = turn.marks.max_price is not None or turn.marks.min_price is not None
    if priced and not any(item.mention is not None and _gift(clause, item.mention) for item in found):
        return True
    if any(item.mention is not None and searching.negated(clause, item.mention.first) for item in found):
        return True
    if _bare_need(clause, found) or _vague(clause, found):
        return True
    if clause.has("need") and not any(item.explicit or item.sizes for item in found):
        return True
    if clause.has("cheaper") or (clause.has("other") and not clause.has("more")):
        return True
    strong = any(
        word
        in {
            "nehme",
            "nehm",
            "kaufe",
            "kauf",
            "bestelle",
            "bestell",
            "add",
            "buy",
            "order",
            "take",
            "warenkorb",
            "cart",
            "basket",
        }
        for word in clause.words()
    )
    return (
        clause.has("show")
        and not strong
        and not any(item.explicit for item in found)
        and not clause.has("again", "more")
    )


_FIRM_WORDS = frozenset(
    ["buy", "purchase", "order", "add", "put", "take", "gimme", "give", "grab", "ill", "nehme", "nehm", "nimm", "kaufe", "kauf", "kaufen", "bestelle", "bestell", "bestellen", "pack", "packe", "leg", "lege", "legst", "fueg", "fuege", "hol", "hole", "warenkorb", "cart", "basket", "korb", "rein", "einpacken", "reinlegen", "dazu", "hinzu", "hinzufuegen", "ordern", "ordere", "reserviere", "reservieren", "reserve", "schick", "schicke", "genommen", "gekauft", "throw", "pop", "stick", "choose"]
)


def _vague(clause: Clause, found: list[Item]) -> bool:
    # `I'd like a coat with long sleeves` describes; a size, an amount or `the` would mean one thing.
    if clause.has("again", "more") or clause.turn.context.cart or any(word in _FIRM_WORDS for word in clause.words()):
        return False
    named = [item for item in found if item.mention is not None]
    if not named or any(item.ordinal is not None for item in found) or clause.turn.focus is not None:
        return False
    return all(
        not (item.sizes or item.explicit or item.numbers)
        and not _definite_near(clause, item.mention)
        and not _complete(clause, item)
        for item in named
        if item.mention is not None
    )


def _bare_need(clause: Clause, found: list[Item]) -> bool:
    # `I need a coat` looks for one; `I need the wool coat in 38` buys it.
    needs = any(word in {"need", "brauche", "brauch", "braeuchte", "benoetige", "suche"} for word in clause.words())
    if (
        not needs
        or clause.has("again", "more")
        or len(found) != 1
        or found[0].mention is None
        or clause.turn.context.cart
    ):
        return False
    item, mention = found[0], found[0].mention
    return (
        not item.explicit
        and not _complete(clause, item)
        and mention.senses == 1
        and mention.concept is not None
        and not _definite_near(clause, mention)
    )


def _complete(clause: Clause, item: Item) -> bool:
    """Whether a bare phrase says all that a purchase needs."""
    turn = clause.turn
    if item.explicit and item.named():
        return True
    entry = (
        shopping.at_place(turn.shown(), item.ordinal) if item.ordinal is not None else product(item, turn.lexicon)[0]
    )
    if entry is None:
        return False
    sized = (
        bool(item.sizes or item.numbers)
        or (bool(item.prices) and item.mention is not None and _gift(clause, item.mention))
        or (len(entry.sizes) <= 1 and bool(item.colours or len(entry.colours) <= 1) and item.quantity is not None)
    )
    coloured = (
        bool(item.colours)
        or len(entry.colours) <= 1
        or (turn.focus is not None and turn.focus.product == entry.id and turn.focus.colour is not None)
    )
    if item.ordinal is not None:
        return sized or bool(item.colours)
    return (
        (sized and coloured)
        or (bool(item.sizes) and _polite(clause))
        or (item.quantity is not None and bool(item.sizes))
    )


def _ambiguous(clause: Clause, named: list[Item]) -> bool:
    if any(
        item.mention is not None and item.mention.attribute and not _definite_near(clause, item.mention)
        for item in named
    ):
        return True
    return all(item.mention is not None and carting.goods_of(clause, item) is None for item in named)


def _goods(clause: Clause) -> bool:  # noqa: C901, PLR0911 - the order of questions is the decision
    turn, draft = clause.turn, clause.turn.draft
    found = items(clause)
    item = found[0] if found else Item()
    mentioned = bool(clause.mentions())
    attributes = (
        searching.named(clause, "tag") or searching.named(clause, "material") or searching.named(clause, "gender")
    )
    values = bool(clause.of("colour") or clause.of("size") or turn.marks.max_price or turn.marks.min_price)
    if clause.has("oos") and not mentioned and not values:
        return False
    if _question(clause, item):
        return True
    if item.ordinal is not None and turn.context.shown:
        return _select(clause, found)
    if (
        not mentioned
        and (clause.has("cheapest", "dearest") and (entry := shopping.superlative(clause)) is not None)
        and not clause.has("show")
        and not _sorts(clause)
    ):
        shopping.about(clause, entry, item)
        draft.act(clause.start, "select_item", why="the cheapest or dearest shown")
        return True
    if (
        not mentioned
        and turn.context.shown
        and (entry := shopping.among_shown(clause, item) or shopping.described_shown(clause)) is not None
        and _points(clause)
    ):
        shopping.about(clause, entry, item)
        draft.act(clause.start, "select_item", why="the one of the list that it describes")
        return True
    if (
        mentioned
        and turn.context.shown
        and (entry := shopping.pick(clause, item)) is not None
        and entry.id in turn.context.shown
        and _definite_any(clause, item)
    ):
        shopping.about(clause, entry, item)
        draft.act(clause.start, "select_item", why="one of the list by name")
        return True
    refinable = turn.context.last_search is not None or len(turn.context.shown) > 1
    if (
        refinable
        and not mentioned
        and (values or attributes or clause.has("cheaper", "other", "cheapest", "dearest", "dearer"))
    ):
        shopping.refine(clause)
        return True
    if refinable and mentioned and all(searching.negated(clause, one.first) for one in clause.mentions()):
        shopping.refine(clause)
        return True
    if refinable and mentioned and clause.has("only") and not any(one.concept for one in clause.mentions()):
        shopping.refine(clause)
        return True
    if mentioned or attributes or values:
        priced = turn.marks.max_price is not None or turn.marks.min_price is not None
        if (
            not (mentioned or attributes or priced)
            and not clause.has("show", "want", "need", "stock", "cheapest")
            and len(clause.words()) > 6
        ):
            return False
        shopping.search(clause)
        return True
    if clause.has("cheaper", "cheapest", "other") and not clause.has("oos"):
        shopping.refine(clause)
        return True
    return False


def _sorts(clause: Clause) -> bool:
    return any(
        word.startswith("sort") or word in {"zuerst", "first", "aufsteigend", "absteigend", "preis", "price"}
        for word in clause.words()
    )


def _points(clause: Clause) -> bool:
    words = clause.words()
    if (
        clause.question()
        or clause.has("show", "only", "stock", "cheaper")
        or words[:1] in (["in"], ["und"], ["and"], ["nur"], ["only"])
    ):
        return False
    return any(
        word in {"die", "das", "den", "der", "the", "one", "nehm", "nehme", "that", "dieses", "diese", "diesen"}
        for word in words
    )


def _definite_any(clause: Clause, item: Item) -> bool:
    words = clause.turn.marks.words
    mention = item.mention
    if mention is None or clause.question() or (clause.has("show") and not clause.has("refer")):
        return False
    before = words[max(clause.first, mention.first - 2) : mention.first]
    return any(word in {"die", "das", "den", "der", "the", "that", "dieses", "diese", "diesen"} for word in before)


def _select(clause: Clause, found: list[Item]) -> bool:
    turn, draft = clause.turn, clause.turn.draft
    chosen = [
        entry
        for item in found
        if item.ordinal is not None and (entry := shopping.at_place(turn.shown(), item.ordinal)) is not None
    ]
    if not chosen:
        draft.act(clause.start, "select_item", why="a place that the list does not have", confidence=0.5)
        draft.lack("product")
        return True
    draft.numbers += [turn.context.shown.index(entry.id) + 1 for entry in chosen]
    shopping.about(clause, chosen[0], found[0])
    draft.items += [entry.id for entry in chosen if len(chosen) > 1]
    draft.act(clause.start, "select_item", why="picked from the list by its place", confidence=0.9)
    return True


def _question(clause: Clause, item: Item) -> bool:
    turn, draft = clause.turn, clause.turn.draft
    asked = searching.named(clause, "asks")
    entry = shopping.pick(clause, item) or shopping.superlative(clause)
    asking = (
        clause.question()
        or clause.has("stock")
        or (bool(asked) and clause.has("ask") and (item.mention is None or _definite_near(clause, item.mention)))
    )
    if any(word.startswith(("zeig", "show", "seh")) for word in clause.words()) and not asked:
        return False
    refers = clause.has("refer") or clause.text().strip(" ?!.") in {"auch in", "und in"}
    if (
        item.mention is None
        and item.ordinal is None
        and turn.context.last_search
        and clause.words()[:1] in (["und"], ["and"], ["mit"], ["with"], ["in"])
    ):
        return False
    if not asking:
        return False
    pending = turn.context.pending
    if entry is None and not clause.mentions() and pending is not None:
        entry = turn.lexicon.entry(pending.product)
    if entry is None and not clause.mentions() and (turn.focus is not None or len(turn.context.shown) == 1):
        entry = turn.lexicon.entry(turn.focus.product if turn.focus else turn.context.shown[0])
    if (
        entry is None
        and (price := shopping.among_shown(clause, item)) is not None
        and refers
        and not clause.has("show")
    ):
        entry = price
    if entry is None:
        return _general_question(clause, asked)
    variant = bool(clause.of("colour") or item.sizes or item.numbers)
    generic = (
        (clause.mentions()
        and clause.has("show")
        and not refers
        and not clause.has("stock"))
        or _plural_search(clause, item)
    )
    if generic and not (asked and asked != ["price"]):
        return False
    if not variant and item.mention is None and shopping.superlative(clause) is entry and not asked:
        return False
    if (
        variant
        or (clause.has("stock") and not asked)
        or (not asked and clause.question() and item.mention is None and (refers or clause.has("stock")))
    ):
        shopping.about(clause, entry, item)
        draft.act(clause.start, "stock_question", why=f"whether {entry.id} is to be had", confidence=0.85)
        return True
    if asked:
        shopping.about(clause, entry, item)
        draft.asks += [one for one in asked[:2] if one not in draft.asks]
        if asked[0] == "fit":
            draft.act(clause.start, "size_advice", why="how it fits")
        else:
            draft.act(clause.start, "product_question", why=f"asks about {', '.join(asked)}", confidence=0.85)
        return True
    if (
        clause.has("ask")
        and (turn.focus is not None or item.mention is not None)
        and clause.question()
        and not clause.has("show")
    ):
        shopping.about(clause, entry, item)
        draft.act(clause.start, "product_question", why="a question about goods", confidence=0.6)
        return True
    return False


def _plural_search(clause: Clause, item: Item) -> bool:
    # `do you have red dresses?` looks for goods; `do you have the court sneakers in 39?` asks for one's stock.
    mention = item.mention
    if mention is None or item.ordinal is not None:
        return False
    before = clause.turn.marks.words[max(clause.first, mention.first - 3) : mention.first]
    if (
        any(word in {"any", "some", "welche", "irgendwelche", "irgendeine"} for word in before)
        and not clause.turn.focus
    ):
        return True
    if any(word in _AVAILABLE for word in clause.words()) and (item.colours or item.sizes):
        return False
    entry = product(item, clause.turn.lexicon)[0]
    if entry is None:
        return True
    context = clause.turn.context
    near = (
        {line.product for line in context.cart}
        | set(context.shown)
        | ({clause.turn.focus.product} if clause.turn.focus else set())
    )
    if entry.id in near:
        return False
    return mention.senses == 1 and mention.concept is not None and not _definite_near(clause, mention)


_AVAILABLE = frozenset(["left", "verfuegbar", "available", "lieferbar", "vorraetig", "lager", "stock", "erhaeltlich"])


def _definite_near(clause: Clause, mention: Mention) -> bool:
    words = clause.turn.marks.words[max(clause.first, mention.first - 3) : mention.first]
    return any(
        word
        in {
            "die",
            "das",
            "den",
            "der",
            "the",
            "dem",
            "that",
            "this",
            "diese",
            "dieses",
            "diesen",
            "dieser",
            "eure",
            "euer",
            "your",
            "euren",
        }
        for word in words
    )


def _general_question(clause: Clause, asked: list[str]) -> bool:
    turn, draft = clause.turn, clause.turn.draft
    if clause.mentions() or clause.has("oos") or turn.marks.max_price is not None or turn.marks.min_price is not None:
        return False
    if not asked or asked[0] in {"fit", "warm", "length"} or not (clause.has("refer") or clause.question()):
        return False
    draft.asks += asked[:1]
    draft.lack("product")
    draft.act(clause.start, "product_question", why="a question about goods that are not named", confidence=0.5)
    return turn is not None


def _rest(clause: Clause) -> None:
    turn, draft = clause.turn, clause.turn.draft
    if clause.has("oos"):
        draft.act(clause.start, "out_of_scope", why="nothing a shop does", confidence=0.7)
    elif clause.has("shopinfo"):
        draft.act(clause.start, "help", why="about the shop itself", confidence=0.5)
    elif clause.has("language"):
        draft.act(clause.start, "help", why="another language, please", confidence=0.6)
    elif clause.has("repeat"):
        draft.act(clause.start, "help", why="say it again", confidence=0.5)
    elif clause.has("newsletter"):
        draft.act(clause.start, "help", why="about the newsletter", confidence=0.5)
    elif clause.has("show", "stock", "need") and len(clause.words()) <= 8 and _unknown_goods(clause):  # noqa: PLR2004
        shopping.empty_search(clause, "search")
    elif (
        clause.has("want")
        and clause.has("refer")
        and (turn.context.shown or any(word in {"cart", "basket", "warenkorb", "korb"} for word in clause.words()))
    ):
        draft.lack("product")
        draft.act(clause.start, "add_to_cart", why="something of the list, not said which", confidence=0.5)


def _unknown_goods(clause: Clause) -> bool:
    spelled = clause.turn.lexicon.spelling
    return any(len(word) > 3 and word.isalpha() and not spelled.knows(word) for word in clause.words())  # noqa: PLR2004
