"""Pages to which the account's key leads no more: they count as run out, and another account takes the money."""

import pytest

from checkout.orders.states import OrderState
from checkout.paying import tasks
from checkout.paying.opening import Problem, RedirectTo
from checkout.payments import accounts
from checkout.payments.states import PaymentState
from tests.checkout.paying.scene import Scene
from tests.checkout.payments.factories import VAULT, make_account
from tests.checkout.payments.wiring import WEBHOOK_SECRET
from tests.conftest import FrozenClock


async def _move(scene: Scene) -> None:
    """The shop takes its money on another account, and Stripe refuses the former one's key."""
    async with scene.units(scene.shop_id) as uow:
        await accounts.activate(uow, await make_account(uow))
        refused = {"secret_key": "sk_refused", "webhook_secret": WEBHOOK_SECRET}
        await accounts.replace_credentials(uow, VAULT, scene.account_id, refused)


@pytest.mark.parametrize("lost", ["page", "key"])
async def test_an_order_ends_though_nobody_says_how_its_page_did(scene: Scene, clock: FrozenClock, lost: str) -> None:
    code = await scene.fill_cart()
    await scene.press(code)
    if lost == "page":
        scene.double.objects["checkout.session"].clear()
        clock.advance(minutes=60)
    else:
        await _move(scene)
        clock.advance(hours=25)
    await tasks.poll(scene.desk)
    assert (await scene.order()).state == OrderState.EXPIRED
    asked = len(scene.wired.wire.requests)
    clock.advance(minutes=10)
    await tasks.poll(scene.desk)
    assert len(scene.wired.wire.requests) == asked
    assert isinstance(await scene.press(code), RedirectTo)
    assert [payment.state for payment in await scene.payments()] == [PaymentState.EXPIRED, PaymentState.OPEN]


async def test_while_a_page_may_be_paid_and_a_key_mended_no_other_page_opens(scene: Scene, clock: FrozenClock) -> None:
    code = await scene.fill_cart()
    await scene.press(code)
    await _move(scene)
    for hours in (0, 23):
        clock.advance(hours=hours)
        await tasks.poll(scene.desk)
        assert isinstance(await scene.press(code), Problem)
        assert (await scene.order()).state == OrderState.AWAITING_PAYMENT


async def test_a_press_gives_up_a_page_that_nobody_answers_for(scene: Scene, clock: FrozenClock) -> None:
    code = await scene.fill_cart()
    await scene.press(code)
    await _move(scene)
    clock.advance(hours=25)
    assert isinstance(await scene.press(code), RedirectTo)
    assert [payment.closed for payment in await scene.payments()] == [True, False]


async def test_money_told_of_after_all_still_buys_the_goods(scene: Scene, clock: FrozenClock) -> None:
    await scene.to_the_page()
    await _move(scene)
    scene.shopper_pays()
    clock.advance(hours=25)
    await tasks.poll(scene.desk)
    assert (await scene.order()).state == OrderState.EXPIRED
    await scene.webhooks()
    assert (await scene.order()).state == OrderState.PAID
