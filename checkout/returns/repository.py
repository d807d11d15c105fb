"""Every query of returns. A return has no lock of its own: its order's is."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from catalog.kernel.unit_of_work import UnitOfWork
from checkout.orders import service as orders
from checkout.orders.models import Order
from checkout.returns.errors import ReturnNotFound
from checkout.returns.models import ReturnRow
from checkout.returns.states import ReturnState

LEFT_IN_PEACE = """
    SELECT id FROM shop_order placed WHERE shop_id = $1 AND state = 'fulfilled' AND fulfilled_at < $2
    AND NOT EXISTS (SELECT FROM return_request WHERE order_id = placed.id AND state <> ALL($3::text[]))
    ORDER BY fulfilled_at LIMIT $4
"""


async def get(uow: UnitOfWork, return_id: UUID) -> ReturnRow:
    """A return with its lines. Raises ReturnNotFound."""
    await uow.flush()
    row = (await uow.session.scalars(_select(uow).where(ReturnRow.id == return_id))).one_or_none()
    if row is None:
        raise ReturnNotFound("there is no such return", return_id=str(return_id))
    return row


async def lock(uow: UnitOfWork, return_id: UUID) -> tuple[ReturnRow, Order]:
    """Lock the return's order, then read the return again. Raises ReturnNotFound."""
    row = await get(uow, return_id)
    order = await orders.lock_order(uow, row.order_id)
    return await get(uow, return_id), order


async def of_orders(uow: UnitOfWork, order_ids: Sequence[UUID]) -> Sequence[ReturnRow]:
    """Returns of orders, oldest first."""
    await uow.flush()
    query = _select(uow).where(ReturnRow.order_id.in_(order_ids)).order_by(ReturnRow.id)
    return (await uow.session.scalars(query)).all()


async def left_in_peace(
    uow: UnitOfWork, *, sent_before: datetime, over: Iterable[ReturnState], limit: int
) -> Sequence[UUID]:
    """Orders that were sent out before an instant, are not closed and have no return but ended ones; oldest first."""
    rows = await uow.fetch(LEFT_IN_PEACE, uow.shop_id, sent_before, [str(state) for state in over], limit)
    return [row["id"] for row in rows]


async def page(
    uow: UnitOfWork,
    *,
    before: UUID | None,
    limit: int,
    states: Iterable[ReturnState] | None,
    order_id: UUID | None,
) -> Sequence[ReturnRow]:
    """Newest returns first, those before one."""
    query = _select(uow).order_by(ReturnRow.id.desc()).limit(limit)
    if before is not None:
        query = query.where(ReturnRow.id < before)
    if states is not None:
        query = query.where(ReturnRow.state.in_([str(state) for state in states]))
    if order_id is not None:
        query = query.where(ReturnRow.order_id == order_id)
    await uow.flush()
    return (await uow.session.scalars(query)).all()


async def forget_pictures_and_labels(uow: UnitOfWork, customer_id: UUID) -> None:
    """Let go of the pictures with the returns of a person's orders, and of the labels for them."""
    await uow.execute(
        "UPDATE return_request SET photos = '[]', label_url = '', label_code = '' WHERE shop_id = $1"
        " AND order_id IN (SELECT id FROM shop_order WHERE shop_id = $1 AND customer_id = $2)",
        uow.shop_id, customer_id,
    )  # fmt: skip


def _select(uow: UnitOfWork) -> Select[ReturnRow]:
    query = select(ReturnRow).where(ReturnRow.shop_id == uow.shop_id).options(selectinload(ReturnRow.lines))
    return query.execution_options(populate_existing=True)
