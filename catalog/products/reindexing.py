"""Gives products' words to search again when languages or categories changed: a job, some products a transaction.

Every step may run twice, and stops nowhere for good: what it wrote and the job for the rest are one transaction.
"""

from uuid import UUID

from catalog.kernel import jobs
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.products.catalogue import lock_catalogue
from catalog.products.repository import get_products
from catalog.products.storing import index_again

REINDEX = "products.reindex"
AT_ONCE = 200


async def begin(uow: UnitOfWork, *, category: str = "") -> None:
    """After commit, index what is on sale again: all of the shop, or a category and what lies below it.

    The caller has locked the shop's row, so that a job which waits already, and is not doubled, sees his change.
    """
    await _defer(uow, category, None)


async def step(uow: UnitOfWork, *, category: str, after: UUID | None) -> None:
    """Index the next products again, in the order of their ids, and leave the rest to another job."""
    await lock_catalogue(uow)
    rows = await uow.fetch(
        """SELECT id FROM product WHERE shop_id = $1 AND status = 'active' AND deleted_at IS NULL
             AND ($2 = '' OR category_path = $2 OR starts_with(category_path, $2 || '/'))
             AND ($3::uuid IS NULL OR id > $3)
           ORDER BY id LIMIT $4""",
        uow.shop_id, category, after, AT_ONCE,
    )  # fmt: skip
    views = await get_products(uow, [row["id"] for row in rows])
    await index_again(uow, [(view.id, view.draft()) for view in views])
    if len(rows) == AT_ONCE:
        await _defer(uow, category, rows[-1]["id"])


async def _defer(uow: UnitOfWork, category: str, after: UUID | None) -> None:
    # The place in the catalogue is part of the lock: a start must not be taken for the rest of an earlier one.
    await jobs.defer(
        uow, REINDEX, {"shop_id": str(uow.shop_id), "category": category, "after": str(after) if after else None},
        queueing_lock=f"reindex:{uow.shop_id}:{category}:{after or ''}",
    )  # fmt: skip
