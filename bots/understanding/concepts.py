"""Kinds of goods and their broader kinds, from `data/categories.toml`, and which of them a word or a category names."""

from collections.abc import Mapping
from functools import cache

from bots.understanding import data, stems

_PLURALS = ("s", "es", "n", "en", "er", "e")
_SEVERAL = frozenset({"shoes", "socks", "trousers", "gloves", "swimwear", "underwear", "jewellery", "shorts"})


class Concepts:
    """Words of both languages to concepts, and concepts to what they include."""

    def __init__(self, table: Mapping[str, Mapping[str, list[str]]]) -> None:
        self.words: dict[str, dict[str, str]] = {"de": {}, "en": {}}
        self.surface: set[str] = set()
        self.named: dict[str, str] = {}
        self.parents: dict[str, tuple[str, ...]] = {}
        for concept, row in table.items():
            self.parents[concept] = tuple(row.get("within", ()))
            for language in ("de", "en"):
                for phrase in row.get(language, ()):
                    parts = tuple(stems.words(phrase))
                    for key in stems.joined_keys(parts, language):
                        self.words[language].setdefault(key, concept)
                    self.surface.add("".join(parts))
                    self.named.setdefault("".join(parts), concept)
        self.begun = stems.beginnings((*self.words["de"], *self.words["en"]))
        self.children: dict[str, tuple[str, ...]] = {
            concept: tuple(child for child, parents in self.parents.items() if concept in parents)
            for concept in self.parents
        }

    def plural(self, word: str, concept: str | None) -> bool:
        """Whether a word is a plural of a kind of goods that comes singly."""
        if concept is None or concept in _SEVERAL or _SEVERAL & set(self.parents.get(concept, ())):
            return False
        return self.several(word)

    def several(self, word: str) -> bool:
        """Whether a word is the plural of one for goods (`Hosen`, `sweaters`); what has no singular is none."""
        return any(word == one + ending for one in self.surface if word.startswith(one) for ending in _PLURALS)

    def says(self, word: str) -> bool:
        """Whether a word stands in the table, itself or as a plural."""
        return word in self.surface or any(
            word.endswith(ending) and word[: -len(ending)] in self.surface for ending in _PLURALS
        )

    def of_words(self, parts: tuple[str, ...], language: str) -> str | None:
        """The concept that words, written together, name: by any of their stems in a language, else in the other."""
        keys = stems.joined_keys(parts)
        known = self.words["en"], self.words["de"]
        for words in known if language == "en" else known[::-1]:
            if concept := next((words[key] for key in keys if key in words), None):
                return concept
        return None

    def of_category(self, category: str) -> str | None:
        """The concept behind a shop's own category: its last path part, read in either language."""
        name = category.rsplit("/", 1)[-1].replace("_", " ")
        if name in self.parents:
            return name
        parts = tuple(stems.words(name))
        return self.of_words(parts, "en") if parts else None

    def family(self, concept: str) -> tuple[str, ...]:
        """The concept and everything within it."""
        found = [concept]
        for one in found:
            found += [child for child in self.children.get(one, ()) if child not in found]
        return tuple(found)


@cache
def built_in() -> Concepts:
    """The concepts of the data file."""
    return Concepts(data.table("categories")["category"])
