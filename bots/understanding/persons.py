"""So many for each of some people: `für uns beide je eins`, `two each for the four of us`, `pro Person zwei`."""

import re

from bots.understanding import carting, numbers
from bots.understanding.items import items
from bots.understanding.marks import Mark
from bots.understanding.turn import Clause, Turn

_COUNTS = {
    "beide": 2, "beiden": 2, "both": 2, "zweit": 2, "dreien": 3, "dritt": 3, "vieren": 4, "viert": 4, "fuenfen": 5,
    "fuenft": 5, "sechst": 6, "siebt": 7, "acht": 8,
}  # fmt: skip
_COUNTED = (
    r"(?:alle |the |all )?(?P<{0}>\d{{1,2}}|zwei|drei|vier|fuenf|sechs|sieben|acht|neun|zehn|two|three|four|five|six|"
    r"seven|eight|nine|ten|" + "|".join(_COUNTS) + r")\b"
)
_PEOPLE = re.compile(
    r"\b(?:"
    + "|".join(
        (
            rf"(?:fuer|von) uns {_COUNTED.format('a')}",
            rf"wir sind (?:zu |insgesamt |hier )*{_COUNTED.format('b')}(?: leute| personen)?",
            rf"(?:we(?:'re| re| are)|were) (?:a group of |a party of |a family of )?{_COUNTED.format('c')}(?: people)?",
            rf"(?:for )?{_COUNTED.format('d')} of us",
            rf"there(?:s|'s| s| are| re)? {_COUNTED.format('e')} of us",
            rf"us {_COUNTED.format('f')}",
        )
    )
    + r")"
)
_OF_US = re.compile(
    r"\b(?:(?:each|everyone|every one) of us|jede[rnm]? von uns|(?:pro|per) (?:person|nase|kopf|mann|head)|a head)\b"
)
_EACH = re.compile(rf"{_OF_US.pattern}|\b(?:je|jeweils|each|apiece|jede[rnm]?)\b")
_SHARING = frozenset(
    {"apiece", "each", "everyone", "head", "je", "jede", "jedem", "jeden", "jeder", "jeweils", "one", "per", "pro"}
)  # one of these is in whatever the patterns find
_FEW = 12  # pieces that a bare number beside `each` may count


def count(turn: Turn) -> None:
    """Make what each is to have as many as there are people; note where their number is not said."""
    text, marks = turn.folded, turn.marks
    if _SHARING.isdisjoint(marks.words):
        return
    each, people = _EACH.search(text), _PEOPLE.search(text)
    if each is None or (people is None and _OF_US.search(text) is None):
        return
    if people is None:
        turn.draft.values["shares"] = 0
        return
    number = _number(next(word for word in people.groups() if word))
    said = range(*marks.span(people.start(), people.end()))
    marks.found[:] = [mark for mark in marks.found if mark.first not in said or mark.kind not in {"quantity", "number"}]
    beside = range(*marks.span(each.start(), each.end()))
    marks.taken.update(said, beside)
    amounts = [mark for mark in marks.found if _counts(mark, beside)]
    for mark in amounts:
        mark.kind, mark.value, mark.hint = "quantity", mark.value * number, "word"
    if not amounts:
        marks.found.append(Mark("quantity", number, beside.start, beside.stop, "word"))
        marks.found.sort(key=lambda mark: mark.first)
    turn.draft.values["shares"] = number


def share_out(clause: Clause) -> bool:
    """Add what was just spoken of, so many for each; of people nobody has counted, ask how many they are."""
    turn = clause.turn
    if "shares" not in turn.draft.values or clause.mentions() or clause.question():
        return False
    found = [item for item in items(clause) if item.explicit] or items(clause)
    if turn.focus is None and len(turn.context.shown) != 1:
        return False
    if turn.draft.values["shares"] == 0:
        turn.draft.lack("quantity")
        turn.draft.act(clause.start, "add_to_cart", why="goods wanted")
        return True
    return bool(found) and found[0].explicit and carting.add(clause, found[:1])


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _COUNTS.get(word) or numbers.quantities().get(word, 1)


def _counts(mark: Mark, beside: range) -> bool:
    if mark.kind == "quantity":
        return True
    near = mark.last in {beside.start, beside.start - 1} or mark.first in {beside.stop, beside.stop + 1}
    return mark.kind == "number" and near and mark.value <= _FEW
