"""What products come in, as sets: colours and sizes that can be bought together, for whom, of what, tagged how.

A search over thousands of products is then a handful of set operations, however many filters it has.
"""

from bots.understanding import attributes, stems
from bots.understanding.attributes import Palette
from bots.understanding.entries import Entry


class Facets:
    """Sets of products, as bits, by each property that a search may ask for."""

    def __init__(self, entries: tuple[Entry, ...], palette: Palette) -> None:
        self.pairs: dict[tuple[str, str], int] = {}
        self.genders: dict[str, int] = {}
        self.tags: dict[str, int] = {}
        self.materials: dict[str, int] = {}
        self.prices = [entry.price for entry in entries]
        for at, entry in enumerate(entries):
            bit = 1 << at
            for colour in entry.colours or ("",):
                for size in entry.sizes or ("",):
                    if entry.available(colour or None, size or None):
                        key = (palette.canonical(colour) if colour else "", size)
                        self.pairs[key] = self.pairs.get(key, 0) | bit
            self.genders[entry.gender] = self.genders.get(entry.gender, 0) | bit
            for tag in entry.tags:
                self.tags[tag] = self.tags.get(tag, 0) | bit
            material = stems.fold(entry.material)
            self.materials[material] = self.materials.get(material, 0) | bit
        self.sizes = tuple(dict.fromkeys(size for _, size in self.pairs))

    def variants(self, colours: frozenset[str] | None, without: frozenset[str], sizes: list[str]) -> int:
        """The products that can be bought in one of the colours (none of the others) and in one of the sizes."""
        fitting = {one for size in sizes for one in self._sizes_meant(size)}
        found = 0
        for (colour, size), bits in self.pairs.items():
            if (colours is None or colour in colours) and colour not in without and (not sizes or size in fitting):
                found |= bits
        return found

    def _sizes_meant(self, size: str) -> set[str]:
        exact = set(attributes.fitting(size, self.sizes))
        return exact | {one for one in self.sizes if one not in exact and attributes.fitting(size, (one,))}

    def made_of(self, material: str) -> int:
        """The products whose material's text holds a word."""
        wanted = stems.fold(material)
        found = 0
        for text, bits in self.materials.items():
            if wanted in text:
                found |= bits
        return found

    def priced(self, bits: int, low: float, high: float) -> int:
        """Those of a set whose price lies between two amounts, both included."""
        found = 0
        while bits:
            lowest = bits & -bits
            if low <= self.prices[lowest.bit_length() - 1] <= high:
                found |= lowest
            bits ^= lowest
        return found
