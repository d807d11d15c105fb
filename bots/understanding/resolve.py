"""From an item's words to a variant: the product, colour and size as the catalogue has them, or why not."""

from dataclasses import dataclass, field

from bots.understanding import attributes, concepts
from bots.understanding.entries import Entry
from bots.understanding.items import Item
from bots.understanding.lexicon import Lexicon
from bots.understanding.ranking import MANY, best, ranked

_SIZE_LIKE = 26  # a bare number from here on is a size rather than an amount, where it may be one
_SURE = 0.25  # a product named by its own words stays meant, even where it lacks the colour asked for


@dataclass(slots=True)
class Variant:
    """What an item came to. `tells` names what stands in the way; `missing` what is not said."""

    entry: Entry
    colour: str | None = None
    size: str | None = None
    quantity: int = 1
    missing: list[str] = field(default_factory=list)
    tells: list[str] = field(default_factory=list)
    size_candidates: list[str] = field(default_factory=list)
    asked_colour: str | None = None
    asked_size: str | None = None

    def buyable(self) -> bool:
        """Whether it may go into the cart, or may be asked about first."""
        return not self.tells


def product(item: Item, lexicon: Lexicon, pool: int | None = None) -> tuple[Entry | None, list[Entry]]:
    """The product an item names, or the candidates when several are as likely; colour and size tell them apart."""
    if item.mention is None:
        return None, []
    if item.mention.bits.bit_count() > MANY and (item.colours or item.sizes):
        colours = lexicon.colours.group(item.colours[0]) if item.colours else None
        in_stock = lexicon.facets.variants(colours, frozenset(), item.sizes[:1])
        pool = (pool if pool is not None else lexicon.everything) & in_stock or pool
    found = ranked(item.mention, lexicon, pool)
    if not found:
        return None, []
    chosen = best(found)
    clear = chosen is not None and (len(found) == 1 or found[0][0] - found[1][0] > _SURE)
    if chosen is not None and ((clear and not _nothing_fits(lexicon, chosen, item)) or _made(lexicon, chosen, item)):
        return chosen, [entry for _, entry in found]
    made = [one for one in found if _made(lexicon, one[1], item)]
    if made and len(made) < len(found):
        exact = [one for one in made if _exact_colour(lexicon, one[1], item)]
        chosen = best(exact or made)
        if chosen is not None:
            return chosen, [entry for _, entry in made]
        found = exact or made
    return best(found), [entry for _, entry in found]


def _nothing_fits(lexicon: Lexicon, entry: Entry, item: Item) -> bool:
    # `a heavy band in blue`, with a headband that has neither
    colour = item.colours and not lexicon.colours.among(item.colours[0], entry.colours)
    return bool(colour and item.sizes and not attributes.fitting(item.sizes[0], entry.sizes))


def _made(lexicon: Lexicon, entry: Entry, item: Item) -> bool:
    colours = all(lexicon.colours.among(colour, entry.colours) for colour in item.colours[:1])
    sizes = all(
        attributes.fitting(size, entry.sizes)
        for size in (*item.sizes[:1], *(str(number) for number in item.numbers[:1]))
    )
    return colours and sizes


def _exact_colour(lexicon: Lexicon, entry: Entry, item: Item) -> bool:
    return all(colour in {lexicon.colours.canonical(one) for one in entry.colours} for colour in item.colours[:1])


def variant(
    item: Item, entry: Entry, lexicon: Lexicon, *, colour: str | None = None, size: str | None = None
) -> Variant:
    """The variant of a product that an item means; `colour` and `size` hold where the item is silent."""
    found = Variant(entry, quantity=max(item.quantity or 1, 1))
    _settle_numbers(item, entry, lexicon.sizes)
    if item.explicit and item.quantity is not None:
        found.quantity = item.quantity
    _colour(found, item, lexicon, colour)
    _size(found, item, size)
    if found.buyable() and not entry.available(found.colour, found.size):
        found.tells.append("sold_out")
    return found


def _settle_numbers(item: Item, entry: Entry, sizes: attributes.SizeSystem) -> None:
    if item.prices and not item.sizes and concepts.built_in().of_category(entry.category) == "giftcard":
        for price in item.prices:
            if attributes.fitting(str(price), entry.sizes):
                item.sizes.append(str(price))
                break
    for number in item.numbers:
        fits = bool(attributes.fitting(str(number), entry.sizes))
        if not item.sizes and (
            fits or (number >= _SIZE_LIKE and len(entry.sizes) > 1 and _numbered(str(number), entry, sizes))
        ):
            item.sizes.append(str(number))
        elif not item.explicit and not (fits and number >= _SIZE_LIKE):
            item.quantity, item.explicit = number, True
    item.numbers = []


def _numbered(number: str, entry: Entry, sizes: attributes.SizeSystem) -> bool:
    """Whether a number may be a size at all: the shop has it, or the goods come in numbers."""
    return sizes.read(number) is not None or any(size.isdigit() for size in entry.sizes)


def _colour(found: Variant, item: Item, lexicon: Lexicon, default: str | None) -> None:
    entry = found.entry
    if not entry.colours:
        return
    if item.colours:
        asked = item.colours[0]
        options = lexicon.colours.among(asked, entry.colours)
        found.asked_colour = asked
        if len(options) == 1 or (options and lexicon.colours.canonical(options[0]) == asked):
            found.colour = options[0]
        elif options:
            found.missing.append("colour")
        else:
            found.tells.append("no_such_colour")
        return
    if default is not None and default in entry.colours:
        found.colour = default
    elif len(entry.colours) == 1:
        found.colour = entry.colours[0]
    else:
        found.missing.append("colour")


def _size(found: Variant, item: Item, default: str | None) -> None:
    entry = found.entry
    if not entry.sizes:
        return
    if item.sizes:
        asked = item.sizes[-1]
        found.asked_size = asked.removeprefix("/")
        options = attributes.nearest(attributes.fitting(asked, entry.sizes), default)
        end = attributes.end_of_row(asked, entry.sizes)
        if len(options) == 1:
            found.size = options[0]
        elif end is not None:
            found.size = end
        elif options:
            found.size_candidates = options
            found.missing.append("size")
        else:
            found.tells.append("no_such_size")
        return
    only = attributes.one_size(entry.sizes)
    if default is not None and default in entry.sizes:
        found.size = default
    elif only is not None:
        found.size = only
    else:
        found.missing.append("size")
