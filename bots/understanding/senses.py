"""What single words, and words written together, say of goods: by title, by kind, as a compound, by its last part."""

from dataclasses import dataclass
from functools import cache

from bots.understanding import concepts, data, rules, spelling, stems
from bots.understanding.lexicon import Lexicon
from bots.understanding.marks import Marks

PARTING = frozenset(",;.!?\n&+")  # signs between words that do not belong together
_BOTH = data.word_set("products_both")
_NO_NAMES = data.word_set("products_no_names")
_DEFINITE = frozenset({"das", "dem", "den", "der", "die", "mein", "meine", "meinem", "meinen"})
_GOODS = frozenset({"kleid", "jacke", "hose", "schuhe", "shirt", "dress", "shoes", "jacket"})


@dataclass(slots=True)
class Sense:
    """What one word, or several written together, may contribute to a mention."""

    first: int
    last: int
    bits: int
    anchor: bool
    concept: str | None
    keys: frozenset[str]
    name: bool = False
    extra: str | None = None
    titled: bool = False
    describes: bool = False


def sense_of(marks: Marks, lexicon: Lexicon, language: str, first: int, last: int) -> Sense | None:  # noqa: PLR0911 - the order of questions is the decision
    """What the words of a range say of goods, or None where they say nothing."""
    parts = tuple(marks.words[first:last])
    gap = marks.text.folded[marks.tokens[first].end : marks.tokens[last - 1].start]
    if PARTING & set(gap):
        return None
    known = concepts.built_in()
    keys = stems.joined_keys(parts)
    whole = _bits(lexicon.wholes, keys)
    concept = known.of_words(parts, language)
    if len(parts) > 1:
        if not whole and concept is None:
            return None
        bits = whole or (lexicon.of_concept(concept) if concept else 0)
        inner = frozenset(key for part in parts for key in stems.keys(part))
        return Sense(
            first,
            last,
            bits,
            anchor=True,
            concept=concept,
            keys=frozenset(keys) | inner,
            describes="".join(parts) in spelling.describing_words(),
        )
    word = parts[0]
    if word in _stop_words(language) or (first in marks.taken) or len(word) < 2:  # noqa: PLR2004
        return None
    if word in spelling.common_words() and not lexicon.spelling.says(word) and word not in known.surface:
        return None  # `kannst` is no form of `Kanne`, `hate` none of `hat`
    heads, modifiers = _bits(lexicon.heads, keys), _bits(lexicon.modifiers, keys)
    if concept is not None:
        strict = lexicon.of_concept(concept)
        bits = strict | whole | (heads if not strict or concept in {"shirt", "tshirt"} else heads | strict)
        return Sense(first, last, bits, anchor=True, concept=concept, keys=frozenset(keys))
    if whole or heads:
        anchor = bool(whole) or word not in spelling.describing_words()
        return Sense(first, last, whole | heads | modifiers, anchor, None, frozenset(keys))
    if modifiers:
        plain = word in spelling.describing_words() or word in spelling.common_words()
        wished = word in rules.vocabulary()[0] and not _beside_its_like(marks, lexicon, first, modifiers)
        return Sense(
            first,
            last,
            modifiers,
            anchor=False,
            concept=None,
            keys=frozenset(keys),
            name=not (plain or wished),
            titled=_in_title(lexicon, modifiers, keys),
        )
    return _compound(lexicon, language, first, word) or _tail(marks, lexicon, language, first)


def _beside_its_like(marks: Marks, lexicon: Lexicon, at: int, bits: int) -> bool:
    # `packe`, with socks in a pack, is what rules wait for and no name; `French` beside `Press` is
    beside = (*marks.words[max(0, at - 1) : at], *marks.words[at + 1 : at + 2])
    return any(_bits(lexicon.modifiers, stems.joined_keys((word,))) & bits for word in beside)


def _in_title(lexicon: Lexicon, bits: int, keys: tuple[str, ...]) -> bool:
    # `das Merino`: a material that stands in one title only may go for the product.
    if bits.bit_count() != 1:
        return False
    entry = lexicon.listed(bits)[0]
    phrases = lexicon.analyses[entry.id][1].phrases
    return any(phrase.kind == "title" and any(set(keys) & word for word in phrase.words) for phrase in phrases)


def _compound(lexicon: Lexicon, language: str, at: int, word: str) -> Sense | None:
    known = concepts.built_in()
    everyday = word in _stop_words(language) or word in rules.vocabulary()[0] or word in spelling.common_words()
    if len(word) < 6 or everyday or (language == "en" and word.endswith("ing")):  # noqa: PLR2004
        return None
    for first, second in stems.splits(word):
        if len(second) < 4:  # noqa: PLR2004
            break
        keys = stems.keys(second)
        concept = known.of_words((second,), "de") if second not in _stop_words("de") else None
        heads = _bits(lexicon.wholes, keys) | (_bits(lexicon.heads, keys) if concept else 0)
        if concept is None and not heads:
            continue
        bits = heads | (lexicon.of_concept(concept) if concept else 0)
        modifier_keys = tuple(key for part in stems.without_link(first) for key in stems.keys(part))
        narrowed = bits & _bits(lexicon.modifiers, modifier_keys)
        known_attribute = first in spelling.describing_words() or any(
            part in spelling.describing_words() for part in stems.without_link(first)
        )
        extra = None if narrowed or known_attribute else first
        return Sense(
            at,
            at + 1,
            narrowed or bits,
            anchor=True,
            concept=concept,
            keys=frozenset((*keys, *modifier_keys)),
            extra=extra,
        )
    return None


def _tail(marks: Marks, lexicon: Lexicon, language: str, at: int) -> Sense | None:
    # `die Box`, of a `Transportbox`
    word, known = marks.words[at], at > 0 and marks.words[at - 1] in _DEFINITE
    if language != "de" or word in spelling.everyday_words() or (word in rules.vocabulary()[0] and not known):
        return None
    bits = _bits(lexicon.tails, tuple(stems.without_link(word)))
    return Sense(at, at + 1, bits, anchor=True, concept=None, keys=frozenset(stems.keys(word))) if bits else None


def _bits(table: dict[str, int], keys: tuple[str, ...]) -> int:
    found = 0
    for key in keys:
        found |= table.get(key, 0)
    return found


@cache
def _stop_words(language: str = "de") -> frozenset[str]:
    function = data.words(f"language.{'en' if language == 'en' else 'de'}")
    return (frozenset(stems.fold(word) for word in function) | _BOTH) - _GOODS | _NO_NAMES
