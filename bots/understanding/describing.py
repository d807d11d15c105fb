"""One of the list by what it is like, as its place there: `the stripy one`, `das rote`, `the cheapest black one`."""

from bots.understanding import data, filtering, language, searching, stems
from bots.understanding.entries import Entry
from bots.understanding.marks import Mark
from bots.understanding.turn import Turn

_POINTING = frozenset({"the", "that", "this", "das", "die", "den", "der", "dem", "vom"})
_FOR_WHAT = frozenset({"fuer", "for", "im", "in"})
_ONE = frozenset({"one", "ones"})
_ROW = ("cheapest", "dearest")
_OF_TWO = ("cheaper", "dearer")
_PRICED = (*_ROW, *_OF_TWO, "priced")
_DEAR = ("teu", "exp", "pric", "lux", "dear")
_OTHER = frozenset({"other", "andere", "anderen", "anderes"})
_NOT = data.word_set("pointing_not")
_THEN = frozenset({"a", "bitte", "dann", "doch", "eben", "in", "ok", "okay", "one", "please", "pls", "then", "well"})
_BEGINNING = 4  # letters that a title's word has to share with the word that describes it


def mark_places(turn: Turn) -> None:
    """Mark what describes exactly one of the goods shown as its place in the list."""
    shown = turn.shown()
    if len(shown) < 2:  # noqa: PLR2004
        return
    _drop_strangers(turn, shown)
    held = {at for one in turn.mentions for at in range(one.first, one.last)}
    words = turn.marks.words
    pointed = [
        at
        for at, word in enumerate(words[:-1])
        if word in _POINTING and not (at and words[at - 1] in _FOR_WHAT)  # `was Kürzeres für den Sommer`
    ]
    for at in pointed:
        mark = _extreme(turn, shown, at, held) or _described(turn, shown, at, held)
        if mark is not None:
            turn.marks.add(mark)
    if not turn.marks.of("ordinal") and (mark := _alone(turn, shown, held)) is not None:
        turn.marks.add(mark)
    coloured = [mark for at in pointed if (mark := _coloured(turn, shown, at, held)) is not None]
    if len(coloured) + len(turn.marks.of("ordinal")) + len(turn.mentions) > 1:  # one alone is told by its colour
        for mark in coloured:
            turn.marks.add(mark)
    if len(shown) == 2:  # noqa: PLR2004
        _mark_other(turn, shown, held)
    turn.marks.found.sort(key=lambda mark: mark.first)


def _mark_other(turn: Turn, shown: list[Entry], held: set[int]) -> None:
    # `two of the forest candle and the other one in red`
    words = turn.marks.words
    at = next((at for at, word in enumerate(words) if word in _OTHER and at and words[at - 1] in _POINTING), None)
    if at is None or not _stands_alone(turn, at + 1, held):
        return
    named = {mark.value for mark in turn.marks.of("ordinal", 0, at) if mark.value in {1, 2}}
    for one in (mention for mention in turn.mentions if mention.first < at):
        named |= {place for place, entry in enumerate(shown, 1) if one.bits & turn.lexicon.bits([entry.id])}
    asked = turn.context.pending or turn.focus  # `doch den anderen`, asked for the size of one
    if not named and asked is not None:
        named = {place for place, entry in enumerate(shown, 1) if entry.id == asked.product}
    if len(named) == 1:
        turn.marks.add(Mark("ordinal", 3 - named.pop(), at, at + 1, "described"))


def _drop_strangers(turn: Turn, shown: list[Entry]) -> None:
    # `das lange`, beside a long-sleeved shirt: the keyword of goods that are not on the list means none of them.
    listed = turn.lexicon.bits(entry.id for entry in shown)
    turn.mentions[:] = [
        one
        for one in turn.mentions
        if one.bits & listed
        or one.concept is not None
        or one.last - one.first > 1
        or not one.first
        or turn.marks.words[one.first - 1] not in _POINTING
        or _fitting(turn, shown, (turn.marks.words[one.first],)) is None
    ]


def _stands_alone(turn: Turn, end: int, held: set[int]) -> bool:
    # `the striped one`, `das gestreifte`; but `the striped tee`, `the summer sale`
    following = turn.marks.words[end] if end < len(turn.marks.words) else ""
    return following in _ONE or end == len(turn.marks.words) or (turn.language == "de" and end not in held)


def _extreme(turn: Turn, shown: list[Entry], at: int, held: set[int]) -> Mark | None:
    # `the cheapest black one`: of those that come in black
    for cue in _PRICED:
        for signal in turn.cues.get(cue, ()):
            first, last = turn.marks.span(signal.start, signal.end)
            last = last if cue in _ROW else first + 1
            colour = next((mark for mark in turn.marks.of("colour") if mark.first == last), None)
            end = last if colour is None else colour.last
            if first != at + 1 or not _stands_alone(turn, end, held) or (cue in _OF_TWO and len(shown) > 2):  # noqa: PLR2004
                continue
            made = [one for one in shown if colour is None or turn.lexicon.colours.among(colour.value, one.colours)]
            if made:
                choose = max if cue.startswith("dear") or turn.marks.words[first].startswith(_DEAR) else min
                place = shown.index(choose(made, key=lambda entry: entry.price)) + 1
                return Mark("ordinal", place, first, last, "described")
    return None


def by_price(turn: Turn, entries: list[Entry]) -> int | None:
    """The place among these, from 1, of the one that its price tells: `the cheaper one`, of two, `das teuerste`."""
    held = {at for one in turn.mentions for at in range(one.first, one.last)}
    pointed = [at for at, word in enumerate(turn.marks.words[:-1]) if word in _POINTING]
    mark = next((mark for at in pointed if (mark := _extreme(turn, entries, at, held)) is not None), None)
    return int(mark.value) if mark is not None else None


def _coloured(turn: Turn, shown: list[Entry], at: int, held: set[int]) -> Mark | None:
    # `das rote`, where only one comes in red; what is in the cart or just spoken of in that colour may be meant as well
    colour = next((mark for mark in turn.marks.of("colour") if mark.first == at + 1), None)
    if colour is None or turn.context.cart or turn.focus is not None or not _stands_alone(turn, colour.last, held):
        return None
    palette = turn.lexicon.colours
    exact = [place for place, one in enumerate(shown, 1) if colour.value in map(palette.canonical, one.colours)]
    made = exact or [place for place, one in enumerate(shown, 1) if palette.among(colour.value, one.colours)]
    return Mark("ordinal", made[0], at, at + 1, "described") if len(made) == 1 else None


def _described(turn: Turn, shown: list[Entry], at: int, held: set[int]) -> Mark | None:
    words = turn.marks.words
    for length in (2, 1):
        end = at + 1 + length
        if end > len(words) or any(one in held or one in turn.marks.taken for one in range(at + 1, end)):
            continue
        if not _stands_alone(turn, end, held):
            continue
        place = _fitting(turn, shown, tuple(words[at + 1 : end]))
        if place is not None:
            return Mark("ordinal", place, at + 1, end, "described")
    return None


def _alone(turn: Turn, shown: list[Entry], held: set[int]) -> Mark | None:
    # `slim, in olive`, of two chinos: the word that tells one of them, and beside it only how it is to be
    narrowing = "only" in turn.cues or not _NOT.isdisjoint(turn.marks.words)  # `only those not striped`
    if held or narrowing or "?" in turn.folded:
        return None
    words, plain = turn.marks.words, language.function_words() | _THEN
    begin = next((at for at, word in enumerate(words) if word not in plain and at not in turn.marks.taken), None)
    if begin is None:
        return None
    for end in (begin + 2, begin + 1):
        part = range(begin, end)
        if end > len(words) or not turn.marks.taken.isdisjoint(part):
            continue
        rest = [word for at, word in enumerate(words) if at not in turn.marks.taken and at not in part]
        place = _fitting(turn, shown, tuple(words[begin:end])) if plain.issuperset(rest) else None
        if place is not None:
            return Mark("ordinal", place, begin, end, "described")
    return None


def _fitting(turn: Turn, shown: list[Entry], part: tuple[str, ...]) -> int | None:
    keys = stems.joined_keys(part)
    begun = [at for at, one in enumerate(shown, 1) if _begins(one, keys)]
    if len(begun) == len(part) == 1:
        return begun[0]
    for group in ("tag", "material"):
        known = searching.words_of(group)
        value = next((known[key] for key in keys if key in known), None)
        if value is None:
            continue
        fitting = [at for at, one in enumerate(shown, 1) if filtering.matches(one, {group: [value]}, turn.lexicon)]
        if fitting:
            return fitting[0] if len(fitting) == 1 else None
    return begun[0] if len(begun) == 1 else None


def _begins(entry: Entry, keys: tuple[str, ...]) -> bool:
    # `das lange` of a `Langarmshirt`
    titles = [stems.words(title) for title in entry.titles.values()]
    words = [word for title in titles for word in (*title, "".join(title))]
    return any(len(key) >= _BEGINNING and word.startswith(key) for key in keys for word in words)
