"""What a clause does to the cart: goods taken out, bought again, changed or added."""

from bots.understanding import (
    adding,
    apportioning,
    carting,
    cartlines,
    changes,
    contrasts,
    data,
    incart,
    looking,
    pointing,
    refusing,
    reordering,
    searching,
)
from bots.understanding.clauses import reports
from bots.understanding.items import Item, items
from bots.understanding.products import Mention
from bots.understanding.resolve import variant
from bots.understanding.turn import Clause

_WONDERING = frozenset({"wann", "was", "wo", "wer", "welche", "when", "what", "where", "which", "how"})
_UNWANTED = 4  # words beside the goods of `hmm remove the tote again`
_WITHOUT = frozenset(
    {"doch", "ohne", "kein", "keine", "keinen", "nicht", "without", "no", "not", "nein", "nee", "aber"}
)
_INSTEAD = frozenset({"instead", "stattdessen", "statt"})
_OUT = data.word_set("wishes_out")
_WORLDLY = frozenset({"wann", "wo", "wer", "when", "where", "wheres", "who", "why", "warum", "does", "do", "did"})
_TELLING = frozenset({"nenn", "sag", "sage", "sagt", "tell"})
_ABLE = frozenset({"can", "could", "may", "darf", "kann"})
_FAVOURS = frozenset(
    (verb, who)
    for verbs, people in (
        (("can", "could", "would", "will"), ("you", "u", "i", "we")),
        (
            ("kann", "kannst", "koennt", "koennte", "koenntest", "koennten", "koennen", "wuerdest"),
            ("ich", "du", "ihr", "sie"),
        ),
    )
    for verb in verbs
    for who in people
)
_NOT = frozenset({"nicht", "nich", "net", "ned"})


def change_cart(clause: Clause) -> bool:  # noqa: C901, PLR0911 - the order of questions is the decision
    """Take out, buy again, change or add what the clause wants; false when the cart is not meant."""
    turn = clause.turn
    found = _meant(clause, items(clause))
    if clause.has("unsure", "compare") or _only_asks(clause):
        return False
    requested = clause.has("request") and any(
        item.named() and (item.sizes or item.explicit or looking.complete(clause, item)) for item in found
    )
    requested = requested or (clause.has("change") and (bool(_INSTEAD & set(clause.words())) or _favour(clause)))
    if clause.question() and clause.has("stock", "ask", "show") and not clause.has("remove", "again") and not requested:
        return False
    if clause.question() and clause.has("stock") and not clause.has("want", "change", "request", "again"):
        return False  # `gibts den noch in XL, oder ist der weg?`
    if clause.has("restore") and turn.focus_line() is None and not any(item.named() for item in found):
        return _put_back(clause, found)
    contrast = contrasts.contrasted(clause) is not None
    out = clause.has("remove") and not pointing.towards(clause) and not contrast
    out = out or _ruled_out(clause, found)
    if out and not _asks_for_goods(clause) and (cartlines.remove(clause) or _sent_away(clause)):
        return True
    if _leaves(clause) and not contrast:
        return False
    if refusing.tells_of_others(clause):
        return False
    if refusing.refuses(clause):
        turn.draft.act(clause.start, "deny", why="what was offered is not wanted", confidence=0.7)
        return True
    if cartlines.keep_only(clause, found):
        return True
    again = clause.has("again") or (
        clause.has("more") and turn.context.orders and not turn.context.cart and not turn.context.shown
    )
    if again and _again(clause, found):
        return True
    if found and _told_again(clause, found[0]):
        turn.draft.act(clause.start, "show_cart", why="it is in the cart", confidence=0.7)
        return True
    if turn.context.cart and (
        apportioning.apportion(clause, found)
        or apportioning.restate(clause, found)
        or carting.more_of_all(clause)
        or changes.change_lines(clause, found)
    ):
        return True
    return adding.add_wanted(clause, found) or _which_line(clause)


def _told_again(clause: Clause, item: Item) -> bool:
    # `yeah, navy`, of what was just put in in navy
    turn, line = clause.turn, clause.turn.focus_line()
    agreed = clause.signal("affirm") is not None and not clause.question() and not clause.has("more", "again", "change")
    if line is None or not agreed or item.named() or item.explicit or item.numbers or not (item.colours or item.sizes):
        return False
    return turn.focus is not None and turn.focus.line is not None and incart.line_fits(clause, line, item)


def _which_line(clause: Clause) -> bool:
    # `mach 3 draus`, with several things in the cart and none spoken of: which of them is to be asked
    turn = clause.turn
    alone = len(turn.context.cart) < 2 or turn.focus is not None or turn.context.pending is not None  # noqa: PLR2004
    if alone or clause.mentions() or clause.question():
        return False
    stepped = clause.has("step_up", "step_down")
    counted = clause.has("change") and bool(clause.of("number") or clause.of("quantity"))
    if not (counted or (stepped and not turn.context.shown)):
        return False
    turn.draft.lack("product")
    turn.draft.act(clause.start, "change_cart", why="a line of the cart, not said which", confidence=0.5)
    return True


def _favour(clause: Clause) -> bool:
    # `can you change the shirts to black?`
    return tuple(clause.words()[:2]) in _FAVOURS


def _only_asks(clause: Clause) -> bool:
    # `when does it come?`, `the details of the striped one`
    asked = searching.named(clause, "asks")
    if asked and clause.words()[0] in _TELLING:
        return True  # `tell me the price of the sweaters again`
    if "details" in asked or ("care" in asked and clause.words()[0] in _ABLE and not clause.mentions()):
        return True  # `can I put it in the dryer`
    return clause.question() and clause.words()[0] in _WORLDLY and not clause.has("again", "request")


def _leaves(clause: Clause) -> bool:
    """Whether goods are not wanted that are in no cart: `I don't need the coat after all`, `take out the cheapest`."""
    if clause.has("more", "again"):
        return False
    unwanted = any(one.words.split()[-1] in _NOT for one in clause.cue("remove"))
    out = _OUT & set(clause.words()) or (clause.has("remove") and "out" in clause.words())
    return unwanted or (not clause.turn.context.cart and bool(out))


def _meant(clause: Clause, found: list[Item]) -> list[Item]:
    # `not the striped one. the plain one, in white`: what is ruled out beside something else is not wanted.
    found = [
        item
        for at, item in enumerate(found)
        if not _bare(item) or all(item.mention is None or not _told_later(item, one) for one in found[at + 1 :])
    ]
    found = found if clause.turn.context.cart else _joined(found)
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
        and incart.lines_named(clause, item)
        and not (item.colours or item.sizes)
        for item in found
    )


def _bare(item: Item) -> bool:
    return not (item.colours or item.sizes or item.numbers or item.explicit)


def _joined(found: list[Item]) -> list[Item]:
    # `lead and collar in black, collar L, lead 1.2 m`: what is said of the same goods later
    out: list[Item] = []
    for item in found:
        same = next((one for one in out if _completes(one, item)), None)
        if same is None:
            out.append(item)
            continue
        same.colours = same.colours or item.colours
        if not (same.sizes or same.numbers):
            same.sizes, same.numbers = item.sizes, item.numbers
    return out


def _completes(item: Item, later: Item) -> bool:
    if item.mention is None or later.mention is None or item.mention is later.mention or later.quantity is not None:
        return False
    clash = (item.colours and later.colours) or ((item.sizes or item.numbers) and (later.sizes or later.numbers))
    return item.mention.bits == later.mention.bits and not clash and not _bare(later)


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
    beside = sum(at not in _at(named) for at in range(clause.first, clause.last))
    if not named or (beside > _UNWANTED and _OUT.isdisjoint(words)):
        return False
    if words[0] in _WITHOUT and turn.focus is not None and turn.lexicon.bits([turn.focus.product]) & named[0].bits:
        turn.draft.act(clause.start, "deny", why="what was offered is not wanted", confidence=0.7)
        return True
    taken = any(cue.words.startswith("take ") for cue in clause.cue("remove"))  # `take the jeans off`
    if taken or any(word in _OUT for word in words):
        turn.draft.tell("not_in_cart")
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
    cart_lines = [line for item in named for line in incart.lines_named(clause, item)]
    if cart_lines and not any(
        reordering.bought(clause, item, reordering.recent(turn.context.orders)) for item in named
    ):
        return False
    if not named and (turn.focus is not None or (turn.context.cart and not turn.context.orders)):
        return False
    return reordering.reorder(clause)
