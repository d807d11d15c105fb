"""The phrases of the desk and the lab."""

from pathlib import Path

from catalog.kernel.locale import Phrases

PHRASES = Phrases(Path(__file__).parent / "locales" / "desk")


def strings(locale: str) -> dict[str, str]:
    """Every phrase of a language by its key, for the page's script."""
    return {key: PHRASES.say(locale, key) for key in sorted(PHRASES.keys("en"))}
