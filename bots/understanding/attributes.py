"""Colours and sizes of one shop: its own spellings behind every word that a shopper may use for them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache

from bots.understanding import data, stems
from catalog.products import colours as shades

ONE_SIZE = "one size"
_MEASURED = 10  # a bare number from here on may stand for a measure (`500` for 500 ml)
_TWOFOLD = re.compile(r"^w?\s*(\d{2,3})(?:\s*/\s*l?\s*(\d{2,3})|\s+(?:l?(\d{2,3})|([a-z]{2,})))$")
_RANGE = re.compile(r"^(\d{1,3})\s*[-–/]\s*(\d{1,3})$")


@cache
def colour_words() -> Mapping[str, str]:
    """Stem of a colour word (or of several, written together) to the canonical name."""
    found: dict[str, str] = {}
    for name, row in data.table("colours")["colour"].items():
        written = [("en", phrase) for phrase in (name, *row.get("en", ()))] + [("de", one) for one in row.get("de", ())]
        for language, phrase in written:
            for key in stems.joined_keys(tuple(stems.words(phrase)), language):
                found.setdefault(key, name)
    return found


@cache
def colour_surface() -> frozenset[str]:
    """Colour words as written together, for spelling."""
    table = data.table("colours")["colour"]
    return frozenset(
        stems.joined(word) for name, row in table.items() for word in (name, *row.get("en", ()), *row.get("de", ()))
    )


@cache
def _units() -> Mapping[str, str]:
    return {stems.fold(word): unit for unit, words in data.table("sizes")["unit"].items() for word in (unit, *words)}


_MEASURE = re.compile(
    r"(?<![\w.,])(\d+)\s*(?:x|×|mal|by)\s*(\d+)(?:\s*cm)?(?!\w)"
    r"|(?<![\w.,])(\d+(?:[.,]\d+)?)(?:\s*|-)([a-z]{1,12})(?!\w)"
    r"|(?<![\w.,])(\d+[.,]\d+)(?![\w])"
)


def measures(folded: str) -> Iterator[re.Match[str]]:
    """What looks like a measure in folded text: `1,2 l`, `40 x 40`, `42.5`."""
    return _MEASURE.finditer(folded)


def measure(written: str) -> str | None:
    """One spelling for a measure (`1,2 Liter` as `1.2 l`), or None where it is none."""
    match = _MEASURE.fullmatch(stems.fold(written).strip())
    if match is None:
        return None
    wide, high, amount, unit, decimal = match.groups()
    if wide:
        return f"{wide}x{high}"
    number = f"{float((amount or decimal).replace(',', '.')):g}"
    return f"{number} {_units().get(unit, unit)}" if unit else number


class Palette:
    """The colours of a shop's goods, as it spells them, by what they are called."""

    def __init__(self, colours: Iterable[str]) -> None:
        self.spellings: dict[str, list[str]] = {}
        self.own: dict[str, str] = {}
        self.names: dict[str, str] = {}
        known = colour_words()
        for colour in dict.fromkeys(colours):
            parts = tuple(stems.words(colour.replace("-", " ")))
            if not parts:
                continue
            name = next((known[key] for key in stems.joined_keys(parts) if key in known), colour)
            self.spellings.setdefault(name, []).append(colour)
            self.names[colour] = name
            if name == colour:
                for phrase in (parts, *_shades(parts)):
                    for key in stems.joined_keys(phrase):
                        self.own.setdefault(key, colour)

    def name_of(self, key: str) -> str | None:
        """The canonical colour behind a stem: of the data file or of this shop's own naming."""
        return colour_words().get(key) or self.own.get(key)

    def among(self, name: str, offered: Iterable[str]) -> list[str]:
        """Which of the offered spellings a colour word means: its own, else those it covers, else its nearest."""
        available = list(offered)
        exact = [colour for colour in available if self.canonical(colour) == name]
        if exact:
            return exact
        row = data.table("colours")["colour"].get(name, {})
        covered = [colour for colour in available if self.canonical(colour) in row.get("covers", ())]
        return covered or [colour for colour in available if name in self._near_pairs(self.canonical(colour))]

    def group(self, name: str) -> frozenset[str]:
        """The canonical colours that a search for one includes."""
        row = data.table("colours")["colour"].get(name, {})
        group = {name, *row.get("covers", ())}
        if not any(one in self.spellings for one in group):
            group |= self._near_pairs(name)
        return frozenset(group)

    def alike(self, names: Iterable[str]) -> frozenset[str]:
        """The canonical colours that come near these: what they include, and every shade of the same basic colour."""
        wanted = {shade for name in names for shade in self.group(name)}
        families = {known.family for name in wanted if (known := shades.colour_of(name)) is not None}
        offered = {name: shades.colour_of(name) for name in {*self.spellings, *self.names.values()}}
        return frozenset(wanted | {name for name, known in offered.items() if known and known.family in families})

    def canonical(self, colour: str) -> str:
        """The canonical name of a shop's own spelling."""
        return self.names.get(colour, colour)

    @staticmethod
    def _near_pairs(name: str) -> set[str]:
        # Only names that people use for the same cloth: pink and rose, khaki and olive. Red is no burgundy.
        pairs = (
            {"pink", "rose"},
            {"cream", "off-white", "natural"},
            {"anthracite", "dark grey"},
            {"light grey", "grey"},
            {"dark grey", "grey"},
            {"cognac", "camel"},
            {"cognac", "brown"},
        )
        return {other for pair in pairs if name in pair for other in pair}


@cache
def part_words() -> Mapping[str, str]:
    """A word for the second part of a size (`lang`), folded, to the one it stands for."""
    return {stems.fold(word): part for part, words in data.table("sizes")["part"].items() for word in (part, *words)}


def twofold(size: str) -> tuple[str, str] | None:
    """The two parts of a size that has them (`32/34`, `W32 L34`, `32 Long`), or None."""
    match = _TWOFOLD.match(stems.fold(size))
    if match is None or match[4] in _units():
        return None
    second = match[2] or match[3] or match[4]
    return match[1], part_words().get(second, second)


def _shades(parts: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    # `neongrün`, of a colour that the shop calls `neon green`
    base = colour_words().get(parts[-1])
    row = data.table("colours")["colour"].get(base, {}) if base and len(parts) > 1 else {}
    for word in (*row.get("de", ()), *row.get("en", ())):
        yield (*parts[:-1], *stems.words(word))


class SizeSystem:
    """The sizes of a shop's goods and the words for them."""

    def __init__(self, sizes: Iterable[str]) -> None:
        self.all = tuple(dict.fromkeys(sizes))
        self.slashed = tuple(size for size in self.all if "/" in size and not re.search(r"\d", size))
        self.numbers = frozenset(number for size in self.all for number in re.findall(r"\d+", size))
        self.measures = {key: size for size in self.all if (key := measure(size)) is not None}
        for key, size in list(self.measures.items()):
            if "." in (number := key.split()[0]):  # `0.7`, of pens
                self.measures.setdefault(number, size)
        self.twofold = {parts: size for size in self.all if (parts := twofold(size)) is not None}
        self.soft = frozenset(stems.joined(word) for word in data.table("sizes")["words"]["soft"])
        self.words: dict[str, str] = {}
        for size, words in self._said():
            for word in words:
                self.words.setdefault(stems.joined(word), size)

    def _said(self) -> Iterator[tuple[str, Iterable[str]]]:
        """Each size with words for it, the surest first."""
        table = data.table("sizes")
        yield from ((size, (size,)) for size in self.all)
        for letter, words in table["letter"].items():
            known = {stems.joined(word) for word in (letter, *words)}
            yield next((size for size in self.all if stems.joined(size) in known), letter), (letter, *words)
        yield from ((size, table["part"].get(stems.joined(size), ())) for size in self.all)  # `schwer`, of heavy bands
        yield ONE_SIZE, table["words"]["one"]
        yield from ((self.measures[key], words) for key, words in table["amount"].items() if key in self.measures)

    def measured(self, written: str) -> str | None:
        """The size that an amount with its unit, or two of them, stands for (`1,2 Liter`, `40 x 40`), or None."""
        return self.measures.get(measure(written) or "")

    def read(self, word: str) -> str | None:
        """The size a word written together stands for, or None."""
        return self.words.get(word)


def fitting(size: str, offered: tuple[str, ...]) -> list[str]:  # noqa: PLR0911 - the order of questions is the decision
    """Which offered sizes a spoken one means: itself, the range it falls in, or the W/L sizes it begins."""
    if size in offered:
        return [size]
    folded = stems.joined(size)
    same = [one for one in offered if stems.joined(one) == folded]
    if same:
        return same
    if alike := [one for one in offered if _letter(one) and _letter(one) == _letter(size)]:
        return alike
    if parts := [one for one in offered if "/" in one and size in one.split("/") and not size.isdigit()]:
        return parts
    if size.startswith("/"):  # a length by itself
        return [one for one in offered if (both := twofold(one)) is not None and both[1] == size[1:]]
    if size.isdigit():
        number = int(size)
        prefixed = [one for one in offered if re.match(rf"^W?{size}\s*/", one, re.IGNORECASE)]
        if prefixed:
            return prefixed
        if number >= _MEASURED and (same := [one for one in offered if _numbered(one, size)]):
            return same
        return [
            one
            for one in offered
            if (match := _RANGE.match(one)) and "/" not in one and int(match[1]) <= number <= int(match[2])
        ]
    return []


@lru_cache(maxsize=4096)
def _letter(size: str) -> str | None:
    # `medium` and `M` are one size, however the shop writes it
    return _letters().get(stems.joined(size))


@cache
def _letters() -> Mapping[str, str]:
    table = data.table("sizes")["letter"]
    return {stems.joined(word): letter for letter, words in table.items() for word in (letter, *words)}


def _numbered(offered: str, number: str) -> bool:
    key = measure(offered) or ""
    return key.startswith((f"{number} ", f"{number}x")) or (not offered.isdigit() and number in offered.split())


def end_of_row(asked: str, offered: tuple[str, ...]) -> str | None:
    """The smaller or larger of two sizes, or the end of a row of measures, for a letter that none of them is."""
    two = len(offered) == 2 and not any(one.isdigit() for one in offered)  # noqa: PLR2004
    if not two and (len(offered) < 2 or any(measure(one) is None for one in offered)):  # noqa: PLR2004
        return None
    return {"S": offered[0], "L": offered[-1]}.get(asked)


def partly(words: Iterable[str], offered: tuple[str, ...]) -> str | None:
    """The one offered size that a part of its name tells from the others (`the galaxy one`), or None."""
    told = [one for one in offered if any(word in stems.words(one) for word in words if len(word) > 1)]
    return told[0] if len(told) == 1 and len(offered) > 1 else None


def step(size: str, offered: tuple[str, ...], by: int) -> str | None:
    """The size so many steps up or down the row of offered ones, or None past its end; of W/L sizes, in width."""
    if size not in offered:
        return None
    length = size.partition("/")[2]
    offered = tuple(one for one in offered if one.partition("/")[2] == length)
    at = offered.index(size) + by
    return offered[at] if 0 <= at < len(offered) else None


def nearest(sizes: list[str], held: str | None) -> list[str]:
    """Of several sizes that words fit, the one that shares a part with the size held so far, where there is one."""
    parts = twofold(held) if held is not None else None
    if parts is None:
        return sizes
    near = [
        one for one in sizes if (other := twofold(one)) is not None and (other[0] == parts[0]) != (other[1] == parts[1])
    ]
    return near if len(near) == 1 else sizes


def one_size(offered: tuple[str, ...]) -> str | None:
    """The only size of goods that have one, or None."""
    return offered[0] if len(offered) == 1 else None
