"""Phrases: every customer text in every language, read from .po files with Babel, filled by name, never concatenated.

A phrase's id is a dotted key (`cart.added`). Values are formatted by `str.format`, so a placeholder is `{name}`. A key
missing in a language falls back to English, and a key missing everywhere is an error that the tests find.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import lru_cache
from gettext import c2py
from pathlib import Path
from string import Formatter

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime
from babel.messages.pofile import PoFileError, read_po

from catalog.kernel.errors import Misconfigured

FALLBACK = "en"


class MissingPhrase(LookupError):
    """No language has this phrase."""


class Phrases:
    """The texts of one part of the house, built once from folders that hold `de.po`, `en.po` and so on."""

    def __init__(self, *folders: Path) -> None:
        self._texts: dict[str, dict[str, str | tuple[str, ...]]] = {}
        self._plural: dict[str, Callable[[int], int]] = {}
        for folder in folders:
            for file in sorted(folder.glob("*.po")):
                self._load(file)

    def learn(self, folder: Path) -> None:
        """Load a merchant's own files over these texts. Raises Misconfigured for one that would break a sentence.

        A file may hold phrases of every part of the house: those that are not of this part are passed over.
        """
        own = Phrases()
        for file in sorted(folder.glob("*.po")):
            try:
                Locale.parse(file.stem.replace("-", "_"))
                own._load(file)
                self._take(file.stem, own)
            except (ValueError, PoFileError, UnknownLocaleError) as error:
                raise Misconfigured(f"{file} is no file of phrases: {error}") from error

    def _take(self, locale: str, own: "Phrases") -> None:
        known = self._texts.get(FALLBACK, {})
        for key in own.keys(locale) & known.keys():
            text = own._texts[locale][key]  # noqa: SLF001 - the same class
            if strange := _places(text) - _places(known[key]):
                there = ", ".join(sorted(_places(known[key]))) or "nothing"
                raise ValueError(f"{key}: {{{min(strange)}}} is unknown there; the phrase may name {there}")
            self._texts.setdefault(locale, {})[key] = text
        self._plural[locale] = own._plural[locale]  # noqa: SLF001 - as above

    @property
    def locales(self) -> Iterable[str]:
        """The languages there are files for."""
        return self._texts.keys()

    def keys(self, locale: str) -> set[str]:
        """Every key of a language."""
        return set(self._texts.get(locale, ()))

    def say(self, locale: str, key: str, /, **values: object) -> str:
        """The phrase in a language, filled. Raises MissingPhrase."""
        text = self._find(locale, key)
        text = text if isinstance(text, str) else text[0]
        return text.format(**values) if values else text

    def count(self, locale: str, key: str, number: int, /, **values: object) -> str:
        """The phrase in the plural form for a number, which it may name as `{n}`."""
        text = self._find(locale, key)
        if not isinstance(text, str):
            language = locale if locale in self._plural else FALLBACK
            form = self._plural[language](number)
            text = text[min(form, len(text) - 1)]
        return text.format(n=number, **values)

    def _find(self, locale: str, key: str) -> str | tuple[str, ...]:
        for language in _chain(locale):
            text = self._texts.get(language, {}).get(key)
            if text:
                return text
        raise MissingPhrase(f"no phrase {key!r} in {locale} or {FALLBACK}")

    def _load(self, file: Path) -> None:
        locale = file.stem
        with file.open("rb") as stream:
            catalog = read_po(stream, locale=locale.replace("-", "_"), abort_invalid=True)
        texts = self._texts.setdefault(locale, {})
        for message in catalog:
            if message.id and message.string:
                key = message.id if isinstance(message.id, str) else message.id[0]
                value = message.string
                texts[key] = value if isinstance(value, str) else tuple(value)
        self._plural[locale] = c2py(catalog.plural_expr)


@lru_cache(maxsize=256)
def _chain(locale: str) -> tuple[str, ...]:
    """Where a phrase is looked for, in order."""
    return locale, locale.replace("_", "-").split("-")[0], FALLBACK


def _places(text: str | tuple[str, ...]) -> set[str]:
    """The names of a phrase's placeholders; what `str.format` could reach beyond them is named as a whole."""
    forms = (text,) if isinstance(text, str) else text
    return {
        name if name.isidentifier() and not (spec or conversion) else f"{name}{conversion or ''}{spec or ''}" or "?"
        for form in forms
        for _, name, spec, conversion in Formatter().parse(form)
        if name is not None
    }


@lru_cache(maxsize=64)
def cldr(locale: str) -> Locale:
    """How a language writes dates, amounts and names, as CLDR has it; English for one that it does not have."""
    try:
        return Locale.parse(locale.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale(FALLBACK)


def say_time(moment: datetime, locale: str) -> str:
    """A clock time for people ('14:32'); the moment is already in the shop's time zone."""
    return format_datetime(moment, "HH:mm", locale=cldr(locale))


def say_date(day: date, locale: str, *, weekday: bool = False) -> str:
    """A day for people: '10.12.' or 'Do, 26.11.' in German, '10 Dec' or 'Thu 26 Nov' in English."""
    if locale.startswith("de"):
        pattern = "EEEEEE, dd.MM." if weekday else "dd.MM."
    else:
        pattern = "EEE d MMM" if weekday else "d MMM"
    return format_date(day, pattern, locale=cldr(locale)).replace(".,", ",")


def say_day(day: date, locale: str) -> str:
    """A day of any year, for what is kept: '10. Dezember 2026' or '10 December 2026'."""
    return format_date(day, "d. MMMM y" if locale.startswith("de") else "d MMMM y", locale=cldr(locale))
