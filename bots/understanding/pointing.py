"""Whether words point at goods already spoken of (`die Jacke`), mean any of a kind, or rule something out."""

from bots.understanding import data
from bots.understanding.marks import Mark
from bots.understanding.products import Mention
from bots.understanding.turn import Clause

_NOT = data.word_set("pointing_not")
_NOT_END = data.word_set("pointing_not_end")
_TOWARDS = frozenset({"auf", "to"})
_AMOUNTS = frozenset({"quantity", "number", "size"})
_ONE = frozenset({"one", "eins"})
_OF = frozenset({"vom", "von"})
_ANY = frozenset({"was", "etwas", "irgendwas", "something", "anything"})
_DEFINITE = frozenset({"das", "dem", "den", "der", "die", "the", "vom", "beim"})
_BETWEEN = frozenset({"bitte", "one", "ones", "please"})
_OUT_BEHIND = (["away"], ["off"], ["out"], ["raus"], ["weg"])
_OUT_BEFORE = (["leave", "out"], ["lass", "weg"], ["leave", "off"], ["get", "rid"])
_WRONG = frozenset({"falsch", "wrong", "verkehrt"})


def definite_near(clause: Clause, mention: Mention) -> bool:
    """Whether a mention is of one known thing (`die Jacke`, `your coat`), not of any of a kind."""
    words = clause.turn.marks.words[max(clause.first, mention.first - 3) : mention.first]
    return any(
        word
        in {
            "die",
            "das",
            "den",
            "der",
            "the",
            "dem",
            "that",
            "this",
            "diese",
            "dieses",
            "diesen",
            "dieser",
            "eure",
            "euer",
            "your",
            "euren",
        }
        for word in words
    )


def describes(clause: Clause, colours: list[str], sizes: list[str]) -> bool:
    """Whether the first of these values tells which goods are meant (`the black M`, `von den weißen zwei`)."""
    values, words = (*colours[:1], *sizes[:1]), clause.turn.marks.words
    marks = [mark for mark in clause.turn.marks.found if mark.kind in {"colour", "size"} and mark.value in values]
    told = [mark.first for mark in marks if clause.first < mark.first < clause.last]
    return bool(told) and words[told[0] - 1] in _DEFINITE


def sets_amount(clause: Clause) -> bool:
    """Whether a value follows what it is of: `die Shirts auf 5`, `the tees to XL`, `vom schwarzen bitte zwei`."""
    marks = clause.turn.marks
    told = [mark for mark in marks.found if mark.kind in _AMOUNTS and clause.first <= mark.first < clause.last]
    if not told:
        return False
    values = [mark for mark in told if mark.hint != "article"]
    if towards(clause):
        return True
    if any(_given_for(clause, mention, values) for mention in clause.mentions()):
        return True
    amounts = [mark.first for mark in values if mark.kind != "size"]
    objects = [one.first for one in clause.mentions()]
    objects += [mark.first for mark in marks.of("colour", clause.first, clause.last)]
    parted = any(at < one < amount for at in _partitives(clause) for one in objects for amount in amounts)
    return parted or any(marks.words[amount + 1 : amount + 3] == ["of", "the"] for amount in amounts if objects)


def towards(clause: Clause) -> bool:
    """Whether a value is where something goes to (`die Shirts auf 5`, `drop the tees to one`)."""
    marks = clause.turn.marks
    return any(
        marks.words[mark.first - 1] in _TOWARDS and (mark.hint != "article" or marks.words[mark.first] in _ONE)
        for mark in marks.found
        if mark.kind in _AMOUNTS and clause.first < mark.first < clause.last
    )


def _given_for(clause: Clause, mention: Mention, values: list[Mark]) -> bool:
    # `size M for the shirts`, `bei den Socken 4`
    lead = clause.turn.marks.words[max(clause.first, mention.first - 2) : mention.first]
    return (len(lead) == 2 and lead[0] == "for" and any(mark.last < mention.first for mark in values)) or (  # noqa: PLR2004
        "bei" in lead and any(mark.first >= mention.last for mark in values)
    )


def _partitives(clause: Clause) -> list[int]:
    words = clause.turn.marks.words
    return [at for at in range(clause.first, clause.last) if words[at] in _OF]


def points(clause: Clause) -> bool:
    """Whether the clause points at one of the list by describing it."""
    words = clause.words()
    if (
        clause.question()
        or _ANY & set(words)
        or clause.has("show", "only", "stock", "cheaper")
        or words[:1] in (["in"], ["und"], ["and"], ["nur"], ["only"])
    ):
        return False
    return any(
        word in {"die", "das", "den", "der", "dem", "the", "one", "nehm", "nehme", "that", "dieses", "diese", "diesen"}
        for word in words
    )


def negated(clause: Clause, first: int) -> bool:
    """Whether the words at a token are ruled out (`keine Schuhe`, `not black`)."""
    tokens = clause.turn.marks.tokens
    words = clause.turn.marks.words
    least = max(clause.first, first - 5)
    if _NOT.isdisjoint(words[least:first]):
        return False
    for at in range(first - 1, least - 1, -1):
        gap = clause.turn.marks.text.folded[tokens[at].end : tokens[at + 1].start]
        if any(sign in gap for sign in ".;!?,\n"):
            return False
        if words[at] in _NOT_END:
            return False
        if words[at] in _NOT:
            return True
        if words[at] in {"und", "and", "oder", "or"}:
            continue
    return False


def sent_out(clause: Clause, mark: Mark) -> bool:
    """Whether a value is left out of a list by a word behind or before it (`black out`, `leave out the black`)."""
    words = clause.turn.marks.words
    if not clause.turn.context.shown or clause.turn.context.cart:
        return False
    behind = [word for word in words[mark.last : min(mark.last + 3, clause.last)] if word not in _BETWEEN]
    before = [word for word in words[max(clause.first, mark.first - 3) : mark.first] if word not in _DEFINITE]
    return behind[:1] in _OUT_BEHIND or before[-2:] in _OUT_BEFORE


def denied_after(clause: Clause, mention: Mention) -> bool:
    """Whether goods are ruled out behind their name, others being meant (`den Mantel nicht, aber die Jacke`)."""
    words = clause.turn.marks.words[mention.last : min(mention.last + 2, clause.last)]
    return len(words) == 2 and words[0] in {"nicht", "net", "not"} and words[1] in _NOT_END  # noqa: PLR2004


def ruled_out(clause: Clause) -> list[Mark]:
    """Colours and sizes that are not wanted because another is (`not the green one, the black`, `M is wrong, L`)."""
    found = [
        mark
        for mark in clause.turn.marks.found
        if mark.kind in {"colour", "size"} and clause.first <= mark.first < clause.last
    ]
    out = [
        mark
        for mark in found
        if (negated(clause, mark.first) and not _retracted(clause, mark, found)) or _called_wrong(clause, mark)
    ]
    return [mark for mark in out if any(one.kind == mark.kind and one not in out for one in found)]


def _retracted(clause: Clause, mark: Mark, found: list[Mark]) -> bool:
    # `medium no large`, `M, no wait, L`: what was said before is taken back, what follows holds.
    before = clause.turn.marks.words[max(clause.first, mark.first - 3) : mark.first]
    return "no" in before and any(one.kind == mark.kind and one.first < mark.first for one in found)


def compared_with(clause: Clause) -> list[Mark]:
    """Values that another is only measured by (`eine Nummer größer als M`)."""
    return [
        mark
        for mark in clause.turn.marks.found
        if mark.kind in {"colour", "size", "number"}
        and clause.first + 1 < mark.first < clause.last
        and _measures(clause, mark)
    ]


def _measures(clause: Clause, mark: Mark) -> bool:
    before, than = clause.turn.marks.words[mark.first - 2 : mark.first]
    if than != "als" or before != "lieber":
        return than == "than" or (than == "als" and before.endswith("er"))
    # `M lieber als L`, but not `den Kaffee lieber als Kilo`
    return any(one.kind == mark.kind and one.last == mark.first - 2 for one in clause.turn.marks.found)


def refused(clause: Clause) -> list[Mark]:
    """Colours that are ruled out, whether another is named (`not the green one, the black`) or none (`not in red`)."""
    return [
        mark
        for mark in clause.turn.marks.found
        if mark.kind == "colour" and clause.first <= mark.first < clause.last and negated(clause, mark.first)
    ]


def _called_wrong(clause: Clause, mark: Mark) -> bool:
    following = clause.turn.marks.words[mark.last : min(mark.last + 2, clause.last)]
    return following[:1] in (["ist"], ["war"], ["is"], ["was"]) and following[-1] in _WRONG
