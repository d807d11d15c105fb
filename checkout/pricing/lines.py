"""A priced line: so many units at a gross price, with the tax class of what is sold."""

import msgspec

from catalog.kernel.money import Money

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
