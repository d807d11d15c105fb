"""The things a clause names, each with its amount, colour and size: `2 schwarze Tees in M und eine Mütze`.

A clause falls into segments at commas and conjunctions. A segment with goods begins items; one with values only
completes the item before it, or repeats it with other values (`one in S and one in M`).
"""

from msgspec import Struct, field
from msgspec.structs import replace

from bots.understanding import data, numbers, stems
from bots.understanding.marks import Mark
from bots.understanding.places import picks
from bots.understanding.products import Mention
from bots.understanding.segments import JOINERS, Thing, boundary, segments
from bots.understanding.turn import Clause

_ARTICLES = data.word_set("items_articles")
_SIZE_LEADS = data.word_set("items_size_leads")
_TOWARDS = frozenset({"auf", "to", "zu", "um", "for"})
_PAIRED = frozenset(stems.fold(word) for word in ("paar", "pair", "pairs", "paare"))
_PER = frozenset({"je", "jeweils"})
_OWN = frozenset({"mein", "meine"})  # `ich meine`, but `für meine Schwester`
_FOR = frozenset({"for", "fuer"})
_KNOWN = frozenset({"the", "my", "our", "die", "das", "den", "meine", "meinen", "mein", "unsere", "unseren", "unser"})
_CORRECTIONS = data.word_set("items_corrections")
_COUNTED = 30  # pieces that a bare number before goods may count; who wants more, says x or pieces
_FEW = 12  # pieces that a bare number before a colour or size may count


class Item(Struct):
    """One thing wanted, changed or asked about, as far as the words say."""

    mention: Mention | None = None
    ordinal: int | None = None
    quantity: int | None = None
    explicit: bool = False
    colours: list[str] = field(default_factory=list)
    sizes: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    prices: list[float] = field(default_factory=list)
    at: int = 0
    chained: bool = False
    spread: bool = False  # its value was told behind a comma, as one of several (`two scarves, a red one …`)

    def blank(self) -> bool:
        """Whether nothing at all is said of it."""
        return (
            self.mention is None
            and self.ordinal is None
            and not (self.explicit or self.colours or self.sizes or self.numbers)
        )

    def copy(self) -> "Item":
        """The same, to be changed by whoever asks."""
        colours, sizes, numbers, prices = list(self.colours), list(self.sizes), list(self.numbers), list(self.prices)
        return replace(self, colours=colours, sizes=sizes, numbers=numbers, prices=prices)

    def named(self) -> bool:
        """Whether the words name what it is."""
        return self.mention is not None or self.ordinal is not None


def gather(clause: Clause) -> list[Item]:
    """The clause's items in order, each with the words beside it."""
    found: list[Item] = []
    for segment in segments(clause):
        found = _absorb(clause, found, segment)
    return found


def _absorb(clause: Clause, found: list[Item], segment: list[Thing]) -> list[Item]:
    heads = [at for at, thing in enumerate(segment) if _is_head(clause, thing, segment, at)]
    if not heads:
        return _values_only(clause, found, segment)
    begin = 0
    for order, head in enumerate(heads):
        thing = segment[head]
        item = Item(at=thing.first)
        if isinstance(thing, Mention):
            item.mention = thing
        else:
            item.ordinal = thing.value
        next_head = heads[order + 1] if order + 1 < len(heads) else None
        end = len(segment) if next_head is None else boundary(segment, head, next_head)
        for one in segment[begin:head] + segment[head + 1 : end]:
            _put(clause, item, one, before=one.first < thing.first)
        if found and item.mention is not None and _corrected(clause, segment[0].first):
            found[-1] = _amended(found[-1], item)
            begin = end
            continue
        item.chained = bool(found) and found[-1].ordinal is not None and item.ordinal is not None
        found.append(item)
        begin = end
    return found


def _amended(said: Item, meant: Item) -> Item:
    # `a black beanie, sorry, a navy beanie`: what was not said again stays.
    if said.mention is None or meant.mention is None or not said.mention.bits & meant.mention.bits:
        meant.quantity = meant.quantity if meant.explicit or said.quantity is None else said.quantity
        meant.explicit = meant.explicit or said.explicit
        return meant
    said.colours = meant.colours or said.colours
    said.quantity = said.quantity if said.quantity is not None else meant.quantity
    if meant.sizes or meant.numbers:
        said.sizes, said.numbers = meant.sizes, meant.numbers
    if meant.explicit:
        said.quantity, said.explicit = meant.quantity, True
    return said


def _is_head(clause: Clause, thing: Thing, segment: list[Thing], at: int) -> bool:
    if isinstance(thing, Mention):
        return not _for_use(clause, thing)
    if thing.kind == "ordinal":  # `like the last one but black`, with nothing shown, is no place
        context = clause.turn.context
        return bool(context.shown or context.cart or not any(isinstance(one, Mention) for one in clause.mentions()))
    named = any(isinstance(one, Mention) for one in segment)
    return thing.kind == "number" and not named and picks(clause, thing, segment, at)


def _for_use(clause: Clause, mention: Mention) -> bool:
    # `socks for the boots`, `T-Shirts für meine Band: …`: what the goods before are for, which nobody wants
    marks, at = clause.turn.marks, mention.first - 2
    if at <= clause.first or marks.words[at] not in _FOR or marks.words[at + 1] not in _KNOWN or clause.has("change"):
        return False
    before = [one.last for one in clause.mentions() if one.last <= at]
    if not before:
        return False
    between = marks.text.folded[marks.tokens[before[-1] - 1].end : marks.tokens[at].start]
    return "," not in between and JOINERS.isdisjoint(marks.words[before[-1] : at])


def _put(clause: Clause, item: Item, thing: Thing, *, before: bool) -> None:
    if isinstance(thing, Mention):
        return
    match thing.kind:
        case "colour":
            if thing.value not in item.colours:
                item.colours.append(thing.value)
        case "size":
            item.sizes.append(thing.value)
        case "price":
            if not isinstance(thing.value, tuple):
                item.prices.append(thing.value)
        case "number":
            _number(clause, item, thing, before=before)
        case "quantity":
            _quantity(clause, item, thing, before=before)


def _number(clause: Clause, item: Item, mark: Mark, *, before: bool) -> None:
    words = clause.turn.marks.words
    lead = words[mark.first - 1] if mark.first else ""
    known = clause.turn.lexicon.sizes.read(str(mark.value)) is not None
    if lead in _SIZE_LEADS and (known or lead not in _TOWARDS):
        item.sizes.append(str(mark.value))
    elif (before and item.mention is not None and mark.value <= _COUNTED and lead not in _ARTICLES) or (
        item.quantity is None and not known and mark.value <= _FEW and _describes_next(clause, mark)
    ):
        item.quantity, item.explicit = mark.value, True
    else:
        item.numbers.append(mark.value)


def _describes_next(clause: Clause, mark: Mark) -> bool:
    words = clause.turn.marks.words
    at = mark.last + (mark.last < clause.last and words[mark.last] == "in")
    return any(one.first == at and one.kind in {"colour", "size"} for one in clause.turn.marks.found)


def _quantity(clause: Clause, item: Item, mark: Mark, *, before: bool) -> None:
    words = clause.turn.marks.words
    after = words[mark.last] if mark.last < len(words) else ""
    counted = mark.first > clause.first and words[mark.first - 1] in _PER
    weak = mark.hint == "article" and words[mark.first] not in {"eins", "one"} and not counted
    if weak and any(one.first == mark.last and one.kind in {"size", "number"} for one in clause.turn.marks.found):
        return  # `gloves in grey and a 10`
    weak = weak and after != "der"  # `eine der Flaschen`
    if after in _PAIRED and weak:
        item.quantity = item.quantity or 1
        return
    if weak and item.explicit:
        item.spread = item.spread or not before
        return
    if not before and mark.value in numbers.TENS and str(mark.value) in clause.turn.lexicon.sizes.numbers:
        item.numbers.append(mark.value)  # `the last one in navy, fifty`
        return
    item.quantity = mark.value
    item.explicit = item.explicit or not weak


def _counts(item: Item) -> bool:
    # `1 more in green for my brother, L`
    return bool(item.colours) and max(item.numbers) <= _FEW


def _values_only(clause: Clause, found: list[Item], segment: list[Thing]) -> list[Item]:
    values = Item(at=segment[0].first)
    for thing in segment:
        _put(clause, values, thing, before=False)
    if not found:
        return [values]
    last = found[-1]
    if _corrected(clause, segment[0].first):
        last.colours = values.colours or last.colours
        if values.sizes or values.numbers:
            last.sizes, last.numbers = values.sizes, values.numbers
        if values.explicit:
            last.quantity, last.explicit = values.quantity, True
        return found
    begin = clause.turn.marks.tokens[last.at].end
    headed = ":" in clause.turn.marks.text.folded[begin : clause.turn.marks.tokens[segment[0].first].start]
    if headed and values.explicit and not (last.sizes or last.numbers or last.chained):
        # `3 hoodies: one grey, one black`: the first amount only counts what follows.
        last.quantity, last.colours, last.sizes = values.quantity, values.colours or last.colours, values.sizes
        last.numbers, last.chained, last.explicit = values.numbers, True, True
        return found
    clash = bool(
        (values.colours and last.colours)
        or (values.sizes and (last.sizes or (last.numbers and not _counts(last))))
        or (values.explicit and last.explicit)
    )
    counted = values.explicit and (last.quantity is not None or values.at in _joined(clause))
    clash = clash or (counted and bool(last.sizes or last.colours) and bool(values.sizes or values.colours))
    if clash:
        found.append(
            replace(
                last,
                at=values.at,
                colours=values.colours or list(last.colours),
                sizes=values.sizes or list(last.sizes if not values.numbers else ()),
                numbers=values.numbers or ([] if values.sizes else list(last.numbers)),
                quantity=values.quantity
                if values.quantity is not None
                else (last.quantity if last.chained or not (values.sizes or values.colours) else None),
                explicit=values.explicit or (last.chained and last.explicit),
                chained=True,
            )
        )
        return found
    last.spread = values.quantity is not None
    last.colours += values.colours
    last.sizes += values.sizes
    last.numbers += values.numbers
    last.prices += values.prices
    if values.explicit or last.quantity is None:
        last.quantity = values.quantity if values.quantity is not None else last.quantity
        last.explicit = last.explicit or values.explicit
    return found


def _joined(clause: Clause) -> set[int]:
    # places behind an `and`: `a tee in white and two in L` are not one thing
    words = clause.turn.marks.words
    return {at + step for at in range(clause.first, clause.last) if words[at] in JOINERS for step in (1, 2)}


def _corrected(clause: Clause, at: int) -> bool:
    words, tokens = clause.turn.marks.words, clause.turn.marks.tokens
    bare = clause.turn.marks.text.folded[tokens[at - 1].end : tokens[at].start].isspace() if at else False
    denied = bare and any(one.first == at for one in clause.mentions())  # `and no notebook either`
    return any(
        words[one] in _CORRECTIONS
        and (words[one] not in _OWN or words[one - 1] == "ich")
        and not (denied and words[one] == "no" and one == at - 1)
        for one in range(max(clause.first + 1, at - 3), at)
    )
