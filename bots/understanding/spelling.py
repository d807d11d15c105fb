"""Typing errors: the word of the shop, or of the reader's own vocabulary, that an unknown word was meant to be.

Words one edit away are found through deletions (a table, no scan); two edits are allowed in long words with the same
first letter. Common words of both languages are never touched: better not understood than understood as something else.
"""

from collections.abc import Iterable
from functools import cache, lru_cache

from rapidfuzz.distance import OSA

from bots.understanding import attributes, concepts, data, numbers, rules, stems, topics

_SHORTEST = 4
_SHORTEST_TURNED = 3
_LONG = 7
_ENDINGS = ("s", "es", "ed", "ing", "ers", "ly", "st", "te", "ten", "est")


@cache
def everyday_words() -> frozenset[str]:
    """Everyday words of German and English, folded."""
    return frozenset(stems.fold(word) for word in data.words("common.de") | data.words("common.en"))


@cache
def common_words() -> frozenset[str]:
    """Everyday words, numbers, and words that ask for facts; they are what they are."""
    asked = {
        part for found in data.table("attributes")["asks"].values() for word in found for part in stems.words(word)
    }
    counted = numbers.quantities().keys() | numbers.ordinals().keys() | {"halb", "halbe", "halbes", "halben"}
    return everyday_words() | asked | counted


@cache
def _common_stems() -> frozenset[str]:
    return frozenset(key for word in everyday_words() if len(word) >= _SHORTEST for key in stems.keys(word))


@cache
def describing_words() -> frozenset[str]:
    """Words for materials, tags and whom goods are for, folded; none is a slip of another word."""
    groups = data.table("attributes")
    return frozenset(
        stems.joined(word)
        for group in ("material", "tag", "gender")
        for words in groups[group].values()
        for word in words
    )


@cache
def intent_words() -> frozenset[str]:
    """The words worth correcting towards for what a message wants, folded."""
    return frozenset(stems.fold(word) for word in data.words("spelling"))


@cache
def built_in_words() -> "Spelling":
    """The spelling of the reader's own vocabulary: kinds, colours, key words of intents, attributes."""
    kinds = {word for word in concepts.built_in().surface if word.isalpha()}
    people = {
        stems.joined(word)
        for group in ("material", "tag", "gender")
        for words in data.table("attributes")[group].values()
        for word in words
        if len(word) > _LONG
    }
    return Spelling(kinds | set(attributes.colour_surface()) | set(intent_words()) | people, None)


@cache
def turned() -> dict[str, str]:
    """Number words and other short words with two neighbouring letters turned around (`zwie`, `tow`), to what they are.

    A turn that is a word by itself (`there`) stays what it is.
    """
    known = common_words()
    short = {word for word in known if word in numbers.quantities()} | set(data.words("spelling.short"))
    found: dict[str, str] = {}
    for word in sorted(one for one in short if one.isalpha() and len(one) >= _SHORTEST_TURNED):
        for at in range(len(word) - 1):
            form = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
            if form not in known and form not in concepts.built_in().surface:
                found.setdefault(form, word)
    return found


@lru_cache(maxsize=16384)
def inflects(word: str) -> bool:
    """Whether a word is an everyday one with an ending (`pulls`, `wächst`), and so no slip of another."""
    known = everyday_words()
    bare = [word[: -len(ending)] for ending in _ENDINGS if word.endswith(ending)]
    return any(len(stem) >= _SHORTEST_TURNED and not known.isdisjoint((stem, stem + "e", stem + "en")) for stem in bare)


class Spelling:
    """A vocabulary that forgives: the word itself, one edit away, or two in long words."""

    def __init__(
        self, vocabulary: Iterable[str], base: "Spelling | None", absent: frozenset[str] = frozenset()
    ) -> None:
        self.base = base
        self.absent = absent  # words of kinds that the shop has none of: only a long word is taken for one of them
        self.words = frozenset(word for word in vocabulary if len(word) > 2)  # noqa: PLR2004
        self.stems = frozenset(key for word in self.words for key in stems.keys(word))
        self._deletions: dict[str, list[str]] = {}
        self._by_letter: dict[str, list[str]] = {}
        for word in sorted(self.words):
            if len(word) < _SHORTEST:
                continue
            for form in _deletions(word):
                self._deletions.setdefault(form, []).append(word)
            self._by_letter.setdefault(word[0], []).append(word)

    def knows(self, word: str) -> bool:
        """Whether the word or a form of it is in the vocabulary."""
        if word in self.words or any(key in self.stems for key in stems.keys(word)):
            return True
        return self.base is not None and self.base.knows(word)

    def says(self, word: str) -> bool:
        """Whether the very word is in the vocabulary, itself or of the base."""
        return word in self.words or (self.base is not None and self.base.says(word))

    def correct(self, word: str) -> str | None:
        """The word meant, or None when the word is known, common, short or too far from any."""
        if (turn := turned().get(word)) is not None and not self.knows(word) and not rules_know(word):
            return turn
        if (
            len(word) < _SHORTEST
            or not word.isalpha()
            or word in common_words()
            or word in describing_words()
            or (len(word) >= _LONG - 1 and not _common_stems().isdisjoint(stems.keys(word)))
            or self.knows(word)
            or rules_know(word)
            or inflects(word)
        ):
            return None
        return self._nearest(word) or self._inflected(word)

    def _inflected(self, word: str) -> str | None:
        # An ending on top of an error: the vocabulary holds base forms.
        for ending in ("en", "s", "n", "e"):
            if (
                word.endswith(ending)
                and len(word) - len(ending) >= _SHORTEST
                and (found := self._nearest(word[: -len(ending)]))
            ):
                return found
        return None

    def _nearest(self, word: str) -> str | None:
        own = self._candidates(word)
        if self.base is not None:
            own += self.base._candidates(word)  # noqa: SLF001 - the same class
        if len(word) < _LONG:
            own = [one for one in own if one[1] not in self.absent]
        if not own:
            return None
        limit = 1 if len(word) < _LONG else 2
        if len(word) == _SHORTEST:
            own = [
                one for one in own if one[1][0] == word[0] and (len(one[1]) > len(word) or _sounds_like(one[1], word))
            ]
        elif len(word) == _SHORTEST + 1:
            own = [one for one in own if one[1][0] == word[0]]
        if not own:
            return None
        best = min(own, key=lambda one: (one[0], one[1][0] != word[0], abs(len(one[1]) - len(word)), one[1]))
        return best[1] if best[0] <= limit else None

    def _candidates(self, word: str) -> list[tuple[int, str]]:
        found = {one for form in _deletions(word) for one in self._deletions.get(form, ())}
        if len(word) >= _LONG:
            found.update(one for one in self._by_letter.get(word[0], ()) if abs(len(one) - len(word)) <= 2)  # noqa: PLR2004
        limit = 1 if len(word) < _LONG else 2
        return [(distance, one) for one in found if (distance := OSA.distance(word, one, score_cutoff=limit)) <= limit]


def _sounds_like(known: str, word: str) -> bool:
    # `gelp`: German speaks a last b like p, d like t, g like k
    return known[:-1] == word[:-1] and {known[-1], word[-1]} in ({"b", "p"}, {"d", "t"}, {"g", "k"})


def _deletions(word: str) -> set[str]:
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


@lru_cache(maxsize=16384)
def rules_know(word: str) -> bool:
    """Whether a rule's pattern matches a word by itself or contains it, so that it must stay as it is."""
    plain, begun = rules.vocabulary()
    return (
        word in plain or topics.knows(word) or any(word[:length] in begun for length in range(_SHORTEST, len(word) + 1))
    )
