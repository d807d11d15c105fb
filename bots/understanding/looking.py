"""Whether a clause only looks for goods, and whether its words say all that a purchase needs."""

from bots.understanding import carting, concepts, data, pointing, shopping, vouchers
from bots.understanding.items import Item
from bots.understanding.products import Mention
from bots.understanding.ranking import best, ranked
from bots.understanding.resolve import product
from bots.understanding.turn import Clause, Turn

_CALLED = 0.8  # how well its own words cover a kind, of goods that are called by it
_SAME = frozenset({"same", "gleiche", "gleichen", "gleiches", "selbe", "selben", "dasselbe", "dieselbe", "dieselben"})
_LIKING = data.word_set("looking_liking")
_ANY = frozenset({"a", "an", "some"})
_USES = (["i", "can"], ["we", "can"], ["you", "can"], ["that", "i"], ["that", "can"], ["that", "fits"], ["to", "wear"])
_GIVE = frozenset({"give", "gimme", "schick", "schicke"})
_KNOWING = frozenset({"fragen", "know", "wissen", "ask"})
_WANTING = ("moecht", "want", "wollt", "will", "haett", "wuesst")
_FIRM_WORDS = data.word_set("looking_firm_words")


def polite(clause: Clause) -> bool:
    """Whether the words ask for it (`please`)."""
    return any(
        word in {"bitte", "please", "pls", "plz", "biddeschoen", "bittschoen", "bittscheen"} for word in clause.words()
    )


def open_size(clause: Clause) -> bool:
    """Whether goods are wanted whose size is not known yet (`in beige, size I don't know`)."""
    told = clause.has("dont_know") and bool({"size", "sizes", "groesse"} & set(clause.words()))
    return told and bool(clause.of("colour")) and not clause.question() and not clause.of("size")


def looks(clause: Clause, found: list[Item]) -> bool:
    """Whether the clause looks for goods rather than taking them."""
    turn = clause.turn
    priced = turn.marks.max_price is not None or turn.marks.min_price is not None
    if priced and not any(item.mention is not None and vouchers.is_gift(clause, item.mention) for item in found):
        return True
    named = [item.mention for item in found if item.mention is not None]
    if any(_unwanted(clause, one) or _to_some_use(clause, one) for one in named):
        return True
    if (
        _wants_to_know(clause)
        or _plural_kinds(clause, found)
        or _bare_kind(clause, found)
        or _bare_need(clause, found)
        or _vague(clause, found)
        or _described(clause, found)
    ):
        return True
    if clause.has("need") and not any(item.explicit or item.sizes for item in found):
        return True
    if (clause.has("cheaper") and not shopping.compared(clause)) or (clause.has("other") and not clause.has("more")):
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


def _wants_to_know(clause: Clause) -> bool:
    # `I only wanted to know whether you have it`: nothing is wanted but an answer
    words = clause.words()
    wanting = [at for at, word in enumerate(words) if word.startswith(_WANTING)]
    return any(_KNOWING & set(words[at + 1 : at + 4]) for at in wanting)


def _unwanted(clause: Clause, mention: Mention) -> bool:
    # `not the green backpack, the black one` rules out a colour, no backpack.
    return pointing.negated(clause, mention.first) and not any(
        mark.last <= mention.first <= mark.last + 1 for mark in pointing.ruled_out(clause)
    )


def _to_some_use(clause: Clause, mention: Mention) -> bool:
    # `a bag I can take to the gym`
    words = clause.turn.marks.words
    after = words[mention.last : mention.last + 2]
    return bool(_ANY & set(words[max(0, mention.first - 2) : mention.first])) and after in _USES


def _plural_kinds(clause: Clause, found: list[Item]) -> bool:
    # `green dresses in size M` are looked for, however many are to be had; shoes and trousers are always several
    named = [item.mention for item in found if item.mention is not None]
    if not named or clause.has("want", "more", "again", "request"):
        return False
    if any(item.explicit or item.ordinal is not None for item in found):
        return False
    words = clause.turn.marks.words
    return all(one.senses == 1 and concepts.built_in().plural(words[one.last - 1], one.concept) for one in named)


def _bare_kind(clause: Clause, found: list[Item]) -> bool:
    # `shoes in 46, brown`: no wish, and a word for many goods of the shop, however few are made so
    turn = clause.turn
    asked = clause.has("want", "more", "again", "request", "change") or polite(clause) or turn.context.cart
    if asked or len(found) != 1 or turn.context.shown or turn.focus is not None or turn.context.pending:
        return False
    item, mention = found[0], found[0].mention
    if mention is None or mention.senses > 1 or mention.concept is None or item.explicit or item.quantity is not None:
        return False
    if pointing.definite_near(clause, mention) or any(word in _FIRM_WORDS for word in clause.words()):
        return False
    return mention.bits.bit_count() > 1 and not _calls_one(turn, mention)


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
        and not complete(clause, item)
        for item in named
        if item.mention is not None
    )


def _described(clause: Clause, found: list[Item]) -> bool:
    # Nothing was spoken of yet: `a jacket in XL` names a kind and half of a variant, `the same` points at nothing, and
    # who wants to know wants no goods.
    turn = clause.turn
    context = turn.context
    if context.shown or context.pending or turn.focus is not None or _in_cart(clause, found):
        return False
    if any(word in {"know", "wissen"} for word in clause.words()) or (
        _same_as_nothing(clause) and not clause.has("alike") and not any(item.explicit for item in found)
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
        and (clause.has("cheapest", "dearest", "priced") or not complete(clause, item) or not _calls_one(turn, mention))
        for item in named
    )


def _same_as_nothing(clause: Clause) -> bool:
    # `the same in red`, with no goods before it that it could mean
    named = [one.first for one in clause.mentions()]
    words = enumerate(clause.words(), clause.first)
    return any(word in _SAME and not any(first < at for first in named) for at, word in words)


def _calls_one(turn: Turn, mention: Mention) -> bool:
    # `eine Jacke`: a kind, unless one product is called just that, or is its plain one
    found = ranked(mention, turn.lexicon)
    return best(found) is not None and (len(found) == 1 or found[0][0] >= _CALLED)


def _in_cart(clause: Clause, found: list[Item]) -> bool:
    cart = clause.turn.carted
    return bool(cart) and any(item.mention is None or item.mention.bits & cart for item in found)


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
        and not complete(clause, item)
        and mention.senses == 1
        and mention.concept is not None
        and not pointing.definite_near(clause, mention)
    )


def complete(clause: Clause, item: Item) -> bool:
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
        or (bool(item.prices) and item.mention is not None and vouchers.is_gift(clause, item.mention))
        or (
            len(entry.sizes) <= 1
            and bool(item.colours or len(entry.colours) <= 1)
            and (item.quantity is not None or polite(clause))
        )
    )
    coloured = (
        bool(item.colours)
        or len(entry.colours) <= 1
        or (turn.focus is not None and turn.focus.product == entry.id and turn.focus.colour is not None)
    )
    if item.ordinal is not None:
        return sized or (
            bool(item.colours) and not _LIKING & set(clause.words())
        )  # `I like the second in red` picks it
    return (
        (sized and coloured)
        or (bool(item.sizes) and polite(clause))
        or open_size(clause)
        or (bool(item.colours) and polite(clause) and _one_thing(clause, item))
        or (item.quantity is not None and bool(item.sizes))
    )


def _one_thing(clause: Clause, item: Item) -> bool:
    # `the rain jacket in yellow please`
    return item.mention is not None and pointing.definite_near(clause, item.mention)


def ambiguous(clause: Clause, named: list[Item]) -> bool:
    """Whether the goods are only described, or none of them is clearly one thing."""
    if any(
        item.mention is not None and item.mention.attribute and not pointing.definite_near(clause, item.mention)
        for item in named
    ):
        return True
    return all(item.mention is not None and carting.goods_of(clause, item) is None for item in named)
