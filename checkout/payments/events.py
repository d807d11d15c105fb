"""What payments announce. Every event names its order; whoever tells the shopper finds the conversation by it."""

from dataclasses import dataclass
from uuid import UUID

from catalog.kernel.events import DomainEvent


@dataclass(frozen=True)
class PaymentFailed(DomainEvent):
    """An attempt that the shopper had finished did not bring the money (a delayed method bounced)."""

    order_id: UUID
    payment_id: UUID
    reason: str | None


@dataclass(frozen=True)
class PaymentExpired(DomainEvent):
    """The order's current payment page ran out unpaid."""

    order_id: UUID
    payment_id: UUID


@dataclass(frozen=True)
class PaymentDisputed(DomainEvent):
    """The payer's bank asks for the money back; `due_by` (RFC 3339) is the last day for evidence. Stop shipping."""

    order_id: UUID
    payment_id: UUID
    dispute_id: str
    amount_minor: int
    currency: str
    reason: str | None
    due_by: str | None


@dataclass(frozen=True)
class DisputeClosed(DomainEvent):
    """The bank decided: `outcome` is the provider's word (won, lost, warning_closed, prevented)."""

    order_id: UUID
    payment_id: UUID
    dispute_id: str
    outcome: str


@dataclass(frozen=True)
class FraudWarned(DomainEvent):
    """The card network warns of fraud: hold the parcel, consider a refund before it becomes a dispute."""

    order_id: UUID
    payment_id: UUID


@dataclass(frozen=True)
class RefundRequested(DomainEvent):
    """Money shall go back; the provider has not been asked yet."""

    order_id: UUID
    refund_id: UUID
    return_id: UUID | None
    amount_minor: int
    currency: str
    reason: str


@dataclass(frozen=True)
class RefundSucceeded(DomainEvent):
    """The provider sent the money back."""

    order_id: UUID
    refund_id: UUID
    return_id: UUID | None
    amount_minor: int
    currency: str
    reason: str


@dataclass(frozen=True)
class RefundFailed(DomainEvent):
    """The money came back to us or never left: it is owed again and has to go another way."""

    order_id: UUID
    refund_id: UUID
    return_id: UUID | None
    amount_minor: int
    currency: str
    reason: str
    failure: str | None
