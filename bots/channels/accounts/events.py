"""What channel accounts announce: to the merchant, whose shoppers would otherwise meet silence."""

from dataclasses import dataclass
from uuid import UUID

from catalog.kernel.events import DomainEvent


@dataclass(frozen=True)
class ChannelFailing(DomainEvent):
    """The provider refuses what goes through this account, for the reason that its words give."""

    channel_id: UUID
    words: str


@dataclass(frozen=True)
class ChannelRecovered(DomainEvent):
    """The account that failed works again."""

    channel_id: UUID


@dataclass(frozen=True)
class ChannelReported(DomainEvent):
    """The provider has something to say about the account (an alert, a changed PIN)."""

    channel_id: UUID
    words: str
