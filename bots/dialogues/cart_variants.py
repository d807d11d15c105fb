"""Which variant a wish for the cart means, or what has to be asked before that is known."""

from collections.abc import Sequence
from dataclasses import dataclass

from bots.replies import goods
from bots.understanding.reading import CartOp as Wish
from bots.understanding.reading import Reading
from catalog.products.listing import Listing, VariantListing, option_kind
from checkout.carts.values import BareLine, CartLine

Line = BareLine | CartLine


@dataclass(frozen=True, slots=True)
class Length:
    """A size whose length the shopper did not name: the one taken, and the others there are."""

    sku: str
    listing: Listing
    others: tuple[VariantListing, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What has to be asked before a wish can be granted."""

    listing: Listing
    kind: str  # "colour" or "size"
    variants: tuple[VariantListing, ...]
    wish: Wish
    instead_of: str = ""  # the id of the line whose place it is to take


def settle(listing: Listing, wish: Wish, reading: Reading, *, line: Line | None = None) -> VariantListing | Question:
    """The variant a wish means, or what has to be asked. A product with one value of an option needs no question."""
    colour, size = wish.colour, wish.size
    if line is not None:
        colour = colour or goods.kind_of(line.options, "colour")
        size = size or goods.kind_of(line.options, "size")
    found = goods.choose(listing, colour=colour, size=size)
    if size is None and reading.size_candidates:
        among = [
            v
            for v in found
            if goods.values(listing, "size", among=[v])[:1] and _size(listing, v) in reading.size_candidates
        ]
        if among:
            return _one_of(listing, among, wish)
    if size is not None and "/" not in size and len({_size(listing, v) for v in found}) > 1:
        return _middle_length(listing, list(found))
    if len(found) == 1:
        return found[0]
    pool = found or listing.variants
    if colour is None and len(goods.values(listing, "colour", among=pool)) > 1:
        return Question(listing, "colour", tuple(pool), wish)
    if len(goods.values(listing, "size", among=pool)) > 1:
        return Question(listing, "size", tuple(pool), wish)
    return pool[0]


def _one_of(listing: Listing, among: Sequence[VariantListing], wish: Wish) -> VariantListing | Question:
    """Lengths of one width need no question: the likely one is taken, the others are offered. Other sizes do."""
    if all("/" in _size(listing, variant) for variant in among):
        return _middle_length(listing, among)
    return Question(listing, "size", tuple(among), wish)


def _middle_length(listing: Listing, among: Sequence[VariantListing]) -> VariantListing:
    """Of sizes like 32/30, 32/32, 32/34 the one as long as wide, else the middle one; one in stock if any is."""
    there = [variant for variant in among if variant.available > 0] or list(among)
    square = [v for v in there if len(set(_size(listing, v).split("/"))) == 1]
    return square[0] if square else there[len(there) // 2]


def other_lengths(listing: Listing, sku: str, wish: Wish, reading: Reading) -> list[Length]:
    """Other lengths of the same width, when the shopper named only the width."""
    chosen = listing.variant(sku)
    size = _size(listing, chosen) if chosen is not None else ""
    if chosen is None or "/" not in size or (wish.size and "/" in wish.size and not reading.size_candidates):
        return []
    width = size.partition("/")[0]
    same = {name: value for name, value in chosen.options.items() if option_kind(name) != "size"}
    others = tuple(
        variant
        for variant in listing.matching(same)
        if variant.sku != sku and variant.available > 0 and _size(listing, variant).startswith(f"{width}/")
    )
    return [Length(sku, listing, others)] if others else []


def _size(listing: Listing, variant: VariantListing) -> str:
    name = next((name for name in listing.options if option_kind(name) == "size"), "")
    return variant.options.get(name, "")
