"""Whether words point at goods already spoken of (`die Jacke`, `the green one`) or mean any of a kind."""

from bots.understanding.products import Mention
from bots.understanding.turn import Clause


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


def points(clause: Clause) -> bool:
    """Whether the clause points at one of the list by describing it."""
    words = clause.words()
    if (
        clause.question()
        or clause.has("show", "only", "stock", "cheaper")
        or words[:1] in (["in"], ["und"], ["and"], ["nur"], ["only"])
    ):
        return False
    return any(
        word in {"die", "das", "den", "der", "the", "one", "nehm", "nehme", "that", "dieses", "diese", "diesen"}
        for word in words
    )
