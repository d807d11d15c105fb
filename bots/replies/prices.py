"""A price in words: the one place where the unit price of goods sold by measure comes to stand beside it."""

from bots.replies.phrases import PHRASES
from catalog.kernel.money import Money
from catalog.products.measures import UnitPrice


def in_words(price: Money, unit_price: UnitPrice | None, locale: str) -> str:
    """'24,90 €', or '24,90 € (33,20 €/l)' unmistakably beside it, where there is a unit price (§ 4 (1) PAngV)."""
    words = price.format(locale)
    if unit_price is None:
        return words
    base = unit_price.base
    one = base.amount == 1
    unit = base.sign if one else PHRASES.say(locale, "price.several_units", amount=base.amount, unit=base.sign)
    return PHRASES.say(locale, "price.by_measure", price=words, unit_price=unit_price.amount.format(locale), unit=unit)
