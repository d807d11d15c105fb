"""Words whose second half stands with the next one: `Vorder- und Rücklicht` are a front light and a rear light."""

from bots.understanding import stems
from bots.understanding.lexicon import Lexicon
from bots.understanding.normalise import Normal

_JOINING = frozenset({"und", "oder", "u", "bzw", "sowie"})
_SHORTEST = 3  # letters of the half that both share


def completed(normal: Normal, words: list[str], lexicon: Lexicon) -> list[str]:
    """The words, each that ends in a hyphen before `und` or `oder` with the half that the next word lends it."""
    tokens = normal.tokens
    out = list(words)
    for at in range(len(words) - 2):
        after = normal.folded[tokens[at].end : tokens[at + 1].start]
        if after.startswith("-") and after[1:].isspace() and words[at + 1] in _JOINING:
            out[at] = _whole(words[at], words[at + 2], lexicon) or words[at]
    return out


def _whole(begun: str, other: str, lexicon: Lexicon) -> str | None:
    halves = [second for _, second in stems.splits(other) if len(second) >= _SHORTEST]
    return next((begun + half for half in halves if lexicon.spelling.knows(begun + half)), None)
