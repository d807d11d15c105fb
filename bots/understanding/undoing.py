"""The wish to have the last change of the cart undone, and nothing else: `oops undo`, `ne doch nicht, zurück`."""

from bots.understanding import data
from bots.understanding.turn import Clause

_UNDO = data.word_set("undoing_undo")
_AROUND = data.word_set("undoing_around")
_PAUSING = data.word_set("undoing_pausing")
_IN_AGAIN = frozenset({"wieder", "rein"})  # `pack sie rein` puts in what was never there
_WHOLE = frozenset({"all", "alles", "everything"})


def undo(clause: Clause) -> bool:
    """Take a clause as the wish to undo; false where it says more, or something is open or ordered instead."""
    turn, words = clause.turn, set(clause.words())
    if turn.context.pending is not None or (turn.context.orders and not turn.context.cart):
        return False
    if clause.has("restore") and turn.focus_gone() and _WHOLE.isdisjoint(words):
        return False  # `put it back`, after it was taken out: it goes in again
    asked = not _UNDO.isdisjoint(words) or words >= _IN_AGAIN
    if not asked or not words <= _UNDO | _AROUND:
        return False
    turn.draft.act(clause.start, "cancel_flow", why="the last change is not wanted", confidence=0.9)
    return True


def pauses(clause: Clause) -> bool:
    """Whether the words only wait or let something be (`hold on`, `schon gut`), and take nothing back."""
    words = set(clause.words())
    return not _PAUSING.isdisjoint(words) and _UNDO.isdisjoint(words)
