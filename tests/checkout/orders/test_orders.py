"""Orders: placed once, paid once, called off in time, and right whatever comes late, twice or not at all."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
import pytest

from catalog.kernel.errors import Invalid
from catalog.kernel.ids import new_id
from catalog.kernel.money import Money
from catalog.kernel.unit_of_work import UnitOfWork, Units
from catalog.shops.settings import ShippingMethod, ShopSettings, Tax
from checkout.carts import service as carts
from checkout.carts.events import CartSuperseded
from checkout.carts.values import Add, ChangeVariant, SetQuantity
from checkout.customers import service as customers
from checkout.customers.events import CustomerErased
from checkout.inventory import service as inventory
from checkout.orders import reactions
from checkout.orders import service as orders
from checkout.orders.errors import (
    CartHasChanged,
    CartIsEmpty,
    LinesUnavailable,
    NotDeliverable,
    NotInException,
    OrderNotFound,
    TooLateToCancel,
)
from checkout.orders.events import OrderCancelled, OrderExpired, OrderInException, OrderPaid, OrderPlaced
from checkout.orders.models import Order
from checkout.orders.service import CancelledBy, ExceptionReason, ExpiryReason, PaidOutcome
from checkout.paying import reactions as paying
from checkout.pricing import service as pricing
from checkout.pricing.discounts import DiscountRule
from checkout.pricing.errors import DiscountUsedUp
from tests.checkout.factories import TEE, delivery, make_customer, make_order, make_variant
from tests.conftest import FrozenClock


async def _available(uow: UnitOfWork, sku: str = TEE) -> int:
    return (await inventory.levels(uow, [sku]))[sku].available


async def _on_hand(uow: UnitOfWork, sku: str = TEE) -> int:
    return (await inventory.levels(uow, [sku]))[sku].on_hand


async def _pay(uow: UnitOfWork, order_id: UUID) -> PaidOutcome:
    return await orders.mark_paid(uow, await orders.lock_order(uow, order_id))


async def _set_shop(uow: UnitOfWork, values: ShopSettings, *, next_number: int = 1001) -> None:
    await uow.execute(
        "UPDATE shop SET settings = $2, revision = revision + 1, next_order_number = $3 WHERE id = $1 /* shop_id */",
        uow.shop_id, msgspec.json.encode(values).decode(), next_number,
    )  # fmt: skip


@pytest.fixture
async def tee(uow: UnitOfWork) -> UUID:
    return await make_variant(uow)


@pytest.fixture
async def ada(uow: UnitOfWork, tee: UUID) -> UUID:
    return await make_customer(uow)


class TestPlacing:
    async def test_the_order_of_the_journey(self, uow: UnitOfWork, ada: UUID) -> None:
        await _set_shop(uow, ShopSettings(order_prefix="K"), next_number=1042)
        await make_variant(uow, "CHINO-32-32", price=5990)
        order = await make_order(uow, {TEE: 1, "CHINO-32-32": 1}, customer_id=ada)
        shown = orders.present(order)
        assert (shown["number"], shown["state"]) == ("K-1042", "awaiting_payment")
        assert shown["totals"] == {
            "items": {"minor": 8480, "currency": "EUR"},
            "discount": {"minor": 0, "currency": "EUR"},
            "shipping": {"minor": 0, "currency": "EUR"},
            "tax": {"minor": 1354, "currency": "EUR"},
            "total": {"minor": 8480, "currency": "EUR"},
        }
        assert [(line["sku"], line["quantity"], line["tax_rate_bp"]) for line in shown["lines"]] == [
            (TEE, 1, 1900),
            ("CHINO-32-32", 1, 1900),
        ]
        assert [event["type"] for event in shown["events"]] == ["placed"]

    async def test_said_twice_it_is_one_order(self, uow: UnitOfWork, ada: UUID) -> None:
        first = await make_order(uow, customer_id=ada)
        again = await orders.place(uow, ada, delivery(), locale="de")
        assert again.id == first.id
        assert len([event for event in uow.recorded if isinstance(event, OrderPlaced)]) == 1

    async def test_numbers_follow_each_other(self, uow: UnitOfWork, tee: UUID) -> None:
        numbers = [(await make_order(uow)).number for _ in range(3)]
        assert numbers == ["L-1001", "L-1002", "L-1003"]

    async def test_prices_are_frozen(self, uow: UnitOfWork, ada: UUID) -> None:
        order = await make_order(uow, customer_id=ada)
        await uow.execute("UPDATE variant SET price_minor = 1 WHERE shop_id = $1", uow.shop_id)
        assert (await orders.get(uow, order.id)).total == Money(4980, "EUR")

    async def test_goods_are_kept_longer_than_the_payment_takes(self, uow: UnitOfWork, ada: UUID) -> None:
        order = await make_order(uow, customer_id=ada)
        assert order.hold_until == uow.now + timedelta(minutes=40)
        await orders.extend_hold(uow, order, until=uow.now + timedelta(hours=2))
        held = await uow.fetchval("SELECT max(expires_at) FROM reservation WHERE shop_id = $1", uow.shop_id)
        assert held == uow.now + timedelta(hours=2)

    async def test_nothing_is_no_order(self, uow: UnitOfWork, ada: UUID) -> None:
        with pytest.raises(CartIsEmpty):
            await orders.place(uow, ada, delivery(), locale="de")

    async def test_an_address_the_post_would_refuse_is_refused(self, uow: UnitOfWork, ada: UUID) -> None:
        await carts.apply(uow, ada, [Add(TEE)], "de")
        with pytest.raises(Invalid) as refused:
            await orders.place(uow, ada, delivery(postal_code="1096", email="ada"), locale="de")
        assert refused.value.pointer == "/email"
        assert refused.value.values["faults"] == [("email", "malformed"), ("postal_code", "malformed")]

    async def test_another_cart_than_the_one_seen_is_refused(self, uow: UnitOfWork, ada: UUID) -> None:
        cart = (await carts.apply(uow, ada, [Add(TEE)], "de")).cart
        with pytest.raises(CartHasChanged):
            await orders.place(uow, ada, delivery(), locale="de", cart_version=cart.version + 1)
        await uow.execute("UPDATE variant SET price_minor = 2590 WHERE shop_id = $1", uow.shop_id)
        with pytest.raises(CartHasChanged):
            await orders.place(uow, ada, delivery(), locale="de", expected_total=cart.totals.total)

    async def test_where_nothing_goes_nothing_is_sold(self, uow: UnitOfWork, ada: UUID) -> None:
        method = ShippingMethod(code="parcel", name={}, price=Money(490, "EUR"), countries=("DE", "AT"))
        await _set_shop(uow, ShopSettings(shipping=(method,)))
        await carts.apply(uow, ada, [Add(TEE)], "de")
        with pytest.raises(NotDeliverable):
            await orders.place(uow, ada, delivery(country="FR", postal_code="75002"), locale="de")

    async def test_a_shop_that_has_set_up_no_shipping_sells_and_charges_none(self, uow: UnitOfWork, ada: UUID) -> None:
        cart = (await carts.apply(uow, ada, [Add(TEE)], "de")).cart
        assert (cart.deliverable, cart.shipping_code) == (True, None)
        order = await orders.place(uow, ada, delivery(country="FR", postal_code="75002"), locale="de")
        assert (order.shipping_minor, order.shipping["code"], order.shipping["name"]) == (0, "", {})

    async def test_what_is_gone_since_is_named(self, uow: UnitOfWork, ada: UUID) -> None:
        await carts.apply(uow, ada, [Add(TEE, 3)], "de")
        await inventory.set_on_hand(uow, TEE, 2)
        with pytest.raises(LinesUnavailable, match="3 wanted, 2 available"):
            await orders.place(uow, ada, delivery(), locale="de")

    async def test_the_destinations_tax_is_inside_when_the_shop_uses_the_one_stop_shop(
        self, uow: UnitOfWork, ada: UUID
    ) -> None:
        await _set_shop(uow, ShopSettings(tax=Tax(oss=True)))
        await carts.apply(uow, ada, [Add(TEE, 2)], "de")
        order = await orders.place(uow, ada, delivery(country="FR", postal_code="75002"), locale="de")
        assert (order.tax_country, order.total_minor, order.tax_minor) == ("FR", 4980, 830)
        assert order.lines[0].tax_rate_bp == 2000

    async def test_a_new_rate_holds_from_midnight_where_the_shop_is(
        self, units: Units, shop: object, shop_id: UUID, clock: FrozenClock
    ) -> None:
        clock.now = datetime(2020, 12, 31, 23, 30, tzinfo=UTC)  # in Berlin it is the first of January
        async with units(shop_id) as uow:
            await make_variant(uow)
            order = await make_order(uow)
        assert order.lines[0].tax_rate_bp == 1900
        assert order.tax_minor == 795

    async def test_the_address_is_known_the_next_time(self, uow: UnitOfWork, ada: UUID) -> None:
        await make_order(uow, customer_id=ada)
        person = await customers.get(uow, ada)
        assert person.address == delivery().address
        assert person.name == "Ada Lovelace"

    async def test_an_order_of_nothing_to_pay_is_paid_at_once(self, uow: UnitOfWork, ada: UUID) -> None:
        await pricing.create_discount(uow, DiscountRule("GIFT", percent_bp=10_000))
        await carts.apply(uow, ada, [Add(TEE)], "de")
        await carts.put_discount(uow, ada, "GIFT", "de")
        order = await orders.place(uow, ada, delivery(), locale="de")
        assert (order.state, order.total_minor) == ("paid", 0)

    async def test_another_address_for_the_same_cart_is_another_order(self, uow: UnitOfWork, ada: UUID) -> None:
        first = await make_order(uow, customer_id=ada)
        second = await orders.place(uow, ada, delivery(street="Lindenstraße 6"), locale="de")
        assert second.id != first.id
        assert (await orders.get(uow, first.id)).state == "expired"

    async def test_another_size_for_the_same_sum_is_another_order(self, uow: UnitOfWork, ada: UUID) -> None:
        await make_variant(uow, "TEE-GREY-L")
        first = await make_order(uow, customer_id=ada)
        line = (await carts.view(uow, ada, "de")).lines[0]
        await carts.apply(uow, ada, [ChangeVariant(line.id, "TEE-GREY-L")], "de")
        second = await orders.place(uow, ada, delivery(), locale="de")
        assert ([line.sku for line in second.lines], second.total_minor) == (["TEE-GREY-L"], first.total_minor)
        assert (await orders.get(uow, first.id)).state == "expired"

    async def test_another_price_for_the_same_cart_is_another_order(self, uow: UnitOfWork, ada: UUID) -> None:
        first = await make_order(uow, customer_id=ada)
        await uow.execute("UPDATE variant SET price_minor = 1990 WHERE shop_id = $1", uow.shop_id)
        second = await orders.place(uow, ada, delivery(), locale="de")
        assert (second.cart_version, second.total_minor) == (first.cart_version, 3980)
        assert (await orders.get(uow, first.id)).state == "expired"

    async def test_the_last_use_of_a_code_goes_to_one_order(self, uow: UnitOfWork, ada: UUID) -> None:
        for code in ("ONE", "TWO"):
            await pricing.create_discount(uow, DiscountRule(code, percent_bp=1000, max_redemptions=1))
        bob = await make_customer(uow)
        for person in (ada, bob):
            await carts.apply(uow, person, [Add(TEE)], "de")
            await carts.put_discount(uow, person, "ONE", "de")
        order = await orders.place(uow, ada, delivery(), locale="de")
        assert order.discount_minor == 249
        assert sum(line.discount_minor for line in order.lines) == 249
        # Bob's cart shows the full price now; the total he saw was another one.
        with pytest.raises(CartHasChanged):
            await orders.place(uow, bob, delivery(), locale="de", expected_total=Money(2241, "EUR"))
        with pytest.raises(DiscountUsedUp):
            await pricing.redeem(
                uow, "ONE", order_id=new_id(), customer_id=bob, cart_id=new_id(), items=Money(2490, "EUR")
            )
        assert not (await carts.put_discount(uow, bob, "TWO", "de")).refused
        await carts.put_discount(uow, bob, "ONE", "de")
        await orders.expire(uow, order.id)
        assert (await carts.put_discount(uow, bob, "ONE", "de")).cart.totals.discount == Money(249, "EUR")


class TestPaying:
    async def test_paid_goods_leave_the_shelf_and_the_cart_is_done(self, uow: UnitOfWork, ada: UUID) -> None:
        order = await make_order(uow, customer_id=ada, paid=True)
        assert (order.state, await _on_hand(uow), await _available(uow)) == ("paid", 18, 18)
        assert (await carts.view(uow, ada, "de")).id is None
        assert [event.type for event in (await orders.get(uow, order.id)).events] == ["placed", "paid"]

    async def test_told_twice_it_is_paid_once(self, uow: UnitOfWork, ada: UUID) -> None:
        order = await make_order(uow, customer_id=ada, paid=True)
        assert await _pay(uow, order.id) is PaidOutcome.ALREADY_PAID
        assert await _on_hand(uow) == 18
        assert len([event for event in uow.recorded if isinstance(event, OrderPaid)]) == 1

    async def test_a_slow_payment_is_pending_and_then_paid(self, uow: UnitOfWork, ada: UUID) -> None:
        order = await orders.lock_order(uow, (await make_order(uow, customer_id=ada)).id)
        assert await orders.mark_pending(uow, order)
        assert not await orders.mark_pending(uow, order)
        assert await _pay(uow, order.id) is PaidOutcome.PAID

    async def test_late_money_buys_an_expired_order_while_the_goods_are_there(self, uow: UnitOfWork, ada: UUID) -> None:
        order = await make_order(uow, customer_id=ada)
        assert await orders.expire(uow, order.id)
        assert not await orders.expire(uow, order.id)
        assert await _pay(uow, order.id) is PaidOutcome.PAID
        assert await _on_hand(uow) == 18

    async def test_late_money_for_goods_that_are_gone_is_an_exception(
        self, units: Units, shop: object, shop_id: UUID, clock: FrozenClock
    ) -> None:
        async with units(shop_id) as uow:
            await make_variant(uow, stock=2)
            order = await make_order(uow)
        clock.advance(hours=2)
        async with units(shop_id) as uow:
            assert await orders.expire(uow, order.id)
            await make_order(uow, paid=True)
            assert await _pay(uow, order.id) is PaidOutcome.STOCK_GONE
            assert await _pay(uow, order.id) is PaidOutcome.IN_EXCEPTION
            assert [event.reason for event in uow.recorded if isinstance(event, OrderInException)] == ["stock_gone"]
        async with units(shop_id) as uow:
            assert await orders.accept_exception(uow, order.id) is PaidOutcome.STOCK_GONE
            await inventory.set_on_hand(uow, TEE, 5)
            assert await orders.accept_exception(uow, order.id) is PaidOutcome.PAID
            assert await _on_hand(uow) == 3

    async def test_a_late_payment_for_a_cancelled_order_changes_nothing(self, uow: UnitOfWork, ada: UUID) -> None:
        order = await make_order(uow, customer_id=ada)
        await orders.cancel(uow, order.id, CancelledBy.SHOPPER)
        assert await _pay(uow, order.id) is PaidOutcome.CANCELLED
        assert (await orders.get(uow, order.id)).state == "cancelled"

    async def test_the_same_cart_paid_twice_is_an_exception(self, uow: UnitOfWork, ada: UUID) -> None:
        first = await make_order(uow, customer_id=ada)
        await orders.expire(uow, first.id)
        second = await orders.place(uow, ada, delivery(), locale="de")
        assert await _pay(uow, second.id) is PaidOutcome.PAID
        assert await _pay(uow, first.id) is PaidOutcome.PAID_TWICE
        assert await _on_hand(uow) == 18

    async def test_late_money_for_the_first_try_ends_the_second(self, uow: UnitOfWork, ada: UUID) -> None:
        first = await make_order(uow, customer_id=ada)
        await orders.expire(uow, first.id)
        second = await orders.place(uow, ada, delivery(), locale="de")
        assert await _pay(uow, first.id) is PaidOutcome.PAID
        assert (await orders.get(uow, second.id)).state == "expired"
        assert await _on_hand(uow) == 18
        assert await _pay(uow, second.id) is PaidOutcome.PAID_TWICE

    async def test_late_money_for_the_first_try_buys_the_goods_when_the_second_was_called_off(
        self, uow: UnitOfWork, ada: UUID
    ) -> None:
        first = await make_order(uow, customer_id=ada)
        await orders.expire(uow, first.id)
        second = await orders.place(uow, ada, delivery(), locale="de")
        assert await _pay(uow, second.id) is PaidOutcome.PAID
        await orders.cancel(uow, second.id, CancelledBy.SHOPPER)
        assert await _pay(uow, first.id) is PaidOutcome.PAID
        assert await _on_hand(uow) == 18

    async def test_money_that_does_not_fit_is_an_exception(self, uow: UnitOfWork, ada: UUID) -> None:
        order = await orders.lock_order(uow, (await make_order(uow, customer_id=ada)).id)
        assert await orders.mark_exception(uow, order, ExceptionReason.AMOUNT_DIFFERS)
        assert not await orders.mark_exception(uow, order, ExceptionReason.AMOUNT_DIFFERS)
        cancelled = await orders.cancel(uow, order.id, CancelledBy.MERCHANT)
        assert cancelled.state == "cancelled"
        assert [event.refund_needed for event in uow.recorded if isinstance(event, OrderCancelled)] == [True]

    async def test_only_an_exception_is_accepted(self, uow: UnitOfWork, ada: UUID) -> None:
        order = await make_order(uow, customer_id=ada)
        with pytest.raises(NotInException, match="is awaiting_payment"):
            await orders.accept_exception(uow, order.id)
        await _pay(uow, order.id)
        assert await orders.accept_exception(uow, order.id) is PaidOutcome.ALREADY_PAID

    async def test_money_of_a_cart_that_has_bought_otherwise_is_not_accepted(self, uow: UnitOfWork, ada: UUID) -> None:
        first = await make_order(uow, customer_id=ada)
        await orders.expire(uow, first.id)
        await _pay(uow, (await orders.place(uow, ada, delivery(), locale="de")).id)
        await _pay(uow, first.id)
        assert await orders.accept_exception(uow, first.id) is PaidOutcome.PAID_TWICE
        assert (await orders.get(uow, first.id)).state == "exception"
        assert await _on_hand(uow) == 18

    async def test_only_a_payment_says_paid_on_the_timeline(self, uow: UnitOfWork, ada: UUID) -> None:
        order = await make_order(uow, customer_id=ada)
        with pytest.raises(Invalid, match="only a payment"):
            await orders.note(uow, order.id, "paid")

    async def test_ten_tellers_at_once_pay_once(self, units: Units, shop: object, shop_id: UUID) -> None:
        async with units(shop_id) as uow:
            await make_variant(uow)
            order = await make_order(uow)

        async def tell() -> PaidOutcome:
            async with units(shop_id) as uow:
                return await _pay(uow, order.id)

        outcomes = await asyncio.gather(*(tell() for _ in range(10)))
        assert sorted(outcomes).count(PaidOutcome.PAID) == 1
        assert set(outcomes) == {PaidOutcome.PAID, PaidOutcome.ALREADY_PAID}
        async with units(shop_id) as uow:
            assert await _on_hand(uow) == 18


class TestSuperseding:
    async def test_a_changed_cart_ends_the_order_and_keeps_the_goods(self, uow: UnitOfWork, ada: UUID) -> None:
        order = await make_order(uow, customer_id=ada)
        line = (await carts.view(uow, ada, "de")).lines[0]
        await carts.apply(uow, ada, [SetQuantity(line.id, 1)], "de")
        event = next(event for event in uow.recorded if isinstance(event, CartSuperseded))
        for _ in range(2):
            await paying.supersede_order(uow, event)
        assert (await orders.get(uow, order.id)).state == "expired"
        assert [event.reason for event in uow.recorded if isinstance(event, OrderExpired)] == ["superseded"]
        assert await _available(uow) == 19

    async def test_the_next_order_ends_the_former_one(self, uow: UnitOfWork, ada: UUID) -> None:
        first = await make_order(uow, customer_id=ada)
        second = await make_order(uow, {TEE: 1}, customer_id=ada)
        assert ((await orders.get(uow, first.id)).state, second.total_minor) == ("expired", 7470)
        assert await _available(uow) == 17

    async def test_the_old_page_paid_all_the_same_is_matched(self, uow: UnitOfWork, ada: UUID) -> None:
        first = await make_order(uow, customer_id=ada)
        await carts.apply(uow, ada, [Add(TEE)], "de")
        assert await _pay(uow, first.id) is PaidOutcome.PAID
        cart = await carts.view(uow, ada, "de")
        assert (cart.units, await _on_hand(uow), await _available(uow)) == (3, 18, 17)


class TestCancelling:
    async def test_in_time_the_goods_go_back_and_the_money_has_to(self, uow: UnitOfWork, ada: UUID) -> None:
        order = await make_order(uow, customer_id=ada, paid=True)
        await orders.cancel(uow, order.id, CancelledBy.SHOPPER)
        cancelled = await orders.cancel(uow, order.id, CancelledBy.SHOPPER)
        assert (cancelled.state, await _on_hand(uow)) == ("cancelled", 20)
        told = [event for event in uow.recorded if isinstance(event, OrderCancelled)]
        assert [(event.by, event.refund_needed) for event in told] == [("shopper", True)]

    async def test_unpaid_it_lets_go_of_the_goods(self, uow: UnitOfWork, ada: UUID) -> None:
        order = await make_order(uow, customer_id=ada)
        await orders.cancel(uow, order.id, "merchant")
        assert await _available(uow) == 20

    @pytest.mark.parametrize("paid", [True, False])
    async def test_its_use_of_a_code_is_free_again(self, uow: UnitOfWork, ada: UUID, *, paid: bool) -> None:
        await pricing.create_discount(uow, DiscountRule("ONE", percent_bp=1000, max_redemptions=1))
        await carts.apply(uow, ada, [Add(TEE)], "de")
        await carts.put_discount(uow, ada, "ONE", "de")
        order = await make_order(uow, customer_id=ada, paid=paid)
        await orders.cancel(uow, order.id, CancelledBy.SHOPPER)
        bob = await make_customer(uow)
        await carts.apply(uow, bob, [Add(TEE)], "de")
        assert not (await carts.put_discount(uow, bob, "ONE", "de")).refused

    async def test_what_is_still_to_be_sent_is_not_closed(self, uow: UnitOfWork, ada: UUID) -> None:
        order = await make_order(uow, customer_id=ada, paid=True)
        assert not await orders.close(uow, order.id)
        assert (await orders.get(uow, order.id)).state == "paid"

    async def test_what_has_expired_cannot_be_cancelled(self, uow: UnitOfWork, ada: UUID) -> None:
        order = await make_order(uow, customer_id=ada)
        await orders.expire(uow, order.id, ExpiryReason.PAYMENT_FAILED)
        with pytest.raises(TooLateToCancel, match="nobody paid it"):
            await orders.cancel(uow, order.id, CancelledBy.SHOPPER)


class TestFinding:
    @pytest.mark.parametrize("said", ["L-1001", "l1001", "#1001", " l-1001 ", "1001"])
    async def test_a_number_is_found_however_it_is_said(self, uow: UnitOfWork, ada: UUID, said: str) -> None:
        order = await make_order(uow, customer_id=ada)
        found = await orders.find_by_number(uow, ada, said)
        assert found is not None
        assert found.id == order.id

    async def test_nobody_finds_somebody_elses_order(self, uow: UnitOfWork, ada: UUID) -> None:
        await make_order(uow, customer_id=ada)
        assert await orders.find_by_number(uow, await make_customer(uow), "L-1001") is None

    async def test_a_status_page_is_found_by_its_code_alone(self, uow: UnitOfWork, ada: UUID) -> None:
        order = await make_order(uow, customer_id=ada)
        assert len(order.code) >= 20
        assert await orders.of_status_page(uow, order.code) == (uow.shop_id, order.id)
        with pytest.raises(OrderNotFound):
            await orders.of_status_page(uow, order.code[:-1])

    async def test_another_shop_finds_nothing(self, units: Units, shop: object, shop_id: UUID) -> None:
        async with units(shop_id) as uow:
            await make_variant(uow)
            order = await make_order(uow)
        async with units(new_id()) as uow:
            with pytest.raises(OrderNotFound):
                await orders.get(uow, order.id)

    async def test_pages_go_from_new_to_old_without_gaps(self, uow: UnitOfWork, tee: UUID) -> None:
        made: list[Order] = [await make_order(uow, {TEE: 1}) for _ in range(5)]
        found, cursor = [], None
        while True:
            part = await orders.page(uow, cursor=cursor, limit=2)
            found += [order.id for order in part.items]
            cursor = part.next_cursor
            if cursor is None:
                break
        assert found == [order.id for order in reversed(made)]
        with pytest.raises(Invalid):
            await orders.page(uow, cursor="nonsense")

    async def test_what_was_bought_can_be_bought_again(self, uow: UnitOfWork, ada: UUID) -> None:
        order = await make_order(uow, customer_id=ada, paid=True)
        await make_order(uow, {TEE: 1}, customer_id=ada)
        bought = await orders.last_bought(uow, ada)
        assert [(line.number, line.sku, line.quantity, line.kept, line.is_sold) for line in bought] == [
            (order.number, TEE, 2, 2, True)
        ]

    async def test_orders_follow_a_proven_person_and_come_back(self, uow: UnitOfWork, ada: UUID) -> None:
        order = await make_order(uow, customer_id=ada, paid=True)
        known = await make_customer(uow)
        await customers.merge(uow, ada, known, proof="same_account")
        assert [each.id for each in await orders.of_customer(uow, known)] == [order.id]
        assert len(await orders.last_bought(uow, known)) == 1
        await customers.part(uow, ada)
        assert not await orders.of_customer(uow, known)
        assert len(await orders.of_customer(uow, ada)) == 1


class TestForgetting:
    async def test_paid_orders_keep_what_tax_law_wants_and_others_nothing(self, uow: UnitOfWork, ada: UUID) -> None:
        paid = await make_order(uow, customer_id=ada, paid=True)
        over = await make_order(uow, {TEE: 1}, customer_id=ada)
        await orders.expire(uow, over.id)
        await customers.erase(uow, ada)
        await reactions.on_customer_erased(uow, CustomerErased(ada))
        kept, gone = await orders.get(uow, paid.id), await orders.get(uow, over.id)
        assert (kept.delivery["name"], kept.delivery["email"]) == ("Ada Lovelace", "")
        assert (gone.delivery["name"], gone.delivery["street"]) == ("", "")
