"""Pages to which the account's key leads no more count as run out; an account that is removed leaves nothing open."""

from datetime import UTC, datetime

import pytest

from catalog.kernel.errors import NotFound
from checkout.orders.states import OrderState
from checkout.paying import hearing, tasks
from checkout.paying.opening import Problem, RedirectTo
from checkout.payments import accounts
from checkout.payments.errors import AccountInUse
from checkout.payments.states import PaymentState, RefundState
from tests.checkout.paying.scene import Scene
from tests.checkout.payments.factories import VAULT, make_account
from tests.checkout.payments.wiring import WEBHOOK_SECRET
from tests.conftest import FrozenClock


async def _remove(scene: Scene) -> None:
    async with scene.units(scene.shop_id) as uow:
        await accounts.remove(uow, VAULT, scene.account_id)


async def _activate_another(scene: Scene) -> None:
    async with scene.units(scene.shop_id) as uow:
        await accounts.activate(uow, await make_account(uow))


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


async def test_an_account_is_removed_when_another_takes_the_money_and_its_own_is_done(scene: Scene) -> None:
    await scene.to_the_page()
    with pytest.raises(AccountInUse, match="activate another"):
        await _remove(scene)
    await _activate_another(scene)
    with pytest.raises(AccountInUse) as refusal:
        await _remove(scene)
    assert refusal.value.values == {"payments": 1, "refunds": 0}
    scene.shopper_pays()
    await scene.webhooks()
    await _remove(scene)
    async with scene.units(scene.shop_id) as uow:
        assert scene.account_id not in {each.id for each in await accounts.list_accounts(uow)}
        kept = await uow.fetchval("SELECT sealed FROM payment_account WHERE id = $1", scene.account_id)
    assert VAULT.open(kept, context=f"payment_account:{scene.account_id}") == {}
    assert ((await scene.order()).state, (await scene.payments())[0].state) == (OrderState.PAID, PaymentState.CAPTURED)


async def test_money_on_its_way_back_keeps_its_account(scene: Scene) -> None:
    await scene.buys()
    await _activate_another(scene)
    await scene.calls_off("merchant")
    await scene._events()
    with pytest.raises(AccountInUse) as refusal:
        await _remove(scene)
    assert refusal.value.values == {"payments": 0, "refunds": 1}
    await scene.events_and_jobs()
    await scene.webhooks()
    await _remove(scene)


async def test_money_of_a_removed_account_is_owed_and_told(scene: Scene) -> None:
    await scene.buys()
    await _activate_another(scene)
    await _remove(scene)
    await scene.calls_off("merchant")
    await scene.events_and_jobs()
    (refund,) = await scene.refunds()
    assert (refund.state, refund.failure) == (RefundState.FAILED, "payment_account_removed")
    assert "RefundFailed" in await scene.told()


async def test_news_for_a_removed_account_finds_nobody(scene: Scene) -> None:
    await scene.buys()
    await _activate_another(scene)
    await _remove(scene)
    with pytest.raises(NotFound):
        await hearing.handle_webhook(scene.desk, scene.account_id, b"{}", "t=1,v1=0", datetime.now(UTC))
    asked = len(scene.wired.wire.requests)
    await tasks.reconcile(scene.desk)
    assert len(scene.wired.wire.requests) - asked <= 1, "the other account alone is asked for news"


async def test_an_order_that_never_got_a_page_ends_after_its_account(scene: Scene, clock: FrozenClock) -> None:
    scene.double.faults.down = True
    await scene.press(await scene.fill_cart())
    await _activate_another(scene)
    clock.advance(minutes=90)
    await _remove(scene)
    await tasks.poll(scene.desk)
    assert (await scene.order()).state == OrderState.EXPIRED
