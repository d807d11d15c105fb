"""Words that speak of the address that is known already: it is meant again, or its house number was wrong."""

import re

from checkout.customers.streets import looks_like_street

_AROUND = (
    r"^\W*(?:(?:ne|nee|nein|ja|doch|lieber|warte|ok|okay|dann|bitte|schick\w*|liefer\w*|sende\w*|es|das|alles|an|wieder"
    r"|einfach|und|aber|also|gerne?|no|yes|to|send|ship|deliver|it|them|that|please|just|actually|then)\W+)*"
)
_KNOWN = re.compile(
    r"\b(?:selbe[nrsm]?|gleiche[nrsm]?|dieselben?|alte|übliche|bekannte|hinterlegte|gespeicherte|same|usual|saved|old)"
    r" (?:\w+ )?(?:\w*adresse|\w*anschrift|address)\b"
    rf"|{_AROUND}(?:zu mir(?: nach hause)?|nach hause|zu mir heim|my (?:place|home)|home)(?: \w+)?\W*$",
    re.IGNORECASE,
)
_AS_BEFORE = re.compile(
    rf"{_AROUND}(?:wie (?:immer|letztes mal|beim letzten mal|vorher|zuletzt)"
    r"|(?:same )?as (?:before|last time|usual|always))\W*$",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\b(?:haus ?(?:nummer|nr\.?)|hnr\.?|house ?(?:number|no\.?))"
    r"(?:\W+(?:ist|is|isch|war|wäre|should be|doch|lautet|heißt|richtig|eigentlich|natürlich|die|it'?s|it|to|auf|in))*"
    r"\W+(\d{1,4} ?[a-z]?)\b(?! ?(?:falsch|wrong))",
    re.IGNORECASE,
)
_ORDER = re.compile(r"\b(?:bestellung|bestellt\w*|order\w*)\b", re.IGNORECASE)
_LAST_NUMBER = re.compile(r"\b\d{1,4} ?[a-zA-Z]?\b(?=\D*$)")


def means_it(text: str) -> bool:
    """Whether the known address is meant: 'an dieselbe Adresse', 'doch zu mir nach Hause', 'same address as before'."""
    return "?" not in text and _KNOWN.search(text) is not None


def means_before(text: str) -> bool:
    """Whether the words, an answer to 'where to?', mean where it went before: 'wie letztes Mal'."""
    return "?" not in text and _AS_BEFORE.search(text) is not None


def tells_number(text: str) -> bool:
    """Whether a house number is told, of no order that is placed."""
    return "?" not in text and _NUMBER.search(text) is not None and _ORDER.search(text) is None


def with_number(street: str, text: str) -> str | None:
    """The street with the house number that is told ('Hausnummer ist 71b, nicht 17b'); None where none is."""
    told, parts = _NUMBER.search(text), street.split(",")
    at = next((at for at, part in enumerate(parts) if looks_like_street(part.strip())), 0)  # behind it: `2. Stock`
    if told is None or _LAST_NUMBER.search(parts[at]) is None:
        return None
    parts[at] = _LAST_NUMBER.sub(told[1].replace(" ", "").lower(), parts[at], count=1)
    return ",".join(parts)
