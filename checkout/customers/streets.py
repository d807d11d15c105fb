"""Finds the street in what stands before the postal code, where people write names and talk before it.

'oh dann lieber zu meiner Schwester Torstr. 45': a word that ends like a street, with a number, begins the street. A
street of several words ('Berliner Str. 5', 'Am Markt 3') is only freed of the small talk that leads up to it.
"""

import re
from collections.abc import Mapping

_GERMAN_ENDS = (
    r"stra(?:ß|ss)e|strase|str\.?|weg|platz|pl\.|allee|gasse|ring|damm|ufer|chaussee|promenade|steig|stieg|graben|zeile"
)
_ENDS = rf"{_GERMAN_ENDS}|straat|gracht|laan|plein|vej|gade|gatan|gata"
_NUMBER = r"\.?\s*\d+\s*[a-z]?\b"
# 'Torstr. 45', 'Karl-Marx-Straße 3'; words before it that belong to it: 'Große Gallusstraße', 'Mainzer Landstraße'.
_COMPOUND = re.compile(
    rf"(?<![\w'’.-])(?:(?:alte|neue|große|grosse|kleine|obere|untere|hintere|vordere|mittlere|innere|äußere)[rnms]?\s+)*"
    rf"(?:[^\W\d_]{{3,}}er\s+(?=(?:land|haupt|heer|dorf|markt|bahnhof)s?(?:{_ENDS})))?"
    rf"[^\W\d_][\w'’.-]+(?:{_ENDS}){_NUMBER}",
    re.IGNORECASE,
)
_KIND_FIRST = r"street|st|road|rd|avenue|ave|lane|ln|square|sq|drive|close|terrace|row|rue|boulevard|bd|chemin|quai"
_STREET = re.compile(
    rf"(?:\b|\w)(?:{_ENDS}|gate|via|calle|rua|{_KIND_FIRST}){_NUMBER}|^\d+\s*[a-z]?\s+.*\b(?:{_ENDS}|{_KIND_FIRST})\b",
    re.IGNORECASE,
)
# 'Am Hang 4', 'An der Alten Mühle 12a': no word for a street, but how German names of several words begin.
_PREPOSED = re.compile(
    r"^(?:am|zum|zur|unterm|hinterm|beim|vorm|überm|(?:an|auf|in|bei|hinter|vor|ob|über|unter) (?:der|den|dem))\s+"
    r"(?!(?:gr(?:ö|oe)(?:ß|ss)e|farbe|stück|anzahl|preis|bestellung|kasse|korb|warenkorb)\b)"
    rf"[^\W\d_]{{3,}}(?:\s[^\W\d_]+){{0,3}}{_NUMBER}$",
    re.IGNORECASE,
)
_TALK = re.compile(
    r"(?:(?:oh|ok|okay|ach|na|ja|nein|doch|gut|also|dann|lieber|besser|super|klar|gern|gerne|und|oder|bitte|sorry|hallo|hi"
    r"|hey|moin|aber|yes|yeah|no|and|or|but|well|so|then|sure|great|fine|actually|please|rather|instead|hello"
    r"|hm+)\b[\s,.!:]*)+(?:(?:an\s+(?:die|das|den)|nach|to)\s+)?",
    re.IGNORECASE,
)
_PLACE = r"(?:in|an|auf|bei|at|on)(?:\s+(?:der|dem|den|die|the))?"
# '… wohnt in der Berliner Straße 12', 'my sister lives at 10 Downing Street'
_LEADING_UP = re.compile(rf"^[^\d,]*\s{_PLACE}\s+(?=\S.*\d|\d)", re.IGNORECASE)
_PLACE_END = re.compile(rf"(?:^|\s+){_PLACE}$", re.IGNORECASE)
_CARE_OF = re.compile(r"(?i)\bc/o\b|\bbei\s")

# What a street's words tell of its country, where the form of the postal code leaves several.
_SPOKEN_IN: Mapping[str, frozenset[str]] = {
    rf"(?:{_GERMAN_ENDS}){_NUMBER}|^(?:am|an der|auf der|im|in der|unter|zum|zur)\s": frozenset({
        "DE", "AT", "CH", "LI",
    }),
    rf"(?:straat|gracht|laan|plein){_NUMBER}": frozenset({"NL", "BE"}),
    r"\b(?:rue|boulevard|bd|chemin|quai|impasse|allée)\b": frozenset({"FR", "BE", "LU", "CH"}),
    rf"(?:vej|gade){_NUMBER}": frozenset({"DK"}),
    rf"(?:gatan|gata|gate){_NUMBER}": frozenset({"SE", "NO"}),
    r"\b(?:via|viale|piazza|corso)\b": frozenset({"IT", "CH"}),
}  # fmt: skip


def name_and_street(text: str) -> tuple[str, str]:
    """Everything from the street on is the street; what stands before it is a name, or talk.

    The street is the part between commas that has one, else the first with a number.
    """
    parts = [part.strip() for part in text.split(",") if part.strip()]
    numbered = [at for at, part in enumerate(parts) if re.search(r"\d", part)]
    at = next((at for at in numbered if _COMPOUND.search(parts[at])), numbered[0] if numbered else len(parts) - 1)
    if at < 0:
        return "", ""
    before, street = _apart(parts[at])
    return ", ".join([*parts[:at], before] if before else parts[:at]), ", ".join([street, *parts[at + 1 :]])


def looks_like_street(text: str) -> bool:
    """Whether the text has a word for a kind of street beside a number."""
    return bool(_STREET.search(text) or _PREPOSED.search(text))


def countries_told(street: str) -> frozenset[str]:
    """The countries whose language the street's words are; empty where they tell none."""
    return next((found for words, found in _SPOKEN_IN.items() if re.search(words, street, re.IGNORECASE)), frozenset())


def _apart(part: str) -> tuple[str, str]:
    """A part that holds a street, in what leads up to it and the street itself."""
    found = None if _CARE_OF.search(part) else _COMPOUND.search(part)
    if found is not None:
        return _PLACE_END.sub("", part[: found.start()].strip()), part[found.start() :]
    street = _TALK.sub("", part) if _TALK.match(part) else part
    led = _LEADING_UP.match(street)
    if led is None or not (looks_like_street(street) or looks_like_street(street[led.end() :])):
        return "", street
    return _PLACE_END.sub("", led.group().strip()), street[led.end() :]
