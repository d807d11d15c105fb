"""Texts in several languages: which one a reader gets when his own is missing."""

from collections.abc import Mapping

Texts = Mapping[str, str]


def pick(texts: Texts, locale: str, default_locale: str) -> str:
    """The text in the locale, else in its plain language ('de-AT': 'de'), the shop's default, any other, or empty."""
    for wanted in (locale, locale.replace("_", "-").split("-", 1)[0], default_locale):
        if text := texts.get(wanted):
            return text
    return next((text for text in texts.values() if text), "")
