"""Whether goods are what their words say: a rain jacket is no leather jacket, a wool coat no rain coat."""

from functools import cache, lru_cache

from bots.understanding import filtering, searching, stems
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
    use = _inside(words[-1], "tag") if entry.tags else None
    if use is not None and not _known_as(clause, entry, words[-1]):
        return use not in entry.tags
    # The last word is the goods themselves: `jeans` are jeans, but a `Jeansjacke` is of denim.
    asked = {value for word in words[:-1] for value in _materials(word)} | {_inside(words[-1], "material")} - {None}
    if not asked or not entry.material:
        return False
    own = {key for phrase in clause.turn.lexicon.analyses[entry.id][1].phrases for keys in phrase.words for key in keys}
    own |= {key for word in stems.words(entry.material) for key in stems.keys(word)}
    named = {_known().get(key) for key in own} | {_inside(key, "material") for key in own}
    made = stems.fold(entry.material)
    return not any(value in named or stems.fold(value) in made for value in asked if value)


def _materials(word: str) -> list[str]:
    return [_known()[key] for key in stems.keys(word) if key in _known()][:1]


def _known_as(clause: Clause, entry: Entry, word: str) -> bool:
    phrases = clause.turn.lexicon.analyses[entry.id][1].phrases
    return any(set(stems.keys(word)) & keys for phrase in phrases for keys in (*phrase.words, phrase.whole))


@lru_cache(maxsize=8192)
def _inside(word: str, group: str) -> str | None:
    """What a compound's first part says of its goods (`Lederjacke`), in a group of attributes."""
    if len(word) < _SHORTEST + 3:
        return None
    known = _known() if group == "material" else searching.words_of(group)
    found = (
        known[key]
        for first, second in stems.splits(word)
        if len(second) >= _SHORTEST
        for part in stems.without_link(first)
        for key in stems.keys(part)
        if key in known
    )
    return next(found, None)


def told_by_use(clause: Clause, mention: Mention) -> Entry | None:
    """The one product of those a mention may be that has what the word before it says (`das gestreifte Shirt`)."""
    before = Clause(clause.turn, max(clause.first, mention.first - 1), mention.first + 1)
    tags = searching.named(before, "tag") if mention.bits.bit_count() > 1 else []
    lexicon = clause.turn.lexicon
    found = lexicon.listed(filtering.narrowed(lexicon, {"tag": tags}, mention.bits)) if tags else []
    return found[0] if len(found) == 1 else None
