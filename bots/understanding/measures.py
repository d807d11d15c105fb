"""Marks written with figures and a unit or sign: `180 cm`, `42 1/2`, `3x`, `5er-Pack`."""

import re

from bots.understanding import numbers
from bots.understanding.lexicon import Lexicon
from bots.understanding.marks import Marks
from bots.understanding.reading import Context

_MEASURE = re.compile(
    r"\b\d+[.,]?\d*\s*(?:cm|kg|kilo|kilos|lbs|pounds|m|meters?|metern|metres?|mm|ft|feet|inch|inches|zoll|tage[n]?|days?|wochen|weeks?|stunden|hours?|jahre?|years?|uhr|%|prozent|percent)(?!\w)|\b[12][.,]\d{2}\b(?!\s*€)"
)
_IN_M = re.compile(r"(?:[1-9]|1[0-2])\s*m")  # `2 M, 3 L`: pieces of goods that come in M
_STRETCHES = re.compile(r"\s*(?:gross|groess|lang|laeng|breit|hoch|hoeh|tief|long|tall|wide|high|deep|stoff|fabric|\d)")
_SIZED_BEFORE = re.compile(r"\b(?:size|sz|groesse|gr)\.?\s*$")
_LENGTH = re.compile(r"(\d{2,3})\s*cm")  # of a belt that comes in 95 and 105
_HALF = re.compile(r"(?<![\d.,/])(\d{1,2})(?:([.,])5(?![.,]?\d)| ?1/2| (?:(?:und )?ein ?halb|and a half))(?!\w)")
TIMES = re.compile(r"\b(\d{1,3})\s*(?:x|mal|stk|stueck|pcs|pieces|piece|units|times)\b(?!\s*\d)|\bx\s?(\d{1,3})\b")
_PACK = re.compile(r"\b(?:\d+er[\s-]*(?:pack|packs|pckg|set)|(\d+)[\s-]pack)\b")


def counted(marks: Marks, lexicon: Lexicon) -> None:
    """Packs, and amounts with a sign or unit (`3x`, `2 Stück`)."""
    for match in _PACK.finditer(marks.text.folded):
        if match.group(1) and not lexicon.modifiers.keys() & {match.group(1), f"{match.group(1)}er"}:
            continue  # `2 pack` of goods that no title counts so: two packs
        marks.take(match.start(), len(match.group()), "pack", match.group())
    for match in TIMES.finditer(marks.text.folded):
        value = int(match.group(1) or match.group(2))
        if 0 < value <= numbers.LARGEST:
            marks.take(match.start(), len(match.group()), "quantity", value)


def measured(marks: Marks, lexicon: Lexicon) -> None:
    """Lengths, weights, times and shares, which are neither amount nor price; a length may be a size."""
    for match in _MEASURE.finditer(marks.text.folded):
        if (length := _LENGTH.fullmatch(match.group())) and length.group(1) in lexicon.sizes.all:
            marks.take(match.start(), len(match.group()), "size", length.group(1), "sure")
            continue
        folded = marks.text.folded
        if _IN_M.fullmatch(match.group()) and "M" in lexicon.sizes.all and not _STRETCHES.match(folded, match.end()):
            continue
        if not _SIZED_BEFORE.search(folded[: match.start()]):  # `for size 44 feet`
            marks.take(match.start(), len(match.group()), "measure", match.group())


def halves(marks: Marks, context: Context) -> None:
    """Sizes between two (`44.5`, `42 1/2`), which are no amount; of a list `1,5` picks two."""
    for match in _HALF.finditer(marks.text.folded):
        if not (match.group(2) == "," and int(match.group(1)) <= len(context.shown)):
            marks.take(match.start(), len(match.group()), "size", f"{match.group(1)}.5", "sure")
