"""Whether a fragment says all that its goods need, so that the next one is a wish of its own."""

from bots.understanding import contrasts, data, pointing
from bots.understanding.marks import Mark
from bots.understanding.products import Mention
from bots.understanding.reading import CartLine
from bots.understanding.turn import Clause

_ASIDE = frozenset({"shipping_info", "payment_info", "return_policy", "voucher", "checkout"})
_FOR_IT = frozenset({"dafuer", "stattdessen", "instead"})
_FOLDS = data.word_set("amending_double") | data.word_set("amending_half")
_VALUES = frozenset({"colour", "size", "number", "quantity"})


def apart(left: str, right: str, before: Clause, after: Clause) -> bool:  # noqa: PLR0911 - the order of questions is the decision
    """Whether two fragments of these purposes stand each for itself."""
    adding = {"change", "want", ""} if before.turn.context.pending else {"change", "want"}
    if left in adding and _adds_others(before, after):
        return True
    if right == "keep" and _valued(before) and before.mentions() and after.mentions():
        return True
    if _own_step(before, after) or (left == "" and right in _ASIDE and _wanted_goods(before) and not after.mentions()):
        return True
    if _answers_alone(before, after) or (left == "change" and _one_more_otherwise(before, after)):
        return True
    if left == "affirm" and right == "":
        return _other_goods(after) and "." in before.text()
    if left in {"", "change"} and right == "change" and before.mentions() and after.mentions():
        return _changes(before) and _changes(after) and _of_others(before, after)
    if left == "remove" and right == "":
        instead = bool(_FOR_IT & set(after.words())) and _other_goods(after)
        otherwise = recast(after, after.mentions()) or line_by_colour(after) is not None
        return instead or otherwise or contrasts.contrasted(after) is not None
    if not _own_object(after) or left in {"keep", "remove"}:
        return False
    complete = _says_enough(before) or _other_goods(before)
    return complete and (right == "remove" or (left == "" and right == "want" and after.has("more")))


def recast(clause: Clause, named: list[Mention]) -> bool:
    """Whether goods of the cart are named, then what they are not yet (`die Schuhe in 44`, `the hat in grey`)."""
    marks = clause.turn.marks
    lines = [
        line
        for line in clause.turn.context.cart
        if any(clause.turn.lexicon.bits([line.product]) & one.bits for one in named)
    ]
    if len(named) != 1 or not lines:
        return False
    held = {value for line in lines for value in (line.colour, line.size)}
    return any(
        mark.first >= named[0].last and mark.kind in {"colour", "size", "number"} and str(mark.value) not in held
        for mark in marks.found
        if clause.first <= mark.first < clause.last
    )


def _adds_others(before: Clause, after: Clause) -> bool:
    # `make it three and throw in another beanie`: the first part is complete, the second names goods of its own.
    values = before.of("quantity") or before.of("size") or before.of("colour")
    return bool(values) and not before.mentions() and bool(after.mentions()) and after.has("more") and after.has("want")


def _wanted_goods(clause: Clause) -> bool:
    # `swim shorts, orange, medium, and where do you ship from?`
    return bool(clause.mentions()) and bool(clause.of("size") or clause.of("quantity"))


def _own_step(before: Clause, after: Clause) -> bool:
    # `two of the white tee and the sneakers a size up`: each goods have their own change.
    return (
        bool(before.mentions())
        and bool(before.of("quantity") or before.of("size"))
        and bool(after.mentions())
        and after.has("step_up", "step_down")
    )


def _answers_alone(before: Clause, after: Clause) -> bool:
    # `M, und dazu noch Socken in 43-46`, asked for a size: the answer is one thing, the other goods another.
    pending = before.turn.context.pending
    if pending is None or not pending.missing or pending.product is None:
        return False
    asked = before.turn.lexicon.bits([pending.product])
    if not _valued(before) or any(not one.bits & asked for one in before.mentions()):
        return False
    if not after.mentions():
        between = before.turn.folded[before.end : after.start]
        return not _valued(after) and any(sign in between for sign in ".!;\n") and ".." not in between
    return not any(one.bits & asked for one in after.mentions())


def _of_others(before: Clause, after: Clause) -> bool:
    # by the cart's own goods: a kind (`shirt`) may stand for many that nobody speaks of
    cart = before.turn.carted
    return not before.mentions()[0].bits & after.mentions()[0].bits & cart


def _changes(clause: Clause) -> bool:
    # `boots one size up`: goods of the cart and how they are to be
    if not any(one.bits & clause.turn.carted for one in clause.mentions()):
        return False
    limited = clause.has("only") and bool(clause.of("quantity"))  # `one tee is enough`
    limited = limited or bool(_FOLDS & set(clause.words())) or _counted_behind(clause)
    return limited or clause.has("step_up", "step_down") or _says_enough(clause)


def _counted_behind(clause: Clause) -> bool:
    # `die Socken dreimal`
    marks = clause.turn.marks.of("quantity", clause.first, clause.last)
    return any(mark.hint != "article" and one.last == mark.first for mark in marks for one in clause.mentions())


def _valued(clause: Clause) -> bool:
    return any(clause.of(kind) for kind in _VALUES)


def _says_enough(clause: Clause) -> bool:
    # `vom schwarzen zwei`, `the tees to five`, `mugs: green`: an object of the cart and what becomes of it
    if not clause.turn.context.cart:
        return False
    placed = clause.of("ordinal") and not clause.turn.context.shown and (clause.of("size") or clause.of("colour"))
    told = bool(placed) or pointing.sets_amount(clause) or recast(clause, clause.mentions())
    return told or line_by_colour(clause) is not None


def line_by_colour(clause: Clause) -> CartLine | None:
    """The line of the cart that a colour names, where it is to be otherwise (`das graue in L`), or None."""
    turn = clause.turn
    marks = [mark for mark in turn.marks.found if mark.kind in _VALUES and clause.first <= mark.first < clause.last]
    colour = next((mark for mark in marks if mark.kind == "colour"), None)
    if colour is None or clause.mentions() or turn.context.shown:
        return None
    same = [one for one in turn.context.cart if one.colour and turn.lexicon.colours.among(colour.value, [one.colour])]
    return same[0] if len(same) == 1 and any(_says_more(mark, colour) for mark in marks) else None


def _says_more(mark: Mark, colour: Mark) -> bool:
    return mark.first > colour.first and mark.kind != "colour" and mark.hint != "article"


def _other_goods(clause: Clause) -> bool:
    # `the scarf in grey, and drop a tee`: nothing of the cart, and how it is to be
    named = clause.mentions()
    return bool(named) and _valued(clause) and not any(one.bits & clause.turn.carted for one in named)


def _one_more_otherwise(before: Clause, after: Clause) -> bool:
    # `actually large. and add a second one in green`
    return (
        _valued(before)
        and not before.has("more")
        and after.has("more")
        and bool(after.of("colour") or after.of("size"))
    )


def _own_object(clause: Clause) -> bool:
    return bool(clause.mentions() or clause.of("colour") or clause.of("ordinal"))
