"""Which of many patterns can match a text at all, told by the words that each of them needs.

From every pattern sets of strings are derived; any match contains a string of each set. A blank in a string stands for
a word's edge: ` paket` begins a word, ` ja ` is one. What a word has of these is found once and kept by word, so that
many rules cost a message a few look-ups instead of a search each.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from importlib import import_module
from typing import Any, NamedTuple

_parser: Any = import_module("re._parser")  # the only reader of regular expressions that Python has
_WORD = re.compile(r"[^\W_]+")
_PIECE = re.compile(r" ?[^ ]+ ?")
_EDGE = frozenset({" "})
_NOTHING = frozenset({""})
_SHORTEST = 3  # signs of a string that tells anything, edges among them
_ENOUGH = 6  # longer strings are not rarer in practice
_MOST = 64  # strings that are told apart; where a pattern leaves more choices, its parts are looked for
Strings = frozenset[str]


class Sieve:
    """Patterns in order, indexed by what they need."""

    def __init__(self, patterns: Sequence[re.Pattern[str]]) -> None:
        bits: dict[Strings, int] = {}
        self._needs: list[int] = []
        self._always: set[int] = set()
        self._strings: dict[str, tuple[int, frozenset[int]]] = {}
        for number, pattern in enumerate(patterns):
            sets = needs(pattern)
            self._needs.append(sum({bits.setdefault(strings, 1 << len(bits)) for strings in sets}))
            if not sets:
                self._always.add(number)
                continue
            for string in max(sets, key=_rarity):
                _, numbers = self._strings.get(string, (0, frozenset()))
                self._strings[string] = (0, numbers | {number})
        for strings, bit in bits.items():
            for string in strings:
                held, numbers = self._strings.get(string, (0, frozenset()))
                self._strings[string] = (held | bit, numbers)
        self._lengths = sorted({len(string) for string in self._strings})
        self._within = lru_cache(maxsize=16384)(self._of_word)

    def candidates(self, text: str) -> list[int]:
        """Numbers of the patterns that may match, in order; every pattern that does match is among them."""
        held, found = 0, set(self._always)
        for word in _WORD.findall(text):
            bits, numbers = self._within(word)
            held |= bits
            found |= numbers
        needed = self._needs
        return sorted([number for number in found if needed[number] & held == needed[number]])

    def _of_word(self, word: str) -> tuple[int, frozenset[int]]:
        """The sets that a word has a string of, as bits, and the patterns whose rarest set is among them."""
        edged = f" {word} "
        held, found = 0, frozenset[int]()
        for length in self._lengths:
            for at in range(len(edged) - length + 1):
                if (known := self._strings.get(edged[at : at + length])) is not None:
                    held |= known[0]
                    found |= known[1]
        return held, found


def needs(pattern: re.Pattern[str]) -> list[Strings]:
    """Sets of strings of each of which every match of the pattern contains one; none when nothing can be said."""
    if pattern.flags & re.IGNORECASE:
        return []
    found = _of_sequence(_parser.parse(pattern.pattern))
    return _usable([*found.sets, found.strings or _NOTHING])


class _Known(NamedTuple):
    """What is known of a part's matches: all of them, where they are few, or sets of which each contains one string."""

    strings: Strings | None = None
    sets: Sequence[Strings] = ()
    ends: bool = False  # with a word's edge


def _of_sequence(parts: Iterable[tuple[Any, Any]], run: Strings = _NOTHING) -> _Known:
    sets: list[Strings] = []
    whole = True
    for sign, value in _spelt(parts):
        edge = _EDGE if _edged(run) else _NOTHING
        strings, inner, ends = _of_part(sign, value, edge)
        if strings is not None and len(run) * len(strings) <= _MOST:
            run = _joined(run, strings)
            if run == _EDGE or not _edged(run):
                continue
            strings = _EDGE
        else:
            sets += inner
        sets.append(run)
        whole = False
        run = strings or (_EDGE if ends else _NOTHING)
    return _Known(run) if whole else _Known(None, [*sets, run], _edged(run))


def _spelt(parts: Iterable[tuple[Any, Any]]) -> Iterator[tuple[str, Any]]:
    """The parts by name, letters that follow one another as one: most of a pattern is plain words."""
    word = ""
    for sign, value in parts:
        if sign == _parser.LITERAL and _sign(value) != _EDGE:
            word += chr(value)
            continue
        if word:
            yield "WORD", word
            word = ""
        yield str(sign), value
    if word:
        yield "WORD", word


def _of_part(sign: str, value: Any, edge: Strings) -> _Known:  # noqa: ANN401, PLR0911 - the parser's own forms
    match sign:
        case "WORD":
            return _Known(frozenset({value}))
        case "LITERAL":
            return _Known(_EDGE)
        case "AT" if str(value) != "AT_NON_BOUNDARY":
            return _Known(_EDGE)
        case "IN":
            return _Known(_of_class(value))
        case "SUBPATTERN":
            return _of_sequence(value[3], edge)
        case "BRANCH":
            return _of_branches([_of_sequence(branch, edge) for branch in value[1]])
        case "MAX_REPEAT" | "MIN_REPEAT":
            return _repeated(value[0], value[1], _of_sequence(value[2], edge), edge)
        case _:
            return _Known()


def _of_branches(branches: list[_Known]) -> _Known:
    strings = [one.strings for one in branches if one.strings is not None]
    if len(strings) == len(branches):
        return _Known(frozenset().union(*strings))
    best = [max(_usable([*one.sets, one.strings or _NOTHING]), key=_rarity, default=None) for one in branches]
    needed = [strings for strings in best if strings is not None]
    ends = all(_edged(one.strings) if one.strings is not None else one.ends for one in branches)
    return _Known(None, [frozenset().union(*needed)] if len(needed) == len(best) else [], ends)


def _repeated(least: int, most: int, once: _Known, edge: Strings) -> _Known:
    if once.strings is not None and (most == 1 or once.strings == _EDGE):
        return _Known(once.strings | _NOTHING if least == 0 else once.strings)
    ends = once.ends if once.strings is None else _edged(once.strings)
    if least == 0:
        return _Known(None, [], ends and edge == _EDGE)
    return _Known(None, [*once.sets, once.strings or _NOTHING], ends)


def _of_class(signs: list[tuple[Any, Any]]) -> Strings | None:
    kinds = {str(sign) for sign, _ in signs}
    if kinds == {"LITERAL"}:
        return frozenset().union(*(_sign(value) for _, value in signs))
    if "NEGATE" in kinds:
        return _EDGE if any(str(value) == "CATEGORY_WORD" for _, value in signs) else None
    return _EDGE if all(_separates(str(sign), value) for sign, value in signs) else None


def _separates(sign: str, value: Any) -> bool:  # noqa: ANN401 - the parser's own forms
    return _sign(value) == _EDGE if sign == "LITERAL" else str(value) in {"CATEGORY_NOT_WORD", "CATEGORY_SPACE"}


@cache
def _sign(code: int) -> Strings:
    return frozenset({chr(code)}) if _WORD.fullmatch(chr(code)) else _EDGE


def _joined(left: Strings, right: Strings) -> Strings:
    return frozenset(
        one + (other[1:] if one.endswith(" ") and other.startswith(" ") else other) for one in left for other in right
    )


def _edged(strings: Strings) -> bool:
    return all(one.endswith(" ") for one in strings)


def _usable(sets: Iterable[Strings]) -> list[Strings]:
    """Those that tell something; of a string with a word's edge within it the longest piece is looked for."""
    pieces = [frozenset(max(_PIECE.findall(one), key=len, default="") for one in strings) for strings in sets]
    return [strings for strings in pieces if min(map(len, strings)) >= _SHORTEST]


def _rarity(strings: Strings) -> tuple[int, int]:
    return min(_ENOUGH, *(len(string) for string in strings)), -len(strings)
