"""How likely a typed word is a slip for another: what fingers do on a keyboard. Pure."""

from rapidfuzz.distance import OSA

from catalog.search import text

# Rows of a QWERTY keyboard; QWERTZ and AZERTY change few neighbours.
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
# How much less likely one slip is than the likeliest, as logarithms: a letter can be left out, swapped or doubled
# in one way, hit beside itself in five, replaced by any other in twenty-five.
_NEXT = 0.0  # swapped letters
_DOUBLED = 0.0  # a letter hit twice
_LEFT_OUT = 0.0
_TOO_MANY_BESIDE = 1.6  # a neighbouring key hit too
_TOO_MANY = 2.6
_BESIDE = 1.6  # a neighbouring key
_OTHER = 2.8  # any other key
_DIGIT = 2.0  # digits are looked at when they are typed
_SECOND = 4.0  # one slip more


def _neighbours() -> frozenset[tuple[str, str]]:
    pairs: set[tuple[str, str]] = set()
    for row, keys in enumerate(_ROWS):
        for place, key in enumerate(keys):
            beside = [keys[place + step] for step in (-1, 1) if 0 <= place + step < len(keys)]
            if row + 1 < len(_ROWS):
                below = _ROWS[row + 1]
                beside += [below[place + step] for step in (-1, 0) if 0 <= place + step < len(below)]
            pairs.update((key, other) for other in beside)
    return frozenset(pairs | {(other, key) for key, other in pairs})


_BESIDES = _neighbours()


def distance(typed: str, word: str) -> int:
    """Slips between two words, umlauts written either way (0: only that); swapped letters are one."""
    plain = OSA.distance(text.spelled_out(typed), text.spelled_out(word))
    return 0 if plain == 0 else min(plain, OSA.distance(typed, word))


def cost(typed: str, word: str) -> float:
    """How unlikely it is that `typed` was meant to be `word`: 0 for the likeliest single slip, more for others."""
    slips = distance(typed, word)
    return _single(typed, word) if slips <= 1 else _SECOND * (slips - 1) + _OTHER


def _single(typed: str, word: str) -> float:
    start = next((i for i, (a, b) in enumerate(zip(typed, word, strict=False)) if a != b), min(len(typed), len(word)))
    if len(typed) == len(word):
        if sorted(typed) == sorted(word):
            return _NEXT
        pair = (typed[start], word[start]) if start < len(word) else ("", "")
        digit = _DIGIT if any(key.isdigit() for key in pair) else 0.0
        return digit + (_BESIDE if pair in _BESIDES else _OTHER)
    longer = word if len(word) > len(typed) else typed
    at = min(start, len(longer) - 1)
    digit = _DIGIT if longer[at].isdigit() else 0.0
    around = longer[max(0, at - 1) : at] + longer[at + 1 : at + 2]
    if longer is word:
        return digit + _LEFT_OUT
    if longer[at] in around:
        return digit + _DOUBLED
    return digit + (_TOO_MANY_BESIDE if any((longer[at], key) in _BESIDES for key in around) else _TOO_MANY)
