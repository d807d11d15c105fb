"""Whether a delivery can be made: every field, with the post's rules of its country."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from catalog.kernel.countries import COUNTRIES
from catalog.kernel.errors import Invalid
from checkout.customers.postal import RULES, proper
from checkout.customers.values import Address, Delivery

_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]{2,}")
# Characters of a field.
LONGEST = {"name": 100, "email": 254, "street": 120, "postal_code": 12, "city": 80, "phone": 30}


class AddressFault(StrEnum):
    """What is wrong with a field."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    MALFORMED = "malformed"
    NO_HOUSE_NUMBER = "no_house_number"
    UNKNOWN_COUNTRY = "unknown_country"


@dataclass(frozen=True, slots=True)
class FieldFault:
    """A field that must be entered again; `example` shows a right one."""

    field: str
    fault: AddressFault
    detail: str
    example: str = ""

    @property
    def pointer(self) -> str:
        """JSON pointer of the field."""
        return f"/{self.field}"


def is_email(text: str) -> bool:
    """Whether it looks like an e-mail address that a letter can go to."""
    return len(text) <= LONGEST["email"] and bool(_EMAIL.fullmatch(text))


def tidy(delivery: Delivery) -> Delivery:
    """The same without stray blanks, with the country in capitals and the postal code as the post writes it."""
    clean = {
        "name": _one_line(delivery.name), "email": delivery.email.strip(), "street": _one_line(delivery.street),
        "city": _one_line(delivery.city), "country": delivery.country.strip().upper(),
        "phone": _one_line(delivery.phone), "postal_code": _one_line(delivery.postal_code),
    }  # fmt: skip
    code = proper(clean["postal_code"], clean["country"])
    return replace(delivery, **{**clean, "postal_code": code or clean["postal_code"]})


def faults(delivery: Delivery) -> tuple[FieldFault, ...]:
    """All that is wrong with a tidy delivery, in the order of a form; empty when the post could deliver."""
    found = [
        FieldFault(field, AddressFault.MISSING, f"{field} is needed")
        for field in ("name", "email", "street", "postal_code", "city", "country")
        if not getattr(delivery, field)
    ]
    found += [
        FieldFault(field, AddressFault.TOO_LONG, f"{field} has more than {longest} characters")
        for field, longest in LONGEST.items()
        if len(getattr(delivery, field)) > longest
    ]
    if delivery.email and not _EMAIL.fullmatch(delivery.email):
        found.append(FieldFault("email", AddressFault.MALFORMED, "this is no e-mail address", "ada@example.org"))
    found += address_faults(delivery.address)
    return tuple(found)


def address_faults(address: Address) -> list[FieldFault]:
    """What is wrong with the fields of an address that are filled."""
    found = []
    if address.country and address.country not in COUNTRIES:
        found.append(
            FieldFault("country", AddressFault.UNKNOWN_COUNTRY, f"{address.country!r} is no ISO 3166 country", "DE")
        )
    elif address.postal_code and proper(address.postal_code, address.country) is None:
        example = RULES[address.country].example
        detail = f"{address.postal_code!r} is no postal code of {address.country}; one looks like {example}"
        found.append(FieldFault("postal_code", AddressFault.MALFORMED, detail, example))
    # In most of Europe a parcel without a house number comes back; the islands know houses by name.
    if address.street and address.country not in {"GB", "IE"} and not re.search(r"\d", address.street):
        found.append(
            FieldFault("street", AddressFault.NO_HOUSE_NUMBER, "the house number is missing", "Lindenstraße 5")
        )
    return found


def check(delivery: Delivery) -> Delivery:
    """The tidy delivery. Raises Invalid that points at the first wrong field and holds all of them."""
    clean = tidy(delivery)
    if found := faults(clean):
        raise Invalid(
            found[0].detail, pointer=found[0].pointer, faults=[(each.field, str(each.fault)) for each in found]
        )
    return clean


def _one_line(text: str) -> str:
    return " ".join(text.split())
