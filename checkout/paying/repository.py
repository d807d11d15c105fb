"""Queries over orders and payments together, and across shops: what waits for the provider."""

from collections.abc import Sequence
from uuid import UUID

from catalog.kernel.unit_of_work import UnitOfWork


async def awaiting_of_cart(uow: UnitOfWork, cart_id: UUID, *, version: int) -> Sequence[UUID]:
    """Orders of a version of a cart that wait for their payment."""
    rows = await uow.fetch(
        "SELECT id FROM shop_order WHERE shop_id = $1 AND cart_id = $2 AND cart_version <= $3"
        " AND state = 'awaiting_payment' ORDER BY id",
        uow.shop_id,
        cart_id,
        version,
    )
    return [row["id"] for row in rows]


async def overdue(uow: UnitOfWork, *, limit: int) -> Sequence[tuple[UUID, UUID]]:
    """(shop, order) of orders that nobody paid in the time their goods were kept, of every shop.

    Each shop's oldest comes before any shop's second: a shop whose provider does not answer holds up no other.
    """
    rows = await uow.fetch(
        "/* all shops */ SELECT shop_id, id FROM shop_order WHERE state = 'awaiting_payment' AND hold_until <= $1"
        " ORDER BY row_number() OVER (PARTITION BY shop_id ORDER BY hold_until), hold_until LIMIT $2",
        uow.now,
        limit,
    )
    return [(row["shop_id"], row["id"]) for row in rows]
