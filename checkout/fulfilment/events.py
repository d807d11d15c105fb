"""What fulfilment announces."""

from dataclasses import dataclass
from uuid import UUID

from catalog.kernel.events import DomainEvent


@dataclass(frozen=True)
class ParcelShipped(DomainEvent):
    """A parcel left. `complete`: nothing of the order is left to send."""

    order_id: UUID
    fulfilment_id: UUID
    customer_id: UUID
    conversation_id: UUID | None
    carrier: str
    tracking_code: str
    tracking_url: str
    complete: bool
