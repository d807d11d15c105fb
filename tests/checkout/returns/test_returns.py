"""Returns: in time, in bounds, back on the shelf once, and paid back to the cent."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import msgspec
import pytest

from catalog.kernel.errors import IllegalTransition, Invalid
from catalog.kernel.money import Money, total
from catalog.kernel.unit_of_work import UnitOfWork, Units
from catalog.shops.settings import ShippingMethod, ShopSettings
from checkout.carts import service as carts
from checkout.carts.values import Add
from checkout.fulfilment import service as fulfilment
from checkout.inventory import service as inventory
from checkout.orders import service as orders
from checkout.orders.models import Order
from checkout.orders.refunding import RefundLine, cancel_rest, request_refund
from checkout.payments import refunds
from checkout.payments.events import RefundSucceeded
from checkout.returns import reactions
from checkout.returns import service as returns
from checkout.returns.eligibility import is_open, last_day
from checkout.returns.errors import NotReceived, NotReturnable, NotShippedYet, ReturnWindowOver
from checkout.returns.events import ReturnApproved, ReturnReceived
from checkout.returns.states import ReturnState
from checkout.returns.values import Return
from tests.checkout.factories import TEE, delivery, make_capture, make_customer, make_order, make_variant
from tests.conftest import FrozenClock


@pytest.fixture
async def order(uow: UnitOfWork, shop: object) -> Order:
    """Two tees and a belt, with paid shipping, sent."""
    method = ShippingMethod(code="parcel", name={"de": "Paket"}, price=Money(490, "EUR"), days=(2, 3))
    await uow.execute(
        "UPDATE shop SET settings = $2, revision = 2 WHERE id = $1 /* shop_id */",
        uow.shop_id, msgspec.json.encode(ShopSettings(shipping=(method,))).decode(),
    )  # fmt: skip
    await make_variant(uow)
    await make_variant(uow, "BELT", price=3990, stock=5)
    order = await make_order(uow, {TEE: 2, "BELT": 1}, paid=True)
    await make_capture(uow, order)
    await fulfilment.ship(uow, order.id)
    return order


async def _back(uow: UnitOfWork, order_id: UUID, *lines: tuple[str, int]) -> Return:
    asked = await returns.request(uow, order_id, lines=[(sku, count, "too wide") for sku, count in lines])
    await returns.approve(uow, asked.id)
    return await returns.receive(uow, asked.id)


class TestTheLifeOfAReturn:
    async def test_it_keeps_as_many_photos_as_it_may_have(self, uow: UnitOfWork, order: Order) -> None:
        photos = [f"upload-{number}" for number in range(returns.MOST_PHOTOS + 1)]
        with pytest.raises(Invalid) as refused:
            await returns.request(uow, order.id, lines=[(TEE, 1, "")], photos=photos)
        assert refused.value.pointer == "/photos"
        assert len((await returns.request(uow, order.id, lines=[(TEE, 1, "")], photos=photos[1:])).photos) == 10

    async def test_from_request_to_refund(self, uow: UnitOfWork, order: Order) -> None:
        asked = await returns.request(uow, order.id, lines=[(TEE, 1, "zu weit")], photos=["upload-1"], wish="exchange")
        assert (asked.state, asked.lines, asked.photos) == (
            ReturnState.REQUESTED,
            ((TEE, 1, "zu weit"),),
            ("upload-1",),
        )
        for _ in range(2):
            await returns.approve(uow, asked.id)
        await returns.receive(uow, asked.id)
        got = await returns.receive(uow, asked.id)
        assert (got.state, got.refund) == (ReturnState.RECEIVED, Money(2490, "EUR"))
        assert (await inventory.levels(uow, [TEE]))[TEE].on_hand == 19
        asked_for = await refunds.refunds(uow, order.id)
        assert [(refund.id, refund.amount) for refund in asked_for] == [(got.refund_id, Money(2490, "EUR"))]
        told = RefundSucceeded(order.id, asked_for[0].id, asked.id, 2490, "EUR", "return")
        for _ in range(2):
            await reactions.on_refund_succeeded(uow, told)
        assert (await returns.get(uow, asked.id)).state is ReturnState.REFUNDED
        assert await returns.close(uow, asked.id)
        assert not await returns.close(uow, asked.id)
        types = [event.type for event in (await orders.get(uow, order.id)).events]
        assert types[-5:] == [
            "return_requested",
            "return_approved",
            "return_received",
            "return_refunded",
            "return_closed",
        ]

    async def test_after_the_rest_was_cancelled_the_last_sent_unit_brings_the_shipping_back(
        self, uow: UnitOfWork, order: Order
    ) -> None:
        parted = await make_order(uow, {TEE: 2}, paid=True)
        await make_capture(uow, parted)
        await fulfilment.ship(uow, parted.id, lines=[(TEE, 1)])
        await cancel_rest(uow, parted.id)
        assert (await _back(uow, parted.id, (TEE, 1))).refund == Money(2490 + 490, "EUR")
        assert sum(each.amount.minor for each in await refunds.refunds(uow, parted.id)) == parted.total_minor

    async def test_what_is_called_off_and_what_comes_back_are_worth_the_line_together(
        self, uow: UnitOfWork, shop: object
    ) -> None:
        """A cent off three tees makes one of them cheaper: whichever way they go, the line goes back to the cent."""
        await make_variant(uow)
        order = await make_order(uow, {TEE: 3}, paid=True)
        await make_capture(uow, order)
        await uow.execute("UPDATE order_line SET discount_minor = 1 WHERE shop_id = $1", uow.shop_id)
        await fulfilment.ship(uow, order.id, lines=[(TEE, 2)])
        await _back(uow, order.id, (TEE, 1))
        await cancel_rest(uow, order.id)
        await _back(uow, order.id, (TEE, 1))
        assert [each.amount.minor for each in await refunds.refunds(uow, order.id)] == [2490, 2489, 2490]

    async def test_goods_may_be_received_without_sending_money_back(self, uow: UnitOfWork, order: Order) -> None:
        asked = await returns.request(uow, order.id, lines=[(TEE, 1, "")])
        await returns.approve(uow, asked.id)
        got = await returns.receive(uow, asked.id, with_refund=False)
        assert (got.refund, got.refund_id) == (Money(2490, "EUR"), None)
        assert not await refunds.refunds(uow, order.id)
        assert [event.refund_id for event in uow.recorded if isinstance(event, ReturnReceived)] == [None]

    async def test_money_held_back_goes_back_later_once(self, uow: UnitOfWork, order: Order) -> None:
        asked = await returns.request(uow, order.id, lines=[(TEE, 1, "")])
        with pytest.raises(NotReceived, match="receive its goods first"):
            await returns.refund(uow, asked.id)
        await returns.approve(uow, asked.id)
        await returns.receive(uow, asked.id, with_refund=False)
        first, again = await returns.refund(uow, asked.id), await returns.refund(uow, asked.id)
        (made,) = await refunds.refunds(uow, order.id)
        assert (made.amount, made.return_id, made.id) == (Money(2490, "EUR"), asked.id, first.refund_id)
        assert again == first

    async def test_a_refund_that_failed_is_asked_for_anew(self, uow: UnitOfWork, order: Order) -> None:
        asked = await returns.request(uow, order.id, lines=[(TEE, 1, "")])
        await returns.approve(uow, asked.id)
        failed = (await returns.receive(uow, asked.id)).refund_id
        assert failed is not None
        await refunds.refused(uow, failed, "expired_or_canceled_card")
        anew = await returns.refund(uow, asked.id)
        assert anew.refund_id != failed
        told = RefundSucceeded(order.id, anew.refund_id or failed, asked.id, 2490, "EUR", "return")
        await reactions.on_refund_succeeded(uow, told)
        assert (await returns.get(uow, asked.id)).state is ReturnState.REFUNDED

    async def test_money_that_a_bank_sends_back_days_later_is_asked_for_anew(
        self, uow: UnitOfWork, order: Order
    ) -> None:
        asked = await _back(uow, order.id, (TEE, 1))
        assert asked.refund_id is not None
        told = RefundSucceeded(order.id, asked.refund_id, asked.id, 2490, "EUR", "return")
        await reactions.on_refund_succeeded(uow, told)
        assert (await returns.refund(uow, asked.id)).refund_id == asked.refund_id
        await returns.close(uow, asked.id)
        await uow.execute(
            "UPDATE refund SET state = 'failed' WHERE id = $1 AND shop_id = $2", asked.refund_id, uow.shop_id
        )
        first, again = await returns.refund(uow, asked.id), await returns.refund(uow, asked.id)
        assert first.refund_id == again.refund_id != asked.refund_id
        assert [each.state for each in await refunds.refunds(uow, order.id)] == ["failed", "requested"]

    async def test_money_that_went_back_another_way_ends_the_return_too(self, uow: UnitOfWork, order: Order) -> None:
        """The merchant gives it all back at the provider's desk, before or after the goods are here."""
        before, after = [await returns.request(uow, order.id, lines=[(TEE, 1, "")]) for _ in range(2)]
        for each in (before, after):
            await returns.approve(uow, each.id)
        await returns.receive(uow, before.id, with_refund=False)
        made = await refunds.request(uow, order_id=order.id, amount=None, reason="made at the payment provider")
        await uow.execute("UPDATE refund SET state = 'succeeded' WHERE id = $1 AND shop_id = $2", made.id, uow.shop_id)
        told = RefundSucceeded(order.id, made.id, None, made.amount.minor, "EUR", made.reason)
        for _ in range(2):
            await reactions.on_refund_succeeded(uow, told)
        assert (await returns.get(uow, before.id)).state is ReturnState.REFUNDED
        assert (await returns.get(uow, after.id)).state is ReturnState.APPROVED
        assert (await returns.receive(uow, after.id)).state is ReturnState.REFUNDED

    async def test_a_rejected_one_may_be_asked_for_again(self, uow: UnitOfWork, order: Order) -> None:
        asked = await returns.request(uow, order.id, lines=[(TEE, 2, "")])
        with pytest.raises(Invalid):
            await returns.reject(uow, asked.id, " ")
        await returns.reject(uow, asked.id, "worn")
        rejected = await returns.reject(uow, asked.id, "worn")
        assert (rejected.state, rejected.rejection) == (ReturnState.REJECTED, "worn")
        with pytest.raises(IllegalTransition):
            await returns.receive(uow, asked.id)
        await returns.request(uow, order.id, lines=[(TEE, 2, "")])

    async def test_a_label_and_a_code_come_with_the_approval(self, uow: UnitOfWork, order: Order) -> None:
        asked = await returns.request(uow, order.id, lines=[(TEE, 2, "")])
        approved = await returns.approve(uow, asked.id, label_url=" https://post.example/r/1 ", code=" QR-77 ")
        assert (approved.label_url, approved.code) == ("https://post.example/r/1", "QR-77")
        assert await returns.approve(uow, asked.id, code="another") == approved
        (event,) = [one for one in uow.recorded if isinstance(one, ReturnApproved)]
        assert (event.label_url, event.code) == ("https://post.example/r/1", "QR-77")

    @pytest.mark.parametrize(
        "label",
        [
            {"label_url": "http://post.example/r/1"}, {"label_url": "https://"}, {"label_url": "https://[x"},
            {"label_url": "https://post.example/a b"}, {"label_url": f"https://post.example/{'a' * 500}"},
            {"code": "a" * 61}, {"code": "two\nlines"},
        ],
    )  # fmt: skip
    async def test_a_label_that_cannot_be_told_is_refused(
        self, uow: UnitOfWork, order: Order, label: dict[str, str]
    ) -> None:
        asked = await returns.request(uow, order.id, lines=[(TEE, 2, "")])
        with pytest.raises(Invalid):
            await returns.approve(uow, asked.id, **label)
        assert (await returns.get(uow, asked.id)).state is ReturnState.REQUESTED

    async def test_an_approved_one_may_still_be_rejected(self, uow: UnitOfWork, order: Order) -> None:
        asked = await returns.request(uow, order.id, lines=[(TEE, 2, "")])
        await returns.approve(uow, asked.id)
        rejected = await returns.reject(uow, asked.id, "it never came")
        assert (rejected.state, rejected.rejection) == (ReturnState.REJECTED, "it never came")
        assert (await returns.returnable(uow, order.id)).units == {TEE: 2, "BELT": 1}

    async def test_goods_kept_after_all_may_be_returned_later(self, uow: UnitOfWork, order: Order) -> None:
        asked = await returns.request(uow, order.id, lines=[(TEE, 2, "")])
        assert await returns.close(uow, asked.id)
        assert (await returns.returnable(uow, order.id)).units == {TEE: 2, "BELT": 1}

    async def test_what_is_not_approved_cannot_be_received(self, uow: UnitOfWork, order: Order) -> None:
        asked = await returns.request(uow, order.id, lines=[(TEE, 1, "")])
        with pytest.raises(IllegalTransition):
            await returns.receive(uow, asked.id)

    async def test_returns_are_listed_newest_first_and_those_of_an_order_oldest_first(
        self, uow: UnitOfWork, order: Order
    ) -> None:
        first = await returns.request(uow, order.id, lines=[(TEE, 1, "")])
        second = await returns.request(uow, order.id, lines=[("BELT", 1, "")])
        page = await returns.page(uow, limit=1)
        assert [each.id for each in page.items] == [second.id]
        assert [each.id for each in (await returns.page(uow, cursor=page.next_cursor)).items] == [first.id]
        assert [each.id for each in await returns.of_order(uow, order.id)] == [first.id, second.id]
        bought = {line.sku: (line.quantity, line.kept) for line in await orders.last_bought(uow, order.customer_id)}
        assert bought == {TEE: (2, 1), "BELT": (1, 0)}


class TestBounds:
    async def test_no_more_than_was_sent_and_kept(self, uow: UnitOfWork, order: Order) -> None:
        await returns.request(uow, order.id, lines=[(TEE, 1, "")])
        with pytest.raises(NotReturnable, match="2 wanted, 1 can come back"):
            await returns.request(uow, order.id, lines=[(TEE, 1, ""), (TEE, 1, "")])

    async def test_nothing_that_was_not_sent(self, uow: UnitOfWork, order: Order) -> None:
        unsent = await make_order(uow, {TEE: 2}, paid=True)
        with pytest.raises(NotShippedYet):
            await returns.request(uow, unsent.id, lines=[(TEE, 1, "")])
        await fulfilment.ship(uow, unsent.id, lines=[(TEE, 1)])
        with pytest.raises(NotReturnable):
            await returns.request(uow, unsent.id, lines=[(TEE, 2, "")])

    @pytest.mark.parametrize(
        ("lines", "pointer"),
        [
            ([], "/lines"),
            ([("NIX", 1, "")], "/lines/0/sku"),
            ([(TEE, 0, "")], "/lines/0/quantity"),
            ([(TEE, 1, "x" * 501)], "/lines/0/reason"),
        ],
    )
    async def test_senseless_returns_are_refused(
        self, uow: UnitOfWork, order: Order, lines: list[tuple[str, int, str]], pointer: str
    ) -> None:
        with pytest.raises(Invalid) as refused:
            await returns.request(uow, order.id, lines=lines)
        assert refused.value.pointer == pointer

    async def test_after_the_last_day_a_return_is_refused(
        self, units: Units, shop: object, shop_id: UUID, clock: FrozenClock
    ) -> None:
        async with units(shop_id) as uow:
            await make_variant(uow)
            order = await make_order(uow, paid=True)
            await fulfilment.ship(uow, order.id)
            # Monday 2 March, at most four days on the way, fourteen days to think it over.
            assert (await returns.returnable(uow, order.id)).until == date(2026, 3, 20)
        clock.advance(days=18)
        async with units(shop_id) as uow:
            await returns.request(uow, order.id, lines=[(TEE, 1, "")])
        clock.advance(days=1)
        async with units(shop_id) as uow:
            assert not (await returns.returnable(uow, order.id)).is_open
            with pytest.raises(ReturnWindowOver):
                await returns.request(uow, order.id, lines=[(TEE, 1, "")])

    async def test_when_the_days_are_over_the_order_is_closed(
        self, units: Units, shop: object, shop_id: UUID, clock: FrozenClock
    ) -> None:
        async with units(shop_id) as uow:
            await make_variant(uow)
            kept, back = await make_order(uow, paid=True), await make_order(uow, paid=True)
            for order in (kept, back):
                await fulfilment.ship(uow, order.id)
            asked = await returns.request(uow, back.id, lines=[(TEE, 1, "")])
        clock.advance(days=18)
        async with units(shop_id) as uow:
            assert await returns.close_finished(uow) == 0
        clock.advance(days=1)
        async with units(shop_id) as uow:
            assert await returns.close_finished(uow) == 1
            assert (await orders.get(uow, kept.id)).state == "closed"
            await returns.approve(uow, asked.id)
            await returns.receive(uow, asked.id)
            await returns.mark_refunded(uow, asked.id)
            assert await returns.close_finished(uow) == 1
            assert (await returns.get(uow, asked.id)).state is ReturnState.CLOSED

    @pytest.mark.parametrize("end", ["rejected", "closed"])
    async def test_a_return_that_ends_without_money_lets_its_order_close(
        self, units: Units, shop: object, shop_id: UUID, clock: FrozenClock, end: str
    ) -> None:
        async with units(shop_id) as uow:
            await make_variant(uow)
            order = await make_order(uow, paid=True)
            await fulfilment.ship(uow, order.id)
            asked = await returns.request(uow, order.id, lines=[(TEE, 1, "")])
            await returns.approve(uow, asked.id)
            if end == "closed":
                await returns.receive(uow, asked.id, with_refund=False)
        clock.advance(days=30)
        async with units(shop_id) as uow:
            assert await returns.close_finished(uow) == 0
            await (returns.close(uow, asked.id) if end == "closed" else returns.reject(uow, asked.id, "never came"))
            assert await returns.close_finished(uow) == 1

    async def test_returns_that_never_arrive_hold_up_no_other_order(
        self, units: Units, shop: object, shop_id: UUID, clock: FrozenClock
    ) -> None:
        async with units(shop_id) as uow:
            await make_variant(uow)
            never = await make_order(uow, paid=True)
            await fulfilment.ship(uow, never.id)
            await returns.request(uow, never.id, lines=[(TEE, 1, "")])
        clock.advance(minutes=1)
        async with units(shop_id) as uow:
            kept = await make_order(uow, paid=True)
            await fulfilment.ship(uow, kept.id)
        clock.advance(days=30)
        async with units(shop_id) as uow:
            assert await returns.close_finished(uow, limit=1) == 1
            assert (await orders.get(uow, kept.id)).state == "closed"


class TestMoney:
    async def test_with_the_last_unit_standard_delivery_goes_back(self, uow: UnitOfWork, order: Order) -> None:
        first = await _back(uow, order.id, (TEE, 1))
        last = await _back(uow, order.id, (TEE, 1), ("BELT", 1))
        assert (first.refund, last.refund) == (Money(2490, "EUR"), Money(2490 + 3990 + 490, "EUR"))
        assert total([refund.amount for refund in await refunds.refunds(uow, order.id)], "EUR") == order.total

    async def test_the_extra_for_a_faster_way_does_not(self, uow: UnitOfWork, order: Order) -> None:
        ways = (
            ShippingMethod(code="parcel", name={}, price=Money(490, "EUR")),
            ShippingMethod(code="express", name={}, price=Money(1490, "EUR")),
        )
        await uow.execute(
            "UPDATE shop SET settings = $2, revision = 3 WHERE id = $1 /* shop_id */",
            uow.shop_id, msgspec.json.encode(ShopSettings(shipping=ways)).decode(),
        )  # fmt: skip
        person = await make_customer(uow)
        await carts.apply(uow, person, [Add(TEE)], "de")
        await carts.put_shipping(uow, person, "express", "de")
        fast = await orders.place(uow, person, delivery(), locale="de")
        assert fast.shipping_minor == 1490
        await orders.mark_paid(uow, await orders.lock_order(uow, fast.id))
        await make_capture(uow, fast)
        await fulfilment.ship(uow, fast.id)
        assert (await _back(uow, fast.id, (TEE, 1))).refund == Money(2490 + 490, "EUR")

    async def test_never_more_than_is_left_of_the_payment(self, uow: UnitOfWork, order: Order) -> None:
        await refunds.request(uow, order_id=order.id, amount=Money(order.total_minor - 1000, "EUR"), reason="sorry")
        back = await _back(uow, order.id, (TEE, 1))
        assert [
            refund.amount.minor for refund in await refunds.refunds(uow, order.id) if refund.id == back.refund_id
        ] == [1000]
        assert back.refund == Money(1000, "EUR")
        assert [event.refund_minor for event in uow.recorded if isinstance(event, ReturnReceived)] == [1000]

    async def test_a_unit_that_was_refunded_by_its_line_brings_no_more(self, uow: UnitOfWork, order: Order) -> None:
        await request_refund(uow, order.id, lines=[RefundLine("BELT", 1)], reason="sent too late")
        back = await _back(uow, order.id, ("BELT", 1))
        assert (back.state, back.refund, back.refund_id) == (ReturnState.REFUNDED, Money(0, "EUR"), None)
        last = await _back(uow, order.id, (TEE, 2))
        assert last.refund == Money(2 * 2490 + 490, "EUR")
        assert total([refund.amount for refund in await refunds.refunds(uow, order.id)], "EUR") == order.total

    async def test_units_refunded_by_their_line_after_they_were_here_are_not_paid_again(
        self, uow: UnitOfWork, order: Order
    ) -> None:
        asked = await returns.request(uow, order.id, lines=[("BELT", 1, "")])
        await returns.approve(uow, asked.id)
        await returns.receive(uow, asked.id, with_refund=False)
        await request_refund(uow, order.id, lines=[RefundLine("BELT", 1)])
        later = await returns.refund(uow, asked.id)
        assert (later.state, later.refund, later.refund_id) == (ReturnState.REFUNDED, Money(0, "EUR"), None)
        assert len(await refunds.refunds(uow, order.id)) == 1

    async def test_delivery_goes_back_with_whichever_refund_comes_last_and_once(
        self, uow: UnitOfWork, order: Order
    ) -> None:
        asked = await returns.request(uow, order.id, lines=[("BELT", 1, "")])
        await returns.approve(uow, asked.id)
        await returns.receive(uow, asked.id, with_refund=False)
        last = await _back(uow, order.id, (TEE, 2))
        assert last.refund == Money(2 * 2490 + 490, "EUR")
        assert last.refund_id is not None
        await refunds.refused(uow, last.refund_id, "expired_or_canceled_card")
        assert (await returns.refund(uow, asked.id)).refund == Money(3990 + 490, "EUR")
        assert (await returns.refund(uow, last.id)).refund == Money(2 * 2490, "EUR")


class TestDays:
    def test_the_last_day_of_the_journey(self) -> None:
        placed = datetime(2026, 11, 23, 10, tzinfo=UTC)
        last = last_day(
            placed_at=placed, shipped_at=[placed + timedelta(days=2)], days=14, transit=(2, 3), zone="Europe/Berlin"
        )
        assert last == date(2026, 12, 10)

    def test_the_day_that_was_told_counts_over_a_weekend_too(self) -> None:
        # On a Friday, two to four working days are told as Thursday, 26.11.
        placed = datetime(2026, 11, 20, 10, tzinfo=UTC)
        last = last_day(placed_at=placed, shipped_at=[placed], days=14, transit=(2, 4), zone="Europe/Berlin")
        assert last == date(2026, 12, 10)

    def test_a_shop_cannot_take_days_away(self) -> None:
        placed = datetime(2026, 11, 23, 10, tzinfo=UTC)
        assert last_day(placed_at=placed, shipped_at=[placed], days=0, transit=(1, 1), zone="UTC") == date(2026, 12, 8)

    def test_the_last_parcel_counts(self) -> None:
        placed = datetime(2026, 11, 2, 10, tzinfo=UTC)
        sent = [placed, placed + timedelta(days=14)]
        assert last_day(placed_at=placed, shipped_at=sent, days=14, transit=(1, 2), zone="UTC") == date(2026, 12, 2)

    def test_a_parcel_too_late_for_the_promise_is_on_its_way_as_long_as_was_promised(self) -> None:
        placed = datetime(2026, 11, 2, 10, tzinfo=UTC)
        sent = [datetime(2026, 11, 16, 10, tzinfo=UTC)]
        last = last_day(placed_at=placed, shipped_at=sent, days=14, transit=(2, 4), zone="Europe/Berlin")
        assert last == date(2026, 12, 4)

    def test_a_day_ends_where_the_shop_is(self) -> None:
        last = date(2026, 12, 10)
        assert is_open(last, datetime(2026, 12, 10, 22, 59, tzinfo=UTC), zone="Europe/Berlin")
        assert not is_open(last, datetime(2026, 12, 10, 23, 0, tzinfo=UTC), zone="Europe/Berlin")
