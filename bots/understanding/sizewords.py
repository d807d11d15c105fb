"""Sizes with a form of their own: `32/34`, `34 waist`, `39 bis 42`, `S/M`, and measures as the shop has them."""

import re
from functools import cache
from itertools import pairwise

from bots.understanding import attributes, numbers
from bots.understanding.lexicon import Lexicon
from bots.understanding.marks import Mark, Marks

_WL = re.compile(
    r"\bw?\s?(\d{2})\s*/\s*l?\s?(\d{2})\b|\bw\s?(\d{2})\s*(?:/|,|und|and)?\s*l\s?(\d{2})\b|\b(\d{2})(?:er)?\s+(?:laenge|length|lang|inseam|by|x)\s+(\d{2})\b"
    r"|\b(\d{2})\s*(?:er\s*)?(?:waist|weite|weit|bund|bundweite)?\W+(?:and |und )?(\d{2})\s*(?:er\s*)?"
    r"(?:inside leg|leg|inseam|length|laenge|lang)\b"
    r"|\b(\d{2})\s*(?:er\s*)?(?:waist|weite|bund|bundweite)\W+(?:and |und )?(?:leg|inseam|length|laenge)\s*(\d{2})\b"
    r"|\b(?:waist|weite|bund|bundweite)\s*(\d{2})\W+(?:and |und )?(?:inside leg|leg|inseam|length|laenge)\s*(\d{2})\b"
)
_WAIST = re.compile(
    r"\b(\d{2})(?:er)?\s*-?(?:inch )?(?:waist|bund|bundweite|weite)\b|\b(?:waist|bund|bundweite|w)\s?(\d{2})\b"
)
_LENGTH = re.compile(
    r"\b(\d{2})(?:er)?[ -](?:inside leg|leg|inseam|length|laenge)\b"
    r"|\b(?:inside leg|leg|inseam|length|laenge|schrittlaenge)(?: of| von)? (\d{2})\b"
)
_AMOUNTS = re.compile(
    r"(?<![\w.,])((?:\d+(?:[.,]\d+)?(?:,\s+|\s*(?:und|and|oder|or|/|&|\+)\s*(?:[a-z]{2,8}\s+)?))+)\d+(?:[.,]\d+)?\s*([a-z]{1,12})(?!\w)"
)
_AMOUNT = re.compile(r"\d+(?:[.,]\d+)?(?=\D|$)")
_RANGE = re.compile(r"\b(\d{2})\s*(?:-|–|bis|to)\s*(\d{2})\b")


def sizes_written(marks: Marks, lexicon: Lexicon) -> None:
    """Mark every size whose form tells that it is one."""
    folded = marks.text.folded
    for match in _WL.finditer(folded):
        width, length = [group for group in match.groups() if group]
        marks.take(match.start(), len(match.group()), "size", f"{width}/{length}", "sure")
    _twofold(marks, lexicon)
    for slashed in lexicon.sizes.slashed:
        if slash := re.search(rf"(?<!\w){re.escape(slashed.lower())}(?!\w)", folded):
            marks.take(slash.start(), len(slashed), "size", slashed, "sure")
    for match in attributes.measures(folded) if lexicon.sizes.measures else ():
        for written in (match.group(), match.group(3)):  # with the word behind it, or `42,5` alone
            if written and (found := lexicon.sizes.measured(written)):
                marks.take(match.start(), len(written), "size", found, "sure")
                break
    _shared_units(marks, lexicon)
    _spoken_amounts(marks, lexicon)
    for match in _WAIST.finditer(folded):
        marks.take(match.start(), len(match.group()), "size", match.group(1) or match.group(2), "sure")
    for match in _RANGE.finditer(folded):
        size = lexicon.sizes.read(match.group(1) + match.group(2))
        if size:
            marks.take(match.start(), len(match.group()), "size", size, "sure")


def _twofold(marks: Marks, lexicon: Lexicon) -> None:
    known = lexicon.sizes.twofold
    if not known:
        return
    folded = marks.text.folded
    for match in _length_word().finditer(folded):
        number, word = match[1] or match[4], match[2] or match[3]
        if size := known.get((number, attributes.part_words()[word])):
            marks.take(match.start(), len(match.group()), "size", size, "sure")
    for match in _LENGTH.finditer(folded):
        length = match[1] or match[2]
        if any(length == second for _, second in known):
            marks.take(match.start(), len(match.group()), "size", f"/{length}", "sure")


@cache
def _length_word() -> re.Pattern[str]:
    words = "|".join(sorted(attributes.part_words(), key=len, reverse=True))
    return re.compile(
        rf"\b(\d{{2,3}})(?:er)?[\s,-]+(?:(?:in|die|der|the|und|and|eine|a|aber|but)\s+)*({words})\b"
        rf"|\b({words})[\s,-]+(?:in\s+)?(?:size\s+|groesse\s+)?(\d{{2,3}})\b"
    )


def _shared_units(marks: Marks, lexicon: Lexicon) -> None:
    # `5 and 12 kilos`, `12, 20 und 30 cm`: the unit is said once
    for match in _AMOUNTS.finditer(marks.text.folded) if lexicon.sizes.measures else ():
        for amount in _AMOUNT.finditer(match.group(1)):
            if found := lexicon.sizes.measured(f"{amount.group()} {match.group(2)}"):
                marks.take(match.start(1) + amount.start(), len(amount.group()), "size", found, "sure")


def _spoken_amounts(marks: Marks, lexicon: Lexicon) -> None:
    # `two metres`
    for at, (word, unit) in enumerate(pairwise(marks.words) if lexicon.sizes.measures else ()):
        number = numbers.quantities().get(word)
        if (
            number
            and len(unit) > 1
            and (found := lexicon.sizes.measured(f"{number} {unit}"))
            and not {at, at + 1} & marks.taken
        ):
            marks.add(Mark("size", found, at, at + 2, "sure"))
