"""What orders give out besides their rows."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from catalog.kernel.errors import Invalid
from checkout.orders.models import Order


@dataclass(frozen=True, slots=True)
class OrderPage:
    """Some orders, newest first, and where the list goes on."""

    items: tuple[Order, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class BoughtLine:
    """A line of a former order. `returned` units came back or are on their way; `is_sold`: it can be had again."""

    order_id: UUID
    number: str
    placed_at: datetime
    variant_id: UUID
    sku: str
    handle: str
    title: str
    variant_title: str
    options: dict[str, str]
    quantity: int
    image_id: str | None
    returned: int
    is_sold: bool

    @property
    def kept(self) -> int:
        """Units the person still has."""
        return max(0, self.quantity - self.returned)


def read_cursor(cursor: str | None) -> UUID | None:
    """Where a list by id goes on; None begins it. Raises Invalid for a cursor that no such list gave out."""
    if not cursor:
        return None
    try:
        return UUID(cursor)
    except ValueError as error:
        raise Invalid("this is no cursor of this list; leave it out to begin", pointer="/cursor") from error
