"""Whether what a clause speaks of is refused: `I don't want that one`, `den kauf ich nicht`, `auf keinen Fall S`."""

from bots.understanding import data, pointing
from bots.understanding.turn import Clause

_WANTING = data.word_set("refusing_wanting")
_NEVER = data.word_set("refusing_never")
_ALTERING = data.word_set("refusing_altering")
_OTHERS = data.word_set("refusing_others")
_TOLD = data.word_set("refusing_told")
_BEHIND = data.word_set("refusing_behind")
_NEAR = 2  # words from a negation to its verb
_WIDE = 5  # words from a negation to the verb that ends a German clause
_FAR = 3  # words from a negation to the value it rules out


def refuses(clause: Clause) -> bool:
    """Whether every verb of wanting in the clause is denied, and no value is given in place of another."""
    words = clause.words()
    verbs = [at for at, word in enumerate(words, clause.first) if word in _WANTING or word in _ALTERING]
    if not verbs or "?" in clause.text() or clause.has("dont_know") or pointing.ruled_out(clause):
        return False
    return all(_denied_before(clause, at) or _denied_behind(clause, at) for at in verbs)


def tells_of_others(clause: Clause) -> bool:
    """Whether it tells what somebody else did (`my wife wanted three`), and wishes nothing."""
    words = clause.words()
    told = words[0] in _OTHERS and bool(_TOLD & set(words[1:4]))
    return told and not _WANTING & set(words)


def refuses_size(clause: Clause) -> bool:
    """Whether the sizes of the clause are ruled out, and it says nothing else of the goods."""
    marks = clause.turn.marks
    said = marks.of("size", clause.first, clause.last)
    before = [set(marks.words[max(clause.first, mark.first - _FAR) : mark.first]) for mark in said]
    return bool(said) and not clause.of("colour") and all(_NEVER & words for words in before)


def _denied_before(clause: Clause, at: int) -> bool:
    # `would never buy`, `no need for it`
    words = clause.turn.marks.words
    near = _WIDE if at + 1 == clause.last and words[at] in _ALTERING else _NEAR  # `nicht in Grau ändern`
    places = range(max(clause.first, at - near), at)
    denied = any(words[place] in _NEVER and not _signs(clause, place, at) for place in places)
    return denied or (words[at] == "need" and words[at - 1 : at] == ["no"])


def _denied_behind(clause: Clause, at: int) -> bool:
    # `die nehm ich dann doch nicht`, `brauch ich nicht in M`
    words = clause.turn.marks.words
    for place in range(at + 1, clause.last):
        if words[place] not in _NEVER or _signs(clause, at, place):
            continue
        ends = place + 1 == clause.last or _signs(clause, place, place + 1)
        if ends or words[place + 1] in _BEHIND or (words[place + 1] == "in" and not clause.mentions()):
            return True
    return False


def _signs(clause: Clause, first: int, last: int) -> bool:
    tokens = clause.turn.marks.tokens
    between = clause.turn.folded[tokens[first].end : tokens[last].start]
    return any(sign in between for sign in ",.;:!?")
