"""The phrases of the pay page, the order page and the legal pages."""

from pathlib import Path

from catalog.kernel.locale import Phrases

PHRASES = Phrases(Path(__file__).parent / "locales" / "trade")
