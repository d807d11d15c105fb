"""What goes in and out of a cart: operations, the cart as a shopper sees it, refusals and news as values."""

from datetime import datetime
from uuid import UUID

import msgspec

from catalog.kernel.money import Money
from catalog.products.measures import UnitPrice
from checkout.pricing.discounts import DiscountRefusal
from checkout.pricing.totals import TaxShare, Totals


class Add(msgspec.Struct, frozen=True):
    """More of a SKU: a new line, or more on the line that has it."""

    sku: str
    quantity: int = 1


class SetQuantity(msgspec.Struct, frozen=True):
    """This many on a line; 0 removes it."""

    line_id: UUID
    quantity: int


class ChangeVariant(msgspec.Struct, frozen=True):
    """Another SKU on a line, in the same quantity unless one is given. Joins the line that has the SKU already."""

    line_id: UUID
    sku: str
    quantity: int | None = None


class Remove(msgspec.Struct, frozen=True):
    """A line less."""

    line_id: UUID


class Clear(msgspec.Struct, frozen=True):
    """No line left."""


CartOp = Add | SetQuantity | ChangeVariant | Remove | Clear


class OutOfStock(msgspec.Struct, frozen=True):
    """`wanted` is what the line would have had in all, `available` the most it could have, `in_cart` what it has."""

    sku: str
    wanted: int
    available: int
    in_cart: int = 0


class UnknownSku(msgspec.Struct, frozen=True):
    """The shop does not sell this now."""

    sku: str


class UnknownLine(msgspec.Struct, frozen=True):
    """The cart has no such line (any more)."""

    line_id: UUID


class TooMany(msgspec.Struct, frozen=True):
    """More than a line may have, or less than one."""

    sku: str
    wanted: int
    limit: int


class TooManyLines(msgspec.Struct, frozen=True):
    """The cart has as many lines as a cart may have."""

    sku: str
    limit: int


class NothingToUndo(msgspec.Struct, frozen=True):
    """There is no earlier version to go back to."""


class DiscountRefused(msgspec.Struct, frozen=True):
    """The code takes nothing off, and why."""

    code: str
    reason: DiscountRefusal


Refusal = OutOfStock | UnknownSku | UnknownLine | TooMany | TooManyLines | NothingToUndo | DiscountRefused


class PriceChanged(msgspec.Struct, frozen=True):
    """The price is another one than the shopper was last told."""

    line_id: UUID
    sku: str
    before: Money
    now: Money


class ShortNow(msgspec.Struct, frozen=True):
    """The line asks for more than there is now (the hold ran out and others were quicker)."""

    line_id: UUID
    sku: str
    wanted: int
    available: int


class NotSoldAnyMore(msgspec.Struct, frozen=True):
    """The merchant took the product down."""

    line_id: UUID
    sku: str


CartNews = PriceChanged | ShortNow | NotSoldAnyMore


class BareLine(msgspec.Struct, frozen=True):
    """A line without what it costs and whether it is there: enough to know what is spoken of."""

    id: UUID
    sku: str
    handle: str
    options: dict[str, str]
    quantity: int


class CartLine(msgspec.Struct, frozen=True):
    """A line as shown. `available` is the most this shopper could have of it, their own hold included.

    `unit_price` is what one piece costs, `price_by_measure` what 1 kg, 1 l or 1 m of it do, where that is to be told.
    """

    id: UUID
    variant_id: UUID
    sku: str
    handle: str
    title: str
    variant_title: str
    options: dict[str, str]
    quantity: int
    unit_price: Money
    total: Money
    image_id: str | None
    available: int
    tax_class: str = "standard"
    price_by_measure: UnitPrice | None = None


class CartView(msgspec.Struct, frozen=True):
    """A cart as shown. `id` is None before the first line was ever added.

    `held_until`: all lines are kept until then; None when some line is not held. `news`: what changed since the
    shopper was last told. `deliverable` is false when none of the shop's shipping methods serves the shopper's country;
    then, and while the shop has set up none, there is no `shipping_code` and shipping costs nothing.
    """

    id: UUID | None
    version: int
    currency: str
    lines: tuple[CartLine, ...]
    totals: Totals
    held_until: datetime | None
    taxes: tuple[TaxShare, ...] = ()
    news: tuple[CartNews, ...] = ()
    discount_code: str | None = None
    discount_refusal: DiscountRefusal | None = None
    shipping_code: str | None = None
    deliverable: bool = True

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to buy."""
        return not self.lines

    @property
    def lacking(self) -> tuple[ShortNow | NotSoldAnyMore, ...]:
        """Lines that cannot be had as they are; while there are any, nothing can be ordered."""
        return tuple(news for news in self.news if not isinstance(news, PriceChanged))

    @property
    def units(self) -> int:
        """Units of all lines."""
        return sum(line.quantity for line in self.lines)


class CartSpan(msgspec.Struct, frozen=True):
    """What one or several changes in a row made of a cart: its version before them, and after."""

    cart_id: UUID
    before: int
    after: int


class CartChange(msgspec.Struct, frozen=True):
    """The cart after a change, with what was done and what was not. `span`: where lines changed."""

    cart: CartView
    applied: tuple[CartOp, ...] = ()
    refused: tuple[Refusal, ...] = ()
    span: CartSpan | None = None
