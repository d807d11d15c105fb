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
