"""One of the list by what it is like: `the stripy one and the long-sleeved one` are places in the list shown."""

from bots.understanding import searching, stems
from bots.understanding.marks import Mark
from bots.understanding.turn import Turn

_POINTING = frozenset({"the", "that", "this", "das", "die", "den", "der", "dem"})
_ONE = frozenset({"one", "ones"})


def mark_places(turn: Turn) -> None:
    """Mark what describes exactly one of the goods shown as its place in the list."""
    shown = turn.shown()
    words = turn.marks.words
    if len(shown) < 2:  # noqa: PLR2004
        return
    held = {at for one in turn.mentions for at in range(one.first, one.last)} | turn.marks.taken
    for at in range(len(words) - 1):
        if words[at] not in _POINTING:
            continue
        for length in (2, 1):
            end = at + 1 + length
            if end > len(words) or any(one in held for one in range(at + 1, end)):
                continue
            if not _stands_alone(turn, end, held):
                continue
            place = _place(turn, tuple(words[at + 1 : end]))
            if place is not None:
                turn.marks.add(Mark("ordinal", place, at + 1, end, "described"))
                break
    turn.marks.found.sort(key=lambda mark: mark.first)


def _stands_alone(turn: Turn, end: int, held: set[int]) -> bool:
    # `the striped one`, `das gestreifte`; but `the striped tee`, `the summer sale`
    following = turn.marks.words[end] if end < len(turn.marks.words) else ""
    return following in _ONE or (turn.language == "de" and end not in held)


def _place(turn: Turn, part: tuple[str, ...]) -> int | None:
    keys = stems.joined_keys(part)
    for group in ("tag", "material"):
        known = searching.words_of(group)
        value = next((known[key] for key in keys if key in known), None)
        if value is None:
            continue
        fitting = [
            at for at, entry in enumerate(turn.shown(), 1) if searching.matches(entry, {group: [value]}, turn.lexicon)
        ]
        return fitting[0] if len(fitting) == 1 else None
    return None
