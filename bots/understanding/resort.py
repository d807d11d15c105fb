"""The last resort: what a message speaks of, where its words fit no rule; better a near answer than none."""

from msgspec.structs import replace

from bots.understanding import answers, clauses, data, rules, serving
from bots.understanding.decide import decide as decide_clause
from bots.understanding.turn import Clause, Turn

_ASKING = data.word_set("topics_asking")
_BRIEF = 6  # words of `that's fine by me`
_SURE = 0.4  # how sure a reading is that rests on what is spoken of alone


def decide(turn: Turn) -> None:
    """Take a message that nothing else could read by the one thing it speaks of, else as a question about goods."""
    draft = turn.draft
    if draft.acts and not _in_vain(turn):
        return
    whole = turn.whole()
    if whole.has("oos"):
        return
    searched, acts = draft.search, list(draft.acts)
    draft.search, draft.acts[:] = None, []
    known = any(serving.serve(whole, one) for one in turn.resorts)
    if known or (not acts and (_yes_or_no(turn) or _in_parts(turn) or _about_focus(whole))):
        draft.confidence = _SURE
        draft.tells[:] = [word for word in draft.tells if word not in {"nothing_found", "alternatives"}]
        return
    draft.search, draft.acts[:] = searched, acts


def _in_vain(turn: Turn) -> bool:
    """Whether all that came of it is a search in vain for goods that nobody names or knows."""
    found = turn.draft.search
    searched = {name for _, name in turn.draft.acts} <= {"search"} and found is not None
    return searched and found is not None and found.filters.keys() <= {"tag"} and not found.products


def _in_parts(turn: Turn) -> bool:
    """Take what a part of the message says where it stands alone: `ach vergiss es, hat sich erledigt`."""
    draft, parts = turn.draft, clauses.fragments(turn)
    confirms = turn.context.pending is not None and turn.context.pending.confirm is not None
    for part in parts if len(parts) > 1 and not confirms else ():
        found, _ = rules.signals(turn.folded[part.start : part.end])
        turn.signals[:] = [replace(one, start=one.start + part.start, end=one.end + part.start) for one in found]
        if found:
            decide_clause(Clause(turn, part.first, part.last))
        if draft.acts and not draft.ops:
            return True
        draft.ops.clear()
        draft.acts.clear()
    return False


def _yes_or_no(turn: Turn) -> bool:
    """Whether other words speak for the yes that is waited for, or against it (`that's fine by me`, `hang on`)."""
    pending, words = turn.context.pending, turn.marks.words
    if pending is None or pending.confirm is None or "?" in turn.folded or turn.mentions:
        return False
    against = answers.wavers(turn.folded)
    if not against and (len(words) > _BRIEF or not answers.approves(words)):
        return False
    turn.draft.values["confirm"] = not against
    turn.draft.act(0, "deny" if against else "affirm", why="answers the open question")
    return True


def _about_focus(clause: Clause) -> bool:
    # `kann die in die Maschine`, of the jacket just shown
    turn = clause.turn
    if turn.focus is None or turn.context.pending is not None or clause.mentions() or not clause.has("refer"):
        return False
    if not (clause.question() or clause.has("ask") or clause.words()[0] in _ASKING):
        return False
    turn.draft.values["product"] = turn.focus.product
    turn.draft.act(clause.start, "product_question", why="something about the goods just spoken of")
    return True
