"""What the reader knows of one product, and how it comes out of a catalogue file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the reader knows of a product. `price` is in major units and only ever compared with a spoken limit."""

    id: str
    titles: Mapping[str, str]
    category: str = ""
    gender: str = "unisex"
    colours: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    price: float = 0.0
    material: str = ""
    keywords: Mapping[str, Sequence[str]] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    sold_out: frozenset[tuple[str | None, str | None]] = frozenset()

    def available(self, colour: str | None, size: str | None) -> bool:
        """Whether the variant can be bought; a missing colour or size asks whether any variant fits."""
        pairs = (
            (one, other)
            for one in (self.colours or (None,) if colour is None else (colour,))
            for other in (self.sizes or (None,) if size is None else (size,))
        )
        return any(
            (pair[0] is None or pair[0] in self.colours)
            and (pair[1] is None or pair[1] in self.sizes)
            and not self._gone(*pair)
            for pair in pairs
        )

    def _gone(self, colour: str | None, size: str | None) -> bool:
        gone = self.sold_out
        return (colour, size) in gone or (colour, None) in gone or (None, size) in gone or (None, None) in gone


def entry_from_json(product: Mapping[str, Any]) -> Entry:
    """One product of the catalogue file."""
    title = product.get("title") or product.get("titles") or {}
    titles = (
        {"de": title, "en": title} if isinstance(title, str) else {str(key): str(text) for key, text in title.items()}
    )
    keywords = product.get("keywords") or {}
    if not isinstance(keywords, Mapping):
        keywords = {"de": list(keywords), "en": list(keywords)}
    return Entry(
        id=str(product["id"]),
        titles=titles,
        category=str(product.get("category") or ""),
        gender=str(product.get("gender") or "unisex"),
        colours=tuple(str(colour) for colour in product.get("colours") or ()),
        sizes=tuple(str(size) for size in product.get("sizes") or ()),
        price=float(product.get("price") or 0),
        material=str(product.get("material") or ""),
        keywords={str(key): tuple(str(word) for word in found or ()) for key, found in keywords.items()},
        tags=tuple(str(tag) for tag in product.get("tags") or ()),
        sold_out=frozenset(_gone(pair) for pair in product.get("sold_out") or ()),
    )


def _gone(pair: object) -> tuple[str | None, str | None]:
    if isinstance(pair, Mapping):
        colour, size = pair.get("colour"), pair.get("size")
        return (None if colour is None else str(colour), None if size is None else str(size))
    if isinstance(pair, (list, tuple)) and len(pair) == 2:  # noqa: PLR2004 - a pair
        return (None if pair[0] is None else str(pair[0]), None if pair[1] is None else str(pair[1]))
    return (None, None)
