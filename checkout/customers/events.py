"""What customers announce."""

from dataclasses import dataclass
from uuid import UUID

from catalog.kernel.events import DomainEvent


@dataclass(frozen=True)
class CustomersMerged(DomainEvent):
    """Two rows proved to be one person: `from_id` is known as `into_id` from now on."""

    merge_id: UUID
    from_id: UUID
    into_id: UUID


@dataclass(frozen=True)
class CustomersParted(DomainEvent):
    """A merge was taken back."""

    merge_id: UUID
    from_id: UUID
    into_id: UUID


@dataclass(frozen=True)
class CustomerErased(DomainEvent):
    """A person's data was erased here; who holds more of it erases that too."""

    customer_id: UUID
