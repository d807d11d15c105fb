"""What the provider tells or is asked, by every way it comes: the order learns of it, and once."""

import asyncio
import random
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from catalog.kernel.errors import Forged, NotFound, Unreadable
from catalog.kernel.ids import new_id
from catalog.kernel.secrets import Secret
from checkout.orders import service as orders
from checkout.orders.states import OrderState
from checkout.paying import asking, hearing, tasks
from checkout.paying.opening import RedirectTo
from checkout.payments import accounts, ledger
from checkout.payments.states import PaymentState
from checkout.payments.stripe_signature import sign
from storefront.lab.stripe_double import refunds as provider_refunds
from tests.checkout.paying.scene import Scene
from tests.checkout.payments.factories import hear, news, refund_news
from tests.checkout.payments.wiring import WEBHOOK_SECRET
from tests.conftest import FrozenClock

DICE = random.Random(1)  # noqa: S311 - replay, never secrets


async def test_told_by_everybody_at_once_it_is_paid_once(scene: Scene) -> None:
    await scene.to_the_page()
    scene.shopper_pays()
    order = await scene.order()
    again = [scene.webhook(entry) for entry in scene.double.deliveries for _ in range(3)]
    looks = [asking.look(scene.desk, scene.shop_id, order.id) for _ in range(3)]
    await asyncio.gather(*again, *looks, tasks.reconcile(scene.desk))
    assert (await scene.order()).state == OrderState.PAID
    assert (await scene.told()).count("OrderPaid") == 1


async def test_a_paid_page_pays_the_order_once_however_often_it_is_told(scene: Scene) -> None:
    await scene.to_the_page()
    scene.shopper_pays()
    await scene.webhooks(copies=3, shuffle=DICE)
    order = await scene.order()
    await asking.look(scene.desk, scene.shop_id, order.id)
    await tasks.reconcile(scene.desk)
    await scene.events_and_jobs()
    order = await scene.order()
    assert order.state == OrderState.PAID
    assert [event.type for event in order.events].count("paid") == 1
    assert (await scene.told()).count("OrderPaid") == 1
    assert [payment.state for payment in await scene.payments()] == [PaymentState.CAPTURED]
    assert await scene.refunds() == []


async def test_news_that_is_known_waits_for_nobody(scene: Scene) -> None:
    await scene.to_the_page()
    scene.shopper_pays()
    await scene.webhooks()
    order = await scene.order()
    async with scene.units(scene.shop_id) as uow:
        await orders.lock_order(uow, order.id)
        await asyncio.wait_for(asyncio.create_task(tasks.reconcile(scene.desk)), timeout=10)


@pytest.mark.parametrize("teller", ["webhook", "return page", "poller", "reconciler"])
async def test_any_one_teller_is_enough(scene: Scene, clock: FrozenClock, teller: str) -> None:
    await scene.to_the_page()
    scene.shopper_pays()
    if teller == "webhook":
        await scene.webhooks(only="checkout.session.completed")
    elif teller == "return page":
        await asking.look(scene.desk, scene.shop_id, (await scene.order()).id)
    elif teller == "poller":
        clock.advance(minutes=4)
        await tasks.poll(scene.desk)
    else:
        await tasks.reconcile(scene.desk)
    assert (await scene.order()).state == OrderState.PAID


async def test_after_days_of_silence_the_reconciler_catches_up(scene: Scene, clock: FrozenClock) -> None:
    await scene.to_the_page()
    scene.shopper_pays()
    clock.advance(days=5)
    await tasks.reconcile(scene.desk)
    assert (await scene.order()).state == OrderState.PAID


@pytest.mark.parametrize("teller", ["webhook", "poller"])
async def test_after_an_outage_the_reconciler_reads_all_of_it_whatever_else_is_heard_first(
    scene: Scene, clock: FrozenClock, teller: str
) -> None:
    await scene.buys()
    await tasks.reconcile(scene.desk)
    clock.advance(days=2)
    (charge,) = scene.double.objects["charge"]
    provider_refunds.create(scene.double, {"charge": charge, "amount": "1500"}, key=None)
    scene.double.deliveries.clear()
    clock.advance(days=2)
    await scene.to_the_page(1)
    scene.shopper_pays()
    if teller == "webhook":
        await scene.webhooks()
    clock.advance(minutes=4)
    await tasks.poll(scene.desk)
    await tasks.reconcile(scene.desk)
    assert [(refund.origin, refund.amount.minor) for refund in await scene.refunds()] == [("provider", 1500)]


async def test_news_that_waits_finds_its_payment_behind_any_amount_of_another_shops(scene: Scene) -> None:
    await scene.buys()
    (payment,) = await scene.payments()
    async with scene.units(scene.shop_id) as uow:
        for number in range(201):
            other = refund_news(intent=f"pi_other{number}", refund=f"re_other{number}")
            await ledger.store_event(uow, scene.account_id, other)
        ours = refund_news(intent=payment.intent_id or "", amount=1500)
        await ledger.store_event(uow, scene.account_id, ours)
    await tasks.reconcile(scene.desk)
    assert [(refund.origin, refund.amount.minor) for refund in await scene.refunds()] == [("provider", 1500)]


async def test_a_round_of_the_reconciler_that_broke_off_is_read_again(scene: Scene, clock: FrozenClock) -> None:
    await scene.to_the_page()
    scene.shopper_pays()
    scene.double.deliveries.clear()
    clock.advance(days=2)
    scene.double.faults.down = True
    await tasks.reconcile(scene.desk)
    scene.double.faults.down = False
    await tasks.reconcile(scene.desk)
    assert (await scene.order()).state == OrderState.PAID
    asked = [each for each in scene.wired.wire.requests if each.url.path.endswith("/v1/events")]
    await tasks.reconcile(scene.desk)
    again = [each for each in scene.wired.wire.requests if each.url.path.endswith("/v1/events")][len(asked) :]
    since = int(again[0].url.params["created[gt]"])
    assert since == int((clock.now - timedelta(hours=6)).timestamp())


async def test_a_silent_provider_does_not_trouble_the_return_page(scene: Scene, clock: FrozenClock) -> None:
    await scene.to_the_page()
    scene.double.faults.down = True
    assert await asking.look(scene.desk, scene.shop_id, (await scene.order()).id) is False
    scene.double.faults.down = False
    clock.advance(seconds=4)
    assert await asking.look(scene.desk, scene.shop_id, (await scene.order()).id) is True


async def test_a_return_page_that_is_loaded_on_and_on_asks_the_provider_now_and_then(
    scene: Scene, clock: FrozenClock
) -> None:
    def asked() -> int:
        asks = [each for each in scene.wired.wire.requests if each.method == "GET"]
        return len([each for each in asks if "/checkout/sessions/" in each.url.path])

    await scene.to_the_page()
    order = await scene.order()
    await asyncio.gather(*(asking.look(scene.desk, scene.shop_id, order.id) for _ in range(5)))
    assert asked() == 1
    scene.shopper_pays()
    clock.advance(seconds=4)
    for _ in range(5):
        await asking.look(scene.desk, scene.shop_id, order.id)
        clock.advance(seconds=4)
    assert asked() == 2
    assert (await scene.order()).state == OrderState.PAID


async def test_money_that_differs_from_the_order_makes_it_an_exception(scene: Scene) -> None:
    link = await scene.fill_cart()
    await scene.press(link)
    (session,) = scene.double.objects["checkout.session"].values()
    session["amount_total"] -= 100
    scene.shopper_pays()
    await scene.webhooks(copies=2)
    order = await scene.order()
    assert (order.state, order.reason) == (OrderState.EXCEPTION, "amount_differs")
    assert await scene.press(link) == RedirectTo(f"https://shop.example/o/{order.code}")
    assert (await scene.told()).count("OrderInException") == 1
    assert await scene.refunds() == []


async def test_a_dispute_stands_on_the_orders_timeline(scene: Scene) -> None:
    await scene.to_the_page()
    scene.shopper_pays()
    await scene.webhooks()
    dispute = provider_refunds.dispute(scene.double, (await scene.payments())[0].intent_id or "")
    await scene.webhooks(copies=2)
    await scene.events_and_jobs()
    provider_refunds.close_dispute(scene.double, dispute["id"], "lost")
    await scene.webhooks(copies=2)
    await scene.events_and_jobs()
    kinds = [event.type for event in (await scene.order()).events]
    assert kinds[-2:] == ["payment_disputed", "dispute_lost"]


async def test_each_dispute_and_its_end_stands_on_the_orders_timeline(scene: Scene) -> None:
    await scene.to_the_page()
    scene.shopper_pays()
    await scene.webhooks()
    for end in ("won", "won"):
        dispute = provider_refunds.dispute(scene.double, (await scene.payments())[0].intent_id or "")
        await scene.webhooks(copies=2)
        provider_refunds.close_dispute(scene.double, dispute["id"], end)
        await scene.webhooks(copies=2)
        await scene.events_and_jobs()
    kinds = [event.type for event in (await scene.order()).events]
    assert kinds[-4:] == ["payment_disputed", "dispute_won"] * 2


async def test_a_warning_of_fraud_stands_on_the_orders_timeline(scene: Scene) -> None:
    await scene.buys()
    warning = {"id": "issfr_1", "object": "radar.early_fraud_warning"}
    warning["payment_intent"] = (await scene.payments())[0].intent_id or ""
    async with scene.units(scene.shop_id) as uow:
        await hear(uow, scene.account_id, news("radar.early_fraud_warning.created", warning))
    await scene.events_and_jobs()
    assert (await scene.order()).events[-1].type == "fraud_warned"


async def test_a_forged_webhook_leaves_nothing_and_a_broken_one_is_named(scene: Scene) -> None:
    await scene.to_the_page()
    now = datetime.now(UTC)
    with pytest.raises(Forged):
        await hearing.handle_webhook(scene.desk, scene.account_id, b"{}", "t=1,v1=00", now)
    with pytest.raises(NotFound):
        await hearing.handle_webhook(scene.desk, new_id(), b"{}", None, now)
    with pytest.raises(Unreadable):
        await hearing.handle_webhook(
            scene.desk, scene.account_id, b"{}", sign(b"{}", Secret(WEBHOOK_SECRET), int(now.timestamp())), now
        )
    async with scene.units(scene.shop_id) as uow:
        kept = await uow.fetchval("SELECT count(*) FROM payment_event WHERE shop_id = $1", scene.shop_id)
    assert kept == 1  # what the provider answered when the page was opened


async def test_an_account_whose_webhooks_never_come_is_known_an_hour_after_its_payment(
    scene: Scene, clock: FrozenClock
) -> None:
    await scene.to_the_page()
    scene.shopper_pays()
    await asking.look(scene.desk, scene.shop_id, (await scene.order()).id)
    assert await silent(scene) == []
    clock.advance(minutes=61)
    assert await silent(scene) == [scene.account_id]
    await scene.webhooks()
    assert await silent(scene) == []


async def test_an_account_whose_webhooks_end_is_known_after_the_next_payment(scene: Scene, clock: FrozenClock) -> None:
    await scene.buys()
    await scene.webhooks()
    clock.advance(days=1)
    assert await silent(scene) == []
    await scene.to_the_page()
    scene.shopper_pays()
    for one in await scene.orders():
        await asking.look(scene.desk, scene.shop_id, one.id)
    clock.advance(minutes=61)
    assert await silent(scene) == [scene.account_id]


async def silent(scene: Scene) -> list[UUID]:
    async with scene.desk.units(None) as uow:
        return [account.id for account in await accounts.silent_accounts(uow)]
