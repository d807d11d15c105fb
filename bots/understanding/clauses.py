"""A message falls into clauses of one purpose each: `take the second in M and show me trousers` are two."""

import re

from bots.understanding import conditions, data, pointing, standing
from bots.understanding.turn import Clause, Turn

_SOFT = data.word_set("clauses_soft")
_HARD = re.compile(r"[.!?;\n]")
_SERVICE = data.word_set("clauses_service")
MANNERS = frozenset({"greeting", "thanks", "goodbye"})
SOCIAL = MANNERS | {"affirm", "deny"}
_AMENDING = data.word_set("clauses_amending")
_SPEAKER = frozenset({"i", "ich", "we", "wir"})
_REST = frozenset({"rest", "others", "uebrige", "uebrigen", "anderen"})
_PARTICLES = frozenset({"raus", "rein", "weg", "dazu", "out"})
_MERGING = frozenset({"", "fault", "only", "neg"})


def clauses(turn: Turn) -> list[Clause]:
    """The message's clauses, in order."""
    out: list[tuple[str, Clause]] = []
    for fragment in fragments(turn):
        kind = purpose(fragment)
        if out and _joins(out[-1][0], kind, out[-1][1], fragment):
            merged_kind = (
                out[-1][0]
                if out[-1][0] not in _MERGING and not (out[-1][0] in SOCIAL and kind not in _MERGING)
                else kind or out[-1][0]
            )
            out[-1] = (merged_kind, Clause(turn, out[-1][1].first, fragment.last))
        else:
            out.append((kind, fragment))
    return [clause for _, clause in out]


def fragments(turn: Turn) -> list[Clause]:
    """The message cut at its signs and conjunctions, in order."""
    tokens = turn.marks.tokens
    out: list[Clause] = []
    begin = 0
    for at in range(1, len(tokens)):
        gap = turn.marks.text.folded[tokens[at - 1].end : tokens[at].start]
        within = gap in {".", ","} and tokens[at].text.isdigit() and tokens[at - 1].text.isdigit()
        hard = bool(_HARD.search(gap)) and ".." not in gap and not within
        soft = (
            ("," in gap and not within)
            or ".." in gap
            or turn.marks.words[at] in _SOFT
            or "\u2013" in gap
            or " - " in gap
            or _past_particle(turn, at)
        )
        if hard or soft:
            out.append(Clause(turn, begin, at))
            begin = at
    out.append(Clause(turn, begin, len(tokens)))
    return [clause for clause in out if clause.last > clause.first]


def _past_particle(turn: Turn, at: int) -> bool:
    # `shirts raus mütze rein`: the verb's part ends what it is said of, and other goods follow
    before = [one for one in turn.mentions if one.last <= at - 1]
    return turn.marks.words[at - 1] in _PARTICLES and bool(before) and any(one.first == at for one in turn.mentions)


def purpose(clause: Clause) -> str:  # noqa: PLR0911 - the order of questions is the decision
    """What a fragment is for, as far as its own words tell; empty when they do not."""
    if (service := clause.signal(*_SERVICE)) and not drops_line(clause):
        return service.name
    if clause.words() in (["passt"], ["passt", "so"]) and clause.text().rstrip().endswith((".", "!")):
        return "affirm"
    if kept(clause) or (clause.has("keep") and clause.has("only") and clause.mentions()):
        return "keep"
    for cue, kind in (("fault", "fault"), ("again", "again"), ("remove", "remove"), ("change", "change")):
        if clause.has(cue) and not (cue == "again" and _taken_back(clause)):
            return kind
    if amends := _amends(clause):
        return amends
    if (social := clause.signal(*SOCIAL)) and not (social.name in MANNERS and _valued(clause)):
        return social.name
    for cue in ("want", "show", "stock", "ask", "other", "cheaper", "cheapest", "dearest"):
        if clause.has(cue) and ((clause.has(cue) and _object(clause)) or cue in {"show", "other", "cheaper"}):
            return (
                "show"
                if cue in {"show", "other", "cheaper", "cheapest", "dearest"}
                else "ask"
                if cue in {"stock", "ask"}
                else cue
            )
    return ""


def _valued(clause: Clause) -> bool:
    # beside goods, or how they are to be (`XL, ta`), a thanks is only manners
    return bool(clause.mentions() or clause.of("colour") or clause.of("size"))


def _taken_back(clause: Clause) -> bool:
    # `die Mütze wieder raus`: nothing is wanted again
    return clause.has("remove") and bool(clause.turn.context.cart) and "wieder" in clause.words()


def _amends(clause: Clause) -> str:
    # What names its own goods and how they change stands for itself (`the tees a size bigger`, `one more tee`).
    named = clause.mentions()
    if clause.has("step_up", "step_down") and (named or clause.of("colour")):
        return "change"
    if clause.has("less") and (named or clause.of("colour")) and clause.turn.context.cart:
        return "remove"
    if (named or clause.turn.context.cart) and clause.has("only") and clause.of("quantity"):
        return "change"
    if any(pointing.definite_near(clause, one) for one in named) and standing.recast(clause, named):
        return "change"
    if named and pointing.sets_amount(clause) and any(one.bits & clause.turn.carted for one in named):
        return "change"
    return "want" if named and clause.has("more") else ""


def drops_line(clause: Clause) -> bool:
    """Whether what was just put into the cart is to go (`cancel that one`), no question or order being open."""
    context = clause.turn.context
    asked = context.pending is not None or context.orders
    told = clause.signals()
    cancelled = bool(told) and all(one.name == "cancel_flow" for one in told)
    return (
        cancelled
        and not asked
        and clause.has("remove")
        and clause.has("refer")
        and clause.turn.focus_line() is not None
    )


def kept(clause: Clause) -> bool:
    """Whether a fragment says of goods in the cart that they stay (`keep the tees`, `die Mütze nicht löschen`)."""
    in_cart = clause.turn.carted
    if not clause.has("keep") or clause.has("only"):
        return False
    if _REST & set(clause.words()) and not clause.mentions():
        return bool(clause.turn.context.cart)
    coloured = {value for line in clause.turn.context.cart for value in (line.colour,) if value}
    return any(one.bits & in_cart for one in clause.mentions()) or (
        not clause.mentions() and bool(coloured & set(clause.of("colour")))
    )


def reports(clause: Clause) -> bool:
    """Whether it only tells of an order."""
    # `I ordered socks last week, ...` tells of an order and wishes nothing.
    if clause.words()[0] not in _SPEAKER or not clause.has("past") or clause.has("want", "more", "request", "need"):
        return False
    return all(one.start <= clause.start + len("ich hab") and "same" not in one.words for one in clause.cue("again"))


def _object(clause: Clause) -> bool:
    return (
        bool(clause.mentions())
        or clause.has("refer")
        or bool(clause.of("ordinal"))
        or bool(clause.of("size"))
        or bool(clause.of("quantity"))
        or bool(clause.of("number"))
    )


def _joins(left: str, right: str, before: Clause, after: Clause) -> bool:  # noqa: C901, PLR0911, PLR0912 - the order of questions is the decision
    if conditions.supposes(before) and not after.mentions() and not conditions.otherwise(after):
        return True
    if left in {"want", "change"} and right in {"exchange_item", "return_item"} and not after.mentions():
        return bool(before.turn.context.orders) and not before.turn.context.cart
    if standing.apart(left, right, before, after) or conditions.conditioned(before, after):
        return False
    if left == "show" and right == "remove" and before.has("dear") and not before.mentions():
        return True
    if left == "remove" and right == "show" and after.has("dear") and not after.mentions():
        return True
    if right in _MERGING:
        return not (left in SOCIAL and (after.mentions() or right == "fault")) or (
            left in {"deny", "affirm"} and right == ""
        )
    if left in _MERGING:
        return True
    if left == right or (left == "again" and right in _SERVICE and reports(before)):
        return True
    if right == "again" and left in {"exchange_item", "change"} and not after.mentions():
        return True
    if left == "again" and right == "remove":
        return not before.turn.context.cart
    if left in {"want", "change"} and right == "change" and after.words()[0] in _AMENDING:
        return True
    if left == "deny" and right in {"change", "remove", "want"}:
        return True
    if {left, right} <= {"want", "show", "ask"} and not after.mentions() and not after.of("ordinal"):
        return True
    if {left, right} == {"want", "ask"} and not before.mentions():
        return True
    if {left, right} <= {"change", "want", "again"}:
        return not (before.mentions() and after.mentions())
    return {left, right} in (
        {"fault", "complaint"},
        {"return_item", "exchange_item"},
        {"fault", "return_item"},
        {"fault", "exchange_item"},
    )
