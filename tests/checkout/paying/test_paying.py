"""From the binding button to the paid order, with everything that can come between."""

import asyncio
import random
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from catalog.kernel.errors import Forged, NotFound, Unreadable
from catalog.kernel.ids import new_id
from catalog.kernel.secrets import Secret
from catalog.shops.service import create_shop
from catalog.shops.settings import ShopSettings, Tax
from checkout.carts import reactions as cart_reactions
from checkout.carts import service as carts
from checkout.carts.values import Add
from checkout.customers import service as customers
from checkout.customers.events import CustomersMerged
from checkout.orders import service as orders
from checkout.orders.states import OrderState
from checkout.paying import asking, hearing, opening, page, repository, tasks
from checkout.paying.opening import Problem, ProblemKind, RedirectTo
from checkout.paying.page import LinkState
from checkout.payments import ledger
from checkout.payments.states import PaymentState
from checkout.payments.stripe_signature import sign
from checkout.pricing import service as pricing
from checkout.pricing.discounts import DiscountRule
from storefront.lab.stripe_double import refunds as provider_refunds
from tests.checkout.factories import TEE, make_customer, make_order, make_variant
from tests.checkout.paying.scene import Scene
from tests.checkout.payments.description import description
from tests.checkout.payments.factories import refund_news
from tests.checkout.payments.wiring import WEBHOOK_SECRET
from tests.conftest import FrozenClock

DICE = random.Random(1)  # noqa: S311 - replay, never secrets


async def test_the_button_leads_to_a_page_with_the_orders_own_total(scene: Scene) -> None:
    result = await scene.to_the_page()
    order = await scene.order()
    (session,) = scene.double.objects["checkout.session"].values()
    assert result == RedirectTo(session["url"], order.id)
    assert session["amount_total"] == order.total_minor
    assert session["client_reference_id"] == str(order.id) == session["metadata"]["order_id"]
    assert session["success_url"] == f"https://shop.example/o/{order.code}?session_id={{CHECKOUT_SESSION_ID}}"
    assert order.state == OrderState.AWAITING_PAYMENT
    assert order.hold_until.timestamp() >= session["expires_at"] + 600


async def test_every_request_on_the_way_fits_stripes_description(scene: Scene) -> None:
    judge = description()
    await scene.to_the_page()
    scene.shopper_pays()
    await scene.webhooks()
    order = await scene.order()
    async with scene.units(scene.shop_id) as uow:
        await orders.cancel(uow, order.id, "shopper")
    await scene.events_and_jobs()
    assert scene.wired.wire.requests
    for request in scene.wired.wire.requests:
        assert judge.request_errors(request) == []


async def test_pressing_again_leads_to_the_same_page(scene: Scene) -> None:
    code = await scene.fill_cart()
    first = await scene.press(code)
    assert await scene.press(code) == first
    assert len(scene.double.objects["checkout.session"]) == len(await scene.payments()) == 1


async def test_pressed_by_five_thumbs_at_once_it_is_one_order_and_one_page(scene: Scene) -> None:
    code = await scene.fill_cart()
    scene.double.faults.delay_ms = 20  # so that one key is asked for several times at once
    results = await asyncio.gather(*(scene.press(code) for _ in range(5)))
    assert {result.url for result in results if isinstance(result, RedirectTo)} == {
        session["url"] for session in scene.double.objects["checkout.session"].values()
    }
    assert len(await scene.orders()) == len(await scene.payments()) == 1


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


async def test_the_button_of_a_paid_order_leads_to_its_own_page(scene: Scene) -> None:
    code = await scene.fill_cart()
    await scene.press(code)
    scene.shopper_pays()
    await scene.webhooks()
    order = await scene.order()
    assert await scene.press(code) == RedirectTo(f"https://shop.example/o/{order.code}", order.id)
    async with scene.units(scene.shop_id) as uow:
        assert (await page.link_view(uow, code)).state == LinkState.PAID


async def test_looking_at_a_link_changes_nothing(scene: Scene) -> None:
    code = await scene.fill_cart()
    async with scene.units(None) as uow:
        assert await page.find_shop(uow, code) == scene.shop_id
        with pytest.raises(NotFound):
            await page.find_shop(uow, "nothing")
    async with scene.units(scene.shop_id) as uow:
        view = await page.link_view(uow, code)
    assert (view.state, view.cart.units, view.order) == (LinkState.OPEN, 2, None)
    assert view.wanted == ("street", "postal_code", "city", "country")
    assert await scene.orders() == []
    assert scene.double.objects["checkout.session"] == {}


async def test_fields_that_are_missing_or_wrong_are_named_and_nothing_is_ordered(scene: Scene) -> None:
    code = await scene.fill_cart()
    result = await opening.pay(scene.desk, scene.shop_id, code, {"street": "Lindenstraße 5", "postal_code": "1096"})
    assert isinstance(result, Problem)
    assert result.kind is ProblemKind.FIELDS
    assert {fault.field for fault in result.fields} == {"postal_code", "city"}
    assert await scene.orders() == []


async def test_a_superseded_link_names_the_present_one_and_never_leads_to_the_old_page(scene: Scene) -> None:
    old = await scene.fill_cart()
    first = await scene.press(old)
    assert isinstance(first, RedirectTo)
    async with scene.units(scene.shop_id) as uow:
        await carts.apply(uow, scene.customer_id, [Add(TEE, 1)], "de")
    await scene.events_and_jobs()
    assert [session["status"] for session in scene.double.objects["checkout.session"].values()] == ["expired"]
    async with scene.units(scene.shop_id) as uow:
        view = await page.link_view(uow, old)
    assert (view.state, view.cart.units) == (LinkState.SUPERSEDED, 3)
    result = await scene.press(old)
    assert isinstance(result, Problem)
    assert (result.kind, result.code != old) == (ProblemKind.SUPERSEDED, True)
    second = await scene.press(result.code or "")
    assert isinstance(second, RedirectTo)
    assert second.url != first.url
    assert [order.state for order in await scene.orders()] == [OrderState.EXPIRED, OrderState.AWAITING_PAYMENT]


async def test_the_present_cart_seen_on_an_old_link_can_be_ordered_there(scene: Scene) -> None:
    old = await scene.fill_cart()
    await scene.fill_cart(1)
    async with scene.units(scene.shop_id) as uow:
        view = await page.link_view(uow, old)
    seen = {
        "cart": str(view.cart.id),
        "version": str(view.cart.version),
        "total": str(view.cart.totals.total.minor),
    }
    assert isinstance(await scene.press(old, **seen), RedirectTo)
    assert (await scene.press(old, **seen | {"total": "1"})) == Problem(
        ProblemKind.CHANGED, values={"total_minor": view.cart.totals.total.minor}
    )


async def test_an_equal_sum_with_another_tax_inside_is_looked_at_again(scene: Scene) -> None:
    code = await scene.fill_cart()
    async with scene.units(scene.shop_id) as uow:
        await uow.execute(
            "UPDATE shop SET settings = $2, revision = revision + 1 WHERE id = $1 /* shop_id */",
            scene.shop_id, msgspec.json.encode(ShopSettings(tax=Tax(oss=True))).decode(),
        )  # fmt: skip
    async with scene.units(scene.shop_id) as uow:
        seen = (await page.link_view(uow, code)).cart.totals
    shown = {"total": str(seen.total.minor), "tax": str(seen.tax.minor), "to": "DE"}
    vienna = {"country": "AT", "postal_code": "1010", "city": "Wien"}
    assert await scene.press(code, **shown, **vienna) == Problem(
        ProblemKind.DESTINATION, values={"total_minor": seen.total.minor}
    )
    async with scene.units(scene.shop_id) as uow:
        fresh = (await page.link_view(uow, code, vienna)).cart.totals
    assert fresh.tax != seen.tax
    assert isinstance(await scene.press(code, **shown | {"tax": str(fresh.tax.minor)}, **vienna), RedirectTo)


async def test_the_link_of_a_guest_leads_to_the_cart_of_the_person_they_turned_out_to_be(scene: Scene) -> None:
    old = await scene.fill_cart(2)
    async with scene.units(scene.shop_id) as uow:
        known = await make_customer(uow)
        merge = await customers.merge(uow, scene.customer_id, known, proof="signed_in")
        await cart_reactions.on_customers_merged(uow, CustomersMerged(merge, scene.customer_id, known))
    async with scene.units(scene.shop_id) as uow:
        view = await page.link_view(uow, old)
    assert (view.state, view.cart.units) == (LinkState.SUPERSEDED, 2)
    result = await scene.press(old)
    assert isinstance(result, Problem)
    assert isinstance(await scene.press(result.code or ""), RedirectTo)
    assert (await scene.order()).customer_id == known


async def test_a_superseded_page_paid_all_the_same_buys_the_goods(scene: Scene) -> None:
    await scene.to_the_page()
    scene.shopper_pays()
    async with scene.units(scene.shop_id) as uow:
        await carts.apply(uow, scene.customer_id, [Add(TEE, 1)], "de")
    await scene.events_and_jobs()
    await scene.webhooks()
    assert (await scene.order()).state == OrderState.PAID
    assert await scene.refunds() == []


async def test_while_the_provider_is_down_the_page_says_so_and_the_same_link_works_later(scene: Scene) -> None:
    code = await scene.fill_cart()
    scene.double.faults.down = True
    result = await scene.press(code)
    assert isinstance(result, Problem)
    assert result.kind is ProblemKind.PROVIDER_DOWN
    scene.double.faults.down = False
    assert isinstance(await scene.press(code), RedirectTo)
    assert [payment.attempt for payment in await scene.payments()] == [1]


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


async def test_a_fault_that_stripe_keeps_with_the_key_does_not_block_the_next_press(scene: Scene) -> None:
    code = await scene.fill_cart()
    scene.double.faults.error_500_stored_next = 1
    assert isinstance(await scene.press(code), Problem)
    assert isinstance(await scene.press(code), RedirectTo)
    assert [payment.state for payment in await scene.payments()] == [PaymentState.FAILED, PaymentState.OPEN]


async def test_a_shop_without_an_account_says_so(scene: Scene) -> None:
    async with scene.units(scene.shop_id) as uow:
        await uow.execute("UPDATE payment_account SET active = FALSE WHERE shop_id = $1", scene.shop_id)
    result = await scene.press(await scene.fill_cart())
    assert isinstance(result, Problem)
    assert result.kind is ProblemKind.NOT_READY
    assert await scene.orders() == []


async def test_goods_that_others_bought_meanwhile_are_named(scene: Scene) -> None:
    code = await scene.fill_cart()
    async with scene.units(scene.shop_id) as uow:
        await uow.execute("UPDATE stock_level SET on_hand = 1 WHERE shop_id = $1", scene.shop_id)
    result = await scene.press(code)
    assert isinstance(result, Problem)
    assert (result.kind, result.lines) == (ProblemKind.UNAVAILABLE, ((TEE, 2, 1),))


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
    await asyncio.sleep(0.15)  # the provider is asked to close the old page
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


async def test_a_page_just_paid_is_noticed_when_a_second_one_is_wanted(scene: Scene, clock: FrozenClock) -> None:
    code = await scene.fill_cart()
    await scene.press(code)
    scene.shopper_pays()
    clock.advance(minutes=44)
    order = await scene.order()
    assert await scene.press(code) == RedirectTo(f"https://shop.example/o/{order.code}", order.id)
    assert (await scene.order()).state == OrderState.PAID
    assert len(scene.double.objects["checkout.session"]) == 1


async def test_money_that_differs_from_the_order_makes_it_an_exception(scene: Scene) -> None:
    await scene.to_the_page()
    (session,) = scene.double.objects["checkout.session"].values()
    session["amount_total"] -= 100
    scene.shopper_pays()
    await scene.webhooks(copies=2)
    order = await scene.order()
    assert (order.state, order.reason) == (OrderState.EXCEPTION, "amount_differs")
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


async def test_a_code_for_one_use_holds_for_the_button_pressed_again_and_for_a_changed_cart(scene: Scene) -> None:
    async with scene.units(scene.shop_id) as uow:
        await pricing.create_discount(uow, DiscountRule("ONCE", percent_bp=1000, max_redemptions=1, per_person=1))
    await scene.fill_cart(1)
    async with scene.units(scene.shop_id) as uow:
        assert not (await carts.put_discount(uow, scene.customer_id, "ONCE", "de")).refused
    code = await scene.fill_cart(1)
    first = await scene.press(code)
    assert await scene.press(code) == first
    assert isinstance(await scene.press(await scene.fill_cart(1)), RedirectTo)
    await scene.events_and_jobs()
    scene.shopper_pays()
    await scene.webhooks()
    assert [(order.state, order.discount_minor) for order in await scene.orders()] == [
        (OrderState.EXPIRED, 498),
        (OrderState.PAID, 747),
    ]
    async with scene.units(scene.shop_id) as uow:
        await carts.apply(uow, scene.customer_id, [Add(TEE, 1)], "de")
        refused = (await carts.put_discount(uow, scene.customer_id, "ONCE", "de")).refused
    assert [type(each).__name__ for each in refused] == ["DiscountRefused"]
