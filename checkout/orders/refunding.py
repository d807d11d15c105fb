"""Refunds as orders see them: by amount, by lines, or the rest; never more than was paid, and each unit once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from catalog.kernel.errors import Invalid
from catalog.kernel.money import Money, payable_step
from catalog.kernel.unit_of_work import UnitOfWork
from checkout.orders import service as orders
from checkout.orders.models import Order
from checkout.orders.shares import Share, free_units, share, share_of_rest
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
) -> RefundView:
    """Ask for money to go back: an amount, what lines cost after discount, or, with neither, the rest.

    The provider is asked after the transaction. Units of lines go back once, whether by lines, by a return or with the
    rest of an order; an amount is for no unit. It says nothing about goods still to be sent: those are called off by
    `cancel`, `cancel_rest`, or once all money is back.
    Raises RefundTooLarge, Disputed, Invalid, OrderNotFound.
    """
    order = await orders.lock_order(uow, order_id)
    if amount is not None and lines is not None:
        raise Invalid("give an amount or lines, not both", pointer="/lines")
    reason = reason or "requested_by_customer"
    if amount is not None and amount.minor % payable_step(amount.currency):
        raise Invalid(
            f"{amount.currency} is paid back in steps of {payable_step(amount.currency)} of its units",
            pointer="/amount/minor", value=amount.minor,
        )  # fmt: skip
    if lines is None:
        return await refunds.request(uow, order_id=order_id, amount=amount, reason=reason)
    free = free_units(order, await refunds.refunds(uow, order_id))
    wanted = share(order, _taken(order, lines, free))
    return await refunds.request(uow, order_id=order_id, amount=wanted.amount, reason=reason, units=wanted.units)


async def cancel_rest(uow: UnitOfWork, order_id: UUID, *, with_refund: bool = True) -> Order:
    """What is not sent of an order sent in part will not be; what it cost is asked to go back, unless it went before.

    A repeat changes nothing. The refund is bounded by what is left of the payment. Raises NotPartlySent, Disputed.
    """
    order = await orders.lock_order(uow, order_id)
    if await orders.call_off_rest(uow, order) and with_refund:
        await give_back(uow, order, share_of_rest(order, await refunds.refunds(uow, order_id)), reason="cancelled")
    return order


async def give_back(
    uow: UnitOfWork, order: Order, wanted: Share, *, reason: str, return_id: UUID | None = None
) -> RefundView | None:
    """Ask for a share to go back, as far as the payment has that much left; None when it is, or has, nothing.

    The order is locked. Raises Disputed.
    """
    left = [left for _, left in await refunds.refundable(uow, order.id) if left.currency == order.currency]
    amount = min(wanted.amount, max(left, default=order.money(0)))
    if amount.minor <= 0:
        return None
    return await refunds.request(
        uow, order_id=order.id, amount=amount, reason=reason, return_id=return_id, units=wanted.units,
        shipping=wanted.shipping,
    )  # fmt: skip


def _taken(order: Order, lines: Sequence[RefundLine], free: Mapping[str, list[int]]) -> dict[str, list[int]]:
    """Units of lines, the last free ones first: what is not sent is the likelier to be meant, and can't come back.

    Raises Invalid at the bad line.
    """
    if not lines:
        raise Invalid("name at least one line; leave the lines out for the rest", pointer="/lines")
    taken: dict[str, list[int]] = {}
    for index, wanted in enumerate(lines):
        if wanted.sku not in free:
            raise Invalid(f"order {order.number} has no {wanted.sku}", pointer=f"/lines/{index}/sku", value=wanted.sku)
        former = len(taken.get(wanted.sku, ()))
        left = len(free[wanted.sku]) - former
        if not 1 <= wanted.quantity <= left:
            raise Invalid(
                f"{wanted.sku}: {wanted.quantity} wanted, {left} left to refund",
                pointer=f"/lines/{index}/quantity", value=wanted.quantity, left=left,
            )  # fmt: skip
        taken[wanted.sku] = free[wanted.sku][-former - wanted.quantity :]
    return taken
