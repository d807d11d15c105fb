"""The products of a shop that fit a search's filters, and those that come nearest where none does."""

from typing import Any

from bots.understanding import concepts
from bots.understanding.entries import Entry
from bots.understanding.lexicon import Lexicon
from bots.understanding.reading import Search


def narrowed(lexicon: Lexicon, wanted: dict[str, Any], pool: int) -> int:
    """Those of a set that fit the filters, their category aside; size and colour must be buyable together."""
    facets = lexicon.facets
    found = pool
    if {"colour", "not_colour", "size"} & wanted.keys():
        colours = _group(lexicon, wanted["colour"]) if "colour" in wanted else None
        without = _group(lexicon, wanted["not_colour"]) if "not_colour" in wanted else frozenset()
        found &= facets.variants(colours, without, [str(size) for size in _many(wanted.get("size") or ())])
    if "gender" in wanted:
        for_whom = 0
        for gender in {*_many(wanted["gender"]), *(() if wanted["gender"] == "kids" else ("unisex",))}:
            for_whom |= facets.genders.get(str(gender), 0)
        found &= for_whom
    for material in _many(wanted.get("material") or ()):
        found &= facets.made_of(str(material))
    for tag in _many(wanted.get("tag") or ()):
        found &= _tagged(lexicon, str(tag))
    for material in _many(wanted.get("not_material") or ()):
        found &= ~facets.made_of(str(material))
    for tag in _many(wanted.get("not_tag") or ()):
        found &= ~_tagged(lexicon, str(tag))
    if {"min_price", "max_price"} & wanted.keys():
        found = facets.priced(found, wanted.get("min_price", 0), wanted.get("max_price", float("inf")))
    return found


def _group(lexicon: Lexicon, colours: object) -> frozenset[str]:
    return frozenset(name for colour in _many(colours) for name in lexicon.colours.group(str(colour)))


def _tagged(lexicon: Lexicon, tag: str) -> int:
    found = 0
    for one in {"formal": ("formal", "evening"), "evening": ("evening", "formal")}.get(tag, (tag,)):
        found |= lexicon.facets.tags.get(one, 0)
    return found | lexicon.facets.made_of("organic") if tag == "organic" else found


def matches(entry: Entry, wanted: dict[str, Any], lexicon: Lexicon) -> bool:
    """Whether one product fits the filters, its category aside."""
    return narrowed(lexicon, wanted, lexicon.bits([entry.id])) != 0


def in_category(lexicon: Lexicon, category: object) -> int:
    """The products of a shop's categories, or of the kinds their names mean."""
    found = 0
    for one in _many(category):
        concept = concepts.built_in().of_category(str(one)) or str(one)
        found |= lexicon.by_category.get(concept, 0) or lexicon.of_concept(concept)
    return found


def run(
    lexicon: Lexicon, wanted: dict[str, Any], bits: int | None, excluded: int = 0, *, sort: str | None = None
) -> Search:
    """Find the products that fit, best first: in catalogue order, or by price where that was asked."""
    pool = lexicon.everything if bits is None else bits
    if bits is None and "category" in wanted:
        pool = in_category(lexicon, wanted["category"])
    fitting = lexicon.listed(narrowed(lexicon, wanted, pool & ~excluded))
    if sort is not None:
        fitting.sort(key=lambda entry: entry.price, reverse=sort == "price_desc")
    return Search(filters=wanted, products=tuple(entry.id for entry in fitting), sort=sort)


def nearest(lexicon: Lexicon, wanted: dict[str, Any], bits: int | None, excluded: int = 0) -> tuple[str, ...]:
    """The products that come closest where nothing fits: a like colour first, then fewer wishes, never other goods."""
    kinds = {key: value for key, value in wanted.items() if key in {"category", "not_material"}}
    coloured = {key: value for key, value in wanted.items() if key in {"colour", *kinds}}
    alike = {"colour": sorted(lexicon.colours.alike(_many(wanted["colour"])))} if "colour" in wanted else {}
    sort = "price_asc" if "max_price" in wanted else None
    for fewer in ({**wanted, **alike}, {**coloured, **alike}, kinds):
        if fewer and (fewer != wanted) and (found := run(lexicon, fewer, bits, excluded, sort=sort).products):
            return found
    return ()


def _many(value: object) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple, set, frozenset)) else [value]
