"""Whether goods are made of what their words say: a rain jacket is no leather jacket, whatever else fits."""

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
    """Whether a mention names a material that an entry neither has nor carries in its name."""
    words = clause.turn.marks.words[max(clause.first, mention.first - _NEAR) : mention.last]
    asked = {value for at, word in enumerate(words) for value in _materials(word, last=at == len(words) - 1)}
    if not asked or not entry.material:
        return False
    own = {key for phrase in clause.turn.lexicon.analyses[entry.id][1].phrases for keys in phrase.words for key in keys}
    own |= {key for word in stems.words(entry.material) for key in stems.keys(word)}
    named = {_known()[key] for key in own if key in _known()} | {value for key in own for value in _inside(key)}
    made = stems.fold(entry.material)
    return not any(stems.fold(value) in made or value in named for value in asked)


def _materials(word: str, *, last: bool) -> list[str]:
    if last:  # the goods themselves: `jeans` are jeans, but a `Jeansjacke` is of denim
        return _inside(word)
    return [_known()[key] for key in stems.keys(word) if key in _known()][:1]


def _inside(word: str) -> list[str]:
    if len(word) < _SHORTEST + 3:
        return []
    return [
        _known()[key]
        for first, second in stems.splits(word)
        if len(second) >= _SHORTEST
        for part in stems.without_link(first)
        for key in stems.keys(part)
        if key in _known()
    ][:1]
