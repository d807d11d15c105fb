"""Short payment links, `/p/{code}`: one for each version of a cart. A newer version supersedes the older link."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from catalog.kernel import chance
from catalog.kernel.errors import NotFound
from catalog.kernel.money import Money
from catalog.kernel.unit_of_work import UnitOfWork
from checkout.payments import stripe_amounts

_CODE_BYTES = 12  # the page shows an address, so nobody may guess a code


_SELECT = """
    SELECT link.*, person.merged_into FROM pay_link link
    LEFT JOIN customer person ON person.id = link.customer_id AND person.shop_id = link.shop_id
    WHERE link.shop_id = $1"""


@dataclass(frozen=True, slots=True)
class PayLinkView:
    """What a short link leads to."""

    code: str
    shop_id: UUID
    cart_id: UUID
    cart_version: int
    customer_id: UUID
    conversation_id: UUID | None
    order_id: UUID | None
    locale: str
    created_at: datetime


async def link_for(
    uow: UnitOfWork,
    *,
    cart_id: UUID,
    cart_version: int,
    customer_id: UUID,
    conversation_id: UUID | None,
    locale: str,
) -> str:
    """The code of the link to this version of the cart; the same version always has the same link."""
    code: str = await uow.fetchval(
        """
        INSERT INTO pay_link (code, shop_id, cart_id, cart_version, customer_id, conversation_id, locale, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (cart_id, cart_version)
        DO UPDATE SET conversation_id = coalesce(pay_link.conversation_id, excluded.conversation_id)
        RETURNING code
        """,
        chance.token(_CODE_BYTES), uow.shop_id, cart_id, cart_version, customer_id, conversation_id, locale, uow.now,
    )  # fmt: skip
    return code


def check_payable(total: Money) -> None:
    """Whether a link for this total can end in a payment: asked before it is sent, without the database.

    Raises AmountNotPayable. Nothing to pay is fine.
    """
    stripe_amounts.check_total(total)


async def get(uow: UnitOfWork, code: str) -> PayLinkView:
    """The link. Raises NotFound."""
    row = await uow.fetchrow(f"{_SELECT} AND link.code = $2", uow.shop_id, code)
    if row is None:
        raise NotFound("there is no such payment link")
    return _view(row)


async def find_shop(uow: UnitOfWork, code: str) -> UUID | None:
    """The shop a link belongs to: the address `/p/{code}` names none."""
    shop_id: UUID | None = await uow.fetchval("/* all shops */ SELECT shop_id FROM pay_link WHERE code = $1", code)
    return shop_id


async def of_order(uow: UnitOfWork, order_id: UUID) -> PayLinkView | None:
    """The link an order was placed by."""
    row = await uow.fetchrow(
        f"{_SELECT} AND link.order_id = $2 ORDER BY link.created_at DESC LIMIT 1", uow.shop_id, order_id
    )
    return _view(row) if row else None


async def bind(uow: UnitOfWork, code: str, order_id: UUID) -> None:
    """The link's cart version has become this order."""
    await uow.execute("UPDATE pay_link SET order_id = $3 WHERE code = $1 AND shop_id = $2", code, uow.shop_id, order_id)


def _view(row: Record) -> PayLinkView:
    return PayLinkView(
        code=row["code"],
        shop_id=row["shop_id"],
        cart_id=row["cart_id"],
        cart_version=row["cart_version"],
        customer_id=row["merged_into"] or row["customer_id"],
        conversation_id=row["conversation_id"],
        order_id=row["order_id"],
        locale=row["locale"],
        created_at=row["created_at"],
    )
