"""Every query of customers."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec
from asyncpg import Record

from catalog.kernel.unit_of_work import UnitOfWork
from checkout.customers.errors import CustomerNotFound
from checkout.customers.values import Address, Customer

_COLUMNS = "id, name, email, phone, locale, address::text AS address, merged_into, created_at, erased_at"
_address = msgspec.json.Decoder(Address)


def customer_of(row: Record) -> Customer:
    """A row as a value."""
    address = _address.decode(row["address"]) if row["address"] else None
    return Customer(**{**dict(row), "address": address})


async def insert(uow: UnitOfWork, customer_id: UUID, *, name: str, email: str, phone: str, locale: str) -> None:
    """A new person."""
    await uow.execute(
        "INSERT INTO customer (id, shop_id, name, email, phone, locale, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        customer_id, uow.shop_id, name, email, phone, locale, uow.now,
    )  # fmt: skip


async def delete(uow: UnitOfWork, customer_id: UUID) -> None:
    """Remove a row that nothing points at."""
    await uow.execute("DELETE FROM customer WHERE shop_id = $1 AND id = $2", uow.shop_id, customer_id)


async def get(uow: UnitOfWork, customer_id: UUID) -> Customer:
    """A person. Raises CustomerNotFound."""
    row = await uow.fetchrow(
        f"SELECT {_COLUMNS} FROM customer WHERE shop_id = $1 AND id = $2",  # noqa: S608 - constant
        uow.shop_id, customer_id,
    )  # fmt: skip
    if row is None:
        raise CustomerNotFound("there is no such customer", customer_id=str(customer_id))
    return customer_of(row)


async def lock_pair(uow: UnitOfWork, first: UUID, second: UUID) -> dict[UUID, Customer]:
    """Lock two people in one order whoever asks. Raises CustomerNotFound when one is missing."""
    rows = await uow.fetch(
        f"SELECT {_COLUMNS} FROM customer WHERE shop_id = $1 AND id = ANY($2::uuid[])"  # noqa: S608 - constant
        " ORDER BY id FOR NO KEY UPDATE",
        uow.shop_id, [first, second],
    )  # fmt: skip
    found = {row["id"]: customer_of(row) for row in rows}
    for wanted in (first, second):
        if wanted not in found:
            raise CustomerNotFound("there is no such customer", customer_id=str(wanted))
    return found


async def update(uow: UnitOfWork, customer_id: UUID, values: Mapping[str, str]) -> None:
    """Set the texts given; empty ones leave what is known."""
    await uow.execute(
        "UPDATE customer SET name = coalesce(nullif($3, ''), name), email = coalesce(nullif($4, ''), email),"
        " phone = coalesce(nullif($5, ''), phone), locale = coalesce(nullif($6, ''), locale)"
        " WHERE shop_id = $1 AND id = $2 AND erased_at IS NULL",
        uow.shop_id, customer_id, values.get("name", ""), values.get("email", ""), values.get("phone", ""),
        values.get("locale", ""),
    )  # fmt: skip


async def set_address(uow: UnitOfWork, customer_id: UUID, address: Address) -> None:
    """The address that is good from now on."""
    await uow.execute(
        "UPDATE customer SET address = $3 WHERE shop_id = $1 AND id = $2 AND erased_at IS NULL",
        uow.shop_id, customer_id, msgspec.json.encode(address).decode(),
    )  # fmt: skip


async def set_merged(uow: UnitOfWork, customer_id: UUID, into_id: UUID | None) -> None:
    """Say that a row is another one's person, or its own again (None)."""
    await uow.execute(
        "UPDATE customer SET merged_into = $3 WHERE shop_id = $1 AND id = $2", uow.shop_id, customer_id, into_id
    )


async def insert_merge(uow: UnitOfWork, merge_id: UUID, *, from_id: UUID, into_id: UUID, proof: str) -> None:
    """Remember a merge and its proof."""
    await uow.execute(
        "INSERT INTO customer_merge (id, shop_id, from_id, into_id, proof, at) VALUES ($1, $2, $3, $4, $5, $6)",
        merge_id, uow.shop_id, from_id, into_id, proof, uow.now,
    )  # fmt: skip


async def reverse_merge(uow: UnitOfWork, from_id: UUID) -> Record | None:
    """Take the standing merge of a row back; None when there is none (any more)."""
    return await uow.fetchrow(
        "UPDATE customer_merge SET reversed_at = $3 WHERE shop_id = $1 AND from_id = $2 AND reversed_at IS NULL"
        " RETURNING id, into_id",
        uow.shop_id, from_id, uow.now,
    )  # fmt: skip


async def find_by_email(uow: UnitOfWork, email: str) -> list[Customer]:
    """People who gave this e-mail address (which proves nothing), newest first."""
    rows = await uow.fetch(
        f"SELECT {_COLUMNS} FROM customer WHERE shop_id = $1 AND lower(email) = lower($2) ORDER BY id DESC",  # noqa: S608 - constant
        uow.shop_id, email,
    )  # fmt: skip
    return [customer_of(row) for row in rows]


async def same_person(uow: UnitOfWork, customer_id: UUID) -> list[UUID]:
    """The rows that are proven to be one person with this one, itself among them."""
    rows = await uow.fetch(
        "SELECT other.id FROM customer one JOIN customer other ON other.shop_id = $1"
        " AND coalesce(one.merged_into, one.id) IN (other.id, other.merged_into)"
        " WHERE one.shop_id = $1 AND one.id = $2 ORDER BY other.id",
        uow.shop_id, customer_id,
    )  # fmt: skip
    return [row["id"] for row in rows]


async def erase(uow: UnitOfWork, customer_ids: Sequence[UUID]) -> list[UUID]:
    """Forget who it was; the rows of which that was not done before."""
    rows = await uow.fetch(
        "UPDATE customer SET name = '', email = '', phone = '', address = NULL, erased_at = $3"
        " WHERE shop_id = $1 AND id = ANY($2::uuid[]) AND erased_at IS NULL RETURNING id",
        uow.shop_id, customer_ids, uow.now,
    )  # fmt: skip
    return [row["id"] for row in rows]
