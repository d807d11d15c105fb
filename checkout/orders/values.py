"""What orders give out besides their rows."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


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
