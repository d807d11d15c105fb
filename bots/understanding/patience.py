"""Words that only ask for a moment (`warte kurz`, `one sec`, `muss nachmessen`): nothing is taken back or answered."""

import re

from bots.understanding import data
from bots.understanding.turn import Turn

_PHRASES = re.compile("|".join(data.table("answers")["patience"]))
_AROUND = data.word_set("patience_around")
_LONGEST = 9  # words of `ich muss nur mal eben kurz noch was nachmessen`


def ask(turn: Turn) -> bool:
    """Take a message as the wish for a moment; false where it says anything more."""
    words = turn.marks.words
    if len(words) > _LONGEST or not _only_waits(" ".join(words)):
        return False
    pending = turn.context.pending
    if pending is not None and pending.confirm is not None:
        turn.draft.act(0, "deny", why="a moment, please", confidence=0.9)
        turn.draft.values["confirm"] = False
    else:
        turn.draft.act(0, "cancel_flow", why="a moment, please", confidence=0.9)
    turn.draft.values["field"] = "patience"
    return True


def _only_waits(said: str) -> bool:
    rest = _PHRASES.sub(" ", said)
    return rest != said and all(word in _AROUND for word in rest.split())
