"""Which lines of the cart words mean: by the name of their goods, colour, size, place or price."""

from bots.understanding import attributes, concepts, data, describing
from bots.understanding.items import Item, items
from bots.understanding.products import Mention
from bots.understanding.ranking import best, in_title, is_title, ranked
from bots.understanding.reading import CartLine
from bots.understanding.turn import Clause

_ALL = data.word_set("carting_all")
_BETTER = 0.4  # how much better than those of the cart other goods are named to be meant


def lines_named(clause: Clause, item: Item) -> list[CartLine]:
    """The cart lines an item's words name; colour and size tell two lines of the same goods apart."""
    turn = clause.turn
    if item.mention is None:
        return []
    cart = turn.context.cart
    pool = turn.lexicon.bits(line.product for line in cart)
    scored = ranked(item.mention, turn.lexicon, pool)
    if not scored or _means_other(clause, item, scored[0][0]):
        return []
    called = any(in_title(item.mention, turn.lexicon.analyses[entry.id][1]) for _, entry in scored[:1])
    least = scored[0][0] - 0.15 if called else 0.0  # `the jumper`, that none of two is called: either may be meant
    names = {entry.id for score, entry in scored if score >= least}
    several = not _ALL.isdisjoint(clause.words()) or concepts.built_in().several(
        turn.marks.words[item.mention.last - 1]
    )
    if not several:  # `the belt`, beside a woven one: what is called just that
        names = {one for one in names if is_title(item.mention, turn.lexicon.analyses[one][1])} or names
    lines = [line for line in cart if line.product in names]
    if len(lines) > 1:
        narrowed = [line for line in lines if line_fits(clause, line, Item(colours=item.colours))]
        lines = narrowed or lines
        narrowed = [line for line in lines if line_fits(clause, line, item)]
        lines = narrowed or lines
    return _by_bulk(clause, item.mention, lines) if len(lines) > 1 else lines


def line_fits(clause: Clause, line: CartLine, item: Item) -> bool:
    """Whether a line has the colour and size an item names."""
    lexicon = clause.turn.lexicon
    colours = not item.colours or (
        line.colour is not None and lexicon.colours.among(item.colours[0], [line.colour]) != []
    )
    sizes = not item.sizes or (line.size is not None and attributes.fitting(item.sizes[0], (line.size,)) != [])
    return colours and sizes


def line_at(clause: Clause, place: int) -> CartLine | None:
    """The line at a spoken place of the cart, or None."""
    cart = clause.turn.context.cart
    at = place - 1 if place > 0 else place
    return cart[at] if place and -len(cart) <= at < len(cart) else None


def line_asked(clause: Clause) -> CartLine | None:
    """The one line that a question about the cart names (`how many of the black M have I got?`), or None."""
    asked = next((item for item in items(clause) if item.mention or item.colours or item.sizes), None)
    if asked is None:
        return None
    lines = clause.turn.context.cart if asked.mention is None else lines_named(clause, asked)
    same = [line for line in lines if line_fits(clause, line, asked)]
    return same[0] if len(same) == 1 else None


def by_price(clause: Clause) -> CartLine | None:
    """The line that its price tells (`the cheaper one`), or None; of goods at one price none is it."""
    cart = clause.turn.context.cart
    entries = [entry for line in cart if (entry := clause.turn.lexicon.entry(line.product)) is not None]
    if len(entries) < 2 or len({entry.price for entry in entries}) < len(cart):  # noqa: PLR2004
        return None
    place = describing.by_price(clause.turn, entries)
    return cart[place - 1] if place is not None else None


def _by_bulk(clause: Clause, mention: Mention, lines: list[CartLine]) -> list[CartLine]:
    # `the big pots`, of two lines of them
    start = clause.turn.marks.tokens[mention.first].start
    said = [cue for cue in ("big", "little") if any(start - one.end in {0, 1} for one in clause.cue(cue))]
    entry = clause.turn.lexicon.entry(lines[0].product)
    if not said or entry is None or any(line.size not in entry.sizes for line in lines):
        return lines
    ordered = sorted(lines, key=lambda line: entry.sizes.index(line.size or ""))
    return [ordered[-1 if said[0] == "big" else 0]]


def _means_other(clause: Clause, item: Item, score: float) -> bool:
    # `chinos`, with jeans in the cart that may go for trousers: goods that the words name better are meant.
    if item.mention is None:
        return False
    everywhere = ranked(item.mention, clause.turn.lexicon)
    return best(everywhere) is not None and everywhere[0][0] - score > _BETTER
