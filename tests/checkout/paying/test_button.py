"""From the binding button to the page of the provider, with everything that can stand in the way."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx
import pytest

from catalog.kernel.money import Money
from catalog.shops import service as shops
from catalog.shops.settings import ShippingMethod, ShopSettings
from checkout.carts import service as carts
from checkout.carts.values import Add
from checkout.orders import service as orders
from checkout.orders.states import OrderState
from checkout.paying import opening
from checkout.paying.opening import Problem, ProblemKind, RedirectTo
from checkout.payments.states import PaymentState
from checkout.pricing import service as pricing
from checkout.pricing.discounts import DiscountRule
from tests.checkout.factories import TEE
from tests.checkout.paying.scene import Scene
from tests.checkout.payments.description import description
from tests.conftest import FrozenClock


async def test_the_button_leads_to_a_page_with_the_orders_own_total(scene: Scene) -> None:
    result = await scene.to_the_page()
    order = await scene.order()
    (session,) = scene.double.objects["checkout.session"].values()
    assert result == RedirectTo(session["url"])
    assert session["amount_total"] == order.total_minor
    assert session["client_reference_id"] == str(order.id) == session["metadata"]["order_id"]
    assert session["success_url"] == f"https://shop.example/o/{order.code}?session_id={{CHECKOUT_SESSION_ID}}"
    assert order.state == OrderState.AWAITING_PAYMENT
    assert order.hold_until.timestamp() >= session["expires_at"] + 600


async def test_the_page_names_the_way_of_sending_as_the_shop_does(scene: Scene) -> None:
    method = ShippingMethod(code="parcel", name={"de": "", "en": "Standard"}, price=Money(490, "EUR"))
    async with scene.units(scene.shop_id) as uow:
        await shops.change_settings(uow, ShopSettings(shipping=(method,)))
    await scene.to_the_page()
    ((*_, last),) = scene.double.line_items.values()
    assert (last["description"], last["amount_total"]) == ("Standard", 490)


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


async def test_fields_that_are_missing_or_wrong_are_named_and_nothing_is_ordered(scene: Scene) -> None:
    code = await scene.fill_cart()
    result = await opening.pay(scene.desk, scene.shop_id, code, {"street": "Lindenstraße 5", "postal_code": "1096"})
    assert isinstance(result, Problem)
    assert result.kind is ProblemKind.FIELDS
    assert {fault.field for fault in result.fields} == {"postal_code", "city"}
    assert await scene.orders() == []


async def test_while_the_provider_is_down_the_page_says_so_and_the_same_link_works_later(scene: Scene) -> None:
    code = await scene.fill_cart()
    scene.double.faults.down = True
    result = await scene.press(code)
    assert isinstance(result, Problem)
    assert result.kind is ProblemKind.PROVIDER_DOWN
    scene.double.faults.down = False
    assert isinstance(await scene.press(code), RedirectTo)
    assert [payment.attempt for payment in await scene.payments()] == [1]


async def test_a_fault_that_stripe_keeps_with_the_key_does_not_block_the_next_press(scene: Scene) -> None:
    code = await scene.fill_cart()
    scene.double.faults.error_500_stored_next = 1
    assert isinstance(await scene.press(code), Problem)
    assert isinstance(await scene.press(code), RedirectTo)
    assert [payment.state for payment in await scene.payments()] == [PaymentState.FAILED, PaymentState.OPEN]


@dataclass
class _Before(httpx.AsyncBaseTransport):
    """Something happens, or is answered, before a page is asked for at the provider."""

    happens: Callable[[], Awaitable[httpx.Response | None]]
    inner: httpx.AsyncBaseTransport

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await self.happens() if request.url.path == "/v1/checkout/sessions" else None
        return answer or await self.inner.handle_async_request(request)


async def test_a_page_made_while_its_order_is_called_off_is_closed(scene: Scene) -> None:
    async def called_off() -> None:
        await scene.calls_off("merchant")
        await scene.events_and_jobs()

    scene.wired.wire.inner = _Before(called_off, scene.wired.wire.inner)
    result = await scene.press(await scene.fill_cart())
    assert isinstance(result, Problem)
    assert result.kind is ProblemKind.CHANGED
    (session,) = scene.double.objects["checkout.session"].values()
    assert session["status"] == "expired"


@pytest.mark.parametrize(
    ("code", "kind", "states"),
    [
        ("amount_too_small", ProblemKind.NOT_READY, [PaymentState.FAILED, PaymentState.OPEN]),
        ("rate_limit", ProblemKind.PROVIDER_DOWN, [PaymentState.OPEN]),
    ],
)
async def test_a_page_that_the_provider_will_not_make_gives_way_to_another(
    scene: Scene, code: str, kind: ProblemKind, states: list[PaymentState]
) -> None:
    link, inner = await scene.fill_cart(), scene.wired.wire.inner

    async def refused() -> httpx.Response:
        return httpx.Response(400, json={"error": {"type": "invalid_request_error", "code": code, "message": "no"}})

    scene.wired.wire.inner = _Before(refused, inner)
    result = await scene.press(link)
    assert isinstance(result, Problem)
    assert result.kind is kind
    scene.wired.wire.inner = inner
    assert isinstance(await scene.press(link), RedirectTo)
    assert [payment.state for payment in await scene.payments()] == states


async def test_a_shop_without_an_account_says_so(scene: Scene) -> None:
    async with scene.units(scene.shop_id) as uow:
        await uow.execute("UPDATE payment_account SET active = FALSE WHERE shop_id = $1", scene.shop_id)
    result = await scene.press(await scene.fill_cart())
    assert isinstance(result, Problem)
    assert result.kind is ProblemKind.NOT_READY
    assert await scene.orders() == []


async def test_a_total_that_the_provider_cannot_charge_orders_nothing(scene: Scene) -> None:
    code = await scene.fill_cart(2)
    async with scene.units(scene.shop_id) as uow:
        await uow.execute("UPDATE variant SET price_minor = 1 WHERE shop_id = $1", scene.shop_id)
    result = await scene.press(code)
    assert isinstance(result, Problem)
    assert (result.kind, result.values["least_minor"]) == (ProblemKind.AMOUNT, 50)
    assert await scene.orders() == []


async def test_goods_that_others_bought_meanwhile_are_named(scene: Scene) -> None:
    code = await scene.fill_cart()
    async with scene.units(scene.shop_id) as uow:
        await uow.execute("UPDATE stock_level SET on_hand = 1 WHERE shop_id = $1", scene.shop_id)
    result = await scene.press(code)
    assert isinstance(result, Problem)
    assert (result.kind, result.lines) == (ProblemKind.UNAVAILABLE, ((TEE, 2, 1),))


async def test_a_page_just_paid_is_noticed_when_a_second_one_is_wanted(scene: Scene, clock: FrozenClock) -> None:
    code = await scene.fill_cart()
    await scene.press(code)
    scene.shopper_pays()
    clock.advance(minutes=44)
    order = await scene.order()
    assert await scene.press(code) == RedirectTo(f"https://shop.example/o/{order.code}")
    assert (await scene.order()).state == OrderState.PAID
    assert len(scene.double.objects["checkout.session"]) == 1


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
