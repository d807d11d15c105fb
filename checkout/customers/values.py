"""People and addresses as values."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Address:
    """Where goods go. `street` holds the house number; `country` is ISO 3166."""

    street: str
    postal_code: str
    city: str
    country: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """To whom and where an order goes; what the page asks for when chat has not given it."""

    name: str
    email: str
    street: str
    postal_code: str
    city: str
    country: str
    phone: str = ""

    @property
    def address(self) -> Address:
        """Its address."""
        return Address(self.street, self.postal_code, self.city, self.country)

    def to_dict(self) -> dict[str, Any]:
        """For a JSON column."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer as known so far; empty texts are not known."""

    id: UUID
    name: str
    email: str
    phone: str
    locale: str
    address: Address | None
    merged_into: UUID | None
    created_at: datetime
    erased_at: datetime | None


@dataclass(frozen=True, slots=True)
class ParsedAddress:
    """What a sentence says about an address. `missing` names the fields that it does not say."""

    street: str
    postal_code: str
    city: str
    country: str
    name: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the fields still to ask for, in the order one would ask."""
        return tuple(field for field in ("street", "postal_code", "city", "country") if not getattr(self, field))

    @property
    def address(self) -> Address:
        """The address, however much of it there is."""
        return Address(self.street, self.postal_code, self.city, self.country)
