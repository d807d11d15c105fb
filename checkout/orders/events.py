"""What orders announce. `conversation_id` is the thread to tell it in, where there is one."""

from dataclasses import dataclass
from uuid import UUID

from catalog.kernel.events import DomainEvent


@dataclass(frozen=True)
class OrderPlaced(DomainEvent):
    """A cart became an order that waits for its payment."""

    order_id: UUID
    customer_id: UUID
    conversation_id: UUID | None
    total_minor: int
    currency: str


@dataclass(frozen=True)
class OrderPaymentPending(DomainEvent):
    """The shopper has paid by a way that takes days; the money is not there yet."""

    order_id: UUID
    customer_id: UUID
    conversation_id: UUID | None


@dataclass(frozen=True)
class OrderPaid(DomainEvent):
    """The money is there and the goods are taken from the shelf. Once for each order."""

    order_id: UUID
    customer_id: UUID
    conversation_id: UUID | None
    total_minor: int
    currency: str


@dataclass(frozen=True)
class OrderCancelled(DomainEvent):
    """Somebody (`by`: shopper, merchant) called the order off. With `refund_needed`, money has still to go back."""

    order_id: UUID
    customer_id: UUID
    conversation_id: UUID | None
    by: str
    refund_needed: bool


@dataclass(frozen=True)
class OrderExpired(DomainEvent):
    """The order ran out unpaid. `reason`: unpaid, superseded (the cart changed), payment_failed."""

    order_id: UUID
    customer_id: UUID
    conversation_id: UUID | None
    reason: str


@dataclass(frozen=True)
class OrderInException(DomainEvent):
    """Money and order do not fit (`reason`: amount_differs, stock_gone, paid_twice): a person has to look."""

    order_id: UUID
    customer_id: UUID
    conversation_id: UUID | None
    reason: str


@dataclass(frozen=True)
class OrderRestCancelled(DomainEvent):
    """A part of the order was sent, and the rest will not be: it is closed."""

    order_id: UUID
    customer_id: UUID
    conversation_id: UUID | None


@dataclass(frozen=True)
class OrderFulfilled(DomainEvent):
    """Everything of the order is on its way."""

    order_id: UUID
    customer_id: UUID
    conversation_id: UUID | None


@dataclass(frozen=True)
class OrderClosed(DomainEvent):
    """Nothing more will happen to the order."""

    order_id: UUID
    customer_id: UUID
    conversation_id: UUID | None
