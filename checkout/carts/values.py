"""What goes in and out of a cart: operations, the cart as a shopper sees it, refusals and news as values."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from catalog.kernel.money import Money
from checkout.pricing.discounts import DiscountRefusal
from checkout.pricing.totals import TaxShare, Totals


@dataclass(frozen=True, slots=True)
class Add:
    """More of a SKU: a new line, or more on the line that has it."""

    sku: str
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class SetQuantity:
    """This many on a line; 0 removes it."""

    line_id: UUID
    quantity: int


@dataclass(frozen=True, slots=True)
class ChangeVariant:
    """Another SKU on a line, in the same quantity unless one is given. Joins the line that has the SKU already."""

    line_id: UUID
    sku: str
    quantity: int | None = None


@dataclass(frozen=True, slots=True)
class Remove:
    """A line less."""

    line_id: UUID


@dataclass(frozen=True, slots=True)
class Clear:
    """No line left."""


CartOp = Add | SetQuantity | ChangeVariant | Remove | Clear


@dataclass(frozen=True, slots=True)
class OutOfStock:
    """`wanted` is what the line would have had in all, `available` the most it could have, `in_cart` what it has."""

    sku: str
    wanted: int
    available: int
    in_cart: int = 0


@dataclass(frozen=True, slots=True)
class UnknownSku:
    """The shop does not sell this now."""

    sku: str


@dataclass(frozen=True, slots=True)
class UnknownLine:
    """The cart has no such line (any more)."""

    line_id: UUID


@dataclass(frozen=True, slots=True)
class TooMany:
    """More than a line may have, or less than one."""

    sku: str
    wanted: int
    limit: int


@dataclass(frozen=True, slots=True)
class TooManyLines:
    """The cart has as many lines as a cart may have."""

    sku: str
    limit: int


@dataclass(frozen=True, slots=True)
class NothingToUndo:
    """There is no earlier version to go back to."""


@dataclass(frozen=True, slots=True)
class DiscountRefused:
    """The code takes nothing off, and why."""

    code: str
    reason: DiscountRefusal


Refusal = OutOfStock | UnknownSku | UnknownLine | TooMany | TooManyLines | NothingToUndo | DiscountRefused


@dataclass(frozen=True, slots=True)
class PriceChanged:
    """The price is another one than the shopper was last told."""

    line_id: UUID
    sku: str
    before: Money
    now: Money


@dataclass(frozen=True, slots=True)
class ShortNow:
    """The line asks for more than there is now (the hold ran out and others were quicker)."""

    line_id: UUID
    sku: str
    wanted: int
    available: int


@dataclass(frozen=True, slots=True)
class NotSoldAnyMore:
    """The merchant took the product down."""

    line_id: UUID
    sku: str


CartNews = PriceChanged | ShortNow | NotSoldAnyMore


@dataclass(frozen=True, slots=True)
class BareLine:
    """A line without what it costs and whether it is there: enough to know what is spoken of."""

    id: UUID
    sku: str
    handle: str
    options: dict[str, str]
    quantity: int


@dataclass(frozen=True, slots=True)
class CartLine:
    """A line as shown. `available` is the most this shopper could have of it, their own hold included."""

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


@dataclass(frozen=True, slots=True)
class CartView:
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
    def units(self) -> int:
        """Units of all lines."""
        return sum(line.quantity for line in self.lines)


@dataclass(frozen=True, slots=True)
class CartChange:
    """The cart after a change, with what was done and what was not."""

    cart: CartView
    applied: tuple[CartOp, ...] = ()
    refused: tuple[Refusal, ...] = ()
