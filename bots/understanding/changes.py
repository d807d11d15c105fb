"""When a clause changes lines of the cart instead of adding: corrections, `statt`, bare values."""

from itertools import pairwise

from bots.understanding import (
    amendable,
    amending,
    carting,
    cartlines,
    contrasts,
    incart,
    parting,
    pointing,
    standing,
    steps,
)
from bots.understanding.items import Item
from bots.understanding.reading import CartLine, Focus
from bots.understanding.segments import JOINERS
from bots.understanding.turn import Clause

_TELLING = frozenset(
    {"gab", "gabs", "had", "has", "hat", "hatte", "looks", "sieht", "traegt", "war", "waren", "was", "wears", "were"}
)
_PRONOUNS = frozenset({"it", "them", "this", "that", "es", "ihn"})
_WISHING = frozenset({"wants", "needs", "will", "moechte", "braucht"})
_WOULD_LIKE = ("would", "like")
_SPEAKERS = frozenset({"i", "id", "we", "wed", "you", "ich", "wir", "du", "ihr"})
_WEAK = frozenset({"besser", "better", "eigentlich", "well", "actually"})


def change_lines(clause: Clause, found: list[Item]) -> bool:  # noqa: C901, PLR0911, PLR0912 - the order of questions is the decision
    """Change lines of the cart where the clause means them; false when it means something else."""
    turn = clause.turn
    named = [item for item in found if item.mention is not None]
    in_cart = [item for item in named if incart.lines_named(clause, item)]
    values = any(item.colours or item.sizes or item.numbers or item.explicit for item in found)
    values = values or steps.folded(clause, 1) is not None or clause.has("big", "little")
    values = values or (clause.has("only") and any(item.quantity is not None for item in found))
    changed = turn.focus is not None and turn.focus.line is not None
    denied = clause.signal("deny", "affirm") is not None and (changed or turn.focus is None)
    if _tells(clause) or (clause.question() and clause.has("past") and not clause.has("request")):
        return False
    if parting.part(clause):
        return True
    if (
        clause.has("change")
        or contrasts.contrasted(clause) is not None
        or steps.stepped(clause)
        or (denied and (values or named))
    ):
        if clause.has("more") and not clause.has("only") and not _statt(clause):
            return False
        if (values or named or steps.stepped(clause)) and (
            in_cart or not named or _statt(clause) or turn.focus_line() is not None
        ):
            if named and not in_cart and not _statt(clause) and not clause.has("change"):
                return False
            return amending.change(clause)
        if clause.has("only") and found and found[0].quantity:
            return amending.change(clause)
        return False
    if clause.has("more"):
        return False
    if steps.folded(clause, 1) is not None and amendable.everything(clause, Item()):
        return amending.change(clause)
    beside = "dazu" in clause.words()
    placed = any(item.ordinal is not None for item in found) and not beside
    if values and placed and not turn.context.shown and not clause.question():
        return amending.change(clause, bold=True)
    coloured = standing.line_by_colour(clause)
    if coloured is not None and _another(clause, found[0], coloured):
        return _add_beside(clause, found, coloured)
    if coloured is not None and not clause.question() and not clause.has("less", "again"):
        return amending.change(clause, bold=True)
    if pointing.sets_amount(clause) and _of_cart(clause, found, in_cart) and not clause.has("less", "again"):
        return amending.change(clause, bold=True)
    if found and not clause.question() and amendable.everything(clause, found[0]):
        return amending.change(clause)
    if clause.has("less"):
        return cartlines.remove(clause)
    if (clause.has("again", "alike") and not clause.has("change")) or (clause.too() and not clause.has("only")):
        return False
    spoken_of = (turn.focus_line() if changed else None) or (turn.only_line() if clause.has("fault") else None)
    if spoken_of is not None and not named and values and not any(item.ordinal for item in found):
        if found and _another(clause, found[0], spoken_of):
            return _add_beside(clause, found, spoken_of)
        return amending.change(clause, bold=True)
    if clause.has("only") and values and (in_cart or not named):
        return amending.change(clause)
    if (
        in_cart
        and len(in_cart) == len(named)
        and values
        and not _firm(clause)
        and (_definite(clause, in_cart[0]) or _recast(clause, in_cart[0]) or "davon" in clause.words())
    ):
        return amending.change(clause)
    if clause.has("refer") and values and not named and len(turn.context.cart) == 1 and "davon" in clause.words():
        return amending.change(clause)
    return False


def _another(clause: Clause, item: Item, line: CartLine) -> bool:
    # `and a grey one in XL`, `my brother wants navy`: a piece beside the line, which stays as it is
    words = clause.words()
    if pointing.describes(clause, item.colours, []) and incart.line_fits(clause, line, Item(colours=item.colours)):
        return False  # `and the black one in XL`
    if clause.has("only", "change") or not _PRONOUNS.isdisjoint(words) or incart.line_fits(clause, line, item):
        return False
    joined = any(word in JOINERS for word in words[:2]) and bool(item.colours and item.sizes)
    return item.quantity is not None or joined or "noch" in words or _others_wish(words)


def _others_wish(words: list[str]) -> bool:
    wishing = not _WISHING.isdisjoint(words[1:]) or _WOULD_LIKE in pairwise(words)
    return wishing and _SPEAKERS.isdisjoint(words)


def _add_beside(clause: Clause, found: list[Item], line: CartLine) -> bool:
    turn = clause.turn
    if clause.question() or (clause.has("past") and not clause.has("want")):
        return False
    turn.focus = turn.focus or Focus(product=line.product)
    return carting.add(clause, found)


def _tells(clause: Clause) -> bool:
    # `my sister has it in grey`, `in green it was better`: how things are or were, and nothing to be otherwise
    named = {"hat"} if clause.turn.language == "en" else set()
    told = bool(_TELLING & set(clause.words()) - named)
    weak = all(one.words.split()[0] in _WEAK for one in clause.cue("change"))
    return told and weak and not clause.has("want", "fault", "request", "only", "less")


def _of_cart(clause: Clause, found: list[Item], in_cart: list[Item]) -> bool:
    return bool(in_cart) or any(
        item.mention is None
        and item.colours
        and any(incart.line_fits(clause, line, item) for line in clause.turn.context.cart)
        for item in found
    )


def _firm(clause: Clause) -> bool:
    return any(signal.words not in {"gern", "gerne"} for signal in clause.cue("want"))


def _recast(clause: Clause, item: Item) -> bool:
    # `t-shirts in black please`, `slips in 44/46`: these, otherwise; what is told in full would be other ones.
    if item.explicit or item.quantity is not None or (item.colours and (item.sizes or item.numbers)):
        return False
    return bool(item.colours) or (item.mention is not None and standing.recast(clause, [item.mention]))


def _statt(clause: Clause) -> bool:
    return any(word in {"statt", "anstatt", "anstelle", "instead", "stattdessen"} for word in clause.words())


def _definite(clause: Clause, item: Item) -> bool:
    words = clause.turn.marks.words
    mention = item.mention
    if mention is None or (item.quantity == 1 and not item.explicit):
        return False
    before = words[max(clause.first, mention.first - 3) : mention.first]
    return any(word in {"die", "das", "den", "der", "vom", "the", "my", "meine", "mein", "meinen"} for word in before)
