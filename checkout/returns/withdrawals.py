"""Withdrawals declared by the online function (§ 356a BGB, Directive (EU) 2023/2673): kept as declared, told at once.

The declaration counts with its arrival, whatever number or name it gives; a person of the shop matches what does not
match by itself.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from catalog.kernel.errors import Invalid
from catalog.kernel.ids import new_id
from catalog.kernel.unit_of_work import UnitOfWork
from checkout.orders import service as orders
from checkout.returns.events import WithdrawalDeclared

_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A declaration as it came. `order_id` is set when number and e-mail fit an order of the shop."""

    id: UUID
    order_id: UUID | None
    number: str
    name: str
    email: str
    what: str
    declared_at: datetime


def faults(*, number: str, name: str, email: str) -> tuple[str, ...]:
    """Names of the fields that the law lets us ask for and that are missing."""
    given = {"number": number, "name": name, "email": email if "@" in email else ""}
    return tuple(field for field, value in given.items() if not value.strip() or len(value) > _LONGEST)


async def declare(uow: UnitOfWork, *, number: str, name: str, email: str, what: str = "") -> Withdrawal:
    """Keep a declaration and announce it. Raises Invalid that points at the first missing field."""
    missing = faults(number=number, name=name, email=email)
    if missing:
        raise Invalid(f"{missing[0]} is needed to match and to confirm the withdrawal", pointer=f"/{missing[0]}")
    row = await uow.fetchrow(
        "SELECT id, conversation_id FROM shop_order WHERE shop_id = $1 AND upper(number) = upper($2)"
        " AND lower(delivery->>'email') = lower($3)",
        uow.shop_id, number.strip(), email.strip(),
    )  # fmt: skip
    order_id, conversation_id = (row["id"], row["conversation_id"]) if row else (None, None)
    made = Withdrawal(new_id(), order_id, number.strip(), name.strip(), email.strip(), what.strip()[:_LONGEST], uow.now)
    await uow.execute(
        "INSERT INTO withdrawal (id, shop_id, order_id, number, name, email, what, declared_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        made.id, uow.shop_id, order_id, made.number, made.name, made.email, made.what, uow.now,
    )  # fmt: skip
    if order_id is not None:
        await orders.note(uow, order_id, "withdrawal_declared")
    uow.record(WithdrawalDeclared(made.id, order_id, conversation_id))
    return made


async def page(uow: UnitOfWork, *, before: UUID | None = None, limit: int = 50) -> list[Withdrawal]:
    """Declarations, newest first."""
    rows = await uow.fetch(
        "SELECT id, order_id, number, name, email, what, declared_at FROM withdrawal WHERE shop_id = $1"
        " AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3",
        uow.shop_id, before, limit,
    )  # fmt: skip
    return [Withdrawal(**dict(row)) for row in rows]
