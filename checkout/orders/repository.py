"""Every query of orders."""

from collections.abc import Collection, Sequence
from uuid import UUID

from asyncpg import Record
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import selectinload

from catalog.kernel.unit_of_work import UnitOfWork
from checkout.customers.models import CustomerRow
from checkout.orders.errors import OrderNotFound
from checkout.orders.models import Order, OrderEvent
from checkout.orders.states import OVER_UNPAID, OrderState

_WHOLE = (selectinload(Order.lines), selectinload(Order.events))


async def get(uow: UnitOfWork, order_id: UUID) -> Order:
    """An order with its lines and events. Raises OrderNotFound."""
    return _present(await _one(uow, _select(uow).where(Order.id == order_id)), str(order_id))


async def find_shop(uow: UnitOfWork, code: str) -> Record | None:
    """The `shop_id` and `id` of a status page's order, which may be any shop's."""
    return await uow.fetchrow("/* all shops */ SELECT shop_id, id FROM shop_order WHERE code = $1", code)


async def find_by_number(uow: UnitOfWork, customer_id: UUID, number: str) -> Order | None:
    """A person's newest order with this number, given without its hyphen or without its letters too."""
    plain = func.replace(func.upper(Order.number), "-", "")
    named = or_(plain == number, func.split_part(Order.number, "-", 2) == number)
    query = _select(uow).where(_belongs_to(uow, customer_id), named).order_by(Order.id.desc()).limit(1)
    return await _one(uow, query)


async def lock(uow: UnitOfWork, order_id: UUID) -> Order:
    """Lock the order's cart, then the order: what one cart led to is settled one by one. Raises OrderNotFound."""
    await uow.execute(
        "SELECT FROM cart WHERE shop_id = $1 AND id = (SELECT cart_id FROM shop_order WHERE shop_id = $1 AND id = $2)"
        " FOR NO KEY UPDATE",
        uow.shop_id, order_id,
    )  # fmt: skip
    query = _select(uow).where(Order.id == order_id).with_for_update(key_share=True, of=Order)
    return _present(await _one(uow, query), str(order_id))


async def of_cart(uow: UnitOfWork, cart_id: UUID) -> Sequence[Order]:
    """Orders made from a cart, oldest first, locked; the caller holds the cart's lock."""
    query = _select(uow).where(Order.cart_id == cart_id).order_by(Order.id).with_for_update(key_share=True, of=Order)
    return await _all(uow, query)


async def of_customer(
    uow: UnitOfWork, customer_id: UUID, *, states: Collection[OrderState] | None, limit: int
) -> Sequence[Order]:
    """A person's newest orders first, those of rows merged into theirs included."""
    query = _select(uow).where(_belongs_to(uow, customer_id)).order_by(Order.id.desc()).limit(limit)
    return await _all(uow, query.where(Order.state.in_(states)) if states is not None else query)


async def page(
    uow: UnitOfWork,
    *,
    before: UUID | None,
    limit: int,
    states: Collection[OrderState] | None,
    customer_id: UUID | None,
    conversation_id: UUID | None,
    number: str | None,
) -> Sequence[Order]:
    """Newest orders first, those before one."""
    query = _select(uow).order_by(Order.id.desc()).limit(limit)
    if before is not None:
        query = query.where(Order.id < before)
    if states is not None:
        query = query.where(Order.state.in_(states))
    same = {Order.customer_id: customer_id, Order.conversation_id: conversation_id, Order.number: number}
    for column, wanted in same.items():
        if wanted is not None:
            query = query.where(column == wanted)
    return await _all(uow, query)


async def lock_numbers(uow: UnitOfWork) -> None:
    """Lock the shop's row before carts and stock.

    A change of goods locks it first too, and stock after it; taking the number last would let the two wait for each
    other.
    """
    await uow.execute("SELECT FROM shop WHERE id = $1 /* shop_id */ FOR NO KEY UPDATE", uow.shop_id)


async def take_number(uow: UnitOfWork) -> int:
    """The shop's next order number, taken under the shop's row."""
    number: int = await uow.fetchval(
        "UPDATE shop SET next_order_number = next_order_number + 1 WHERE id = $1 /* shop_id */"
        " RETURNING next_order_number - 1",
        uow.shop_id,
    )
    return number


def add_event(uow: UnitOfWork, order_id: UUID, kind: str) -> None:
    """Put a moment on an order's timeline."""
    uow.session.add(OrderEvent(shop_id=uow.shop_id, order_id=order_id, type=kind, at=uow.now))


async def last_bought(uow: UnitOfWork, customer_id: UUID, *, limit: int) -> list[Record]:
    """Lines of paid orders, newest first, each with what of it came back and whether it is on sale now."""
    return await uow.fetch(
        """
        SELECT placed.id AS order_id, placed.number, placed.placed_at, line.variant_id, line.sku, line.handle,
               line.title, line.variant_title, line.options::text AS options, line.quantity, line.image_id,
               line.returned,
               EXISTS (SELECT FROM variant JOIN product ON product.id = variant.product_id
                       WHERE variant.shop_id = $1 AND variant.sku = line.sku AND variant.retired_at IS NULL
                         AND product.status = 'active') AS is_sold
        FROM shop_order placed JOIN order_line line ON line.order_id = placed.id
        WHERE placed.shop_id = $1 AND placed.state IN ('paid', 'fulfilling', 'fulfilled', 'closed')
          AND (placed.customer_id = $2
               OR placed.customer_id IN (SELECT id FROM customer WHERE shop_id = $1 AND merged_into = $2))
        ORDER BY placed.id DESC, line.position LIMIT $3
        """,
        uow.shop_id, customer_id, limit,
    )  # fmt: skip


async def erase_person(uow: UnitOfWork, customer_id: UUID) -> None:
    """Forget the person on orders: all of it on those that came to nothing, the ways to reach them on the others."""
    nobody = '{"name": "", "email": "", "street": "", "postal_code": "", "city": "", "phone": ""}'
    await uow.execute(
        "UPDATE shop_order SET delivery = CASE WHEN paid_at IS NULL AND state = ANY($3::text[])"
        " THEN delivery || $4::jsonb ELSE delivery || '{\"email\": \"\", \"phone\": \"\"}'::jsonb END"
        " WHERE shop_id = $1 AND customer_id = $2",
        uow.shop_id, customer_id, [str(state) for state in OVER_UNPAID], nobody,
    )  # fmt: skip


def _belongs_to(uow: UnitOfWork, customer_id: UUID) -> ColumnElement[bool]:
    merged = select(CustomerRow.id).where(CustomerRow.shop_id == uow.shop_id, CustomerRow.merged_into == customer_id)
    return or_(Order.customer_id == customer_id, Order.customer_id.in_(merged))


def _select(uow: UnitOfWork) -> Select[Order]:
    # A locked row may be newer than what this transaction has read of it before.
    return select(Order).where(Order.shop_id == uow.shop_id).options(*_WHOLE).execution_options(populate_existing=True)


async def _one(uow: UnitOfWork, query: Select[Order]) -> Order | None:
    await uow.flush()
    return (await uow.session.scalars(query)).one_or_none()


async def _all(uow: UnitOfWork, query: Select[Order]) -> Sequence[Order]:
    await uow.flush()
    return (await uow.session.scalars(query)).all()


def _present(order: Order | None, wanted: str) -> Order:
    if order is None:
        raise OrderNotFound("there is no such order", order_id=wanted)
    return order
