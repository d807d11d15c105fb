"""Every query of stock. Levels are locked in the order of their SKU, so that two carts never wait for each other."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from catalog.kernel.ids import new_id
from catalog.kernel.unit_of_work import UnitOfWork
from checkout.inventory.availability import Level, Shelf, StockLine

_LEVELS = """
    SELECT variant.sku, coalesce(level.on_hand, 0) AS on_hand, coalesce(sum(hold.quantity), 0)::bigint AS reserved
    FROM variant LEFT JOIN stock_level level ON level.variant_id = variant.id
    LEFT JOIN reservation hold ON hold.variant_id = level.variant_id AND hold.state = 'held' AND hold.expires_at > $3
    WHERE variant.shop_id = $1 AND variant.sku = ANY($2::text[]) AND variant.retired_at IS NULL
    GROUP BY variant.id, variant.sku, level.on_hand
"""
_AVAILABLE = """
    SELECT level.variant_id, (level.on_hand - coalesce(sum(hold.quantity), 0))::bigint AS available
    FROM stock_level level
    LEFT JOIN reservation hold ON hold.variant_id = level.variant_id AND hold.state = 'held' AND hold.expires_at > $3
    WHERE level.shop_id = $1 AND level.variant_id = ANY($2::uuid[])
    GROUP BY level.variant_id, level.on_hand
"""
_IN_STOCK = """
    SELECT DISTINCT variant.product_id
    FROM variant JOIN stock_level level ON level.variant_id = variant.id
    LEFT JOIN LATERAL (SELECT sum(hold.quantity) AS held FROM reservation hold
                       WHERE hold.variant_id = level.variant_id AND hold.state = 'held' AND hold.expires_at > $3) AS h
         ON true
    WHERE variant.shop_id = $1 AND variant.product_id = ANY($2::uuid[]) AND variant.retired_at IS NULL
    AND level.on_hand > coalesce(h.held, 0)
"""
_SHELVES = """
    SELECT level.variant_id, level.sku, level.on_hand,
           coalesce(sum(hold.quantity) FILTER (WHERE hold.cart_id <> $3), 0)::bigint AS held_by_others,
           coalesce(sum(hold.quantity) FILTER (WHERE hold.cart_id = $3), 0)::bigint AS own
    FROM stock_level level
    LEFT JOIN reservation hold ON hold.variant_id = level.variant_id AND hold.state = 'held' AND hold.expires_at > $4
    WHERE level.shop_id = $1 AND level.variant_id = ANY($2::uuid[])
    GROUP BY level.variant_id, level.sku, level.on_hand
"""
# Parts of a WITH, so that a cart's version and its holds are one statement (checkout/carts/repository.py). The
# parameters $1 to $8 are `hold_arguments`.
HOLDS = """
    released AS (
        UPDATE reservation SET state = 'released'
        WHERE shop_id = $1 AND cart_id = $2 AND state = 'held' AND variant_id = ANY($8::uuid[])
    ), held AS (
        INSERT INTO reservation (id, shop_id, variant_id, cart_id, order_id, quantity, expires_at, state)
        SELECT wanted.id, $1, wanted.variant_id, $2, $7, wanted.quantity, $6, 'held'
        FROM unnest($3::uuid[], $4::uuid[], $5::bigint[]) AS wanted (id, variant_id, quantity)
        ON CONFLICT (variant_id, cart_id) WHERE state = 'held' DO UPDATE
        SET quantity = excluded.quantity, order_id = excluded.order_id,
            expires_at = greatest(reservation.expires_at, excluded.expires_at)
    )
"""
_MOVE = """
    WITH moved AS (
        INSERT INTO stock_movement (id, shop_id, variant_id, sku, delta, reason, reference, at)
        SELECT line.id, $1, line.variant_id, line.sku, line.delta, $6, $7, $8
        FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::bigint[]) AS line (id, variant_id, sku, delta)
        ON CONFLICT (shop_id, reason, reference, variant_id) WHERE reference IS NOT NULL DO NOTHING
        RETURNING variant_id, delta
    )
    UPDATE stock_level level SET on_hand = level.on_hand + moved.delta
    FROM moved WHERE level.shop_id = $1 AND level.variant_id = moved.variant_id
"""


async def read_levels(uow: UnitOfWork, skus: Collection[str]) -> dict[str, Level]:
    """Levels by SKU, of one never stocked too; a SKU the shop does not sell is left out."""
    rows = await uow.fetch(_LEVELS, uow.shop_id, list(skus), uow.now)
    return {row["sku"]: Level(row["sku"], row["on_hand"], row["reserved"]) for row in rows}


async def read_available(uow: UnitOfWork, variant_ids: Collection[UUID]) -> dict[UUID, int]:
    """Units that nobody holds, by variant; one that was never stocked is left out."""
    rows = await uow.fetch(_AVAILABLE, uow.shop_id, list(variant_ids), uow.now)
    return {row["variant_id"]: row["available"] for row in rows}


async def read_in_stock(uow: UnitOfWork, product_ids: Collection[UUID]) -> set[UUID]:
    """Products with at least one unit that nobody holds."""
    rows = await uow.fetch(_IN_STOCK, uow.shop_id, list(product_ids), uow.now)
    return {row["product_id"] for row in rows}


async def lock_levels(uow: UnitOfWork, variant_ids: Collection[UUID]) -> None:
    """Lock levels by SKU. What is read about holds must be read after this, in a statement of its own."""
    await uow.execute(
        "SELECT FROM stock_level WHERE shop_id = $1 AND variant_id = ANY($2::uuid[])"
        " ORDER BY sku FOR NO KEY UPDATE",
        uow.shop_id, list(variant_ids),
    )  # fmt: skip


async def ensure_levels(uow: UnitOfWork, skus: Collection[str]) -> list[Record]:
    """Make levels that do not exist yet (with nothing on hand), then lock all of them by SKU."""
    await uow.execute(
        "INSERT INTO stock_level (variant_id, shop_id, sku, on_hand)"
        " SELECT id, shop_id, sku, 0 FROM variant WHERE shop_id = $1 AND sku = ANY($2::text[]) AND retired_at IS NULL"
        " ORDER BY sku"
        " ON CONFLICT (variant_id) DO UPDATE SET sku = excluded.sku WHERE stock_level.sku <> excluded.sku",
        uow.shop_id, list(skus),
    )  # fmt: skip
    return await uow.fetch(
        "SELECT level.variant_id, level.sku, level.on_hand"
        " FROM variant JOIN stock_level level ON level.variant_id = variant.id"
        " WHERE variant.shop_id = $1 AND variant.sku = ANY($2::text[]) AND variant.retired_at IS NULL"
        " ORDER BY level.sku FOR NO KEY UPDATE OF level",
        uow.shop_id, list(skus),
    )  # fmt: skip


async def read_shelves(uow: UnitOfWork, cart_id: UUID, variant_ids: Collection[UUID]) -> dict[UUID, Shelf]:
    """Levels as the cart sees them, by variant."""
    rows = await uow.fetch(_SHELVES, uow.shop_id, list(variant_ids), cart_id, uow.now)
    return {row["variant_id"]: Shelf(**dict(row)) for row in rows}


async def write_holds(
    uow: UnitOfWork, cart_id: UUID, quantities: dict[UUID, int], *, until: datetime, order_id: UUID | None = None
) -> None:
    """Set the cart's holds of these variants to these quantities. A hold never gets shorter."""
    await uow.execute(
        f"WITH {HOLDS} SELECT $1", *hold_arguments(uow, cart_id, quantities, until=until, order_id=order_id)
    )


def hold_arguments(
    uow: UnitOfWork,
    cart_id: UUID,
    quantities: dict[UUID, int],
    *,
    until: datetime,
    order_id: UUID | None = None,
    released: Collection[UUID] = (),
) -> list[object]:
    """The parameters of HOLDS: hold these quantities, and let go of the released variants."""
    return [
        uow.shop_id, cart_id, [new_id() for _ in quantities], list(quantities), list(quantities.values()), until,
        order_id, list(released),
    ]  # fmt: skip


async def detach_order(uow: UnitOfWork, order_id: UUID) -> None:
    """The holds of an order that ended unpaid are the cart's again, until their time is over."""
    await uow.execute(
        "UPDATE reservation SET order_id = NULL WHERE shop_id = $1 AND order_id = $2 AND state = 'held'",
        uow.shop_id, order_id,
    )  # fmt: skip


async def release_order_holds(uow: UnitOfWork, order_id: UUID) -> None:
    """Let go of everything an order holds."""
    await uow.execute(
        "UPDATE reservation SET state = 'released' WHERE shop_id = $1 AND order_id = $2 AND state = 'held'",
        uow.shop_id, order_id,
    )  # fmt: skip


async def extend_order(uow: UnitOfWork, order_id: UUID, until: datetime) -> None:
    """Keep an order's holds at least until then."""
    await uow.execute(
        "UPDATE reservation SET expires_at = $3 WHERE shop_id = $1 AND order_id = $2 AND state = 'held'"
        " AND expires_at < $3",
        uow.shop_id, order_id, until,
    )  # fmt: skip


async def spend_holds(uow: UnitOfWork, cart_id: UUID, lines: Sequence[StockLine]) -> None:
    """Sold units leave the cart's holds: a hold that is used up is consumed, a larger one keeps the rest."""
    await uow.execute(
        "UPDATE reservation hold SET"
        " state = CASE WHEN hold.quantity <= sold.quantity THEN 'consumed' ELSE hold.state END,"
        " quantity = CASE WHEN hold.quantity <= sold.quantity THEN hold.quantity"
        " ELSE hold.quantity - sold.quantity END"
        " FROM unnest($3::uuid[], $4::bigint[]) AS sold (variant_id, quantity)"
        " WHERE hold.shop_id = $1 AND hold.cart_id = $2 AND hold.state = 'held' AND hold.variant_id = sold.variant_id",
        uow.shop_id, cart_id, [line.variant_id for line in lines], [line.quantity for line in lines],
    )  # fmt: skip


async def move(
    uow: UnitOfWork, deltas: Sequence[tuple[UUID, str, int]], *, reason: str, reference: UUID | None = None
) -> None:
    """Write movements (variant, SKU, delta) and change the levels, whose locks the caller holds.

    A movement already made for the reference is left out.
    """
    await uow.execute(
        _MOVE, uow.shop_id, [new_id() for _ in deltas], [variant_id for variant_id, _, _ in deltas],
        [sku for _, sku, _ in deltas], [delta for _, _, delta in deltas], reason, reference, uow.now,
    )  # fmt: skip


async def was_moved(uow: UnitOfWork, *, reason: str, reference: UUID) -> bool:
    """Whether this reference already moved stock for this reason."""
    return bool(
        await uow.fetchval(
            "SELECT 1 FROM stock_movement WHERE shop_id = $1 AND reason = $2 AND reference = $3 LIMIT 1",
            uow.shop_id, reason, reference,
        )
    )  # fmt: skip


async def tidy(uow: UnitOfWork, before: datetime) -> int:
    """Delete holds that ended before an instant and were not consumed."""
    return await uow.execute(
        "DELETE FROM reservation WHERE shop_id = $1 AND expires_at < $2 AND state <> 'consumed'", uow.shop_id, before
    )
