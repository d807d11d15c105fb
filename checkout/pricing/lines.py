"""A priced line: so many units at a gross price, with the tax class of what is sold."""

import msgspec

from catalog.kernel.errors import Invalid
from catalog.kernel.money import Money, divide

MAX_PER_LINE = 99
MAX_LINES = 50


class PricedLine(msgspec.Struct, frozen=True):
    """Input of every total. Prices are gross: the tax is inside."""

    sku: str
    quantity: int
    unit_price: Money
    tax_class: str = "standard"

    @property
    def gross(self) -> Money:
        """Quantity times unit price, before any discount."""
        return self.unit_price * self.quantity


def unit_price_per(price: Money, *, content: int, base: int) -> Money:
    """The price for a base amount (1000 g, 1000 ml, 1 m) of goods that hold `content` of the same unit.

    Directive 98/6/EC: shown beside the selling price where goods are sold by measure. Rounded by the one rule.
    """
    if content <= 0 or base <= 0:
        raise Invalid("content and base amount must be positive", content=content, base=base)
    return Money(divide(price.minor * base, content), price.currency)
