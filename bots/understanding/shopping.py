"""Searching, refining, picking from a list and asking about goods: everything that looks and changes nothing."""

from itertools import pairwise
from typing import Any

from msgspec.structs import replace

from bots.understanding import attributes, data, filtering, pointing, searching
from bots.understanding.entries import Entry
from bots.understanding.items import Item, items
from bots.understanding.products import Mention
from bots.understanding.ranking import fits, in_title, is_called
from bots.understanding.reading import Search
from bots.understanding.resolve import product
from bots.understanding.turn import Clause, Turn

_NOT = data.word_set("pointing_not")
_MEANT = frozenset({("i", "mean"), ("i", "meant"), ("ich", "mein"), ("ich", "meine"), ("ich", "meinte")})


def superlative(clause: Clause) -> Entry | None:
    """The cheapest or dearest of the list shown, where one is meant."""
    shown = clause.turn.shown()
    if len(shown) < 2:  # noqa: PLR2004
        return None
    if clause.has("cheapest") or (len(shown) == 2 and compared(clause)):  # noqa: PLR2004 - the cheaper of two
        return min(shown, key=lambda entry: entry.price)
    if clause.has("dearest"):
        return max(shown, key=lambda entry: entry.price)
    return None


def compared(clause: Clause) -> bool:
    """Whether the cheaper one is meant (`das günstigere nehm ich`), not something cheaper."""
    before = clause.turn.folded[: clause.end]
    return any(
        before[: one.start].rstrip().endswith((" das", " die", " den", " der", " the"))
        or before[: one.start].strip() in {"das", "die", "den", "der", "the"}
        for one in clause.cue("cheaper")
    )


def pick(clause: Clause, item: Item) -> Entry | None:
    """The product an item points at: by its place in the list, by its name there, or what is in focus."""
    turn = clause.turn
    shown = turn.shown()
    if item.ordinal is not None:
        return at_place(shown, item.ordinal)
    if item.mention is not None:
        if (named := titled(turn, item)) is not None:
            return named
        if shown:
            found, candidates = product(item, turn.lexicon, turn.lexicon.bits(entry.id for entry in shown))
            if found is not None and (item.mention.senses > 1 or len(candidates) == 1):
                return found
        if turn.focus is not None and item.mention.bits & turn.lexicon.bits([turn.focus.product]):
            return turn.lexicon.entry(turn.focus.product)
        return product(item, turn.lexicon)[0]
    return None


def titled(turn: Turn, item: Item) -> Entry | None:
    """The goods that an item calls by their title (`the sweatshirt`), though what was looked at is of that kind, too.

    None where a title of what was looked at has the words as well: after the slim chino, that is what `the chino` is.
    """
    mention, near = item.mention, [entry.id for entry in turn.shown()]
    near += [turn.focus.product] if turn.focus is not None and turn.lexicon.entry(turn.focus.product) else []
    named = product(item, turn.lexicon)[0] if near else None
    if named is None or mention is None:
        return None
    if any(in_title(mention, turn.lexicon.analyses[one][1]) for one in near if one != named.id):
        return None
    return named if is_called(mention, turn.lexicon.analyses[named.id][1]) else None


def at_place(shown: list[Entry], place: int) -> Entry | None:
    """The entry at a spoken place: 1 the first, -1 the last, 0 the middle one."""
    if not shown:
        return None
    if place == 0:
        return shown[len(shown) // 2] if len(shown) % 2 else None
    at = place - 1 if place > 0 else place
    return shown[at] if -len(shown) <= at < len(shown) else None


def among_shown(clause: Clause, item: Item) -> Entry | None:
    """The one product of the list that a colour, size or price singles out."""
    turn = clause.turn
    shown = turn.shown()
    if len(shown) < 2 or not (item.colours or item.prices or turn.marks.exact_price):  # noqa: PLR2004
        return None
    found = shown
    if item.colours:
        exact = [
            one
            for one in found
            if item.colours[0] in {turn.lexicon.colours.canonical(colour) for colour in one.colours}
        ]
        found = exact or [one for one in found if turn.lexicon.colours.among(item.colours[0], one.colours)]
    if len(found) > 1 and (item.sizes or item.numbers):
        sizes = item.sizes or [str(number) for number in item.numbers]
        found = [one for one in found if attributes.fitting(sizes[0], one.sizes)] or found
    price = item.prices[0] if item.prices else turn.marks.exact_price
    if price is not None:
        found = [one for one in found if abs(one.price - price) < 0.011 or int(one.price) == price]  # noqa: PLR2004
    return found[0] if len(found) == 1 else None


def described_shown(clause: Clause) -> Entry | None:
    """The one product of the list that a material or tag singles out (`the striped one`)."""
    shown = clause.turn.shown()
    if len(shown) < 2:  # noqa: PLR2004
        return None
    wanted = {"tag": searching.named(clause, "tag"), "material": searching.named(clause, "material")}
    wanted = {key: values for key, values in wanted.items() if values}
    if not wanted:
        return None
    found = [entry for entry in shown if filtering.matches(entry, wanted, clause.turn.lexicon)]
    return found[0] if len(found) == 1 else None


def about(clause: Clause, entry: Entry, item: Item) -> None:
    """Say what a question or selection is about, with the colour and size asked, also where no such variant exists."""
    draft, lexicon = clause.turn.draft, clause.turn.lexicon
    draft.values["product"] = entry.id
    if item.colours:
        options = lexicon.colours.among(item.colours[0], entry.colours)
        draft.values["colour"] = options[0] if options else item.colours[0]
        if not options:
            draft.tell("no_such_colour")
            draft.tell("alternatives")
    sizes = item.sizes or [str(number) for number in item.numbers if attributes.fitting(str(number), entry.sizes)]
    if sizes:
        options = attributes.fitting(sizes[0], entry.sizes)
        draft.values["size"] = options[0] if len(options) == 1 else sizes[0]
        if not options:
            draft.tell("no_such_size")
    focus = clause.turn.focus
    if focus is not None and focus.product == entry.id:  # `and in black?`, of the M just asked for
        if sizes and focus.colour in entry.colours:
            draft.values.setdefault("colour", focus.colour)
        if item.colours and focus.size in entry.sizes:
            draft.values.setdefault("size", focus.size)
    colour, size = draft.values.get("colour"), draft.values.get("size")
    if colour is None and focus is not None and focus.product == entry.id and focus.colour in entry.colours:
        colour = focus.colour
    if (
        (colour or size)
        and (colour is None or colour in entry.colours)
        and (size is None or size in entry.sizes)
        and not entry.available(colour, size)
    ):
        draft.tell("sold_out")


def search(clause: Clause, *, intent: str = "search") -> None:
    """Search by the clause's words, from scratch."""
    last = clause.turn.context.last_search or {}
    kept = {key: last[key] for key in ("not_material",) if key in last and _MEANT & set(pairwise(clause.words()))}
    earlier = clause.turn.draft.search if _only_rules_out(clause) else None
    if earlier is not None:  # `something warm. no wool please`
        kept = dict(earlier.filters)
    wanted, bits, unwanted = searching.filters(clause, base=kept)
    if earlier is not None and earlier.products:
        bits = clause.turn.lexicon.bits(earlier.products)
    _finish(clause, intent, wanted, bits, unwanted)


def _only_rules_out(clause: Clause) -> bool:
    """Whether a clause tells only what goods are not to be (`no wool please`, `nichts Gelbes`)."""
    words = clause.words()
    at = next((at for at, word in enumerate(words) if word in _NOT), None)
    first = min((mark.first for mark in clause.turn.marks.of("colour", clause.first, clause.last)), default=None)
    if at is None or (first is not None and first < clause.first + at):
        return False
    return all(pointing.negated(clause, one.first) for one in clause.mentions())


def refine(clause: Clause) -> None:
    """Search on, within the last search's filters."""
    turn = clause.turn
    base = dict(turn.context.last_search or {})
    for key in ("query", "sort", "products", "filters"):
        base.pop(key, None)
    wanted, bits, unwanted = searching.filters(clause, base=base)
    draft = turn.draft
    shown = turn.shown()
    sort = None
    spoken_of = _spoken_of(turn)
    if clause.has("cheaper") and turn.marks.max_price is None and (shown or spoken_of):
        sort = "price_asc"
        lowest = spoken_of.price if spoken_of is not None else min(entry.price for entry in shown)
        found = filtering.run(turn.lexicon, wanted, bits, sort=sort)
        cheaper = [
            one for one in found.products if (entry := turn.lexicon.entry(one)) is not None and entry.price < lowest
        ]
        draft.tell("lowest_first" if cheaper or len(found.products) > 1 else "nothing_cheaper")
        if not cheaper:
            draft.tell("nothing_cheaper")
            draft.tell("lowest_first")
    searched = turn.context.last_search is not None or bool(shown)
    _finish(clause, "refine_search" if searched else "search", wanted, bits, unwanted, sort)


def _spoken_of(turn: Turn) -> Entry | None:
    # what is too dear is the piece that was asked about or spoken of last, whatever was listed before it
    pending = turn.context.pending
    entry = turn.lexicon.entry(pending.product) if pending is not None else None
    return entry or (turn.lexicon.entry(turn.focus.product) if turn.focus is not None else None)


def _finish(
    clause: Clause,
    intent: str,
    wanted: dict[str, Any],
    bits: int | None,
    unwanted: list[Mention],
    sort: str | None = None,
) -> None:
    turn = clause.turn
    excluded = 0
    for one in unwanted:
        excluded |= one.bits
    if clause.has("cheapest"):
        sort = "price_asc"
    elif clause.has("dearest"):
        sort = "price_desc"
    found = filtering.run(turn.lexicon, wanted, bits, excluded, sort=sort)
    if not found.products:
        found = replace(found, nearest=filtering.nearest(turn.lexicon, wanted, bits, excluded))
    turn.draft.search = found
    if not found.products:
        turn.draft.tell("nothing_found")
        turn.draft.tell("alternatives")
    elif any(one.extras for one in clause.mentions() if one not in unwanted):
        turn.draft.tell("alternatives")  # `Jeansjacke`, of a shop with other jackets
    turn.draft.act(
        clause.start,
        intent,
        why=f"search for {', '.join(f'{key}={value}' for key, value in wanted.items()) or 'goods'}",
    )


def empty_search(clause: Clause, intent: str) -> None:
    """A search that named nothing we know: honest about finding nothing."""
    clause.turn.draft.search = Search()
    clause.turn.draft.tell("nothing_found")
    clause.turn.draft.tell("alternatives")
    clause.turn.draft.act(clause.start, intent, why="goods that the shop does not know", confidence=0.55)


def first_item(clause: Clause) -> Item:
    """The clause's first item, an empty one when it has none."""
    found = items(clause)
    return found[0] if found else Item()


def fits_words(turn: Turn, entry: Entry, item: Item) -> bool:
    """Whether a product of the list has the colour and size an item asks for."""
    return fits(turn.lexicon, entry, item.colours[0] if item.colours else None, item.sizes[0] if item.sizes else None)
