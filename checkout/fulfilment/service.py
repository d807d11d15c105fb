"""Sending orders, whole or in parts: only what is paid and not in doubt, and never more than was bought."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from catalog.kernel.errors import Invalid
from catalog.kernel.ids import new_id
from catalog.kernel.unit_of_work import UnitOfWork
from checkout.fulfilment import carriers
from checkout.fulfilment.errors import NothingToShip, OrderNotPaid
from checkout.fulfilment.events import ParcelShipped
from checkout.fulfilment.models import FulfilmentLine, FulfilmentRow
from checkout.orders import service as orders
from checkout.orders.models import Order
from checkout.orders.states import SHIPPABLE, SHIPPED, OrderState
from checkout.payments import refunds
from checkout.payments import service as payments
from checkout.payments.errors import Disputed, FraudSuspected

_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """A parcel; `lines` are SKUs with their units."""

    id: UUID
    order_id: UUID
    lines: tuple[tuple[str, int], ...]
    carrier: str
    tracking_code: str
    tracking_url: str
    shipped_at: datetime

    def present(self) -> dict[str, Any]:
        """In the form of the outside contract."""
        return {
            "id": self.id,
            "order_id": self.order_id,
            "lines": [{"sku": sku, "quantity": quantity} for sku, quantity in self.lines],
            "carrier": self.carrier,
            "tracking_code": self.tracking_code,
            "tracking_url": self.tracking_url,
            "shipped_at": self.shipped_at,
        }


async def ship(
    uow: UnitOfWork,
    order_id: UUID,
    *,
    lines: Sequence[tuple[str, int]] | None = None,
    carrier: str = "",
    tracking_code: str = "",
    tracking_url: str = "",
    key: str | None = None,
    despite_dispute: bool = False,
) -> Fulfilment:
    """A parcel with these SKUs and units leaves; None: all that is left. The same `key` again gives the same parcel.

    Without a link, a known carrier's own page is used. `despite_dispute` is the merchant's word that this parcel leaves
    although a payment of the order is disputed, or taken for fraud; it stands on the order's timeline. Raises
    OrderNotPaid, Disputed, FraudSuspected, MoneyGoesBack, NothingToShip for more than is left, Invalid for a SKU the
    order does not have.
    """
    order = await orders.lock_order(uow, order_id)
    if key is not None and (known := await _find(uow, order_id, key)):
        return known
    if order.state not in SHIPPABLE:
        if order.state in SHIPPED:
            raise NothingToShip(f"everything of order {order.number} was sent", number=order.number)
        raise OrderNotPaid(f"order {order.number} is {order.state}; only paid orders are sent", state=order.state)
    quantities = _quantities(order, lines)
    await refunds.check_some_stays(uow, order_id)
    await _check_money_stays(uow, order, despite=despite_dispute)
    country = str(order.delivery.get("country", ""))
    row = FulfilmentRow(
        id=new_id(), shop_id=uow.shop_id, order_id=order_id, key=key, shipped_at=uow.now,
        carrier=_short(carriers.carrier_name(carrier, country), "/carrier"),
        tracking_code=_short(tracking_code.strip(), "/tracking_code"),
        tracking_url=carriers.check_link(tracking_url) if tracking_url.strip()
        else carriers.tracking_page(carrier, tracking_code, country=country),
        lines=[FulfilmentLine(sku=sku, shop_id=uow.shop_id, quantity=quantity) for sku, quantity in quantities.items()],
    )  # fmt: skip
    uow.session.add(row)
    await orders.count_shipped(uow, order, quantities)
    uow.record(
        ParcelShipped(
            order_id, row.id, order.customer_id, order.conversation_id, row.carrier, row.tracking_code,
            row.tracking_url, complete=order.state == OrderState.FULFILLED,
        )
    )  # fmt: skip
    return _view(row)


async def of_order(uow: UnitOfWork, order_id: UUID) -> list[Fulfilment]:
    """An order's parcels, oldest first."""
    return (await of_orders(uow, [order_id])).get(order_id, [])


async def of_orders(uow: UnitOfWork, order_ids: Sequence[UUID]) -> dict[UUID, list[Fulfilment]]:
    """Parcels of many orders in one query, oldest first."""
    query = (
        select(FulfilmentRow)
        .where(FulfilmentRow.shop_id == uow.shop_id, FulfilmentRow.order_id.in_(order_ids))
        .options(selectinload(FulfilmentRow.lines))
        .order_by(FulfilmentRow.shipped_at, FulfilmentRow.id)
    )
    await uow.flush()
    found: dict[UUID, list[Fulfilment]] = {}
    for row in await uow.session.scalars(query):
        found.setdefault(row.order_id, []).append(_view(row))
    return found


async def get(uow: UnitOfWork, order_id: UUID, fulfilment_id: UUID) -> Fulfilment | None:
    """One parcel of an order."""
    return next((each for each in await of_order(uow, order_id) if each.id == fulfilment_id), None)


async def _check_money_stays(uow: UnitOfWork, order: Order, *, despite: bool) -> None:
    """Refuse while a payment is disputed or taken for fraud, or note that the merchant sends `despite` it."""
    made = await payments.payments(uow, order.id)
    disputed = any(payment.disputed for payment in made)
    if not disputed and not any(payment.fraud_warned for payment in made):
        return
    if despite:
        await orders.note(uow, order.id, "sent_despite_dispute" if disputed else "sent_despite_fraud_warning")
    elif disputed:
        raise Disputed(
            f"the payment of order {order.number} is disputed; wait until the dispute is won,"
            " or repeat with despite_dispute to send this parcel all the same",
            number=order.number,
        )  # fmt: skip
    else:
        raise FraudSuspected(
            f"the card network takes the payment of order {order.number} for fraud; give it back before it is disputed,"
            " or repeat with despite_dispute to send this parcel all the same",
            number=order.number,
        )  # fmt: skip


def _quantities(order: Order, lines: Sequence[tuple[str, int]] | None) -> Mapping[str, int]:
    left = {line.sku: line.quantity - line.shipped for line in order.lines}
    if lines is None:
        return {sku: quantity for sku, quantity in left.items() if quantity}
    wanted: dict[str, int] = {}
    for index, (sku, quantity) in enumerate(lines):
        if sku not in left:
            raise Invalid(f"order {order.number} has no {sku}", pointer=f"/lines/{index}/sku", sku=sku)
        if quantity < 1:
            raise Invalid("a parcel holds at least one unit of a line", pointer=f"/lines/{index}/quantity", sku=sku)
        wanted[sku] = wanted.get(sku, 0) + quantity
    if not wanted:
        raise Invalid("an empty parcel is not sent; leave the lines out to send all", pointer="/lines")
    for sku, quantity in wanted.items():
        if quantity > left[sku]:
            raise NothingToShip(f"{sku}: {quantity} wanted, {left[sku]} left to send", sku=sku, left=left[sku])
    return wanted


async def _find(uow: UnitOfWork, order_id: UUID, key: str) -> Fulfilment | None:
    query = (
        select(FulfilmentRow)
        .where(FulfilmentRow.shop_id == uow.shop_id, FulfilmentRow.order_id == order_id, FulfilmentRow.key == key)
        .options(selectinload(FulfilmentRow.lines))
    )
    row = (await uow.session.scalars(query)).one_or_none()
    return _view(row) if row else None


def _view(row: FulfilmentRow) -> Fulfilment:
    lines = tuple(sorted((line.sku, line.quantity) for line in row.lines))
    return Fulfilment(row.id, row.order_id, lines, row.carrier, row.tracking_code, row.tracking_url, row.shipped_at)


def _short(text: str, pointer: str) -> str:
    if len(text) > _LONGEST:
        raise Invalid(f"at most {_LONGEST} characters", pointer=pointer)
    return text
