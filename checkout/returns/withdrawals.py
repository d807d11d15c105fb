"""Withdrawals declared by the online function (§ 356a BGB, Directive (EU) 2023/2673): kept as declared, told at once.

The declaration counts with its arrival, whatever number or name it gives; a person of the shop matches what does not
match by itself.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from catalog.kernel.errors import Invalid, NotFound
from catalog.kernel.ids import new_id
from catalog.kernel.unit_of_work import UnitOfWork
from checkout.customers import service as customers
from checkout.customers.addresses import is_email
from checkout.orders import service as orders
from checkout.returns.events import WithdrawalDeclared

_LONGEST = 300
_COLUMNS = "id, order_id, number, name, email, what, declared_at"
ORDER_MEANT = """
    SELECT id, conversation_id FROM shop_order
    WHERE shop_id = $1 AND upper(number) = upper($2) AND lower(delivery->>'email') = lower($3)
"""
# Anybody may fill in the form, with any address: so many letters a day to one, and to all that no order speaks for.
_LETTERS_TO_ONE = 3
_LETTERS_TO_STRANGERS = 50


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
    """Names of the fields, all that the law lets us ask for, that are empty, too long or no e-mail address."""
    given = {"number": number, "name": name, "email": email if is_email(email.strip()) else ""}
    return tuple(field for field, value in given.items() if not value.strip() or len(value) > _LONGEST)


async def declare(uow: UnitOfWork, *, number: str, name: str, email: str, what: str = "") -> Withdrawal:
    """Keep a declaration and announce it. Raises Invalid that points at the first missing field."""
    missing = faults(number=number, name=name, email=email)
    if missing:
        raise Invalid(f"{missing[0]} is needed to match and to confirm the withdrawal", pointer=f"/{missing[0]}")
    row = await uow.fetchrow(ORDER_MEANT, uow.shop_id, number.strip(), email.strip())
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


async def get(uow: UnitOfWork, withdrawal_id: UUID) -> Withdrawal:
    """A declaration. Raises NotFound."""
    row = await uow.fetchrow(
        f"SELECT {_COLUMNS} FROM withdrawal WHERE id = $1 AND shop_id = $2",  # noqa: S608 - constant
        withdrawal_id, uow.shop_id,
    )  # fmt: skip
    if row is None:
        raise NotFound("there is no such declaration any more", withdrawal_id=str(withdrawal_id))
    return Withdrawal(**dict(row))


async def of_order(uow: UnitOfWork, order_id: UUID) -> list[Withdrawal]:
    """Declarations about an order, oldest first."""
    rows = await uow.fetch(
        f"SELECT {_COLUMNS} FROM withdrawal WHERE order_id = $1 AND shop_id = $2 ORDER BY id",  # noqa: S608 - constant
        order_id, uow.shop_id,
    )  # fmt: skip
    return [Withdrawal(**dict(row)) for row in rows]


async def forget(uow: UnitOfWork, customer_id: UUID) -> None:
    """Take a person out of their declarations, before their e-mail is forgotten: some are known by nothing else.

    One about an order that was paid keeps name and words, as the order does: it is a commercial letter (HGB § 257).
    """
    await uow.execute(
        """
        WITH person AS (SELECT id, lower(email) AS email FROM customer WHERE shop_id = $1 AND id = ANY($2::uuid[])),
          bought AS (SELECT id, paid_at, lower(delivery->>'email') AS email FROM shop_order
                     WHERE shop_id = $1 AND customer_id IN (SELECT id FROM person)),
          theirs AS (SELECT w.id, bought.paid_at FROM withdrawal w LEFT JOIN bought ON bought.id = w.order_id
                     WHERE w.shop_id = $1 AND (bought.id IS NOT NULL OR w.order_id IS NULL AND w.email <> ''
                       AND lower(w.email) IN (SELECT email FROM person UNION SELECT email FROM bought)))
        UPDATE withdrawal w SET email = '', number = CASE WHEN paid_at IS NULL THEN '' ELSE number END,
          name = CASE WHEN paid_at IS NULL THEN '' ELSE name END, what = CASE WHEN paid_at IS NULL THEN '' ELSE what END
        FROM theirs WHERE w.id = theirs.id AND w.shop_id = $1
        """,
        uow.shop_id, await customers.same_person(uow, customer_id),
    )  # fmt: skip


async def may_be_mailed(uow: UnitOfWork, made: Withdrawal) -> bool:
    """Whether a letter may go where a declaration says: the form shall fill no mailboxes of strangers."""
    row = await uow.fetchrow(
        "SELECT count(*) FILTER (WHERE lower(email) = lower($2)) AS to_one,"
        " count(*) FILTER (WHERE order_id IS NULL) AS to_strangers"
        " FROM withdrawal WHERE shop_id = $1 AND declared_at > $3",
        uow.shop_id, made.email, uow.now - timedelta(days=1),
    )  # fmt: skip
    if row is None or row["to_one"] > _LETTERS_TO_ONE:
        return False
    return made.order_id is not None or row["to_strangers"] <= _LETTERS_TO_STRANGERS


async def page(uow: UnitOfWork, *, before: UUID | None = None, limit: int = 50) -> list[Withdrawal]:
    """Declarations, newest first."""
    rows = await uow.fetch(
        f"SELECT {_COLUMNS} FROM withdrawal WHERE shop_id = $1"  # noqa: S608 - constant
        " AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3",
        uow.shop_id, before, limit,
    )  # fmt: skip
    return [Withdrawal(**dict(row)) for row in rows]
