"""The phrases of the pay page, the order page, the legal pages and the letters about them."""

from pathlib import Path

from catalog.kernel.locale import Phrases

PHRASES = Phrases(Path(__file__).parent / "locales" / "trade")
