"""Refunds by amount, by lines, or the rest."""

import pytest

from catalog.kernel.errors import Invalid
from catalog.kernel.money import Money
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.shops.models import Shop
from checkout.orders.models import Order
from checkout.orders.refunding import RefundLine, request_refund
from checkout.orders.settling import settle
from checkout.payments.errors import RefundTooLarge
from tests.checkout.factories import TEE, make_order, make_variant
from tests.checkout.payments.factories import captured, hear, make_payment


async def _paid(uow: UnitOfWork) -> Order:
    await make_variant(uow)
    order = await make_order(uow)
    payment = await make_payment(uow, order_id=order.id, amount=order.total)
    await hear(uow, payment.account_id, captured(payment))
    settled = await settle(uow, order.id)
    assert settled.paid_now
    assert not (await settle(uow, order.id)).paid_now
    return order


async def test_lines_give_back_what_they_cost(shop: Shop, uow: UnitOfWork) -> None:
    order = await _paid(uow)
    made = await request_refund(uow, order.id, lines=[RefundLine(TEE, 1)], reason="too wide")
    assert (made.amount, made.reason) == (order.money(order.lines[0].unit_price_minor), "too wide")
    rest = await request_refund(uow, order.id)
    assert made.amount + rest.amount == order.total
    with pytest.raises(RefundTooLarge):
        await request_refund(uow, order.id)


async def test_a_line_or_number_that_was_not_bought_is_named(shop: Shop, uow: UnitOfWork) -> None:
    order = await _paid(uow)
    for lines, pointer in (
        ([], "/lines"),
        ([RefundLine("NOTHING", 1)], "/lines/0/sku"),
        ([RefundLine(TEE, 1), RefundLine(TEE, 3)], "/lines/1/quantity"),
    ):
        with pytest.raises(Invalid) as refusal:
            await request_refund(uow, order.id, lines=lines)
        assert refusal.value.pointer == pointer
    with pytest.raises(Invalid):
        await request_refund(uow, order.id, amount=Money(1, "EUR"), lines=[RefundLine(TEE, 1)])
