"""The things a clause speaks of, and what is said of several at once: `je eine in grau und navy`, `both in M`."""

from itertools import pairwise, takewhile

from msgspec.structs import replace

from bots.understanding import data
from bots.understanding.gathering import Item, gather
from bots.understanding.sharing import PER_ONE, TWO, share
from bots.understanding.turn import Clause

__all__ = ["Item", "items"]
_SHARED = data.word_set("items_shared")
_EVERY = frozenset({"alle", "alles", "all", "everything", "saemtliche"})
_REST = data.word_set("apportioning_rest")
_OF_THEM = frozenset({("of", "them"), ("of", "those"), ("of", "these")})
_HALF = frozenset({"half", "halb", "haelfte"})
_LOOK = frozenset({"look", "outfit", "set", "combo", "kombi", "kombination"})
_FULL = frozenset(
    {
        "complete",
        "entire",
        "full",
        "ganz",
        "ganze",
        "ganzen",
        "gesamte",
        "gesamten",
        "komplett",
        "komplette",
        "kompletten",
        "whole",
    }
)
_EACH = frozenset({"of each", "von jedem", "von jeder", "von allen", "von beiden"})


def items(clause: Clause) -> list[Item]:
    """The clause's items in order, the caller's own to change."""
    turn = clause.turn
    place = (clause.first, clause.last, turn.focus is None)
    if place not in turn.told:
        turn.told[place] = _items(clause)
    return [item.copy() for item in turn.told[place]]


def _items(clause: Clause) -> list[Item]:
    found = _told_apart(clause, _counted_before(clause, _led(clause, gather(clause))))
    _count_rest(clause, found)
    found = _summed(_distributed(clause, found))
    share(clause, found)
    found = _both_shown(clause, _all_shown(clause, found))
    return [item for item in found if not item.blank()] or found[:1]


def _count_rest(clause: Clause, found: list[Item]) -> None:
    for at, item in enumerate(found):
        parts = _parts(item, found[at + 1 :])
        if not parts or not item.explicit or item.chained:
            continue
        places = pairwise([item.at, *(part.at for part in parts), clause.last])
        said = [clause.turn.marks.words[first:last] for first, last in places]
        if len(parts) > 1:
            _left_over(item, parts, said)
        elif parts[0].explicit and (item.colours or item.sizes) and any(_of_them(words) for words in said):
            item.quantity = max((item.quantity or 0) - (parts[0].quantity or 0), 1)


def _left_over(item: Item, parts: list[Item], said: list[list[str]]) -> None:
    # `five totes, three natural, the rest black`
    for words, part in zip(said, parts, strict=False):
        counted = sum(one.quantity or 0 for one in parts if one is not part)
        if _REST & set(words) and counted < (item.quantity or 0):
            part.quantity, part.explicit = (item.quantity or 0) - counted, True


def _of_them(words: list[str]) -> bool:
    # `two tees in L, one of them in XL`
    return "davon" in words or any(pair in _OF_THEM for pair in pairwise(words))


def _summed(found: list[Item]) -> list[Item]:
    # `3 hats: grey, grey, navy`
    out: list[Item] = []
    for item in found:
        same = out[-1] if out else None
        if same is not None and item.chained and item.explicit and same.explicit and _alike(same, item):
            same.quantity = (same.quantity or 0) + (item.quantity or 0)
        else:
            out.append(item)
    return out


def _alike(one: Item, other: Item) -> bool:
    return (one.colours, one.sizes, one.numbers) == (other.colours, other.sizes, other.numbers)


def _led(clause: Clause, found: list[Item]) -> list[Item]:
    # `in M: the basic tee in white`: values before the goods, where nothing else was spoken of
    context = clause.turn.context
    if len(found) < 2 or context.cart or context.pending or clause.turn.focus is not None:  # noqa: PLR2004
        return found
    first, goods = found[0], found[1]
    if first.named() or first.explicit or not goods.named() or goods.sizes or goods.numbers or goods.at == first.at:
        return found
    merged = replace(goods, sizes=first.sizes, numbers=first.numbers, colours=goods.colours or first.colours)
    return [merged, *found[2:]]


def _counted_before(clause: Clause, found: list[Item]) -> list[Item]:
    # `two in M and three L basic tees`: amounts and values of the goods that come last
    first = next((at for at, item in enumerate(found) if item.named()), 0)
    goods, lead = found[first] if found else Item(), found[:first]
    if not lead or clause.has("change") or clause.turn.context.pending is not None:
        return found
    if goods.quantity is None or not all(one.sizes or one.colours for one in (*lead, goods)):
        return found
    if not all(one.explicit for one in lead):
        return found
    named = [
        replace(one, mention=goods.mention, ordinal=goods.ordinal, colours=one.colours or list(goods.colours))
        for one in lead
    ]
    return [*named, replace(goods, chained=True), *found[first + 1 :]]


def _told_apart(clause: Clause, found: list[Item]) -> list[Item]:
    # `je eine in grau, senf und navy`: as many things as colours or sizes
    shared = any(word in _SHARED or word in _HALF for word in clause.words())
    out: list[Item] = []
    for item in found:
        if _counted_numbers(clause, item):
            item.sizes, item.numbers = [str(number) for number in item.numbers], []
        if not shared and not (item.explicit and (item.quantity or 0) > 1 and len(set(item.sizes)) > 1):
            out.append(item)
            continue
        colours = item.colours if len(item.colours) > 1 and shared else []
        sizes = item.sizes if len(item.sizes) > 1 and not colours else []
        parts = [replace(item, colours=[one], sizes=list(item.sizes), chained=True) for one in colours]
        parts += [replace(item, colours=list(item.colours), sizes=[one], chained=True) for one in sizes]
        for one in parts[:1]:
            one.chained = item.chained
        for one in parts[1:] if not shared else ():  # `three, in S, M and L`: the amount counts them all
            one.quantity, one.explicit = None, False
        if _HALF & set(clause.words()) and item.explicit and len(parts) == 2:  # noqa: PLR2004 - halves
            for one in parts:
                one.quantity = (item.quantity or 0) // 2
        elif shared and item.quantity == len(parts) > 1 and not PER_ONE & set(clause.words()):
            for one in parts:  # `two hoodies, a black and a green one, both XL`
                one.quantity, one.explicit = 1, True
        out += parts or [item]
    return out


def _all_shown(clause: Clause, found: list[Item]) -> list[Item]:
    # `beide in M`, `alles`: everything on the list.
    count = len(clause.turn.context.shown)
    words = clause.words()
    if count < 2 or any(item.named() for item in found) or clause.turn.context.cart or clause.has("show"):  # noqa: PLR2004
        return found
    each = not clause.has("every_colour") and any(one in clause.text() for one in _EACH)
    whole = (
        each
        or (_LOOK & set(words) and _FULL & set(words))
        or any(word in _EVERY for word in words)
        or (count == 2 and not clause.has("every_colour") and any(word in TWO for word in words))  # noqa: PLR2004
    )
    if not whole:
        return found
    values = found[0] if found else Item()
    if values.explicit and values.quantity == count:
        values = replace(values, quantity=None, explicit=False)
    return [
        replace(
            values, ordinal=place, colours=list(values.colours), sizes=list(values.sizes), numbers=list(values.numbers)
        )
        for place in range(1, count + 1)
    ]


def _counted_numbers(clause: Clause, item: Item) -> bool:
    # `2 pairs in white, 38 and 44`; but `2 jeans 32 34` is a width and a length where the shop has such sizes
    known = clause.turn.lexicon.sizes
    numbers = [str(number) for number in item.numbers]
    sized = len(numbers) > 1 and not item.sizes and all(known.read(number) for number in numbers)
    return sized and item.explicit and item.quantity == len(numbers) and "/".join(numbers[:2]) not in known.all


def _both_shown(clause: Clause, found: list[Item]) -> list[Item]:
    # `die beiden Jacken in M`: two of the list by their kind
    turn = clause.turn
    out: list[Item] = []
    for item in found:
        mention = item.mention
        lead = turn.marks.words[max(clause.first, mention.first - 2) : mention.first] if mention else []
        places = [
            at for at, entry in enumerate(turn.shown(), 1) if mention and mention.bits & turn.lexicon.bits([entry.id])
        ]
        if TWO & set(lead) and len(places) == 2:  # noqa: PLR2004
            out += [
                replace(item, mention=None, ordinal=at, colours=list(item.colours), sizes=list(item.sizes))
                for at in places
            ]
        else:
            out.append(item)
    return out


def _distributed(clause: Clause, found: list[Item]) -> list[Item]:
    # `three tees in M: two white and one grey`: the first amount only counts what follows.
    out: list[Item] = []
    for at, item in enumerate(found):
        parts = _parts(item, found[at + 1 :])
        if len(parts) == 1 and item.explicit and not parts[0].explicit and _HALF & set(clause.words()):
            item.quantity = parts[0].quantity = (item.quantity or 0) // 2
        elif parts and item.explicit and PER_ONE & set(clause.words()):
            _as_many(item, parts)
        elif parts and item.explicit and not item.chained and item.quantity == 1 + len(parts):
            _one_each(item, parts)
        counted = item.explicit and not item.chained and all(_part_of(item, one) for one in parts)
        whole = counted and (item.quantity or 0) > 1 and sum(one.quantity or 0 for one in parts) == item.quantity
        if not whole:
            out.append(item)
    return out


def _parts(item: Item, following: list[Item]) -> list[Item]:
    return list(takewhile(lambda one: one.chained and _same_goods(item, one), following))


def _same_goods(one: Item, other: Item) -> bool:
    return (one.mention, one.ordinal) == (other.mention, other.ordinal)


def _as_many(item: Item, parts: list[Item]) -> None:
    # `je drei in schwarz, blau und rot`
    for part in parts:
        if not part.explicit:
            part.quantity, part.explicit = item.quantity, True


def _one_each(item: Item, parts: list[Item]) -> None:
    # `two hoodies in M and L`: as many as values, so one of each; but `2 totes black and one natural` are three
    if all(not part.explicit and (part.quantity is None or item.spread) for part in parts):
        for one in (item, *parts):
            one.quantity, one.explicit = 1, True


def _part_of(whole: Item, part: Item) -> bool:
    return (
        part.explicit
        and (not whole.colours or part.colours == whole.colours)
        and (not (whole.sizes or whole.numbers) or (part.sizes, part.numbers) == (whole.sizes, whole.numbers))
    )
