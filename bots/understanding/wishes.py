"""What a clause does to the cart: goods taken out, bought again, changed or added."""

from bots.understanding import (
    apportioning,
    carting,
    cartlines,
    changes,
    data,
    looking,
    pointing,
    reordering,
    searching,
    shopping,
)
from bots.understanding.clauses import reports
from bots.understanding.items import Item, items
from bots.understanding.products import Mention
from bots.understanding.resolve import variant
from bots.understanding.segments import JOINERS
from bots.understanding.turn import Clause

_CURT = 4  # words of `ja, dann bitte eine`
_CONTRAST = frozenset({"aber", "but", "nicht", "not", "sondern", "rather"})
_WONDERING = frozenset({"wann", "was", "wo", "wer", "welche", "when", "what", "where", "which", "how"})
_UNWANTED = 4  # words beside the goods of `hmm remove the tote again`
_WITHOUT = frozenset(
    {"doch", "ohne", "kein", "keine", "keinen", "nicht", "without", "no", "not", "nein", "nee", "aber"}
)
_OWNING = frozenset(
    {"has", "have", "owns", "wears", "hat", "habe", "hab", "haben", "traegt"}
)  # `my friend has the same`
_INSTEAD = frozenset({"instead", "stattdessen", "statt"})
_OUT = frozenset({"raus", "rausnehmen", "entfernen", "entferne", "entfern", "streiche", "streich", "remove", "delete"})
_WORLDLY = frozenset({"wann", "wo", "wer", "when", "where", "wheres", "who", "why", "warum", "does", "do", "did"})
_BUYING = frozenset(
    {"nehm", "nehme", "nimm", "kauf", "kaufe", "bestell", "bestelle", "take", "buy", "order", "add", "give", "pack"}
)
_NOT = frozenset({"nicht", "nich", "net", "ned"})
_PLAIN_WORDS = data.word_set("wishes_plain_words")


def change_cart(clause: Clause) -> bool:  # noqa: PLR0911 - the order of questions is the decision
    """Take out, buy again, change or add what the clause wants; false when the cart is not meant."""
    turn = clause.turn
    found = _meant(clause, items(clause))
    if clause.has("unsure", "compare") or _only_asks(clause):
        return False
    requested = clause.has("request") and any(
        item.named() and (item.sizes or item.explicit or looking.complete(clause, item)) for item in found
    )
    requested = requested or (clause.has("change") and bool(_INSTEAD & set(clause.words())))
    if clause.question() and clause.has("stock", "ask", "show") and not clause.has("remove", "again") and not requested:
        return False
    if clause.question() and clause.has("stock") and not clause.has("want", "change", "request", "again"):
        return False  # `gibts den noch in XL, oder ist der weg?`
    if clause.has("restore") and turn.focus_line() is None and not any(item.named() for item in found):
        return _put_back(clause, found)
    out = (clause.has("remove") and not pointing.towards(clause)) or _ruled_out(clause, found)
    if out and not _asks_for_goods(clause) and (cartlines.remove(clause) or _sent_away(clause)):
        return True
    if _leaves(clause):
        return False
    if cartlines.keep_only(clause, found):
        return True
    again = clause.has("again") or (
        clause.has("more") and turn.context.orders and not turn.context.cart and not turn.context.shown
    )
    if again and _again(clause, found):
        return True
    if turn.context.cart and (
        apportioning.apportion(clause, found) or carting.more_of_all(clause) or changes.change_lines(clause, found)
    ):
        return True
    return _adds(clause, found)


def _only_asks(clause: Clause) -> bool:
    # `when does it come?`, `the details of the striped one`
    if "details" in searching.named(clause, "asks"):
        return True
    return clause.question() and clause.words()[0] in _WORLDLY and not clause.has("again", "request")


def _leaves(clause: Clause) -> bool:
    """Whether goods are not wanted that are in no cart: `I don't need the coat after all`, `take out the cheapest`."""
    if clause.has("more", "again"):
        return False
    unwanted = any(one.words.split()[-1] in _NOT for one in clause.cue("remove"))
    return unwanted or (not clause.turn.context.cart and bool(_OUT & set(clause.words())))


def _only_tells(clause: Clause, named: list[Item]) -> bool:
    """Whether it tells of goods that are there (`the shoes have a stain`), or speaks of paying."""
    words = clause.words()
    if clause.turn.cues.get("fault") and not clause.has("more", "again") and not _BUYING & set(words):
        return True
    return not named and any(word.startswith(("bezahl", "zahl", "pay")) for word in words)


def _meant(clause: Clause, found: list[Item]) -> list[Item]:
    # `not the striped one. the plain one, in white`: what is ruled out beside something else is not wanted.
    found = [
        item
        for at, item in enumerate(found)
        if not _bare(item) or all(item.mention is None or not _told_later(item, one) for one in found[at + 1 :])
    ]
    left = [item for item in found if item.mention is None or not pointing.denied_after(clause, item.mention)]
    found = left or found
    if clause.turn.context.cart:
        return found
    meant = [item for item in found if item.mention is None or not pointing.negated(clause, item.mention.first)]
    return meant if any(item.named() for item in meant) else found


def _ruled_out(clause: Clause, found: list[Item]) -> bool:
    # `no scarf after all`, `keine Mütze bitte`, with one in the cart
    return bool(found) and all(
        item.mention is not None
        and pointing.negated(clause, item.mention.first)
        and cartlines.lines_named(clause, item)
        and not (item.colours or item.sizes)
        for item in found
    )


def _bare(item: Item) -> bool:
    return not (item.colours or item.sizes or item.numbers or item.explicit)


def _told_later(item: Item, later: Item) -> bool:
    # `I'd take the belt and the chinos. belt 95 black, chinos 32/32`
    if item.mention is None or later.mention is None or _bare(later):
        return False
    return item.mention.bits == later.mention.bits and item.quantity is None


def _put_back(clause: Clause, found: list[Item]) -> bool:
    # `I changed my mind, put them back`, after they were taken out: they go in again as they were
    turn = clause.turn
    entry = turn.lexicon.entry(turn.focus.product) if turn.focus else None
    if entry is None or turn.focus is None or not turn.focus_gone():
        return False
    item = found[0] if found else Item()
    carting.put(clause, variant(item, entry, turn.lexicon, colour=turn.focus.colour, size=turn.focus.size))
    turn.draft.act(clause.start, "add_to_cart", why="back into the cart", confidence=0.8)
    return True


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
    if clause.words()[0] in _WONDERING and not clause.has("want", "request"):
        return False  # `wann war nochmal meine letzte Bestellung?`
    named = [item for item in found if item.mention is not None]
    if reports(clause):
        return False
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
    named = [item for item in found if item.named()]
    if looking.looks(clause, found) or _only_tells(clause, named):
        return False
    found = found or [Item()]
    explicit = any(item.explicit for item in found)
    values = any(item.colours or item.sizes or item.numbers or item.explicit for item in found)
    again = clause.has("again") and not _OWNING & set(clause.words())
    wants = (
        clause.has("want", "more")
        or again
        or _goes_on(clause)
        or (clause.too() and not named)
        or clause.signal("affirm") is not None
        or looking.polite(clause)
    )
    if clause.question() and not (
        clause.has("request") and (any(item.sizes or item.explicit for item in found) or not clause.has("refer"))
    ):
        return False
    if not named:
        points = pointing.points(clause)
        same = (turn.only_line() is not None or carting.line_in(clause, found[0])) and clause.has("more", "again")
        target = (
            same or turn.focus is not None or len(turn.context.shown) == 1 or shopping.superlative(clause) is not None
        )
        pointed = shopping.among_shown(clause, found[0]) or shopping.described_shown(clause)
        if (
            wants
            and not _polite_only(clause)
            and (target or pointed)
            and (
                clause.has("refer", "more")
                or clause.too()
                or values
                or shopping.superlative(clause)
                or len(clause.words()) <= _CURT
            )
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
    if (not (again or clause.has("want", "more")) and not _goes_on(clause) and _chatty(clause)) or (
        clause.has("past") and not clause.has("want")
    ):
        return False
    if wants or explicit or _all_complete(clause, named):
        if looking.ambiguous(clause, named) and not (turn.context.shown and any(item.ordinal for item in named)):
            return False
        if any(item.ordinal is not None for item in named) and not turn.context.shown:
            return False
        if (
            not clause.has("want", "more", "again")
            and not _goes_on(clause)
            and not explicit
            and not any(looking.complete(clause, item) for item in named)
        ):
            return False
        if all(
            item.ordinal is not None and not (item.colours or item.sizes or item.numbers or item.explicit)
            for item in named
        ) and not clause.has("want"):
            return False
        meant = (turn.focus is not None or len(turn.context.shown) == 1) and clause.has("refer")
        return carting.add(clause, [item for item in found if item.named() or (meant and item is found[0])] or found)
    return False


def _goes_on(clause: Clause) -> bool:
    # `I want the hoodie in green and maybe three pairs of socks`, `und die Mütze auch in grau`
    if clause.words()[0] not in JOINERS or clause.question():
        return False
    found = items(clause)
    if clause.too():
        return any(item.colours or item.sizes for item in found)
    adds = any(op.op == "add" for op in clause.turn.draft.ops)
    return adds and any(item.explicit or item.sizes for item in found)


def _all_complete(clause: Clause, named: list[Item]) -> bool:
    full = [looking.complete(clause, item) for item in named]
    return all(full) or (any(full) and all(item.colours or item.sizes or item.explicit for item in named))


def _chatty(clause: Clause) -> bool:
    """Whether a phrase without a verb of wanting says more than an order would, so that it is talk about goods."""
    turn = clause.turn
    held = {at for mention in turn.mentions for at in range(mention.first, mention.last)} | turn.marks.taken
    contrast = pointing.refused(clause) or any(pointing.denied_after(clause, one) for one in clause.mentions())
    plain = _PLAIN_WORDS | _CONTRAST if contrast else _PLAIN_WORDS
    people, words = searching.person_words(), turn.marks.words
    told = (words[at] for at in range(clause.first, clause.last) if at not in held)
    return sum(word not in plain and word not in people for word in told) > 1


def _polite_only(clause: Clause) -> bool:
    # `yes, one please` takes what was just spoken of; `please` alone takes nothing
    agreed = clause.words()[0] in {"ja", "yes", "ok", "okay"} and bool(clause.of("quantity"))
    return not clause.has("want", "more", "again") and not clause.too() and not agreed
