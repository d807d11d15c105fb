"""Taking lines out of the cart, whole or in part, and what is said of lines that are none."""

import re

from msgspec.structs import replace

from bots.understanding import carting, concepts, data, filtering, searching
from bots.understanding.incart import by_price, line_at, line_fits, lines_named
from bots.understanding.items import Item, items
from bots.understanding.products import Mention
from bots.understanding.reading import CartLine, CartOp
from bots.understanding.turn import Clause

_EXCEPT = re.compile(
    r"\b(ausser|bis auf|except|but not|but keep|nur .* behalten|only keep|keep only|apart from|other than|"
    r"everything but|alles ohne)\b"
)
_ONLY = re.compile(
    r"\b(nur|bloss|only|just) (noch )?(?:(?:need|want|take|keep|buy|have|noch) )?(die|das|den|der|the) (?!one\b)"
)
_OTHERS = frozenset({"other", "others", "rest", "andere", "anderen", "anderes", "uebrigen", "uebrige"})
_ONLY_WORDS = frozenset({"nur", "bloss", "only", "just"})
_ALL = data.word_set("carting_all")
_WANTING = data.word_set("refusing_wanting")
_DENYING = data.word_set("cartlines_denying")
_TAKING = re.compile(
    r"(raus|weg|heraus|entfern|entnehm|loesch|streich|storn|abbestell|verzicht|zurueck|kick|schmeiss|wirf|werf|"
    r"remov|delet|drop|scrap|ditch|cancel|forget|vergiss|get rid|take|throw|lose|lass|skip|leave|chuck|toss|dump|"
    r"bin (?:it|that|this|them|the)\b|out\b|off\b)"
)


def remove(clause: Clause) -> bool:
    """Take lines out, or lower their amount; false when nothing in the cart is meant."""
    turn, draft = clause.turn, clause.turn.draft
    cart = turn.context.cart
    if not cart:
        return False
    found = items(clause)
    if excepts(clause, clause.end) or any(word in _OTHERS for word in clause.words()):
        kept = {line.line for item in found if item.mention for line in lines_named(clause, item)}
        if kept:
            draft.ops += [
                CartOp(op="remove", line=line.line, product=line.product) for line in cart if line.line not in kept
            ]
            draft.act(clause.start, "remove_from_cart", why="everything but what is named")
            return True
    away = _sent_away(clause, found)
    stays = len(away) < len(found)
    found = [_by_quality(clause, item) for item in away]
    strangers = [item for item in found if item.mention is not None and not lines_named(clause, item)]
    meant = [(item, _removable(clause, item)) for item in found or [Item()] if item not in strangers]
    for item, lines in meant:
        for line in lines:
            _take_out(clause, line, item)
    done = any(lines for _, lines in meant)
    missed = unmet(clause, [item for item, lines in meant if not lines])
    if stays and not done and not missed:
        draft.tell("not_in_cart")
        missed = True
    if done:
        draft.act(clause.start, "remove_from_cart", why="a line of the cart not wanted")
        rest = [item for item in strangers if clause.has("change", "want")]
        if rest:
            carting.add(clause, rest)
    elif missed:
        draft.act(clause.start, "remove_from_cart", why="the cart has none of it to take out", confidence=0.7)
    return done or missed


def unmet(clause: Clause, found: list[Item]) -> bool:
    """Note that no line, or more than one, is as described (`the white one`); false where nothing is described."""
    qualities = bool(_qualities(clause))
    described = [item for item in found if item.colours or item.sizes or (qualities and not item.named())]
    described += [item for item in found if item not in described and len(lines_named(clause, item)) > 1]
    for item in described:
        lines = clause.turn.context.cart if item.mention is None else lines_named(clause, item)
        if any(_as_told(clause, line, item) for line in lines):
            clause.turn.draft.lack("product")
        else:
            clause.turn.draft.tell("not_in_cart")
    return bool(described)


def none_of(clause: Clause, old: list[Item]) -> bool:
    """Whether the colour that a change names as the one until now is in no line (`swap the green one for grey`)."""
    told = [item for item in old if item.mention is None and item.colours]
    return bool(told) and not any(line_fits(clause, line, one) for one in told for line in clause.turn.context.cart)


def _sent_away(clause: Clause, found: list[Item]) -> list[Item]:
    # `no tees after all, only the hat`: what stands behind an `only` stays, where other goods are named before it
    kept = [item for item in found[1:] if item.mention and _behind_only(clause, item)]
    if len(found) > 1 and _behind_only(clause, found[0], within=3) and _ends_before(clause, found[0], found[1]):
        kept.append(found[0])
    return [item for item in found if item not in kept]


def _behind_only(clause: Clause, item: Item, within: int = 2) -> bool:
    words, first = clause.turn.marks.words, item.mention.first if item.mention else item.at
    return bool(_ONLY_WORDS & set(words[max(clause.first, first - within) : first]))


def _ends_before(clause: Clause, item: Item, following: Item) -> bool:
    # `only the jeans, the sweater goes`, but `only the jeans out, the sweater stays`
    marks, last = clause.turn.marks, item.mention.last if item.mention else item.at + 1
    own, comma, _ = marks.text.folded[marks.tokens[last - 1].end : marks.tokens[following.at].start].partition(",")
    return bool(comma) and not _TAKING.search(own)


def excepts(clause: Clause, before: int) -> bool:
    """Whether words before a place in the text say that what follows is left out (`alles außer dem Schal`)."""
    match = _EXCEPT.search(clause.text())
    return match is not None and clause.start + match.start() < before


def keep_only(clause: Clause, found: list[Item]) -> bool:
    """Take out everything else where only goods of the cart are wanted (`ich nehm doch nur die Mütze`)."""
    draft, cart = clause.turn.draft, clause.turn.context.cart
    if _keep_coloured(clause, found):
        return True
    bare = found and all(item.mention is not None and not (item.explicit or item.sizes) for item in found)
    if not bare or clause.question() or not clause.has("want", "keep") or not _ONLY.search(clause.text()):
        return False
    kept = {line.line for item in found for line in lines_named(clause, item)}
    if not kept or any(not lines_named(clause, item) for item in found):
        return False
    kept |= {op.line for op in draft.ops if op.line is not None}
    draft.ops += [CartOp(op="remove", line=line.line, product=line.product) for line in cart if line.line not in kept]
    draft.act(clause.start, "remove_from_cart", why="only what is named is wanted")
    return True


def _keep_coloured(clause: Clause, found: list[Item]) -> bool:
    # `no, just the sand one`, of shirts just put in: the others of them go, what else is in the cart stays
    turn, spoken_of = clause.turn, clause.turn.focus_line()
    told = [item for item in found if item.colours and not (item.named() or item.explicit or item.sizes)]
    if spoken_of is None or len(told) != 1 or len(found) > 1 or clause.question() or not _ONLY.search(clause.text()):
        return False
    same = [line for line in turn.context.cart if line.product == spoken_of.product]
    gone = [line for line in same if not line_fits(clause, line, told[0])]
    if not gone or len(gone) == len(same):
        return False
    turn.draft.ops += [CartOp(op="remove", line=line.line, product=line.product) for line in gone]
    turn.draft.act(clause.start, "remove_from_cart", why="only what is named is wanted")
    return True


def _removable(clause: Clause, item: Item) -> list[CartLine]:  # noqa: C901, PLR0911 - the order of questions is the decision
    turn = clause.turn
    cart = turn.context.cart
    if item.mention is not None:
        lines = [line for line in lines_named(clause, item) if line_fits(clause, line, item)]
        return [] if _one_of_several(clause, item.mention, lines) else lines
    if (priced := by_price(clause)) is not None:
        return [priced]
    if item.ordinal is not None:
        return [line] if (line := line_at(clause, item.ordinal)) else []
    whole = any(word in _ALL for word in clause.words())
    if item.colours or item.sizes or _qualities(clause):
        same = [line for line in cart if _as_told(clause, line, item)]
        return same if whole or len(same) == 1 else []
    if whole:
        return list(cart)
    if any(word in _OTHERS for word in clause.words()):
        return others(clause)
    if len(before := named_before(clause)) == 1:
        return before
    if not _speaks_of_goods(clause):
        return []
    if (line := turn.focus_line()) is not None:
        return [line]
    if len(cart) == 1 and not turn.focus_gone():
        return [cart[0]]
    return []


def _one_of_several(clause: Clause, mention: Mention, lines: list[CartLine]) -> bool:
    # `nimm die Hose raus`, of two that may be called so; `die Hosen`, `both sweaters` means all of them
    return len({line.product for line in lines}) > 1 and not _of_several(clause, mention)


def _of_several(clause: Clause, mention: Mention) -> bool:
    word = clause.turn.marks.words[mention.last - 1]
    return concepts.built_in().several(word) or any(one in _ALL for one in clause.words())


def _speaks_of_goods(clause: Clause) -> bool:
    """Whether words that name no goods deny or dismiss some, and nothing else (`das kann doch nicht wahr sein`)."""
    words = set(clause.words())
    return bool(_TAKING.search(clause.text())) or bool(words & _WANTING) or words <= _DENYING


def named_before(clause: Clause) -> list[CartLine]:
    """The lines that the words before a clause name, where it says `it` of them (`about the hat: take it out`)."""
    if not clause.first or not clause.has("refer"):
        return []
    named = [item for item in items(Clause(clause.turn, 0, clause.first)) if item.mention is not None]
    return [line for line in clause.turn.context.cart if any(line in lines_named(clause, item) for item in named)]


def others(clause: Clause) -> list[CartLine]:
    """Every line but those named before, where the others are meant (`keep the white one, lose the other`)."""
    cart = clause.turn.context.cart
    if not any(word in _OTHERS for word in clause.words()):
        return []
    named = items(Clause(clause.turn, 0, clause.first)) if clause.first else []
    kept = {line.line for item in named for line in cart if _means(clause, line, item)}
    return [line for line in cart if line.line not in kept] if kept else []


def _means(clause: Clause, line: CartLine, item: Item) -> bool:
    if item.mention is not None:
        return line in lines_named(clause, item)
    return bool(item.colours or item.sizes) and line_fits(clause, line, item)


def _take_out(clause: Clause, line: CartLine, item: Item) -> None:
    draft = clause.turn.draft
    amount = item.quantity if item.quantity is not None else (item.numbers[0] if item.numbers else None)
    if any(op.line == line.line for op in draft.ops):
        return
    if amount is not None and 0 < amount < line.quantity:
        draft.ops.append(
            CartOp(op="set_quantity", line=line.line, product=line.product, quantity=line.quantity - amount)
        )
    else:
        draft.ops.append(CartOp(op="remove", line=line.line, product=line.product))


def _qualities(clause: Clause) -> dict[str, list[str]]:
    # `the leather ones`, `die aus Leder`
    return {group: values for group in ("material", "tag") if (values := searching.named(clause, group))}


def _by_quality(clause: Clause, item: Item) -> Item:
    # `the leather ones`, of a shop with a leather belt, which is not in the cart
    named = item.mention is None or not item.mention.attribute or lines_named(clause, item)
    return item if named or not _qualities(clause) else replace(item, mention=None)


def _as_told(clause: Clause, line: CartLine, item: Item) -> bool:
    entry, wanted = clause.turn.lexicon.entry(line.product), _qualities(clause) if not item.named() else {}
    qualified = not wanted or entry is None or filtering.matches(entry, wanted, clause.turn.lexicon)
    return qualified and line_fits(clause, line, item)
