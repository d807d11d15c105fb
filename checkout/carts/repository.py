"""Every query of carts. The turn path is four statements: lock, read, write, hold."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from catalog.kernel.ids import new_id
from catalog.kernel.unit_of_work import UnitOfWork
from checkout.carts.changes import Line

KEPT_VERSIONS = 20

# The cart is made when there is none; then the levels of all its lines and of the wanted SKUs are locked by SKU. The
# counts make sure that no level is locked before the cart or without it. Nothing read here is used: another transaction
# may have changed it while this one waited; the next statement reads what is true now.
_LOCK = """
    WITH made AS (
        INSERT INTO cart (id, shop_id, customer_id, state, version, currency, changed_at)
        SELECT $3, shop.id, $2, 'open', 0, shop.currency, $5 FROM shop WHERE shop.id = $1
        ON CONFLICT (shop_id, customer_id) WHERE state = 'open' DO NOTHING RETURNING id
    ), basket AS (
        SELECT id FROM cart WHERE shop_id = $1 AND customer_id = $2 AND state = 'open' FOR NO KEY UPDATE
    ), levels AS (
        SELECT variant_id FROM stock_level
        WHERE shop_id = $1 AND (SELECT count(*) FROM made) + (SELECT count(*) FROM basket) > 0 AND variant_id IN (
            SELECT line.variant_id FROM cart_line line JOIN basket ON line.cart_id = basket.id
            UNION ALL
            SELECT id FROM variant WHERE shop_id = $1 AND sku = ANY($4::text[]) AND retired_at IS NULL
        )
        ORDER BY sku FOR NO KEY UPDATE
    )
    SELECT coalesce((SELECT id FROM made), (SELECT id FROM basket)) AS cart_id,
           (SELECT array_agg(variant_id) FROM levels) AS locked
"""
_READ = """
    WITH basket AS (
        SELECT * FROM cart WHERE shop_id = $1 AND customer_id = $2 AND state = 'open'
    ), wanted AS (
        SELECT line.id AS line_id, line.position, line.variant_id, line.quantity, line.seen_minor
        FROM basket JOIN cart_line line ON line.cart_id = basket.id
        UNION ALL
        SELECT NULL, NULL, id, NULL, NULL
        FROM variant WHERE shop_id = $1 AND sku = ANY($3::text[]) AND retired_at IS NULL
    )
    SELECT shop.revision, shop.catalog_revision, shop.currency AS shop_currency,
           person.address ->> 'country' AS country, person.locale AS person_locale,
           basket.id AS cart_id, basket.version, basket.discount_code, basket.shipping_code, basket.ordered_version,
           wanted.line_id, wanted.quantity, wanted.seen_minor,
           variant.id AS variant_id, variant.sku, variant.price_minor, variant.currency, variant.options::text,
           product.handle, product.title::text, product.options AS option_order,
           product.attributes -> 'option_titles' AS option_titles,
           coalesce(product.attributes ->> 'tax_class', 'standard') AS tax_class,
           product.status = 'active' AND variant.retired_at IS NULL AS is_sold,
           picture.image_id, coalesce(level.on_hand, 0) AS on_hand,
           coalesce(holds.others, 0)::bigint AS others, coalesce(holds.own, 0)::bigint AS own, holds.held_until
    FROM shop
    LEFT JOIN customer person ON person.shop_id = shop.id AND person.id = $2
    LEFT JOIN basket ON true
    LEFT JOIN wanted ON true
    LEFT JOIN variant ON variant.id = wanted.variant_id
    LEFT JOIN product ON product.id = variant.product_id
    LEFT JOIN stock_level level ON level.variant_id = wanted.variant_id
    LEFT JOIN LATERAL (
        SELECT sum(quantity) FILTER (WHERE cart_id IS DISTINCT FROM basket.id) AS others,
               sum(quantity) FILTER (WHERE cart_id = basket.id) AS own,
               min(expires_at) FILTER (WHERE cart_id = basket.id) AS held_until
        FROM reservation
        WHERE variant_id = wanted.variant_id AND state = 'held' AND expires_at > $4
    ) holds ON true
    LEFT JOIN LATERAL (
        SELECT image_id FROM product_image image
        WHERE image.product_id = product.id AND (image.option IS NULL OR variant.options @> image.option)
        ORDER BY image.option IS NULL, image.position LIMIT 1
    ) picture ON true
    WHERE shop.id = $1
    ORDER BY wanted.position
"""
# Lines that vanish go first by being named in `kept`; the unique key of cart and variant is checked at the end.
_WRITE = """
    WITH bumped AS (
        UPDATE cart SET version = $3, discount_code = $4, shipping_code = $5, ordered_version = NULL, changed_at = $6
        WHERE shop_id = $1 AND id = $2
    ), gone AS (
        DELETE FROM cart_line WHERE shop_id = $1 AND cart_id = $2 AND NOT id = ANY($7::uuid[])
    ), snapshot AS (
        INSERT INTO cart_version (cart_id, version, shop_id, before, lines, at) VALUES ($2, $3, $1, $11, $12, $6)
    ), pruned AS (
        DELETE FROM cart_version WHERE shop_id = $1 AND cart_id = $2 AND version = $3 - $13::int
    )
    INSERT INTO cart_line (id, shop_id, cart_id, position, variant_id, quantity, seen_minor)
    SELECT line.id, $1, $2, line.position, line.variant_id, line.quantity, line.seen
    FROM unnest($7::uuid[], $8::uuid[], $9::int[], $10::bigint[]) WITH ORDINALITY
         AS line (id, variant_id, quantity, seen, position)
    ON CONFLICT (id) DO UPDATE SET position = excluded.position, variant_id = excluded.variant_id,
        quantity = excluded.quantity, seen_minor = excluded.seen_minor
"""


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


async def lock_for_change(
    uow: UnitOfWork, customer_id: UUID, skus: Collection[str]
) -> tuple[UUID | None, frozenset[UUID]]:
    """Make or lock the person's open cart, then lock the levels of its lines and of the SKUs.

    Gives the cart and the levels locked; None when another transaction made the cart just now: ask again.
    """
    row = await uow.fetchrow(_LOCK, uow.shop_id, customer_id, new_id(), list(skus), uow.now)
    if row is None:
        return None, frozenset()
    return row["cart_id"], frozenset(row["locked"] or ())


async def read(uow: UnitOfWork, customer_id: UUID, skus: Collection[str]) -> list[Record]:
    """The person's open cart, its lines in order and the goods behind them and the SKUs; always at least one row."""
    return await uow.fetch(_READ, uow.shop_id, customer_id, list(skus), uow.now)


async def write(
    uow: UnitOfWork,
    cart_id: UUID,
    lines: Sequence[Line],
    *,
    version: int,
    before: int | None,
    discount_code: str | None,
    shipping_code: str | None,
) -> None:
    """Store a new version of the cart: its lines as they now are, and the snapshot for undo."""
    snapshot = [[line.variant_id, line.sku, line.quantity, line.id] for line in lines]
    await uow.execute(
        _WRITE, uow.shop_id, cart_id, version, discount_code, shipping_code, uow.now, [line.id for line in lines],
        [line.variant_id for line in lines], [line.quantity for line in lines], [line.seen.minor for line in lines],
        before, msgspec.json.encode(snapshot).decode(), KEPT_VERSIONS,
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
