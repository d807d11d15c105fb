"""How likely a typed word is a slip for another: what fingers do on a keyboard. Pure."""

from rapidfuzz.distance import OSA

from catalog.search import text

# Rows of a QWERTY keyboard; QWERTZ and AZERTY change few neighbours.
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEXT = 0.7  # swapped letters
_DOUBLED = 0.7  # one of a pair forgotten, or a letter hit twice
_UNFINISHED = 0.5  # the last letter forgotten
_LEFT_OUT = 1.0
_TOO_MANY = 1.0
_BESIDE = 0.8  # a neighbouring key
_OTHER = 1.2  # any other key


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
    """How much must have gone wrong for `typed` to mean `word`: about 1 per slip, 0 for umlauts spelled out."""
    slips = distance(typed, word)
    return _single(typed, word) if slips == 1 else float(slips) * _OTHER


def _single(typed: str, word: str) -> float:
    start = next((i for i, (a, b) in enumerate(zip(typed, word, strict=False)) if a != b), min(len(typed), len(word)))
    if len(typed) == len(word):
        if sorted(typed) == sorted(word):
            return _NEXT
        return _BESIDE if (typed[start], word[start]) in _BESIDES else _OTHER
    if word.startswith(typed):
        return _UNFINISHED
    longer, usual = (word, _LEFT_OUT) if len(word) > len(typed) else (typed, _TOO_MANY)
    at = min(start, len(longer) - 1)
    return _DOUBLED if longer[at] in longer[max(0, at - 1) : at] + longer[at + 1 : at + 2] else usual
