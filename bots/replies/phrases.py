"""The phrases of the chat; `locales/*.po` beside this file hold them."""

from pathlib import Path

from catalog.kernel.locale import Phrases

PHRASES = Phrases(Path(__file__).parent / "locales")
