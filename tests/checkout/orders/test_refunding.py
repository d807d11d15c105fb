"""Refunds by amount, by lines, or the rest."""

import pytest

from catalog.kernel.errors import Invalid
from catalog.kernel.money import Money
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.shops.models import Shop
from checkout.fulfilment import service as fulfilment
from checkout.fulfilment.errors import NothingToShip
from checkout.inventory import service as inventory
from checkout.orders import service as orders
from checkout.orders.errors import NotPartlySent
from checkout.orders.models import Order
from checkout.orders.refunding import RefundLine, cancel_rest, request_refund
from checkout.orders.settling import settle
from checkout.orders.states import OrderState
from checkout.payments import refunds
from checkout.payments.errors import RefundTooLarge
from tests.checkout.factories import TEE, make_capture, make_order, make_variant
from tests.checkout.payments.factories import captured, hear, make_payment


async def _paid(uow: UnitOfWork) -> Order:
    await make_variant(uow)
    order = await make_order(uow)
    payment = await make_payment(uow, order_id=order.id, amount=order.total)
    await hear(uow, payment.account_id, captured(payment))
    assert await settle(uow, order.id) is OrderState.PAID
    return order


async def test_lines_give_back_what_they_cost(shop: Shop, uow: UnitOfWork) -> None:
    order = await _paid(uow)
    made = await request_refund(uow, order.id, lines=[RefundLine(TEE, 1)], reason="too wide")
    assert (made.amount, made.reason) == (order.money(order.lines[0].unit_price_minor), "too wide")
    rest = await request_refund(uow, order.id)
    assert made.amount + rest.amount == order.total
    with pytest.raises(RefundTooLarge):
        await request_refund(uow, order.id)


async def test_shares_and_amounts_are_what_the_currency_can_pay(shop: Shop, uow: UnitOfWork) -> None:
    """The last of a Kuwaiti dinar's three decimals is zero in every payment."""
    await uow.execute(
        "UPDATE shop SET currency = 'KWD', revision = revision + 1 WHERE id = $1 /* shop_id */", uow.shop_id
    )
    await make_variant(uow, price=1670, currency="KWD")
    order = await make_order(uow, {TEE: 3}, paid=True)
    await make_capture(uow, order)
    await uow.execute("UPDATE order_line SET discount_minor = 10 WHERE shop_id = $1", uow.shop_id)
    made = await request_refund(uow, order.id, lines=[RefundLine(TEE, 1)])
    assert made.amount == Money(1660, "KWD")
    with pytest.raises(Invalid, match="in steps of 10") as refused:
        await request_refund(uow, order.id, amount=Money(1665, "KWD"))
    assert refused.value.pointer == "/amount/minor"


async def _partly_sent(uow: UnitOfWork) -> Order:
    """Two tees paid, one of them sent."""
    order = await _paid(uow)
    await fulfilment.ship(uow, order.id, lines=[(TEE, 1)])
    return order


async def _on_hand(uow: UnitOfWork) -> int:
    return (await inventory.levels(uow, [TEE]))[TEE].on_hand


async def test_the_rest_of_a_partly_sent_order_is_cancelled_once(shop: Shop, uow: UnitOfWork) -> None:
    order = await _partly_sent(uow)
    before = await _on_hand(uow)
    await cancel_rest(uow, order.id)
    closed = await cancel_rest(uow, order.id)
    assert (closed.state, closed.never_sent, await _on_hand(uow)) == ("closed", {TEE: 1}, before + 1)
    assert [each.amount for each in await refunds.refunds(uow, order.id)] == [order.money(2490)]
    assert [type(event).__name__ for event in uow.recorded].count("OrderRestCancelled") == 1
    kinds = [event.type for event in (await orders.get(uow, order.id)).events]
    assert kinds == ["placed", "paid", "shipped", "rest_cancelled", "closed"]
    with pytest.raises(NothingToShip):
        await fulfilment.ship(uow, order.id)


async def test_the_rest_is_cancelled_without_money_when_that_went_back_before(shop: Shop, uow: UnitOfWork) -> None:
    order = await _partly_sent(uow)
    await request_refund(uow, order.id, amount=order.money(2490))
    assert (await orders.get(uow, order.id)).state == "fulfilling"  # an amount says nothing about goods
    await cancel_rest(uow, order.id, with_refund=False)
    assert (await orders.get(uow, order.id)).state == "closed"
    assert len(await refunds.refunds(uow, order.id)) == 1


async def test_what_the_rest_gives_back_is_bounded_by_what_is_left(shop: Shop, uow: UnitOfWork) -> None:
    order = await _partly_sent(uow)
    await request_refund(uow, order.id, amount=order.money(order.total_minor - 100))
    await cancel_rest(uow, order.id)
    assert [each.amount.minor for each in await refunds.refunds(uow, order.id)] == [order.total_minor - 100, 100]


async def test_what_was_paid_in_other_money_gives_nothing_back_for_the_rest(shop: Shop, uow: UnitOfWork) -> None:
    order = await _partly_sent(uow)
    await uow.execute("UPDATE payment SET captured_currency = 'USD' WHERE shop_id = $1", uow.shop_id)
    await cancel_rest(uow, order.id)
    assert await refunds.refunds(uow, order.id) == []
    assert (await orders.get(uow, order.id)).state == OrderState.CLOSED


async def test_a_unit_is_refunded_once(shop: Shop, uow: UnitOfWork) -> None:
    order = await _paid(uow)
    first = await request_refund(uow, order.id, lines=[RefundLine(TEE, 1)])
    assert first.units == {TEE: [1]}
    with pytest.raises(Invalid, match="2 wanted, 1 left to refund") as refusal:
        await request_refund(uow, order.id, lines=[RefundLine(TEE, 2)])
    assert (refusal.value.pointer, refusal.value.values["left"]) == ("/lines/0/quantity", 1)
    await request_refund(uow, order.id, lines=[RefundLine(TEE, 1)])
    with pytest.raises(Invalid, match="1 wanted, 0 left to refund"):
        await request_refund(uow, order.id, lines=[RefundLine(TEE, 1)])


async def test_a_refund_that_failed_leaves_its_units_to_be_refunded(shop: Shop, uow: UnitOfWork) -> None:
    order = await _paid(uow)
    failed = await request_refund(uow, order.id, lines=[RefundLine(TEE, 2)])
    await refunds.refused(uow, failed.id, "expired_or_canceled_card")
    assert (await request_refund(uow, order.id, lines=[RefundLine(TEE, 2)])).amount == failed.amount


async def test_the_rest_brings_nothing_for_a_unit_that_was_refunded_before(shop: Shop, uow: UnitOfWork) -> None:
    order = await _partly_sent(uow)
    await request_refund(uow, order.id, lines=[RefundLine(TEE, 1)], reason="sold out")
    await cancel_rest(uow, order.id)
    assert [each.amount.minor for each in await refunds.refunds(uow, order.id)] == [2490]


async def test_units_called_off_are_not_refunded_by_their_line_again(shop: Shop, uow: UnitOfWork) -> None:
    order = await _partly_sent(uow)
    await cancel_rest(uow, order.id)
    await request_refund(uow, order.id, lines=[RefundLine(TEE, 1)])  # the one that was sent
    with pytest.raises(Invalid, match="0 left"):
        await request_refund(uow, order.id, lines=[RefundLine(TEE, 1)])


async def test_an_amount_is_for_no_unit(shop: Shop, uow: UnitOfWork) -> None:
    order = await _paid(uow)
    assert (await request_refund(uow, order.id, amount=order.money(500))).units == {}
    with pytest.raises(RefundTooLarge):  # what is left of the payment bounds the lines too
        await request_refund(uow, order.id, lines=[RefundLine(TEE, 2)])


async def test_a_refund_for_a_piece_leaves_those_to_be_sent(shop: Shop, uow: UnitOfWork) -> None:
    order = await _partly_sent(uow)
    await request_refund(uow, order.id, lines=[RefundLine(TEE, 1)])  # perhaps the sent one, which came broken
    assert (await orders.get(uow, order.id)).state == "fulfilling"


async def test_when_all_money_is_back_nothing_more_is_sent(shop: Shop, uow: UnitOfWork) -> None:
    order = await _partly_sent(uow)
    made = await request_refund(uow, order.id)
    await settle(uow, order.id)
    assert (await orders.get(uow, order.id)).state == "fulfilling"  # asked for, and not back yet
    await uow.execute("UPDATE refund SET state = 'succeeded' WHERE id = $1 AND shop_id = $2", made.id, uow.shop_id)
    await settle(uow, order.id)
    assert (await orders.get(uow, order.id)).state == "closed"


async def test_there_is_no_rest_of_what_was_not_sent_or_sent_whole(shop: Shop, uow: UnitOfWork) -> None:
    order = await _paid(uow)
    with pytest.raises(NotPartlySent):
        await cancel_rest(uow, order.id)
    await fulfilment.ship(uow, order.id)
    with pytest.raises(NotPartlySent):
        await cancel_rest(uow, order.id)


async def test_a_line_or_number_that_was_not_bought_is_named(shop: Shop, uow: UnitOfWork) -> None:
    order = await _paid(uow)
    for lines, pointer in (
        ([], "/lines"),
        ([RefundLine("NOTHING", 1)], "/lines/0/sku"),
        ([RefundLine(TEE, 1), RefundLine(TEE, 3)], "/lines/1/quantity"),
        ([RefundLine(TEE, 1), RefundLine(TEE, 2)], "/lines/1/quantity"),  # three of the two that were bought
    ):
        with pytest.raises(Invalid) as refusal:
            await request_refund(uow, order.id, lines=lines)
        assert refusal.value.pointer == pointer
    with pytest.raises(Invalid):
        await request_refund(uow, order.id, amount=Money(1, "EUR"), lines=[RefundLine(TEE, 1)])
