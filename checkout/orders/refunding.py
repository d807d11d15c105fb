"""Refunds as orders see them: by amount, by lines, or the rest; never more than was paid."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from catalog.kernel.errors import Invalid
from catalog.kernel.money import Money, total
from catalog.kernel.unit_of_work import UnitOfWork
from checkout.orders import service as orders
from checkout.orders.models import Order
from checkout.payments import refunds
from checkout.payments.refunds import RefundView


@dataclass(frozen=True, slots=True)
class RefundLine:
    """Units of a line to pay back."""

    sku: str
    quantity: int


async def request_refund(
    uow: UnitOfWork,
    order_id: UUID,
    *,
    amount: Money | None = None,
    lines: Sequence[RefundLine] | None = None,
    reason: str = "",
    return_id: UUID | None = None,
) -> RefundView:
    """Ask for money to go back: an amount, what lines cost after discount, or, with neither, the rest.

    The provider is asked after the transaction. Asked again for the same return, it is the same refund. It says nothing
    about goods still to be sent: those are called off by `cancel`, `cancel_rest`, or once all money is back.
    Raises RefundTooLarge, Disputed, Invalid, OrderNotFound.
    """
    order = await orders.lock_order(uow, order_id)
    if amount is not None and lines is not None:
        raise Invalid("give an amount or lines, not both", pointer="/lines")
    wanted = amount if lines is None else _value_of(order, lines)
    return await refunds.request(
        uow, order_id=order_id, amount=wanted, reason=reason or "requested_by_customer", return_id=return_id
    )


async def cancel_rest(uow: UnitOfWork, order_id: UUID, *, with_refund: bool = True) -> Order:
    """What is not sent of an order sent in part will not be; what it cost is asked to go back.

    Cancelling twice is once. The refund is bounded by what is left of the payment. Raises NotPartlySent, Disputed.
    """
    order = await orders.lock_order(uow, order_id)
    if await orders.call_off_rest(uow, order) and with_refund:
        left = max((left for _, left in await refunds.refundable(uow, order_id)), default=order.money(0))
        amount = min(_value_of_rest(order), left)
        if amount.minor > 0:
            await refunds.request(uow, order_id=order_id, amount=amount, reason="cancelled")
    return order


def _value_of_rest(order: Order) -> Money:
    """What the units cost that are not sent: the last shares of their lines, as those that come back have the first."""
    shares = [order.money(line.paid_minor).allocate([1] * line.quantity)[line.shipped :] for line in order.lines]
    return total([share for line in shares for share in line], order.currency)


def _value_of(order: Order, lines: Sequence[RefundLine]) -> Money:
    """What units of lines cost, their share of the order's discount taken off. Raises Invalid at the bad line."""
    if not lines:
        raise Invalid("name at least one line; leave the lines out for the rest", pointer="/lines")
    known = {line.sku: line for line in order.lines}
    units: Counter[str] = Counter()
    for index, wanted in enumerate(lines):
        line = known.get(wanted.sku)
        if line is None:
            raise Invalid(f"order {order.number} has no {wanted.sku}", pointer=f"/lines/{index}/sku", value=wanted.sku)
        units[wanted.sku] += wanted.quantity
        if wanted.quantity < 1 or units[wanted.sku] > line.quantity:
            raise Invalid(
                f"{wanted.sku}: 1 to {line.quantity} units were bought",
                pointer=f"/lines/{index}/quantity",
                value=wanted.quantity,
            )
    shares = {sku: order.money(line.paid_minor).allocate([1] * line.quantity) for sku, line in known.items()}
    return total([share for sku, count in units.items() for share in shares[sku][:count]], order.currency)
