"""What a clause does to the cart: goods taken out, bought again, changed or added; and when it only looks."""

from bots.understanding import carting, cartlines, changes, data, owned, pointing, reordering, shopping
from bots.understanding.items import Item, items
from bots.understanding.products import Mention
from bots.understanding.resolve import product
from bots.understanding.turn import Clause

_CURT = 3  # words of `nehme ich bitte`
_SAME = frozenset({"same", "gleiche", "gleichen", "gleiches", "selbe", "selben", "dasselbe", "dieselbe", "dieselben"})
_GIVE = frozenset({"give", "gimme", "schick", "schicke"})
_CONTRAST = frozenset({"aber", "but", "nicht", "not", "sondern", "rather"})
_UNWANTED = 4  # words beside the goods of `hmm remove the tote again`
_WITHOUT = frozenset(
    {"doch", "ohne", "kein", "keine", "keinen", "nicht", "without", "no", "not", "nein", "nee", "aber"}
)
_OUT = frozenset({"raus", "rausnehmen", "entfernen", "entferne", "entfern", "streiche", "streich", "remove", "delete"})
_PLAIN_WORDS = data.word_set("wishes_plain_words")
_FIRM_WORDS = data.word_set("wishes_firm_words")


def change_cart(clause: Clause) -> bool:
    """Take out, buy again, change or add what the clause wants; false when the cart is not meant."""
    turn = clause.turn
    found = items(clause)
    if clause.has("unsure"):
        return False
    requested = clause.has("request") and any(item.named() and (item.sizes or item.explicit) for item in found)
    if clause.question() and clause.has("stock", "ask", "show") and not clause.has("remove", "again") and not requested:
        return False
    if clause.has("remove") and not _asks_for_goods(clause) and (cartlines.remove(clause) or _sent_away(clause)):
        return True
    again = clause.has("again") or (
        clause.has("more") and turn.context.orders and not turn.context.cart and not turn.context.shown
    )
    if again and _again(clause, found):
        return True
    if turn.context.cart and changes.change_lines(clause, found):
        return True
    return _adds(clause, found)


def _sent_away(clause: Clause) -> bool:
    """Goods sent away that are not in the cart: those just offered are not wanted, others cannot be taken out."""
    turn = clause.turn
    words = clause.words()
    named = clause.mentions()
    if not named or sum(at not in _at(named) for at in range(clause.first, clause.last)) > _UNWANTED:
        return False
    if words[0] in _WITHOUT and turn.focus is not None and turn.lexicon.bits([turn.focus.product]) & named[0].bits:
        turn.draft.act(clause.start, "deny", why="what was offered is not wanted", confidence=0.7)
        return True
    if any(word in _OUT for word in words):
        turn.draft.act(clause.start, "remove_from_cart", why="the cart has none of it to take out", confidence=0.7)
        return True
    return False


def _at(mentions: list[Mention]) -> set[int]:
    return {at for mention in mentions for at in range(mention.first, mention.last)}


def _asks_for_goods(clause: Clause) -> bool:
    # `lieber ohne Kapuze`, `instead of the scarf a beanie`: change decides what goes out.
    return any(word in {"statt", "anstatt", "anstelle"} for word in clause.words()) or "instead of" in clause.text()


def _again(clause: Clause, found: list[Item]) -> bool:
    turn = clause.turn
    named = [item for item in found if item.mention is not None]
    cart_lines = [line for item in named for line in cartlines.lines_named(clause, item)]
    if cart_lines and not any(
        reordering.bought(clause, item, reordering.recent(turn.context.orders)) for item in named
    ):
        return False
    if not named and (turn.focus is not None or (turn.context.cart and not turn.context.orders)):
        return False
    return reordering.reorder(clause)


def _adds(clause: Clause, found: list[Item]) -> bool:  # noqa: C901, PLR0911 - the order of questions is the decision
    turn = clause.turn
    if _looks(clause, found):
        return False
    found = found or [Item()]
    named = [item for item in found if item.named()]
    explicit = any(item.explicit for item in found)
    values = any(item.colours or item.sizes or item.numbers or item.explicit for item in found)
    wants = (
        clause.has("want", "more", "again")
        or (clause.too() and not named)
        or clause.signal("affirm") is not None
        or _polite(clause)
    )
    if clause.question() and not (
        clause.has("request") and (any(item.sizes or item.explicit for item in found) or not clause.has("refer"))
    ):
        return False
    if not named:
        points = pointing.points(clause)
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
        if pointed and (found[0].sizes or found[0].numbers) and points:
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


def _all_complete(clause: Clause, named: list[Item]) -> bool:
    full = [_complete(clause, item) for item in named]
    return all(full) or (any(full) and all(item.colours or item.sizes or item.explicit for item in named))


def _chatty(clause: Clause) -> bool:
    """Whether a phrase without a verb of wanting says more than an order would, so that it is talk about goods."""
    turn = clause.turn
    held = {at for mention in turn.mentions for at in range(mention.first, mention.last)} | turn.marks.taken
    plain = _PLAIN_WORDS | _CONTRAST if pointing.ruled_out(clause) else _PLAIN_WORDS
    return sum(at not in held and turn.marks.words[at] not in plain for at in range(clause.first, clause.last)) > 1


def _polite(clause: Clause) -> bool:
    return any(word in {"bitte", "please", "pls", "plz", "biddeschoen"} for word in clause.words())


def _polite_only(clause: Clause) -> bool:
    return not clause.has("want", "more", "again") and not clause.too()


def _looks(clause: Clause, found: list[Item]) -> bool:
    """Whether the clause looks for goods rather than taking them."""
    turn = clause.turn
    priced = turn.marks.max_price is not None or turn.marks.min_price is not None
    if priced and not any(item.mention is not None and owned.is_gift(clause, item.mention) for item in found):
        return True
    if any(item.mention is not None and _unwanted(clause, item.mention) for item in found):
        return True
    if _bare_need(clause, found) or _vague(clause, found) or _described(clause, found):
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


def _unwanted(clause: Clause, mention: Mention) -> bool:
    # `not the green backpack, the black one` rules out a colour, no backpack.
    return pointing.negated(clause, mention.first) and not any(
        mark.last <= mention.first <= mark.last + 1 for mark in pointing.ruled_out(clause)
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
        and not pointing.definite_near(clause, item.mention)
        and not _complete(clause, item)
        for item in named
        if item.mention is not None
    )


def _described(clause: Clause, found: list[Item]) -> bool:
    # Nothing was spoken of yet: `a jacket in XL` names a kind and half of a variant, `the same` points at nothing, and
    # who wants to know wants no goods.
    turn = clause.turn
    context = turn.context
    if context.cart or context.shown or context.pending or turn.focus is not None:
        return False
    if any(word in {"know", "wissen"} for word in clause.words()) or (
        any(word in _SAME for word in clause.words()) and not any(item.explicit for item in found)
    ):
        return True
    if any(word in _FIRM_WORDS and word not in _GIVE for word in clause.words()):
        return False
    named = [item for item in found if item.mention is not None]
    return len(named) == 1 and all(
        not (item.explicit and (item.quantity or 1) > 1)
        and not (item.colours and (item.sizes or item.numbers))
        and (mention := item.mention) is not None
        and mention.senses == 1
        and mention.concept is not None
        and not pointing.definite_near(clause, mention)
        and (
            clause.has("cheapest", "dearest", "priced")
            or not _complete(clause, item)
            or product(Item(mention=mention), turn.lexicon)[0] is None
        )
        for item in named
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
        and not pointing.definite_near(clause, mention)
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
        or (bool(item.prices) and item.mention is not None and owned.is_gift(clause, item.mention))
        or (
            len(entry.sizes) <= 1
            and bool(item.colours or len(entry.colours) <= 1)
            and (item.quantity is not None or _polite(clause))
        )
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
        item.mention is not None and item.mention.attribute and not pointing.definite_near(clause, item.mention)
        for item in named
    ):
        return True
    return all(item.mention is not None and carting.goods_of(clause, item) is None for item in named)
