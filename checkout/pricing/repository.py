"""Every query of discount codes and their uses."""

from uuid import UUID

from asyncpg import Record

from catalog.kernel.money import Money
from catalog.kernel.unit_of_work import UnitOfWork
from checkout.pricing.discounts import DiscountRule, Uses

_COLUMNS = """id, code, percent_bp, amount_minor, min_total_minor, currency, max_redemptions, per_person,
    starts_at, ends_at"""


def rule_of(row: Record) -> DiscountRule:
    """A row as the rule that decisions take."""
    return DiscountRule(
        code=row["code"],
        percent_bp=row["percent_bp"],
        amount=_money(row["amount_minor"], row["currency"]),
        min_total=_money(row["min_total_minor"], row["currency"]),
        max_redemptions=row["max_redemptions"],
        per_person=row["per_person"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
    )


async def insert(uow: UnitOfWork, discount_id: UUID, rule: DiscountRule, currency: str) -> bool:
    """Store a code; False when the shop has it already."""
    return bool(
        await uow.execute(
            "INSERT INTO discount (id, shop_id, code, percent_bp, amount_minor, min_total_minor, currency,"
            " max_redemptions, per_person, starts_at, ends_at, created_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (shop_id, code) DO NOTHING",
            discount_id, uow.shop_id, rule.code, rule.percent_bp, rule.amount.minor if rule.amount else None,
            rule.min_total.minor if rule.min_total else None, currency, rule.max_redemptions, rule.per_person,
            rule.starts_at, rule.ends_at, uow.now,
        )
    )  # fmt: skip


async def find(uow: UnitOfWork, code: str) -> Record | None:
    """A code's row."""
    return await uow.fetchrow(
        f"SELECT {_COLUMNS} FROM discount WHERE shop_id = $1 AND code = $2",  # noqa: S608 - constant
        uow.shop_id, code,
    )  # fmt: skip


async def lock(uow: UnitOfWork, code: str) -> Record | None:
    """A code's row, locked, so that its last use goes to one order."""
    return await uow.fetchrow(
        f"SELECT {_COLUMNS} FROM discount WHERE shop_id = $1 AND code = $2 FOR NO KEY UPDATE",  # noqa: S608 - constant
        uow.shop_id, code,
    )  # fmt: skip


async def page(uow: UnitOfWork, *, after: str, limit: int) -> list[Record]:
    """Codes in alphabetical order."""
    return await uow.fetch(
        f"SELECT {_COLUMNS} FROM discount WHERE shop_id = $1 AND code > $2 ORDER BY code LIMIT $3",  # noqa: S608 - constant
        uow.shop_id, after, limit,
    )  # fmt: skip


async def uses(uow: UnitOfWork, discount_id: UUID, customer_id: UUID, *, cart_id: UUID | None) -> Uses:
    """Uses that stand, besides those of a cart's own replaceable orders. A person proven to be the same is one."""
    row = await uow.fetchrow(
        "SELECT count(*) AS all_uses, count(*) FILTER (WHERE customer_id = $3 OR customer_id IN"
        " (SELECT id FROM customer WHERE shop_id = $1 AND merged_into = $3)) AS person"
        " FROM discount_redemption WHERE shop_id = $1 AND discount_id = $2 AND released_at IS NULL"
        " AND ($4::uuid IS NULL OR cart_id IS DISTINCT FROM $4)",
        uow.shop_id, discount_id, customer_id, cart_id,
    )  # fmt: skip
    return Uses(row["all_uses"], row["person"]) if row else Uses()


async def insert_use(uow: UnitOfWork, discount_id: UUID, *, order_id: UUID, customer_id: UUID, cart_id: UUID) -> None:
    """An order uses a code; using it again changes nothing."""
    await uow.execute(
        "INSERT INTO discount_redemption (discount_id, order_id, shop_id, customer_id, cart_id, at)"
        " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (discount_id, order_id) DO NOTHING",
        discount_id, order_id, uow.shop_id, customer_id, cart_id, uow.now,
    )  # fmt: skip


async def release_use(uow: UnitOfWork, order_id: UUID) -> None:
    """Give an order's use back."""
    await uow.execute(
        "UPDATE discount_redemption SET released_at = $3 WHERE shop_id = $1 AND order_id = $2",
        uow.shop_id, order_id, uow.now,
    )  # fmt: skip


async def keep_use(uow: UnitOfWork, order_id: UUID) -> None:
    """An order's use counts from now on, for its own cart as well."""
    await uow.execute(
        "UPDATE discount_redemption SET released_at = NULL, cart_id = NULL WHERE shop_id = $1 AND order_id = $2",
        uow.shop_id, order_id,
    )  # fmt: skip


def _money(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money(minor, currency)
