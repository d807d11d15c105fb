"""Sizes with a form of their own: `32/34`, `34 waist`, `39 bis 42`, `S/M`, and measures as the shop has them."""

import re

from bots.understanding import attributes
from bots.understanding.lexicon import Lexicon
from bots.understanding.marks import Marks

_WL = re.compile(
    r"\bw?\s?(\d{2})\s*/\s*l?\s?(\d{2})\b|\bw\s?(\d{2})\s*(?:/|,|und|and)?\s*l\s?(\d{2})\b|\b(\d{2})(?:er)?\s+(?:laenge|length|lang|inseam|by|x)\s+(\d{2})\b"
    r"|\b(\d{2})\s*(?:er\s*)?(?:waist|weite|weit|bund|bundweite)?\W+(?:and |und )?(\d{2})\s*(?:er\s*)?"
    r"(?:inside leg|leg|inseam|length|laenge|lang)\b"
    r"|\b(?:waist|weite|bund|bundweite)\s*(\d{2})\W+(?:and |und )?(?:inside leg|leg|inseam|length|laenge)\s*(\d{2})\b"
)
_WAIST = re.compile(
    r"\b(\d{2})(?:er)?\s*-?(?:inch )?(?:waist|bund|bundweite|weite)\b|\b(?:waist|bund|bundweite)\s*(\d{2})\b"
)
_RANGE = re.compile(r"\b(\d{2})\s*(?:-|–|bis|to)\s*(\d{2})\b")


def sizes_written(marks: Marks, lexicon: Lexicon) -> None:
    """Mark every size whose form tells that it is one."""
    folded = marks.text.folded
    for match in _WL.finditer(folded):
        width, length = [group for group in match.groups() if group]
        marks.take(match.start(), len(match.group()), "size", f"{width}/{length}", "sure")
    for slashed in lexicon.sizes.slashed:
        if slash := re.search(rf"(?<!\w){re.escape(slashed.lower())}(?!\w)", folded):
            marks.take(slash.start(), len(slashed), "size", slashed, "sure")
    for match in attributes.measures(folded) if lexicon.sizes.measures else ():
        for written in (match.group(), match.group(3)):  # with the word behind it, or `42,5` alone
            if written and (found := lexicon.sizes.measured(written)):
                marks.take(match.start(), len(written), "size", found, "sure")
                break
    for match in _WAIST.finditer(folded):
        marks.take(match.start(), len(match.group()), "size", match.group(1) or match.group(2), "sure")
    for match in _RANGE.finditer(folded):
        size = lexicon.sizes.read(match.group(1) + match.group(2))
        if size:
            marks.take(match.start(), len(match.group()), "size", size, "sure")
