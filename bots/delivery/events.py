"""What delivery announces of a channel account as a whole."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from catalog.kernel.events import DomainEvent


@dataclass(frozen=True)
class SendingPaused(DomainEvent):
    """A provider lets nothing more out of this account for a while; `provider_code` is its reason."""

    channel_id: UUID
    provider_code: str
    until: datetime
