"""What `in the same colour` or `dieselbe Größe` stands for: that of what was spoken of, put in or bought."""

from collections.abc import Iterator

from bots.understanding import attributes, reordering
from bots.understanding.marks import Mark
from bots.understanding.reading import CartLine, Focus, OrderLine
from bots.understanding.turn import Turn

_COLOURS = ("colour", "color", "farbe")
_SIZES = ("size", "groess", "laenge", "length")
_BEFORE = frozenset({"last", "letzten", "letztes", "letzte", "letztens", "neulich", "previously", "zuletzt"})
_ALSO = frozenset({"and", "und", "&"})
_WITHIN = frozenset({"change", "fault"})  # what is changed or given back has its own value
_FEW = 20  # goods of a word whose kinds are looked at
_GIVING_BACK = frozenset({"exchange_item", "return_item"})

Piece = Focus | CartLine | OrderLine


def mark_values(turn: Turn) -> None:
    """Mark such words as the colour or size they mean, where the message itself does not say which."""
    said = turn.cues.get("alike", ())
    if not said or not _WITHIN.isdisjoint(turn.cues) or any(one.name in _GIVING_BACK for one in turn.signals):
        return
    for signal in said:
        first, last = turn.marks.span(signal.start, signal.end)
        for at in (last - 1, *_and_also(turn, last)):
            kind = _kind(turn.marks.words[at])
            if kind is None or any(mark.first < first for mark in turn.marks.of(kind)):
                continue
            value = next(_values(turn, kind), None)
            if value is not None:
                begin = first if at == last - 1 else at
                turn.marks.add(Mark(kind, value, begin, at + 1, "sure" if kind == "size" else ""))
    turn.marks.found.sort(key=lambda mark: mark.first)


def _kind(word: str) -> str | None:
    return "colour" if word.endswith(_COLOURS) else "size" if word.startswith(_SIZES) else None


def _and_also(turn: Turn, last: int) -> list[int]:
    # `in der gleichen Farbe und Größe`
    words = turn.marks.words[last : last + 2]
    return [last + 1] if len(words) == 2 and words[0] in _ALSO and _kind(words[1]) else []  # noqa: PLR2004 - and, what


def _values(turn: Turn, kind: str) -> Iterator[str]:
    """The colours or sizes of what may be meant, likeliest first, in which the goods spoken of come."""
    target = _target(turn)
    for piece in _pieces(turn, target):
        value = piece.colour if kind == "colour" else piece.size
        if value is None or value == attributes.ONE_SIZE or not _comes_in(turn, target, kind, value):
            continue
        yield turn.lexicon.colours.canonical(value) if kind == "colour" else value


def _pieces(turn: Turn, target: int) -> list[Piece]:
    """What was spoken of, then the cart, then orders; of these two what is of the target's kind first."""
    orders = [line for order in reordering.recent(turn.context.orders) for line in order.lines]
    focus = [] if turn.focus is None else [turn.focus]
    kinds = {_kind_of(turn, entry.id) for entry in turn.lexicon.listed(target, _FEW)} if target else set()
    cart = sorted(turn.context.cart, key=lambda line: (_kind_of(turn, line.product) not in kinds, -line.line))
    bought = sorted(orders, key=lambda line: _kind_of(turn, line.product) not in kinds)
    before = not _BEFORE.isdisjoint(turn.marks.words)
    return [*bought, *focus, *cart] if before else [*focus, *cart, *bought]


def _kind_of(turn: Turn, product: str) -> str:
    entry = turn.lexicon.entry(product)
    return "" if entry is None else entry.category.partition("/")[0]


def _target(turn: Turn) -> int:
    if turn.mentions:
        return turn.mentions[0].bits
    pending = turn.context.pending
    product = pending.product if pending is not None else turn.focus.product if turn.focus is not None else None
    return turn.lexicon.bits([product]) if product else 0


def _comes_in(turn: Turn, target: int, kind: str, value: str) -> bool:
    lexicon = turn.lexicon
    if not target:
        return True
    if kind == "colour":
        name = lexicon.colours.canonical(value)
        return any(lexicon.colours.among(name, entry.colours) for entry in lexicon.listed(target, _FEW))
    return any(attributes.fitting(value, entry.sizes) for entry in lexicon.listed(target, _FEW))
