"""What returns announce. `conversation_id` is the order's thread, where there is one."""

from dataclasses import dataclass
from uuid import UUID

from catalog.kernel.events import DomainEvent


@dataclass(frozen=True)
class ReturnRequested(DomainEvent):
    """A shopper wants to send something back."""

    return_id: UUID
    order_id: UUID
    customer_id: UUID
    conversation_id: UUID | None
    wish: str


@dataclass(frozen=True)
class ReturnApproved(DomainEvent):
    """The merchant expects the goods, handed in with a label or code where one was given."""

    return_id: UUID
    order_id: UUID
    customer_id: UUID
    conversation_id: UUID | None
    label_url: str = ""
    code: str = ""


@dataclass(frozen=True)
class ReturnRejected(DomainEvent):
    """The merchant does not take it back, and says why."""

    return_id: UUID
    order_id: UUID
    customer_id: UUID
    conversation_id: UUID | None
    reason: str


@dataclass(frozen=True)
class ReturnReceived(DomainEvent):
    """The goods are back on the shelf; so much is to go back for them, by `refund_id` when it was asked for at once."""

    return_id: UUID
    order_id: UUID
    customer_id: UUID
    conversation_id: UUID | None
    refund_minor: int
    currency: str
    refund_id: UUID | None


@dataclass(frozen=True)
class ReturnRefunded(DomainEvent):
    """The money for a return went back."""

    return_id: UUID
    order_id: UUID
    customer_id: UUID
    conversation_id: UUID | None


@dataclass(frozen=True)
class ReturnClosed(DomainEvent):
    """Nothing more will happen to the return."""

    return_id: UUID
    order_id: UUID
    customer_id: UUID
    conversation_id: UUID | None


@dataclass(frozen=True)
class WithdrawalDeclared(DomainEvent):
    """Somebody withdrew by the online function; `order_id` is None when a person has to match it."""

    withdrawal_id: UUID
    order_id: UUID | None
    conversation_id: UUID | None
