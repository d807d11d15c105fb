"""The wish to have the last change of the cart undone, and nothing else: `oops undo`, `ne doch nicht, zurück`.

What is to go in again, or to stay in (`lass ihn drin`), undoes a change only if that took something out.
"""

from bots.understanding import data
from bots.understanding.turn import Clause

_UNDO = data.word_set("undoing_undo")
_AROUND = data.word_set("undoing_around")
_PAUSING = data.word_set("undoing_pausing")
_IN_AGAIN = frozenset({"wieder", "rein"})  # `pack sie rein` puts in what was never there
_BACK_IN = frozenset({"back", "in"})
_LET_STAY = data.word_set("undoing_let_stay")
_STAYING = frozenset({"drin", "drinbleiben", "drinlassen", "drinne", "drinnen", "in"})
_WHOLE = frozenset({"all", "alles", "everything"})


def undo(clause: Clause) -> bool:
    """Take a clause as the wish to undo; false where it says more, or something is open or ordered instead."""
    turn, words = clause.turn, set(clause.words())
    if turn.context.pending is not None or (turn.context.orders and not turn.context.cart):
        return False
    if clause.has("restore") and turn.focus_gone() and _WHOLE.isdisjoint(words):
        return False  # `put it back`, after it was taken out: it goes in again
    stays = _stays(clause, words)
    put_back = stays or words >= _BACK_IN or (words >= _IN_AGAIN and _UNDO.isdisjoint(words))
    if not (put_back or words & _UNDO) or not (stays or words <= _UNDO | _AROUND | _BACK_IN):
        return False
    if put_back:
        turn.draft.values["field"] = "put_back"
    turn.draft.act(clause.start, "cancel_flow", why="the last change is not wanted", confidence=0.9)
    return True


def _stays(clause: Clause, words: set[str]) -> bool:
    # `ach egal, lass ihn drin`, `leave it in after all`: nobody says of what, so it is what was just taken out
    said = not words.isdisjoint(_LET_STAY) and not words.isdisjoint(_STAYING)
    return said and words <= _LET_STAY | _STAYING | _AROUND | _PAUSING and "?" not in clause.text()


def pauses(clause: Clause) -> bool:
    """Whether the words only wait or let something be (`hold on`, `schon gut`), and take nothing back."""
    words = set(clause.words())
    return not _PAUSING.isdisjoint(words) and _UNDO.isdisjoint(words)
