"""What the catalogue announces about products."""

from dataclasses import dataclass
from uuid import UUID

from catalog.kernel.events import DomainEvent


@dataclass(frozen=True)
class ProductsChanged(DomainEvent):
    """Products were made or changed, in one transaction; the catalogue is now at the revision given."""

    product_ids: tuple[UUID, ...]
    catalog_revision: int


@dataclass(frozen=True)
class ProductDeleted(DomainEvent):
    """A product is no longer in the shop."""

    product_id: UUID
    handle: str
    catalog_revision: int
