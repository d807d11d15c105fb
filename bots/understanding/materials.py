"""Whether goods are what their words say: a rain jacket is no leather jacket, a wool coat no rain coat."""

from functools import cache

from bots.understanding import searching, stems
from bots.understanding.entries import Entry
from bots.understanding.products import Mention
from bots.understanding.turn import Clause

_NEAR = 2  # words before goods that may say what they are made of
_SHORTEST = 4  # letters of the goods' word in a compound


@cache
def _known() -> dict[str, str]:
    # `Jeansjacke`: before other goods, jeans is what they are made of.
    return searching.words_of("material") | dict.fromkeys(stems.keys("jeans"), "denim")


def contradicts(clause: Clause, mention: Mention, entry: Entry) -> bool:
    """Whether a mention names a material, or in a compound a use, that an entry neither has nor carries in its name."""
    words = clause.turn.marks.words[max(clause.first, mention.first - _NEAR) : mention.last]
    if (
        entry.tags
        and (tags := _inside(words[-1], searching.words_of("tag")))
        and not _known_as(clause, entry, words[-1])
    ):
        return not set(tags) & set(entry.tags)
    asked = {value for at, word in enumerate(words) for value in _materials(word, last=at == len(words) - 1)}
    if not asked or not entry.material:
        return False
    own = {key for phrase in clause.turn.lexicon.analyses[entry.id][1].phrases for keys in phrase.words for key in keys}
    own |= {key for word in stems.words(entry.material) for key in stems.keys(word)}
    named = {_known()[key] for key in own if key in _known()} | {
        value for key in own for value in _inside(key, _known())
    }
    made = stems.fold(entry.material)
    return not any(stems.fold(value) in made or value in named for value in asked)


def _materials(word: str, *, last: bool) -> list[str]:
    if last:  # the goods themselves: `jeans` are jeans, but a `Jeansjacke` is of denim
        return _inside(word, _known())
    return [_known()[key] for key in stems.keys(word) if key in _known()][:1]


def _known_as(clause: Clause, entry: Entry, word: str) -> bool:
    phrases = clause.turn.lexicon.analyses[entry.id][1].phrases
    return any(set(stems.keys(word)) & keys for phrase in phrases for keys in (*phrase.words, phrase.whole))


def _inside(word: str, known: dict[str, str]) -> list[str]:
    if len(word) < _SHORTEST + 3:
        return []
    return [
        known[key]
        for first, second in stems.splits(word)
        if len(second) >= _SHORTEST
        for part in stems.without_link(first)
        for key in stems.keys(part)
        if key in known
    ][:1]


def told_by_use(clause: Clause, mention: Mention) -> Entry | None:
    """The one product of those a mention may be that has what the word before it says (`das gestreifte Shirt`)."""
    before = Clause(clause.turn, max(clause.first, mention.first - 1), mention.first + 1)
    tags = searching.named(before, "tag") if mention.bits.bit_count() > 1 else []
    lexicon = clause.turn.lexicon
    found = lexicon.listed(searching.narrowed(lexicon, {"tag": tags}, mention.bits)) if tags else []
    return found[0] if len(found) == 1 else None
