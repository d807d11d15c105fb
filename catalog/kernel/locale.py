"""Phrases: every customer text in every language, read from .po files with Babel, filled by name, never concatenated.

A phrase's id is a dotted key (`cart.added`). Values are formatted by `str.format`, so a placeholder is `{name}`. A key
missing in a language falls back to English, and a key missing everywhere is an error that the tests find.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import lru_cache
from gettext import c2py
from pathlib import Path

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime
from babel.messages.pofile import read_po

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
        for language in (locale, locale.replace("_", "-").split("-")[0], FALLBACK):
            text = self._texts.get(language, {}).get(key)
            if text:
                return text
        raise MissingPhrase(f"no phrase {key!r} in {locale} or {FALLBACK}")

    def _load(self, file: Path) -> None:
        locale = file.stem
        with file.open("rb") as stream:
            catalog = read_po(stream, locale=locale.replace("-", "_"))
        texts = self._texts.setdefault(locale, {})
        for message in catalog:
            if message.id and message.string:
                key = message.id if isinstance(message.id, str) else message.id[0]
                value = message.string
                texts[key] = value if isinstance(value, str) else tuple(value)
        self._plural[locale] = c2py(catalog.plural_expr)


@lru_cache(maxsize=64)
def _babel(locale: str) -> Locale:
    try:
        return Locale.parse(locale.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale(FALLBACK)


def say_time(moment: datetime, locale: str) -> str:
    """A clock time for people ('14:32'); the moment is already in the shop's time zone."""
    return format_datetime(moment, "HH:mm", locale=_babel(locale))


def say_date(day: date, locale: str, *, weekday: bool = False) -> str:
    """A day for people: '10.12.' or 'Do, 26.11.' in German, '10 Dec' or 'Thu 26 Nov' in English."""
    if locale.startswith("de"):
        pattern = "EEEEEE, dd.MM." if weekday else "dd.MM."
    else:
        pattern = "EEE d MMM" if weekday else "d MMM"
    return format_date(day, pattern, locale=_babel(locale)).replace(".,", ",")
