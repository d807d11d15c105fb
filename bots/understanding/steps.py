"""How far the words move what is there: sizes up or down, an amount doubled, halved or taken times."""

from bots.understanding import data
from bots.understanding.turn import Clause

_STEPS = {"zwei": 2, "two": 2, "2": 2, "drei": 3, "three": 3, "3": 3}
_DOUBLE = data.word_set("amending_double")
_HALF = data.word_set("amending_half")


def stepped(clause: Clause) -> int:
    """How many sizes up or down the words ask for (`eine Nummer größer`); 0 when they do not."""
    steps = [(1, one) for one in clause.cue("step_up")] + [(-1, one) for one in clause.cue("step_down")]
    if not steps:
        return 0
    way, said = steps[0]
    return way * next((count for word in said.words.split() if (count := _STEPS.get(word))), 1)


def folded(clause: Clause, quantity: int) -> int | None:
    """What an amount comes to where the words multiply or halve it (`double it`, `everything times two`), or None."""
    words = clause.words()
    if _DOUBLE & set(words):
        return quantity * 2
    if _HALF & set(words):
        return quantity // 2 if quantity > 1 else quantity
    times = next((_STEPS[words[at + 1]] for at in range(len(words) - 1) if _times(words, at)), None)
    return None if times is None else quantity * times


def _times(words: list[str], at: int) -> bool:
    return words[at] == "times" and words[at + 1] in _STEPS
