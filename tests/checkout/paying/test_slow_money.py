"""Debits, whose money comes days later or not at all, and what the shopper does meanwhile."""

import asyncio

import pytest

from checkout.carts import service as carts
from checkout.carts.values import Add
from checkout.inventory import service as inventory
from checkout.orders.states import OrderState
from checkout.paying import tasks
from checkout.paying.opening import RedirectTo
from checkout.payments import links
from checkout.payments.states import RefundState
from tests.checkout.factories import TEE
from tests.checkout.paying.scene import Scene
from tests.conftest import FrozenClock
from tests.waiting import until_waiting


async def test_a_debit_is_pending_keeps_the_goods_and_pays_days_later(scene: Scene, clock: FrozenClock) -> None:
    link = await scene.fill_cart()
    await scene.press(link)
    scene.shopper_pays(method="sepa")
    await scene.webhooks()
    order = await scene.order()
    assert order.state == OrderState.PAYMENT_PENDING
    assert await scene.press(link) == RedirectTo(f"https://shop.example/o/{order.code}")
    clock.advance(days=3)
    assert order.hold_until > clock.now
    await tasks.poll(scene.desk)
    await scene.webhooks()
    assert (await scene.order()).state == OrderState.PAID
    assert (await scene.told()).count("OrderPaymentPending") == 1


async def test_a_bounced_debit_ends_the_order_and_the_same_cart_can_be_paid_anew(
    scene: Scene, clock: FrozenClock
) -> None:
    code = await scene.fill_cart()
    await scene.press(code)
    scene.shopper_pays(method="sepa_fails")
    await scene.webhooks()
    clock.advance(days=3)
    await tasks.poll(scene.desk)
    assert (await scene.order()).state == OrderState.EXPIRED
    assert "PaymentFailed" in await scene.told()
    assert isinstance(await scene.press(code), RedirectTo)
    scene.shopper_pays()
    await scene.webhooks()
    assert [order.state for order in await scene.orders()] == [OrderState.EXPIRED, OrderState.PAID]


async def test_who_goes_on_shopping_while_a_debit_is_under_way_does_not_buy_the_same_again(
    scene: Scene, clock: FrozenClock
) -> None:
    await scene.to_the_page(2)
    scene.shopper_pays(method="sepa")
    await scene.webhooks()
    second = await scene.fill_cart(1)
    assert isinstance(await scene.press(second), RedirectTo)
    scene.shopper_pays()
    await scene.webhooks()
    assert [(order.state, order.lines[0].quantity) for order in await scene.orders()] == [
        (OrderState.PAYMENT_PENDING, 2),
        (OrderState.PAID, 1),
    ]
    clock.advance(days=3)
    await tasks.poll(scene.desk)
    await scene.events_and_jobs()
    assert {order.state for order in await scene.orders()} == {OrderState.PAID}
    assert await scene.refunds() == []
    async with scene.units(scene.shop_id) as uow:
        level = (await inventory.levels(uow, [TEE]))[TEE]
    assert (level.on_hand, level.reserved) == (17, 0)


async def test_a_bounced_debit_lets_its_goods_go_when_another_cart_is_begun(scene: Scene, clock: FrozenClock) -> None:
    await scene.to_the_page(2)
    scene.shopper_pays(method="sepa_fails")
    await scene.webhooks()
    await scene.fill_cart(1)
    clock.advance(days=3)
    await tasks.poll(scene.desk)
    assert (await scene.order()).state == OrderState.EXPIRED
    async with scene.units(scene.shop_id) as uow:
        cart = await carts.view(uow, scene.customer_id, "de")
        level = (await inventory.levels(uow, [TEE]))[TEE]
    assert (cart.units, level.on_hand, level.reserved) == (1, 20, 0)  # the hold of the new cart is over, too


async def _change_while_the_news_comes(scene: Scene) -> str:
    """The cart's change holds its lock while the provider's news waits for it; the link of the changed cart."""
    async with scene.units(scene.shop_id) as uow:
        change = await carts.apply(uow, scene.customer_id, [Add(TEE, 1)], "de")
        news = asyncio.create_task(scene.webhooks())
        await until_waiting(scene.units)
    await news
    assert change.cart.id is not None
    async with scene.units(scene.shop_id) as uow:
        return await links.link_for(
            uow, cart_id=change.cart.id, cart_version=change.cart.version, customer_id=scene.customer_id,
            conversation_id=None, locale="de",
        )  # fmt: skip


@pytest.mark.parametrize("method", ["card", "sepa"])
async def test_of_a_debit_and_the_cart_that_replaced_its_order_one_is_bought(
    scene: Scene, clock: FrozenClock, method: str
) -> None:
    await scene.to_the_page(2)
    scene.shopper_pays(method="sepa")
    code = await _change_while_the_news_comes(scene)
    await scene.events_and_jobs()
    assert isinstance(await scene.press(code), RedirectTo)
    scene.shopper_pays(method=method)
    await scene.webhooks()
    clock.advance(days=3)
    await tasks.poll(scene.desk)
    await scene.webhooks()
    await scene.events_and_jobs()
    await scene.webhooks()
    await scene.events_and_jobs()
    first, second = await scene.orders()
    assert (second.state, second.lines[0].quantity) == (OrderState.PAID, 3)
    assert first.state not in {OrderState.PAID, OrderState.PAYMENT_PENDING}
    (refund,) = await scene.refunds()
    assert (refund.order_id, refund.amount, refund.state) == (first.id, first.total, RefundState.SUCCEEDED)
    async with scene.units(scene.shop_id) as uow:
        level = (await inventory.levels(uow, [TEE]))[TEE]
    assert (level.on_hand, level.reserved) == (17, 0)


async def test_a_debit_whose_cart_changed_buys_what_it_paid_for_when_nothing_else_is_ordered(
    scene: Scene, clock: FrozenClock
) -> None:
    await scene.to_the_page(2)
    scene.shopper_pays(method="sepa")
    await _change_while_the_news_comes(scene)
    await scene.events_and_jobs()
    clock.advance(days=3)
    await tasks.poll(scene.desk)
    await scene.webhooks()
    await scene.events_and_jobs()
    (order,) = await scene.orders()
    assert (order.state, await scene.refunds()) == (OrderState.PAID, [])


async def test_a_change_that_waits_for_the_news_begins_another_cart(scene: Scene) -> None:
    await scene.to_the_page(2)
    scene.shopper_pays(method="sepa")
    order = await scene.order()
    async with scene.units(scene.shop_id) as uow:
        await carts.lock_cart(uow, order.cart_id)
        news = asyncio.create_task(scene.webhooks(only="checkout.session.completed"))
        await until_waiting(scene.units)
        change = asyncio.create_task(scene.fill_cart(1))
        await until_waiting(scene.units, 2)
    await asyncio.gather(news, change)
    assert (await scene.order()).state == OrderState.PAYMENT_PENDING
    async with scene.units(scene.shop_id) as uow:
        cart = await carts.view(uow, scene.customer_id, "de")
    assert (cart.id != order.cart_id, cart.units) == (True, 1)
