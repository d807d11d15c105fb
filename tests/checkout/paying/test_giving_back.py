"""Money that came late, twice, or for what was called off: it buys the goods, or goes back and is told."""

import random

import pytest

from catalog.kernel.money import Money
from checkout.fulfilment import service as fulfilment
from checkout.inventory import service as inventory
from checkout.orders import service as orders
from checkout.orders.refunding import request_refund
from checkout.orders.states import OrderState
from checkout.paying import tasks
from checkout.payments.errors import MoneyGoesBack
from checkout.payments.states import RefundState
from storefront.lab.stripe_double import refunds as dashboard
from tests.checkout.factories import TEE
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
    await scene.lose_goods_to_others()
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
    await scene.calls_off("shopper")
    await scene.webhooks(copies=2)
    await scene.events_and_jobs()
    await scene.webhooks(copies=2)
    order = await scene.order()
    assert [(refund.amount, refund.state) for refund in await scene.refunds()] == [(order.total, RefundState.SUCCEEDED)]
    assert order.state == OrderState.CANCELLED


@pytest.mark.parametrize("heard", ["before", "after"])
async def test_what_was_left_goes_back_when_a_part_had_gone_at_the_providers_desk(scene: Scene, heard: str) -> None:
    """The desk's refund is heard before ours is refused, or after."""
    intent = await _paid(scene)
    await scene.calls_off("merchant")
    await scene._events()
    dashboard.create(scene.double, {"payment_intent": intent, "amount": "700"}, key=None)
    if heard == "before":
        await scene.webhooks()
    for _ in range(3):
        await scene.events_and_jobs()
        await scene.webhooks()
    order = await scene.order()
    assert {(each.origin, each.amount.minor, each.state) for each in await scene.refunds()} == {
        ("surplus", order.total_minor, RefundState.FAILED),
        ("provider", 700, RefundState.SUCCEEDED),
        ("surplus", order.total_minor - 700, RefundState.SUCCEEDED),
    }


async def test_a_paid_order_called_off_gives_its_money_back(scene: Scene) -> None:
    await scene.buys()
    await scene.calls_off("merchant")
    assert "payments.perform_refund" in await scene.events_and_jobs()
    order = await scene.order()
    assert [(refund.amount, refund.reason) for refund in await scene.refunds()] == [(order.total, "cancelled")]


async def test_what_an_earlier_refund_did_not_give_back_goes_back_with_the_rest(scene: Scene) -> None:
    await scene.buys()
    scene.double.faults.refund_pending = True
    async with scene.units(scene.shop_id) as uow:
        await request_refund(uow, (await orders.page(uow)).items[0].id, amount=Money(3000, "EUR"))
    await scene.events_and_jobs()
    scene.double.faults.refund_pending = False
    await scene.calls_off("shopper")
    await scene.events_and_jobs()
    await scene.webhooks()
    first, rest = await scene.refunds()
    assert (first.state, rest.state) == (RefundState.PENDING, RefundState.SUCCEEDED)
    dashboard.settles(scene.double, str(first.provider_id), fails=True)
    await scene.webhooks()
    await scene.events_and_jobs()
    await scene.webhooks()
    done = [each.amount.minor for each in await scene.refunds() if each.state == RefundState.SUCCEEDED]
    assert sum(done) == (await scene.order()).total_minor


async def test_a_refund_that_takes_days_is_asked_after_once_an_hour(scene: Scene, clock: FrozenClock) -> None:
    await scene.buys()
    scene.double.faults.refund_pending = True
    await scene.calls_off("merchant")
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


async def _two_pages(scene: Scene, clock: FrozenClock, *, odd_first: bool) -> tuple[str, str]:
    """Both pages of one order are open; the odd one asks for a euro less than the order costs."""
    code = await scene.fill_cart()
    await scene.press(code)
    clock.advance(minutes=44)
    await scene.press(code)
    await scene.events_and_jobs()
    pages = scene.double.objects["checkout.session"]
    odd, right = list(pages) if odd_first else list(pages)[::-1]
    for page in pages.values():
        page["status"] = "open"  # its closing was lost
    pages[odd]["amount_total"] -= 100
    scene.double.deliveries.clear()
    return odd, right


@pytest.mark.parametrize("seed", range(4))
async def test_of_an_odd_and_a_right_payment_the_right_one_buys_and_the_odd_one_goes_back(
    scene: Scene, clock: FrozenClock, seed: int
) -> None:
    odd, right = await _two_pages(scene, clock, odd_first=seed % 2 == 0)
    assert [scene.shopper_pays(odd), scene.shopper_pays(right)] == ["paid", "paid"]
    await scene.webhooks(copies=2, shuffle=random.Random(seed))  # noqa: S311 - replay, never secrets
    for _ in range(2):
        await scene.events_and_jobs()
        await scene.webhooks()
    order = await scene.order()
    assert order.state == OrderState.PAID
    assert [(each.amount, each.state) for each in await scene.refunds()] == [
        (order.total - order.money(100), RefundState.SUCCEEDED)
    ]
    assert (await scene.told()).count("OrderPaid") == 1


async def test_with_an_odd_payment_and_no_goods_left_all_money_goes_back(scene: Scene, clock: FrozenClock) -> None:
    odd, right = await _two_pages(scene, clock, odd_first=True)
    scene.shopper_pays(odd)
    await scene.webhooks()
    assert (await scene.order()).reason == "amount_differs"
    async with scene.units(scene.shop_id) as uow:
        await uow.execute("UPDATE reservation SET state = 'released' WHERE shop_id = $1", scene.shop_id)
        await inventory.set_on_hand(uow, TEE, 0)
    scene.shopper_pays(right)
    await scene.webhooks()
    for _ in range(2):
        await scene.events_and_jobs()
        await scene.webhooks()
    assert (await scene.order()).state == OrderState.CANCELLED
    assert [each.state for each in await scene.refunds()] == [RefundState.SUCCEEDED] * 2


async def test_an_odd_payment_closes_the_other_pages_of_its_order(scene: Scene, clock: FrozenClock) -> None:
    odd, right = await _two_pages(scene, clock, odd_first=True)
    scene.shopper_pays(odd)
    await scene.webhooks()
    await scene.events_and_jobs()
    assert scene.shopper_pays(right) == "expired"


async def _on_hand(scene: Scene) -> int:
    async with scene.units(scene.shop_id) as uow:
        return (await inventory.levels(uow, [TEE]))[TEE].on_hand


async def _paid(scene: Scene) -> str:
    """Two tees are paid; the provider's name of the payment."""
    await scene.buys()
    await scene.events_and_jobs()
    return str((await scene.payments())[0].intent_id)


async def test_an_order_whose_money_is_all_refunded_before_anything_left_is_off(scene: Scene) -> None:
    before = await _on_hand(scene)
    await _paid(scene)
    order = await scene.order()
    async with scene.units(scene.shop_id) as uow:
        await request_refund(uow, order.id)
    for _ in range(2):
        await scene.events_and_jobs()
        await scene.webhooks(copies=2)
    order = await scene.order()
    assert (order.state, await _on_hand(scene)) == (OrderState.CANCELLED, before)
    assert [event.type for event in order.events] == ["placed", "paid", "cancelled"]
    told = await scene.told()
    assert (told.count("RefundSucceeded"), told.count("OrderCancelled")) == (1, 1)
    assert [(each.amount, each.state) for each in await scene.refunds()] == [(order.total, RefundState.SUCCEEDED)]


async def test_the_last_of_the_money_may_go_back_at_the_providers_desk(scene: Scene) -> None:
    before = await _on_hand(scene)
    intent = await _paid(scene)
    dashboard.create(scene.double, {"payment_intent": intent, "amount": "100"}, key=None)
    await scene.webhooks(copies=2)
    await scene.events_and_jobs()
    assert ((await scene.order()).state, await _on_hand(scene)) == (OrderState.PAID, before - 2)
    dashboard.create(scene.double, {"payment_intent": intent}, key=None)
    await scene.webhooks(copies=2, shuffle=random.Random(2))  # noqa: S311 - replay, never secrets
    await scene.events_and_jobs()
    order = await scene.order()
    assert (order.state, await _on_hand(scene)) == (OrderState.CANCELLED, before)
    assert [each.origin for each in await scene.refunds()] == ["provider", "provider"]
    async with scene.units(scene.shop_id) as uow:
        rows = await uow.fetch(
            "SELECT payload->>'refund_needed' AS owed FROM domain_event WHERE shop_id = $1 AND name = 'OrderCancelled'",
            scene.shop_id,
        )
    assert [row["owed"] for row in rows] == ["false"]


async def test_an_amount_that_the_provider_cannot_count_is_owed_again_and_told(scene: Scene) -> None:
    """Stripe counts Kuwaiti dinars by ten fils: an amount between would wait for good."""
    await _paid(scene)
    order = await scene.order()
    async with scene.units(scene.shop_id) as uow:
        made = await request_refund(uow, order.id, amount=order.money(1995))
        for table in ("refund", "payment"):
            await uow.execute(f"UPDATE {table} SET currency = 'KWD' WHERE shop_id = $1", scene.shop_id)  # noqa: S608 - constants
    await scene.events_and_jobs()
    (refund,) = await scene.refunds()
    assert (refund.id, refund.state, refund.failure) == (made.id, RefundState.FAILED, "amount_not_payable")
    assert (await scene.told()).count("RefundFailed") == 1


async def test_nothing_is_sent_while_all_money_is_on_its_way_back(scene: Scene) -> None:
    await _paid(scene)
    scene.double.faults.refund_pending = True
    order = await scene.order()
    async with scene.units(scene.shop_id) as uow:
        await request_refund(uow, order.id)
    await scene.events_and_jobs()
    async with scene.units(scene.shop_id) as uow:
        with pytest.raises(MoneyGoesBack):
            await fulfilment.ship(uow, order.id)
    scene.double.faults.refund_pending = False
    dashboard.settles(scene.double, str((await scene.refunds())[0].provider_id), fails=True)
    await scene.webhooks()
    async with scene.units(scene.shop_id) as uow:
        await fulfilment.ship(uow, order.id)  # the money stayed here after all


async def test_money_that_goes_back_cannot_be_taken_as_good(scene: Scene) -> None:
    """The goods are there again, but the money for them is on its way back: a new order buys them."""
    await scene.to_the_page()
    scene.shopper_pays()
    await scene.lose_goods_to_others()
    await scene.webhooks()
    order = await scene.order()
    assert order.state == OrderState.EXCEPTION
    async with scene.units(scene.shop_id) as uow:
        await inventory.set_on_hand(uow, TEE, 20)
        with pytest.raises(MoneyGoesBack):
            await orders.accept_exception(uow, order.id)
    await scene.events_and_jobs()
    await scene.webhooks()
    assert (await scene.order()).state == OrderState.CANCELLED
    assert await _on_hand(scene) == 20
    assert "OrderPaid" not in await scene.told()


@pytest.mark.parametrize("first", ["old", "new"])
async def test_the_pages_of_two_states_of_a_cart_both_paid_give_one_back(scene: Scene, first: str) -> None:
    """An old page that stayed open in another tab, because its closing was slow."""
    old = await scene.press(await scene.fill_cart(2))
    new = await scene.press(await scene.fill_cart(1))
    assert old != new
    pages = dict(zip(("old", "new"), scene.double.objects["checkout.session"], strict=True))
    for name in sorted(pages, key=lambda name: name != first):
        assert scene.shopper_pays(pages[name]) == "paid"
    await scene.webhooks()
    for _ in range(2):
        await scene.events_and_jobs()
        await scene.webhooks()
    states = {order.cart_version: order.state for order in await scene.orders()}
    kept, gone = sorted(states, reverse=first == "new")
    assert (states[kept], states[gone]) == (OrderState.PAID, OrderState.CANCELLED)
    assert [(each.reason, each.state) for each in await scene.refunds()] == [("paid_twice", RefundState.SUCCEEDED)]
    assert (await scene.told()).count("OrderPaid") == 1
