"""Money that came late, twice, or for what was called off: it buys the goods, or goes back and is told."""

import random

from checkout.orders import service as orders
from checkout.orders.states import OrderState
from checkout.paying import tasks
from checkout.payments.states import RefundState
from tests.checkout.paying.scene import Scene
from tests.conftest import FrozenClock


async def test_a_late_payment_for_an_expired_order_buys_it_while_the_goods_are_there(scene: Scene) -> None:
    await scene.to_the_page()
    scene.shopper_pays()
    async with scene.units(scene.shop_id) as uow:
        await orders.expire(uow, (await orders.page(uow)).items[0].id)
    await scene.webhooks()
    assert (await scene.order()).state == OrderState.PAID


async def test_a_late_payment_for_goods_that_are_gone_is_refunded_and_told(scene: Scene) -> None:
    await scene.to_the_page()
    scene.shopper_pays()
    async with scene.units(scene.shop_id) as uow:
        await orders.expire(uow, (await orders.page(uow)).items[0].id)
        await uow.execute("UPDATE reservation SET state = 'released' WHERE shop_id = $1", scene.shop_id)
        await uow.execute("UPDATE stock_level SET on_hand = 0 WHERE shop_id = $1", scene.shop_id)
    await scene.webhooks()
    assert (await scene.order()).state == OrderState.EXCEPTION
    await scene.events_and_jobs()
    await scene.webhooks()
    await scene.events_and_jobs()
    (refund,) = await scene.refunds()
    order = await scene.order()
    assert (refund.state, refund.amount, order.state) == (RefundState.SUCCEEDED, order.total, OrderState.CANCELLED)
    assert {"OrderInException", "RefundRequested", "RefundSucceeded"} <= set(await scene.told())


async def test_a_late_payment_for_a_cancelled_order_is_refunded(scene: Scene) -> None:
    await scene.to_the_page()
    scene.shopper_pays()
    async with scene.units(scene.shop_id) as uow:
        await orders.cancel(uow, (await orders.page(uow)).items[0].id, "shopper")
    await scene.webhooks(copies=2)
    await scene.events_and_jobs()
    await scene.webhooks(copies=2)
    order = await scene.order()
    assert [(refund.amount, refund.state) for refund in await scene.refunds()] == [(order.total, RefundState.SUCCEEDED)]
    assert order.state == OrderState.CANCELLED


async def test_a_paid_order_called_off_gives_its_money_back(scene: Scene) -> None:
    await scene.to_the_page()
    scene.shopper_pays()
    await scene.webhooks()
    async with scene.units(scene.shop_id) as uow:
        await orders.cancel(uow, (await orders.page(uow)).items[0].id, "merchant")
    assert "payments.perform_refund" in await scene.events_and_jobs()
    order = await scene.order()
    assert [(refund.amount, refund.reason) for refund in await scene.refunds()] == [(order.total, "cancelled")]


async def test_a_refund_that_takes_days_is_asked_after_once_an_hour(scene: Scene, clock: FrozenClock) -> None:
    await scene.to_the_page()
    scene.shopper_pays()
    await scene.webhooks()
    scene.double.faults.refund_pending = True
    async with scene.units(scene.shop_id) as uow:
        await orders.cancel(uow, (await orders.page(uow)).items[0].id, "merchant")
    await scene.events_and_jobs()
    scene.double.due.clear()  # this bank takes its time
    clock.advance(minutes=10)
    for _ in range(40):
        clock.advance(minutes=1)
        await tasks.poll(scene.desk)
    assert [each.state for each in await scene.refunds()] == [RefundState.PENDING]
    assert 1 <= len([each for each in scene.wired.wire.requests if "/v1/refunds/" in each.url.path]) <= 3


async def test_two_pages_of_one_order_both_paid_give_one_back(scene: Scene, clock: FrozenClock) -> None:
    code = await scene.fill_cart()
    await scene.press(code)
    clock.advance(minutes=44)
    await scene.press(code)
    first, second = scene.double.objects["checkout.session"]
    # The second page opened only because the first was closed; here the provider forgets that it closed it.
    scene.double.objects["checkout.session"][first]["status"] = "open"
    assert [scene.shopper_pays(first), scene.shopper_pays(second)] == ["paid", "paid"]
    await scene.webhooks(copies=2, shuffle=random.Random(1))  # noqa: S311 - replay, never secrets
    await scene.events_and_jobs()
    await scene.webhooks()
    order = await scene.order()
    assert order.state == OrderState.PAID
    assert [(each.amount, each.state, each.origin) for each in await scene.refunds()] == [
        (order.total, RefundState.SUCCEEDED, "surplus")
    ]
    assert (await scene.told()).count("OrderPaid") == 1
