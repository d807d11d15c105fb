"""Every query of carts. The turn path is four statements: contents (for its reader), then lock, read, write."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from catalog.kernel.ids import new_id
from catalog.kernel.unit_of_work import UnitOfWork
from checkout.carts.changes import Line
from checkout.inventory import service as inventory

KEPT_VERSIONS = 20
# A hold with more time left than any transaction takes may be made longer without its level's lock.
COMFORT = timedelta(minutes=5)

# The open cart is locked, then the levels of the goods that this change may need more of, by SKU: those of the wanted
# SKUs and lines, and of lines whose hold is short or about to end. A hold that is good for longer is only made longer,
# which takes nothing from anybody, so its level stays free for other shoppers. The count makes sure that no level is
# locked before the cart or without it. Nothing read here is used: another transaction may have changed it while this
# one waited; the next statement reads what is true now. The level's shop is compared without `=`, so that the planner
# finds levels by their variants and never by reading all levels of the shop.
_LOCK = """
    WITH basket AS (
        SELECT id FROM cart WHERE shop_id = $1 AND customer_id = $2 AND state = 'open' FOR NO KEY UPDATE
    ), levels AS (
        SELECT variant_id FROM stock_level
        WHERE shop_id IS NOT DISTINCT FROM $1 AND (SELECT count(*) FROM basket) > 0 AND variant_id = ANY (ARRAY(
            SELECT line.variant_id FROM cart_line line
            WHERE line.cart_id = (SELECT id FROM basket) AND ($6::boolean OR line.id = ANY($4::uuid[]) OR NOT EXISTS (
                SELECT FROM reservation hold
                WHERE hold.cart_id = line.cart_id AND hold.variant_id = line.variant_id AND hold.state = 'held'
                  AND hold.expires_at > $5 AND hold.quantity >= line.quantity))
            UNION ALL
            SELECT id FROM variant WHERE shop_id = $1 AND sku = ANY($3::text[]) AND retired_at IS NULL
        ))
        ORDER BY sku FOR NO KEY UPDATE
    )
    SELECT id AS cart_id, (SELECT array_agg(variant_id) FROM levels) AS locked FROM basket
"""
_OPEN = """
    INSERT INTO cart (id, shop_id, customer_id, state, version, currency, changed_at)
    SELECT $3, shop.id, $2, 'open', 0, shop.currency, $4 FROM shop WHERE shop.id = $1
    ON CONFLICT (shop_id, customer_id) WHERE state = 'open' DO NOTHING
"""
# Each variant's goods are looked up on their own (LATERAL … LIMIT 1): a planner that thinks a table small would read
# all of it instead, and the driver keeps such a plan while the table grows. The SKUs come out of a SELECT, because a
# planner that can count them makes a new plan for every call.
_READ = """
    WITH basket AS (
        SELECT * FROM cart WHERE shop_id = $1 AND customer_id = $2 AND state = 'open'
    ), wanted AS (
        SELECT line.id AS line_id, line.position, line.variant_id, line.quantity, line.seen_minor
        FROM basket JOIN cart_line line ON line.cart_id = basket.id
        UNION ALL
        SELECT NULL, NULL, id, NULL, NULL
        FROM variant WHERE shop_id = $1 AND sku = ANY((SELECT $3::text[])::text[]) AND retired_at IS NULL
    )
    SELECT shop.revision, shop.catalog_revision, shop.currency AS shop_currency,
           person.address ->> 'country' AS country, person.locale AS person_locale,
           basket.id AS cart_id, basket.version, basket.discount_code, basket.shipping_code, basket.ordered_version,
           wanted.line_id, wanted.quantity, wanted.seen_minor, wanted.variant_id, goods.*,
           coalesce(holds.others, 0)::bigint AS others, coalesce(holds.own, 0)::bigint AS own, holds.held_until
    FROM shop
    LEFT JOIN customer person ON person.id = $2 AND person.shop_id IS NOT DISTINCT FROM $1
    LEFT JOIN basket ON true
    LEFT JOIN wanted ON true
    LEFT JOIN LATERAL (
        SELECT variant.sku, variant.price_minor, variant.currency, variant.options::text,
               variant.content, variant.unit_price_base,
               product.handle, product.title::text, product.options AS option_order,
               product.attributes -> 'option_titles' AS option_titles,
               coalesce(product.attributes ->> 'tax_class', 'standard') AS tax_class,
               product.status = 'active' AND variant.retired_at IS NULL AS is_sold,
               coalesce(level.on_hand, 0) AS on_hand,
               (SELECT image_id FROM product_image image
                WHERE image.product_id = product.id AND (image.option IS NULL OR variant.options @> image.option)
                ORDER BY image.option IS NULL, image.position LIMIT 1) AS image_id
        FROM variant JOIN product ON product.id = variant.product_id
        LEFT JOIN stock_level level ON level.variant_id = variant.id
        WHERE variant.id = wanted.variant_id LIMIT 1
    ) goods ON true
    LEFT JOIN LATERAL (
        SELECT sum(quantity) FILTER (WHERE cart_id IS DISTINCT FROM basket.id) AS others,
               sum(quantity) FILTER (WHERE cart_id = basket.id) AS own,
               min(expires_at) FILTER (WHERE cart_id = basket.id) AS held_until
        FROM reservation
        WHERE variant_id = wanted.variant_id AND state = 'held' AND expires_at > $4
    ) holds ON true
    WHERE shop.id = $1
    ORDER BY wanted.position
"""
# An expression: the lines of somebody's open cart in order, as JSON [id, SKU, handle, options, quantity] each, where a
# row `c` of the statement around it has the shop and the customer.
CONTENTS = """
    (SELECT coalesce(json_agg(json_build_array(line.id, goods.sku, goods.handle, goods.options, line.quantity)
                              ORDER BY line.position), '[]')::text
     FROM cart
     JOIN cart_line line ON line.cart_id = cart.id
     CROSS JOIN LATERAL (
         SELECT variant.sku, variant.options, product.handle
         FROM variant JOIN product ON product.id = variant.product_id WHERE variant.id = line.variant_id LIMIT 1
     ) goods
     WHERE cart.shop_id = c.shop_id AND cart.customer_id = c.customer_id AND cart.state = 'open')
"""
UNITS = """
    (SELECT coalesce(sum(line.quantity), 0)::int FROM cart JOIN cart_line line ON line.cart_id = cart.id
     WHERE cart.shop_id = c.shop_id AND cart.customer_id = c.customer_id AND cart.state = 'open')
"""
# Lines that are not kept ($13) go, those that changed ($14 on) are written; the unique key of cart and variant holds
# only at the end. The parameters $1 (the shop), $2 (the cart) and up to $8 are those of the holds.
_WRITE = f"""
    WITH {inventory.HOLDS}, bumped AS (
        UPDATE cart SET version = $9, discount_code = $10, shipping_code = $11, ordered_version = NULL, changed_at = $12
        WHERE shop_id = $1 AND id = $2
    ), gone AS (
        DELETE FROM cart_line WHERE shop_id = $1 AND cart_id = $2 AND NOT id = ANY($13::uuid[])
    ), snapshot AS (
        INSERT INTO cart_version (cart_id, version, shop_id, before, lines, at) VALUES ($2, $9, $1, $19, $20, $12)
    ), pruned AS (
        DELETE FROM cart_version WHERE shop_id = $1 AND cart_id = $2 AND version = $9 - $21::int
    )
    INSERT INTO cart_line (id, shop_id, cart_id, position, variant_id, quantity, seen_minor)
    SELECT line.id, $1, $2, line.position, line.variant_id, line.quantity, line.seen
    FROM unnest($14::uuid[], $15::int[], $16::uuid[], $17::int[], $18::bigint[])
         AS line (id, position, variant_id, quantity, seen)
    ON CONFLICT (id) DO UPDATE SET position = excluded.position, variant_id = excluded.variant_id,
        quantity = excluded.quantity, seen_minor = excluded.seen_minor
"""  # noqa: S608 - HOLDS is a constant


@dataclass(frozen=True, slots=True)
class Needs:
    """What a change may take more of: SKUs, lines of the cart, or every line there is."""

    skus: Collection[str] = ()
    line_ids: Collection[UUID] = ()
    every_line: bool = False


@dataclass(frozen=True, slots=True)
class LockedCart:
    """What a lock of a cart tells."""

    id: UUID
    customer_id: UUID
    version: int
    state: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The lines of a version as [variant id, SKU, quantity, line id]; `before` is what undoing it brings back."""

    version: int
    before: int | None
    lines: list[Any]


async def lock_for_change(uow: UnitOfWork, customer_id: UUID, needs: Needs) -> tuple[UUID, frozenset[UUID]] | None:
    """Lock the person's open cart, then the levels that a change with these needs touches; both are given.

    None when there is no open cart.
    """
    row = await uow.fetchrow(
        _LOCK, uow.shop_id, customer_id, list(needs.skus), list(needs.line_ids), uow.now + COMFORT, needs.every_line
    )
    return (row["cart_id"], frozenset(row["locked"] or ())) if row else None


async def open_cart(uow: UnitOfWork, customer_id: UUID) -> None:
    """Make the person's cart, unless there is an open one."""
    await uow.execute(_OPEN, uow.shop_id, customer_id, new_id(), uow.now)


async def read(uow: UnitOfWork, customer_id: UUID, skus: Collection[str]) -> list[Record]:
    """The person's open cart, its lines in order and the goods behind them and the SKUs; always at least one row."""
    return await uow.fetch(_READ, uow.shop_id, customer_id, list(skus), uow.now)


async def read_contents(uow: UnitOfWork, customer_id: UUID) -> str:
    """The lines of the person's open cart, without prices and stock."""
    found: str = await uow.fetchval(
        f"SELECT {CONTENTS} FROM (SELECT $1::uuid AS shop_id, $2::uuid AS customer_id) c",  # noqa: S608 - a constant
        uow.shop_id, customer_id,
    )  # fmt: skip
    return found


async def write(
    uow: UnitOfWork,
    lines: Sequence[Line],
    holds: Sequence[object],
    *,
    stored: Sequence[Line],
    version: int,
    before: int | None,
    discount_code: str | None,
    shipping_code: str | None,
) -> None:
    """Store a new version of the cart: its lines as they now are with their holds, and the snapshot for undo.

    `holds`: what inventory.hold_decided says for the cart. `stored`: the lines as the locked cart has them; those that
    stay what they are, where they are, are not written.
    """
    known = set(enumerate(stored, 1))
    changed = [(position, line) for position, line in enumerate(lines, 1) if (position, line) not in known]
    snapshot = [[line.variant_id, line.sku, line.quantity, line.id] for line in lines]
    await uow.execute(
        _WRITE, *holds, version, discount_code, shipping_code, uow.now, [line.id for line in lines],
        [line.id for _, line in changed], [position for position, _ in changed],
        [line.variant_id for _, line in changed], [line.quantity for _, line in changed],
        [line.seen.minor for _, line in changed], before, msgspec.json.encode(snapshot).decode(), KEPT_VERSIONS,
    )  # fmt: skip


async def find_snapshot(uow: UnitOfWork, cart_id: UUID, version: int) -> Snapshot | None:
    """The snapshot of a version, unless it was never made or is too old."""
    row = await uow.fetchrow(
        "SELECT version, before, lines FROM cart_version WHERE shop_id = $1 AND cart_id = $2 AND version = $3",
        uow.shop_id, cart_id, version,
    )  # fmt: skip
    return Snapshot(row["version"], row["before"], msgspec.json.decode(row["lines"])) if row else None


async def find_open(uow: UnitOfWork, customer_id: UUID) -> LockedCart | None:
    """The person's open cart, unlocked."""
    row = await uow.fetchrow(
        "SELECT id, customer_id, version, state FROM cart WHERE shop_id = $1 AND customer_id = $2 AND state = 'open'",
        uow.shop_id, customer_id,
    )  # fmt: skip
    return LockedCart(**dict(row)) if row else None


async def find_and_lock(uow: UnitOfWork, cart_id: UUID) -> LockedCart | None:
    """Lock a cart by its id."""
    row = await uow.fetchrow(
        "SELECT id, customer_id, version, state FROM cart WHERE shop_id = $1 AND id = $2 FOR NO KEY UPDATE",
        uow.shop_id, cart_id,
    )  # fmt: skip
    return LockedCart(**dict(row)) if row else None


async def set_ordered(uow: UnitOfWork, cart_id: UUID, version: int) -> None:
    """Remember that an order was made from this version."""
    await uow.execute(
        "UPDATE cart SET ordered_version = $3 WHERE shop_id = $1 AND id = $2", uow.shop_id, cart_id, version
    )


async def set_state(uow: UnitOfWork, cart_id: UUID, state: str) -> None:
    """Store a state that the machine allowed."""
    await uow.execute(
        "UPDATE cart SET state = $3, changed_at = $4 WHERE shop_id = $1 AND id = $2",
        uow.shop_id, cart_id, state, uow.now,
    )  # fmt: skip
