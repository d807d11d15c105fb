"""Which of the products that a mention may be is meant: how well each one's own words cover what was said."""

from bots.understanding import attributes, data
from bots.understanding.entries import Entry
from bots.understanding.lexicon import Analysis, Lexicon, Phrase
from bots.understanding.products import Mention

MANY = 80  # products that are told apart one by one
_CLEAR = 0.07
_PLAIN = data.word_set("ranking_plain")


def ranked(mention: Mention, lexicon: Lexicon, pool: int | None = None) -> list[tuple[float, Entry]]:
    """The products a mention may be, most likely first, with how well their own words cover it."""
    bits = mention.bits if pool is None else mention.bits & pool
    if bits.bit_count() > MANY:
        # Too many to be one of them: two stand for all, as likely as each other.
        lowest = bits & -bits
        rest = bits ^ lowest
        return [(0.0, entry) for entry in lexicon.listed(lowest | rest & -rest)]
    found = [(_score(mention, lexicon, entry), entry) for entry in lexicon.listed(bits)]
    return sorted(found, key=lambda one: (-one[0], lexicon.position[one[1].id]))


def _score(mention: Mention, lexicon: Lexicon, entry: Entry) -> float:
    analysis = lexicon.analyses[entry.id][1]
    if mention.senses == 1 and mention.concept is not None and not mention.extras and len(mention.words[0]) <= 2:  # noqa: PLR2004
        return _kind_score(mention, analysis) + (0.12 if mention.concept == analysis.concept else 0.0)
    best = max((_phrase_score(mention, phrase) for phrase in analysis.phrases), default=0.0)
    return best + (0.12 if mention.concept == analysis.concept else 0.0)


def _kind_score(mention: Mention, analysis: Analysis) -> float:
    # A bare kind (`jeans`) means no title more than another, save one that is called just that, or is the plain one.
    value = 0.3
    for phrase in analysis.phrases:
        if mention.words[0] & phrase.whole:
            return 1.0
        if any(mention.words[0] & word for word in phrase.words):
            others = [
                part for part, word in zip(phrase.parts, phrase.words, strict=True) if not mention.words[0] & word
            ]
            value = max(value, 0.8 if all(part in _PLAIN for part in others) else 0.6)
    return value


def _phrase_score(mention: Mention, phrase: Phrase) -> float:
    if any(keys & phrase.whole for keys in mention.words) and len(mention.words) == 1:
        return 1.0
    matched = sum(any(word & keys for keys in mention.words) for word in phrase.words)
    covering = sum(any(word & keys for word in phrase.words) or bool(keys & phrase.whole) for keys in mention.words)
    if any(keys & phrase.whole for keys in mention.words):
        matched = len(phrase.words)
    return 0.6 * matched / len(phrase.words) + 0.4 * covering / len(mention.words) if matched else 0.0


def is_title(mention: Mention, analysis: Analysis) -> bool:
    """Whether a mention is all of a product's title, in one of its languages."""
    return len(mention.words) == 1 and any(mention.words[0] & phrase.whole for phrase in _titles(analysis))


def is_called(mention: Mention, analysis: Analysis) -> bool:
    """Whether a mention is a product's title, or the word of it that tells it from others (`the tote`)."""
    said = mention.words[0]
    told = len(mention.words) == 1 and any(said & word for one in _titles(analysis) for word in one.words[:-1])
    return told or is_title(mention, analysis)


def in_title(mention: Mention, analysis: Analysis) -> bool:
    """Whether a word of a mention stands in a product's title."""
    said = frozenset().union(*mention.words)
    return any(said & keys for phrase in _titles(analysis) for keys in (phrase.whole, *phrase.words))


def _titles(analysis: Analysis) -> list[Phrase]:
    return [phrase for phrase in analysis.phrases if phrase.kind == "title"]


def best(found: list[tuple[float, Entry]]) -> Entry | None:
    """The product clearly meant, or None when two are as likely."""
    if not found:
        return None
    if len(found) == 1 or found[0][0] - found[1][0] >= _CLEAR:
        return found[0][1]
    return None


def fits(lexicon: Lexicon, entry: Entry, colour: str | None, size: str | None) -> bool:
    """Whether an entry is made in this colour and size at all."""
    return (colour is None or bool(lexicon.colours.among(colour, entry.colours))) and (
        size is None or bool(attributes.fitting(size, entry.sizes))
    )
