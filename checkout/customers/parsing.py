"""Reads an address out of one sentence, as people type it on a phone: 'lindenstr 5, 10969 berlin'.

Found is what stands there and nothing is guessed: what the sentence does not say is named as missing. The postal code
is the anchor; on the continent the town follows it, on the islands it stands before.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import lru_cache

from babel.core import Locale

from catalog.kernel import countries
from checkout.customers.postal import RULES, VEHICLE_LETTERS, PostalRule
from checkout.customers.streets import countries_told, looks_like_street, name_and_street
from checkout.customers.values import ParsedAddress

_GERMAN = frozenset({"DE", "AT", "CH", "LI", "LU"})
_SMALL: Mapping[str, frozenset[str]] = {
    "de": frozenset({
        "am", "an", "auf", "bei", "c/o", "der", "den", "dem", "des", "die", "hinter", "im", "in", "ob", "unter", "und",
        "van", "vom", "von", "vor", "zu", "zum", "zur", "a.",
    }),
    "fr": frozenset({
        "allée", "av", "avenue", "bd", "boulevard", "chemin", "cours", "d", "de", "des", "du", "en", "et", "impasse",
        "l", "la", "le", "les", "lès", "place", "quai", "route", "rue", "ruelle", "sous", "sur", "square",
    }),
    "en": frozenset({
        "and", "in", "of", "on", "the", "under", "upon",
    }),
    "xx": frozenset({
        "a", "aan", "af", "da", "de", "del", "dei", "della", "den", "der", "di", "do", "e", "el", "i", "la", "las",
        "los", "ter", "van", "von", "y",
    }),
}  # fmt: skip
_LEADS = re.compile(
    r"^\W*(?:(?:meine?|die|unsere?|my|our|the)\s+)?(?:adresse|anschrift|lieferadresse|address|delivery address)\s*"
    r"(?:ist|lautet|is)?\s*:?\s*"
    r"|^\W*(?:bitte\s+)?(?:an(?!\s+de[rnm]\b)|nach|to|send it to|liefern? an|schick(?:en|t)?(?: es)? an)\s*:?\s+",
    re.IGNORECASE,
)

# The patterns take time by the square of a text; the longest delivery of addresses.py has room in this twice.
_LONGEST = 500
_LONGEST_STREET = 60  # letters; longer is prose
# 'kannst du mir das an die … schicken', 'please ship it to …': what frames an address in a sentence.
_SENDING = r"(?:ver|zu)?(?:schick|send|liefer)\w*|ge(?:schickt|liefert|sendet)|ship\w*|send|deliver\w*|bring\w*"
_FRAME = re.compile(
    rf"^(?=.*\b(?:{_SENDING})\b)(?:[^\d,]*?)\b(?:an|nach|to)\s+(?:(?:die|den|das|the)\s+)?", re.IGNORECASE
)
_FRAME_END = re.compile(
    rf"\s+(?:(?:bitte|mal|dann|please)\s+)*(?:{_SENDING})(?:\s+(?:lassen|werden|wird|soll|bitte|please))*[\s.!?]*$",
    re.IGNORECASE,
)

# A British code at the end tells the country: no other's looks like it. Its last letters are never C, I, K, M, O or V.
_BRITISH = re.compile(r"\b[a-z]{1,2}\d[a-z\d]? ?\d[abd-hjlnp-uw-z]{2}$", re.IGNORECASE)
# 'Could it go to my aunt? Herrengasse 14, 8010 Graz. Her name is …': sentences before and behind the address.
_SAID_BEFORE = re.compile(r"^.*[?!]\s+(?=\D*\d+\D.*\d{4})", re.DOTALL)
_SAID_AFTER = re.compile(r"(?<=[^\W\d_]{4}[.?!])(?:\s+[^\W\d_]+\S*){3,}$")
# What the carrier has to know besides: 'bei Kessler', 'c/o Meyer', 'Hinterhaus, 2. Stock', 'z.Hd. Frau Yilmaz'.
_BESIDES = re.compile(
    r"(?i)^(?:(?:aber|und|bitte|and|but|please)\s+)*"
    r"(?=(?:bei\b|c/o\b|z\.? ?h(?:d|ä?nden)\b|attn\b|hinterhaus\b|vorderhaus\b|seitenflügel\b|"
    r"(?:im\s+|in der\s+)?\d{1,2}\.? ?(?:og\b|obergeschoss|stock\b|etage)|flat\b|apartment\b|apt\b|floor\b|suite\b))"
)
_FOR_WHOM = re.compile(r"(?i)\s+(?=(?:c/o|z\.? ?h(?:d|ä?nden)|attn)\b)")
_TOWN = re.compile(r"^\s*[^\W\d_][^\d,?!]{1,30}$", re.IGNORECASE)
_AFTER_NUMBER = re.compile(r"^(.*?\d+\s?[a-zA-Z]?)[\s,]+([^\d,]+)$")
_THANKS = re.compile(r"(?i)[\s,.!]+(?:bitte|danke|please|thanks|thank you|merci)[\s.!]*$")


def parse_address(text: str, country: str, serving: Collection[str] = ()) -> ParsedAddress | None:
    """The address in a sentence; `country` is where people of this shop live unless they say otherwise.

    `serving`: countries that it sends to besides, for a postal code that is none of `country`. None when nothing in it
    looks like a part of an address, and for a text far too long for one.
    """
    if len(text) > _LONGEST:
        return None
    text = text.lower() if text.isupper() else text
    flat = ", ".join(part.strip() for part in re.split(r"[\n;]+", text) if part.strip())
    flat = _SAID_AFTER.sub("", _SAID_BEFORE.sub("", flat))
    flat = _LEADS.sub("", _FRAME_END.sub("", _FRAME.sub("", flat, count=1)), count=1)
    flat, country = _take_country(_THANKS.sub("", flat).strip(" ,."), country.upper())
    flat, country = _take_letters(flat, country)
    rule = RULES.get(country)
    if _BRITISH.search(flat) and (rule is None or _postal_code(flat, rule) is None):
        country, rule = "GB", RULES["GB"]
    if rule is None:
        return _without_code(flat, country)
    others = [other for other in dict.fromkeys(serving) if other != country and other in RULES]
    return _with_code(flat, country, rule) or _abroad(flat, others) or _without_code(flat, country)


def _with_code(flat: str, country: str, rule: PostalRule) -> ParsedAddress | None:
    match = _postal_code(flat, rule)
    if match is None:
        return None
    before, after = re.sub(r"(?i)\s+in\s*$", "", flat[: match.start()]).strip(" ,"), flat[match.end() :].strip(" ,.")
    if re.search(r"[^\W\d_]", after) and not (rule.city_first and before and not _has_street_after(after)):
        city, _, rest = (part.strip() for part in after.partition(","))
        if (for_whom := _FOR_WHOM.search(city)) is not None:
            city, rest = city[: for_whom.start()], f"{city[for_whom.end() :]}, {rest}".strip(" ,")
        name, street = name_and_street(before or rest)
        if before and rest and not street:
            name, street = name or before, rest
        elif before and _BESIDES.match(rest) and not looks_like_street(rest):
            street = f"{street}, {_BESIDES.sub('', rest)}"
    else:
        head, _, city = before.rpartition(",")
        name, street = name_and_street(head)
        if not street and rule.city_first:
            street, city = _split_unpunctuated(before)
    return ParsedAddress(
        street=write_street(street, country),
        postal_code=rule.proper(*match.groups()),
        city=_capitals(city.strip(), _language(country)),
        country=country,
        name=_capitals(name, "en"),
    )


def complete_address(before: str, text: str, country: str, serving: Collection[str] = ()) -> ParsedAddress | None:
    """The address in a sentence, filled up with half of one said before ('lindenstr 5 berlin', then '10969').

    None where the new words are no address, nor the town that was missing.
    """
    alone = parse_address(text, country, serving)
    if not before or (alone is not None and not alone.missing and not _only_besides(alone.street)):
        return alone
    if alone is None and not _TOWN.match(text):
        return None
    halves = _AFTER_NUMBER.match(before)
    joined = [f"{before}, {text}", f"{text}, {before}"]
    if halves is not None:
        joined.insert(0, f"{halves[1]}, {text} {halves[2]}")
    tries = [found for words in joined if (found := parse_address(words, country, serving)) is not None]
    best = min(tries, key=lambda found: len(found.missing), default=None)
    if best is None or (alone is None and best.missing):
        return alone
    return best if alone is None or len(best.missing) <= len(alone.missing) else alone


def _only_besides(street: str) -> bool:
    # 'bei Fa. Kessler im 2. OG' is none yet, `Bei den Mühren 70` is
    return bool(_BESIDES.match(street)) and not re.search(r"\d\s?[a-z]?$", street, re.IGNORECASE)


def write_street(street: str, country: str) -> str:
    """A street as one writes it on a parcel: 'lindenstr 5' becomes 'Lindenstraße 5'."""
    language = _language(country)
    if language == "de":
        street = _german(street, sharp=country not in {"CH", "LI"})
    elif language == "fr":
        street = re.sub(r"(?i)\bbd\b\.?", "boulevard", re.sub(r"(?i)\bav\b\.?", "avenue", street))
    elif language == "en":
        street = _english(street)
    return _capitals(street, language)


def _german(street: str, *, sharp: bool) -> str:
    full = "straße" if sharp else "strasse"
    street = re.sub(r"(?i)(?<=\w)(?<!\bs)(str\.?|strasse|straße|strase)(?=[\s\d,]|$)", full, street)
    street = re.sub(r"(?i)\b(str\.?|strasse|straße)(?=[\s\d,]|$)", full.capitalize(), street)
    street = re.sub(r"(?i)(?<=\w)pl\.(?=[\s\d,]|$)", "platz", re.sub(r"(?i)\bpl\.(?=[\s\d,]|$)", "Platz", street))
    # "Lindenstraße5" and "Lindenstraße 5 A"
    street = re.sub(r"(?<=[^\W\d_])(\d)", r" \1", street) if re.search(r"[^\W\d_]{3}\d", street) else street
    return re.sub(r"(\d) ?([a-zA-Z])\b(?!\.)", lambda match: match[1] + match[2].lower(), street)


def _english(street: str) -> str:
    for short, full in (("st", "Street"), ("rd", "Road"), ("ave", "Avenue"), ("ln", "Lane"), ("sq", "Square")):
        street = re.sub(rf"(?i)(?<=\w )\b{short}\.?(?=,|$)", full, street)
    return street


def _postal_code(text: str, rule: PostalRule) -> re.Match[str] | None:
    """The code: the last one that a town follows, else the last one (a house number may look like a code)."""
    matches = list(rule.pattern.finditer(text))
    if rule.city_first:
        return matches[-1] if matches else None
    with_town = [match for match in matches if re.match(r"[\s,]*[^\W\d_]{2}", text[match.end() :])]
    return next(reversed(with_town or matches), None)


def _has_street_after(after: str) -> bool:
    return bool(re.search(r"\d", after))


def _split_unpunctuated(text: str) -> tuple[str, str]:
    """'10 Downing Street London': the town is what follows the last word for a kind of street."""
    match = re.match(
        r"(?i)(.*\b(?:street|st|road|rd|avenue|ave|lane|ln|square|sq|drive|close|way|place|terrace|gardens|court|row"
        r"|hill|park|crescent|grove|mews)\b\.?)\s+(\S.*)$",
        text,
    )
    return (match[1], match[2]) if match else ("", text)


def _without_code(text: str, country: str) -> ParsedAddress | None:
    """A street with its number alone still helps: one asks for the rest."""
    parts = [part.strip() for part in text.split(",")]
    at = next((at for at, part in enumerate(parts) if _is_street(part)), None)
    if at is None:
        return None
    name, street = name_and_street(", ".join(parts[: at + 1]))
    tail = ", ".join(parts[at + 1 :])
    city = "" if re.search(r"\d", tail) else tail
    return ParsedAddress(
        write_street(street, country), "", _capitals(city, _language(country)), country, _capitals(name, "en")
    )


def _is_street(part: str) -> bool:
    return len(part) <= _LONGEST_STREET and looks_like_street(part) and bool(re.search(r"[^\W\d_]{3}", part))


def _abroad(text: str, countries: Collection[str]) -> ParsedAddress | None:
    """The address in one of these countries, told by the form of its code; with several by the street's language.

    The country is missing where they still are several: a town does not tell it.
    """
    found = [address for country in countries if (address := _with_code(text, country, RULES[country]))]
    found = [address for address in found if address.city and re.search(r"\d", address.street)]
    longest = max((len(address.postal_code) for address in found), default=0)  # "1015 CJ" is more than 1015
    found = [address for address in found if len(address.postal_code) == longest]
    told = countries_told(found[0].street) if found else frozenset()
    likely = [address for address in found if address.country in told] or found
    if len(likely) == 1:
        return likely[0]
    return replace(likely[0], country="") if likely else None


def _take_country(text: str, country: str) -> tuple[str, str]:
    """A country's name at the end says where it goes; to Americans some of them name a state."""
    head, separator, tail = text.rpartition(",")
    named = _country_names().get(tail.strip().casefold()) or (countries.called(tail) if country != "US" else None)
    if separator and named:
        return head.strip(" ,"), named
    words = text.rsplit(" ", 1)
    named = _country_names().get(words[-1].casefold()) if len(words) > 1 else None
    # Luxembourg is a town too: "L-1010 Luxembourg" keeps it.
    return (words[0].strip(" ,"), named) if named and named != "LU" else (text, country)


def _take_letters(text: str, country: str) -> tuple[str, str]:
    """'D-10969' and 'AT-1010' name the country before the code."""
    match = re.search(r"(?<!\w)([A-Za-z]{1,2})-(?=\d{4})", text)
    if match is None:
        return text, country
    letters = match[1].upper()
    named = letters if letters in RULES else VEHICLE_LETTERS.get(letters)
    if named is None or named in {"LV", "LT"}:
        return text, named or country
    return text[: match.start()] + text[match.end() :], named


@lru_cache(maxsize=1)
def _country_names() -> Mapping[str, str]:
    names = {
        str(name).casefold(): code
        for language in ("en", "de", "fr", "it", "nl")
        for code, name in Locale(language).territories.items()
        if code in RULES
    }
    return names | {"uk": "GB", "england": "GB", "great britain": "GB", "holland": "NL", "usa": "US", "schweiz": "CH"}


def _language(country: str) -> str:
    if country in _GERMAN:
        return "de"
    return {"FR": "fr", "GB": "en", "IE": "en", "US": "en"}.get(country, "xx")


def _capitals(text: str, language: str) -> str:
    """Capitals where one writes them; a word that has some already is left as its owner wrote it."""
    words = text.split(" ")
    small = _SMALL[language]
    return " ".join(
        word
        if (index and word.strip(",").casefold() in small) or (language == "fr" and word in small)
        else _capital(word)
        for index, word in enumerate(words)
    )


def _capital(word: str) -> str:
    if word != word.lower() or not word[:1].isalpha():
        return word
    return "-".join(
        re.sub(r"^((?:[dl]['’])?)(\w)", lambda match: match[1] + match[2].upper(), part) for part in word.split("-")
    )
