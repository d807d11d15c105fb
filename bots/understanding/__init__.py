"""What a shopper's words mean: a reader that needs no network, and the lexicon it reads a shop's goods from."""

from bots.understanding.entries import Entry
from bots.understanding.lexicon import Lexicon
from bots.understanding.reader import Reader, RuleReader
from bots.understanding.reading import CartLine, CartOp, Context, Focus, OrderLine, PastOrder, Pending, Reading, Search

__all__ = [
    "CartLine",
    "CartOp",
    "Context",
    "Entry",
    "Focus",
    "Lexicon",
    "OrderLine",
    "PastOrder",
    "Pending",
    "Reader",
    "Reading",
    "RuleReader",
    "Search",
]
