"""What the catalogue announces about lookbooks."""

from dataclasses import dataclass
from uuid import UUID

from catalog.kernel.events import DomainEvent


@dataclass(frozen=True)
class LookbookChanged(DomainEvent):
    """A lookbook was made or changed."""

    lookbook_id: UUID
    lookbook_code: str


@dataclass(frozen=True)
class LookbookDeleted(DomainEvent):
    """A lookbook is no longer in the shop."""

    lookbook_id: UUID
    lookbook_code: str
