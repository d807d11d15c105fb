"""Which language a message is in, by its function words: German, English, or another told apart as such."""

import re
from functools import cache

from bots.understanding import concepts, data, stems
from bots.understanding.normalise import Normal

_HELLO = frozenset({"hi", "hey", "hallo", "hello"})  # said in either
_FOREIGN = 0.34
_SCRIPTS = {"ru": re.compile("[Ѐ-ԯ]"), "ar": re.compile("[؀-ۿ]"), "zh": re.compile("[぀-鿿]")}
_GERMAN = ("ung", "keit", "lich", "isch", "chen")
_WITH_ZU = re.compile(
    r"(ab|an|auf|aus|bei|durch|ein|fest|frei|her|heraus|hinein|los|mit|nach|raus|rein|um|vor|weg|weiter|wieder|zurueck|zusammen)"
    r"zu(\w{3,}n)"
)


@cache
def _words() -> dict[str, frozenset[str]]:
    """By language, function words; of German and English the words for colours that the other has not, too."""
    found = {
        language: frozenset(stems.fold(word) for word in data.words(f"language.{language}"))
        for language in ("de", "en", "fr", "es", "it", "tr", "pl", "nl", "pt")
    }
    colours = {
        language: {stems.fold(word) for row in data.table("colours")["colour"].values() for word in row[language]}
        for language in ("de", "en")
    }
    for language in ("de", "en"):
        other = _variants()["en" if language == "de" else "de"]
        found[language] |= {form for form in _variants()[language] if form not in other and len(form) > 2}  # noqa: PLR2004
    found["de"] |= colours["de"] - colours["en"]
    found["en"] |= colours["en"] - colours["de"]
    return found


@cache
def function_words() -> frozenset[str]:
    """Words of German and English that name nothing by themselves."""
    return frozenset(stems.fold(word) for one in ("de", "en") for word in data.words(f"language.{one}"))


@cache
def _variants() -> dict[str, dict[str, str]]:
    return {
        language: {stems.fold(form): stems.fold(word) for word, forms in table.items() for form in forms.split()}
        for language, table in data.table("variants").items()
    }


def infinitive(word: str) -> str | None:
    """A German verb without the `zu` within (`zurückzuschicken`, `umzutauschen`), or None."""
    found = _WITH_ZU.fullmatch(word)
    return "".join(found.groups()) if found else None


def standard(word: str, language: str) -> str | None:
    """The standard word behind one of a dialect or of quick typing, or None."""
    return _variants().get(language, {}).get(word)


def telling(text: Normal) -> str | None:
    """The one of German and English that a few words belong to, and the other does not; None where nothing tells."""
    goods = concepts.built_in().surface  # `shirt` is said in both
    said = {token.text for token in text.tokens if token.text not in goods} - _HELLO
    german, english = (said & (_words()[one] - _words()[other]) for one, other in (("de", "en"), ("en", "de")))
    return None if bool(german) == bool(english) else "de" if german else "en"


@cache
def _speakers() -> dict[str, tuple[str, ...]]:
    """The languages that a word speaks for."""
    known = _words()
    return {
        word: tuple(language for language, words in known.items() if word in words)
        for word in frozenset().union(*known.values())
    }


def _scores(text: Normal) -> dict[str, float]:
    speakers = _speakers()
    scores = dict.fromkeys(_words(), 0.0)
    for token in text.tokens:
        for language in speakers.get(token.text, ()):
            scores[language] += 1.0
    lowered = text.clean.casefold()
    scores["de"] += 0.8 * sum(lowered.count(sign) for sign in "äöüß")
    for token in text.tokens:
        if token.text.endswith(_GERMAN) or "sch" in token.text:
            scores["de"] += 0.3
        if token.text.endswith(("ing", "tion", "ly")) or token.text.startswith(("th", "wh")):
            scores["en"] += 0.3
    return scores


def detect(text: Normal, hint: str | None = None) -> str:
    """`de`, `en`, another code when its words stand out, or the hint (else `de`) when nothing tells."""
    for language, signs in _SCRIPTS.items():
        if signs.search(text.clean):
            return language
    scores = _scores(text)
    if hint in scores and len(text.tokens) <= 2:  # noqa: PLR2004 - one word tells little
        scores[hint] += 1.5
    best = max(scores, key=lambda language: scores[language])
    if scores[best] <= 0 or scores[best] == scores.get(hint or "", -1):
        return hint or best if scores[best] > 0 else hint or "de"
    if best not in {"de", "en"} and scores[best] < max(2.0, _FOREIGN * len(text.tokens)):
        best = "de" if scores["de"] >= scores["en"] else "en"
        if scores[best] <= 0:
            return hint or "de"
    return best
