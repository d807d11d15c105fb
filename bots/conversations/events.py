"""What conversations announce to the rest of the house and to the merchant's webhooks."""

from dataclasses import dataclass
from uuid import UUID

from catalog.kernel.events import DomainEvent


@dataclass(frozen=True)
class ConversationNeedsPerson(DomainEvent):
    """A person of the team has to take over; `reason` is a stable word (asked, complaint, fault, unclear …)."""

    conversation_id: UUID
    reason: str


@dataclass(frozen=True)
class PaidInChat(DomainEvent):
    """Money came by a provider's own invoice, which is none of our orders': a person has to settle it.

    `payload` is what the invoice said of itself, the charges are what provider and payment service call the payment;
    the amount is in the currency's smallest unit.
    """

    conversation_id: UUID
    payload: str
    total_minor: int
    currency: str
    charge_id: str
    provider_charge_id: str


@dataclass(frozen=True)
class TurnFailed(DomainEvent):
    """A message could not be answered because of a fault of ours; the shopper was told."""

    conversation_id: UUID
    inbound_id: UUID
    fault: str


@dataclass(frozen=True)
class DeliveryFailed(DomainEvent):
    """A message did not reach its shopper; `reason` is a stable word."""

    conversation_id: UUID
    message_id: UUID
    reason: str
