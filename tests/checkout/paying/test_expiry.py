"""Unpaid orders end, but none that is being paid."""

import asyncio

import pytest

from catalog.shops.service import create_shop
from checkout.orders.states import OrderState
from checkout.paying import asking, repository, tasks
from checkout.paying.opening import RedirectTo
from tests.checkout.factories import TEE, make_order, make_variant
from tests.checkout.paying.scene import Scene
from tests.conftest import FrozenClock


async def test_an_unpaid_order_expires_after_its_page_and_the_page_is_closed_first(
    scene: Scene, clock: FrozenClock
) -> None:
    await scene.to_the_page()
    clock.advance(minutes=50)
    await tasks.poll(scene.desk)
    assert (await scene.order()).state == OrderState.AWAITING_PAYMENT
    clock.advance(minutes=10)
    await tasks.poll(scene.desk)
    assert (await scene.order()).state == OrderState.EXPIRED
    assert scene.shopper_pays() == "expired"


async def test_an_order_whose_button_is_pressed_while_it_ends_goes_on(scene: Scene, clock: FrozenClock) -> None:
    code = await scene.fill_cart()
    await scene.press(code)
    clock.advance(minutes=56)
    scene.double.faults.delay_ms = 400
    ending = asyncio.create_task(tasks.expire_orders(scene.desk))
    async with asyncio.timeout(5):
        # The provider is asked to close the old page.
        while not scene.wired.wire.requests[-1].url.path.endswith("/expire"):  # noqa: ASYNC110 - it tells in no other way
            await asyncio.sleep(0.005)
    pressed = await scene.press(code)
    await ending
    assert isinstance(pressed, RedirectTo)
    assert pressed.url in [page["url"] for page in scene.double.objects["checkout.session"].values()]
    assert (await scene.order()).state == OrderState.AWAITING_PAYMENT
    assert "OrderExpired" not in await scene.told()


async def test_an_order_paid_in_the_last_second_never_expires(scene: Scene, clock: FrozenClock) -> None:
    await scene.to_the_page()
    scene.shopper_pays()
    clock.advance(minutes=70)
    await tasks.expire_orders(scene.desk)
    assert (await scene.order()).state == OrderState.PAID


async def test_while_the_provider_is_silent_no_order_expires(scene: Scene, clock: FrozenClock) -> None:
    await scene.to_the_page()
    scene.shopper_pays()
    clock.advance(minutes=70)
    scene.double.faults.down = True
    await tasks.expire_orders(scene.desk)
    assert (await scene.order()).state == OrderState.AWAITING_PAYMENT


async def test_a_shop_with_many_overdue_orders_does_not_hold_up_another(scene: Scene, clock: FrozenClock) -> None:
    for _ in range(3):
        async with scene.units(scene.shop_id) as uow:
            await make_order(uow, {TEE: 1})
    clock.advance(minutes=1)
    async with scene.units(None) as uow:
        other = await create_shop(uow, name="Other", currency="EUR", country="DE", locales=["de"])
    async with scene.units(other.id) as uow:
        await make_variant(uow)
        late = await make_order(uow)
    clock.advance(hours=2)
    async with scene.units(None) as uow:
        assert (other.id, late.id) in await repository.overdue(uow, limit=2)


async def test_a_payment_that_cannot_be_looked_at_holds_up_no_order(
    scene: Scene, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nobody_thought_of_this(*_: object) -> None:
        raise KeyError("payment_status")

    await scene.to_the_page()
    clock.advance(minutes=70)
    monkeypatch.setattr(asking, "look_at", nobody_thought_of_this)
    await tasks.poll(scene.desk)
    assert (await scene.order()).state == OrderState.EXPIRED
