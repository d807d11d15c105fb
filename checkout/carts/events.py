"""What carts announce."""

from dataclasses import dataclass
from uuid import UUID

from catalog.kernel.events import DomainEvent


@dataclass(frozen=True)
class CartSuperseded(DomainEvent):
    """A cart changed after an order was made from it, and the order is not paid: that order is out of date."""

    cart_id: UUID
    customer_id: UUID
    ordered_version: int
    version: int
