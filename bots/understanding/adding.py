"""Whether goods that a clause speaks of are to go into the cart, and which of them."""

from bots.understanding import carting, contrasts, data, language, looking, pointing, searching, shopping
from bots.understanding.items import Item, items
from bots.understanding.resolve import variant
from bots.understanding.segments import JOINERS
from bots.understanding.turn import Clause

_CURT = 4  # words of `ja, dann bitte eine`
_CONTRAST = frozenset({"aber", "but", "nicht", "not", "sondern", "rather"})
_OWNING = frozenset(
    {"has", "have", "owns", "wears", "hat", "habe", "hab", "haben", "traegt"}
)  # `my friend has the same`
_BUYING = frozenset(
    {"nehm", "nehme", "nimm", "kauf", "kaufe", "bestell", "bestelle", "take", "buy", "order", "add", "give", "pack"}
)
_MAY = frozenset({"kann", "kannst", "koennt", "koennte", "darf", "duerfte", "can", "could", "may"})
_TAKING = frozenset({"add", "damit", "nehm", "nehme", "nimm", "take"})
_FOR_IT = frozenset({"dafuer", "stattdessen", "instead"})  # what was taken out
_UNITS = frozenset(
    {"bitte", "davon", "ja", "jo", "mal", "paar", "pair", "pairs", "please", "pls", "stk", "stueck", "yes"}
)
_PLAIN_WORDS = data.word_set("adding_plain_words")


def add_wanted(clause: Clause, found: list[Item]) -> bool:  # noqa: PLR0911 - the order of questions is the decision
    """Add what the clause wants; false where it only looks, asks or tells."""
    turn = clause.turn
    wanted, ruled_out = contrasts.new_and_old(clause)
    found = wanted if ruled_out and wanted else found
    named = [item for item in found if item.named()]
    if (looking.looks(clause, found) and not looking.open_size(clause)) or _only_tells(clause, named):
        return False
    found = found or [Item()]
    explicit = any(item.explicit for item in found)
    again = clause.has("again") and not _OWNING & set(clause.words())
    wants = (
        clause.has("want", "more", "alike")
        or again
        or looking.open_size(clause)
        or _goes_on(clause)
        or (clause.too() and not named and not _asks_leave(clause))
        or clause.signal("affirm") is not None
        or looking.polite(clause)
    )
    if clause.question() and not (
        clause.has("request")
        and (
            any(item.sizes or item.explicit for item in found)
            or not clause.has("refer")
            or (bool(named) and _all_complete(clause, named))
        )
    ):
        return False
    if not named:
        return _add_pointed(clause, found, wants=wants)
    firm = (
        again
        or clause.has("want", "more", "alike")
        or _counts_first(clause)
        or _goes_on(clause)
        or looking.open_size(clause)
    )
    if (not firm and _chatty(clause)) or (clause.has("past") and not clause.has("want")):
        return False
    if wants or explicit or _all_complete(clause, named):
        if looking.ambiguous(clause, named) and not (turn.context.shown and any(item.ordinal for item in named)):
            return _unclear(clause)
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


def _add_pointed(clause: Clause, found: list[Item], *, wants: bool) -> bool:
    # of goods not named: those in focus, shown alone, or told of the list by how they are
    turn = clause.turn
    explicit = any(item.explicit for item in found)
    values = any(item.colours or item.sizes or item.numbers or item.explicit for item in found)
    points = pointing.points(clause)
    if not values and _is_in(clause):
        turn.draft.act(clause.start, "show_cart", why="it is in the cart", confidence=0.7)
        return True
    same = (turn.only_line() is not None or carting.line_in(clause, found[0])) and clause.has("more", "again")
    target = same or turn.focus is not None or len(turn.context.shown) == 1 or shopping.superlative(clause) is not None
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
        and (found[0].sizes or found[0].numbers or clause.has("big", "little"))
        and (found[0].colours or turn.focus is not None)
        and turn.focus_line() is None
        and not clause.has("show")
    ):
        return carting.add(clause, found)
    if target and explicit and turn.focus_line() is None and (_counts_only(clause) or _comes_to_one(clause, found[0])):
        return carting.add(clause, found)
    if pointed and (found[0].sizes or found[0].numbers) and points:
        return carting.add(clause, found)
    return False


def _is_in(clause: Clause) -> bool:
    # `yeah, add it`, of what was just put into the cart
    line, focus = clause.turn.focus_line(), clause.turn.focus
    there = line is not None and focus is not None and focus.line is not None
    takes = clause.has("want") and (clause.has("refer", "into_cart") or not _TAKING.isdisjoint(clause.words()))
    return there and takes and not (clause.has("more", "again", "alike", "restore") or clause.too())


def _counts_only(clause: Clause) -> bool:
    # `zwei Stück bitte`, of goods just spoken of: a colour or size that is not settled is asked for
    turn = clause.turn
    amounts = [*turn.marks.of("quantity"), *turn.marks.of("number")]
    counted = {at for mark in amounts for at in range(mark.first, mark.last)}
    rest = {word for at, word in enumerate(clause.words(), clause.first) if at not in counted}
    alone = turn.focus is not None and len(turn.context.shown) < 2  # noqa: PLR2004 - `zwei` of a list is a place
    return alone and not clause.question() and rest <= language.function_words() | _UNITS


def _comes_to_one(clause: Clause, item: Item) -> bool:
    # `the white one, two of them`, of goods just shown that then are told in full
    entry = carting.goods_of(clause, item)
    return entry is not None and not clause.has("show") and not variant(item, entry, clause.turn.lexicon).missing


def _unclear(clause: Clause) -> bool:
    # `add the jacket to my cart`, with two of them: which one is to be asked
    if clause.question() or not (clause.has("want") and clause.has("into_cart")):
        return False
    clause.turn.draft.lack("product")
    clause.turn.draft.act(clause.start, "add_to_cart", why="something of the list, not said which", confidence=0.5)
    shopping.search(clause)
    return True


def _counts_first(clause: Clause) -> bool:
    # `a dozen tote bags for our office please`
    amounts = [mark.first for kind in ("quantity", "number") for mark in clause.turn.marks.of(kind)]
    return looking.polite(clause) and clause.first in amounts


def _goes_on(clause: Clause) -> bool:
    # `I want the hoodie in green and maybe three pairs of socks`, `und die Mütze auch in grau`
    found = items(clause)
    if _FOR_IT & set(clause.words()) and any(op.op == "remove" for op in clause.turn.draft.ops):
        return any(item.named() for item in found)
    if clause.question():
        return False
    if clause.too() and (clause.words()[0] in JOINERS or clause.turn.context.cart):
        return any(item.colours or item.sizes for item in found)
    if clause.words()[0] not in JOINERS:
        return False
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
    return sum(word not in plain and word not in people for word in told) > max(1, len(items(clause)))


def _polite_only(clause: Clause) -> bool:
    # `yes, one please` takes what was just spoken of; `please` alone takes nothing
    if _the_coloured(clause):
        return False
    agreed = clause.words()[0] in {"ja", "yes", "ok", "okay"} and bool(clause.of("quantity"))
    return not clause.has("want", "more", "again", "alike", "dont_know") and not clause.too() and not agreed


def _the_coloured(clause: Clause) -> bool:
    # `dann bitte das braune`, of a case just asked about that comes in cognac, where no list is looked at
    turn, shown = clause.turn, clause.turn.context.shown
    entry = turn.lexicon.entry(turn.focus.product) if turn.focus is not None else None
    colours = clause.of("colour")
    if entry is None or len(colours) != 1 or (len(shown) > 1 and entry.id in shown):
        return False
    return pointing.describes(clause, colours, []) and bool(turn.lexicon.colours.among(colours[0], entry.colours))


def _asks_leave(clause: Clause) -> bool:
    # `kann ich das auch zu euch bringen`, `can I also wear it to work`: what may be done with it, not one more of it
    return not _MAY.isdisjoint(clause.words()[:2]) and not clause.has("request")


def _only_tells(clause: Clause, named: list[Item]) -> bool:
    """Whether it tells of goods that are there (`the shoes have a stain`), or speaks of paying."""
    words = clause.words()
    if clause.turn.cues.get("fault") and not clause.has("more", "again") and not _BUYING & set(words):
        return True
    return not named and any(word.startswith(("bezahl", "zahl", "pay")) for word in words)
