"""A shop's goods as words: which products a word, a compound or a typing error may mean.

Products are bits of integers, so that narrowing thousands of them by several words is a handful of `&`. Compiled from
the catalogue alone; unchanged entries keep their analysis when the lexicon is replaced by a newer one.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from bots.understanding import attributes, concepts, numbers, stems
from bots.understanding.entries import Entry, entry_from_json
from bots.understanding.facets import Facets
from bots.understanding.spelling import Spelling, built_in_words

_NOISE = 2  # letters of a word that tells nothing by itself
_COMPOUND = 8  # letters from which a German word may be one of two
_TITLE, _KEYWORD = "title", "keyword"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A title or keyword as stems: a set for each word, and the words written together."""

    words: tuple[frozenset[str], ...]
    whole: frozenset[str]
    kind: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Analysis:
    """An entry's phrases, and the words it can be found by as head and as modifier."""

    phrases: tuple[Phrase, ...]
    heads: frozenset[str]
    modifiers: frozenset[str]
    wholes: frozenset[str]
    concept: str
    word_concepts: frozenset[str]
    surface: frozenset[str]
    tails: frozenset[str]


def analyse(entry: Entry) -> Analysis:
    """Take an entry's titles and keywords apart; the head is the word that names the kind of goods, else the last."""
    known = concepts.built_in()
    concept = known.of_category(entry.category) or entry.category
    phrases: list[Phrase] = []
    heads: set[str] = set()
    modifiers: set[str] = set()
    word_concepts: set[str] = set()
    surface: set[str] = set()
    texts = [(language, title, _TITLE) for language, title in entry.titles.items()]
    texts += [(language, word, _KEYWORD) for language, found in entry.keywords.items() for word in found]
    for language, text, kind in texts:
        parts = tuple(stems.words(text))[:12]
        if not parts:
            continue
        head = _head(parts, concept, language)
        sets = tuple(frozenset(stems.keys_in(part, language)) for part in parts)
        phrases.append(Phrase(sets, frozenset(stems.joined_keys(parts, language)), kind, parts))
        heads |= sets[head]
        if found := known.of_words((parts[head],), language):
            word_concepts.add(found)
        for at, keys in enumerate(sets):
            if at != head:
                modifiers |= keys
        for first, second in _inner(parts[head], known, language):
            modifiers |= {key for part in stems.without_link(first) for key in stems.keys(part)}
            heads |= set(stems.keys_in(second, language))
        surface |= {part for part in parts if not part.isdigit() and len(part) > _NOISE}
    for tag in entry.tags:
        modifiers |= {key for part in stems.words(tag) for key in stems.keys(part)}
    for part in stems.words(entry.category.rsplit("/", 1)[-1]):
        if concept == entry.category:
            heads |= set(stems.keys(part))
            surface.add(part)
    wholes = frozenset(key for phrase in phrases for key in phrase.whole)
    return Analysis(
        tuple(phrases),
        frozenset(heads),
        frozenset(modifiers),
        wholes,
        concept,
        frozenset(word_concepts),
        frozenset(surface),
        frozenset(tail for language, text, _ in texts if language == "de" for tail in _tails(text)),
    )


def _tails(text: str) -> Iterator[str]:
    """What the long words of a German title end in: a `Transportbox` is also called a box."""
    for part in stems.words(text):
        yield from (second for _, second in stems.splits(part)) if len(part) >= _COMPOUND else ()


def _head(parts: tuple[str, ...], concept: str, language: str) -> int:
    known = concepts.built_in()
    family = set(known.family(concept)) | set(known.parents.get(concept, ()))
    named = [at for at, part in enumerate(parts) if known.of_words((part,), language) in family]
    if named:
        return named[-1]
    compounds = [
        at for at, part in enumerate(parts) if any(known.of_words((head,), language) for _, head in stems.splits(part))
    ]
    return compounds[0] if compounds and language == "de" else len(parts) - 1


def _inner(word: str, known: concepts.Concepts, language: str) -> Iterator[tuple[str, str]]:
    for first, second in stems.splits(word):
        if len(second) > _NOISE + 1 and known.words["de"].keys() & set(stems.keys(second)) and language == "de":
            yield first, second
            return


class Lexicon:
    """The goods of one shop, ready to be searched by words."""

    def __init__(self, entries: Iterable[Entry], *, previous: "Lexicon | None" = None) -> None:
        known = {} if previous is None else previous.analyses
        self.entries: tuple[Entry, ...] = tuple(entries)
        self.position = {entry.id: at for at, entry in enumerate(self.entries)}
        self.analyses: dict[str, tuple[Entry, Analysis]] = {}
        self.heads: dict[str, int] = {}
        self.modifiers: dict[str, int] = {}
        self.wholes: dict[str, int] = {}
        self.by_category: dict[str, int] = {}
        self.by_word: dict[str, int] = {}
        self.tails: dict[str, int] = {}
        surface: set[str] = set()
        for at, entry in enumerate(self.entries):
            kept = known.get(entry.id)
            analysis = kept[1] if kept is not None and kept[0] == entry else analyse(entry)
            self.analyses[entry.id] = (entry, analysis)
            bit = 1 << at
            for table, names in (
                (self.heads, analysis.heads),
                (self.modifiers, analysis.modifiers),
                (self.wholes, analysis.wholes),
                (self.by_category, (analysis.concept,)),
                (self.by_word, analysis.word_concepts),
                (self.tails, analysis.tails),
            ):
                for name in names:
                    table[name] = table.get(name, 0) | bit
            surface |= analysis.surface
        self.everything = (1 << len(self.entries)) - 1
        self.categories = {analysis.concept: entry.category for entry, analysis in self.analyses.values()}
        self.sizes = attributes.SizeSystem(size for entry in self.entries for size in entry.sizes)
        self.colours = attributes.Palette(colour for entry in self.entries for colour in entry.colours)
        self.begun = stems.beginnings(self.wholes)
        values = (*attributes.colour_words(), *self.colours.own, *self.sizes.words, *numbers.quantities())
        self.values_begun = stems.beginnings(values)
        self.facets = Facets(self.entries, self.colours)
        self.spelling = Spelling(surface, built_in_words(), self._absent())

    def _absent(self) -> frozenset[str]:
        known = concepts.built_in()
        gone = {concept for concept in known.parents if not self.of_concept(concept)}
        return frozenset(word for word, concept in known.named.items() if concept in gone)

    @classmethod
    def from_catalogue_json(cls, found: Mapping[str, Any]) -> Self:
        """Compile the catalogue file of the line format. Raises KeyError, TypeError or ValueError on another shape."""
        return cls(entry_from_json(product) for product in found["products"])

    def entry(self, product: str | None) -> Entry | None:
        """The entry of a product id, or None."""
        at = self.position.get(product or "")
        return None if at is None else self.entries[at]

    def bits(self, products: Iterable[str]) -> int:
        """The set of these products; unknown ids are left out."""
        found = 0
        for product in products:
            if (at := self.position.get(product)) is not None:
                found |= 1 << at
        return found

    def listed(self, bits: int, most: int | None = None) -> list[Entry]:
        """The entries of a set, or the first of them, in catalogue order."""
        out: list[Entry] = []
        digits = bin(bits)[:1:-1]  # the lowest first; to search a text costs less than arithmetic with large numbers
        at = digits.find("1")
        while at >= 0 and len(out) != most:
            out.append(self.entries[at])
            at = digits.find("1", at + 1)
        return out

    def modified(self, keys: Iterable[str]) -> int:
        """The products that have a word of these stems in a title or keyword, beside the word for their kind."""
        found = 0
        for key in keys:
            found |= self.modifiers.get(key, 0)
        return found

    def of_concept(self, concept: str) -> int:
        """The products of a kind: by their category, else by the words they go by."""
        known = concepts.built_in()
        family = known.family(concept)
        found = 0
        for one in family:
            found |= self.by_category.get(one, 0)
        if self.by_category.get(concept, 0) == 0:
            for one in family:
                found |= self.by_word.get(one, 0)
        return found
