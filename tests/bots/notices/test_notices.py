"""What the shop tells by itself: once, in the thread of the order, by words or by the template made for it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, fields
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from bots.conversations.events import ConversationNeedsPerson
from bots.messages.fitted import FittedTemplate, load
from bots.notices import orders, returns
from catalog.kernel.events import DomainEvent
from catalog.kernel.ids import new_id
from catalog.kernel.unit_of_work import UnitOfWork, Units
from catalog.shops.models import Shop
from checkout.orders import service as placed_orders
from checkout.orders.events import (
    OrderCancelled,
    OrderExpired,
    OrderInException,
    OrderPaid,
    OrderPaymentPending,
    OrderRestCancelled,
)
from checkout.orders.settling import settle
from checkout.orders.states import OrderState
from checkout.payments import refunds
from checkout.payments.events import PaymentFailed, RefundFailed, RefundSucceeded
from checkout.returns import withdrawals
from checkout.returns.events import ReturnApproved, ReturnReceived, ReturnRejected, WithdrawalDeclared
from tests.checkout.factories import delivery, make_capture
from tests.conftest import FrozenClock
from tests.scenarios.goods import fill
from tests.scenarios.phone import Phone, desk_for, open_account
from tests.scenarios.play import approve_all

Handler = Callable[[UnitOfWork, Any], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Scene:
    """Somebody on WhatsApp with an order, all of our templates approved."""

    phone: Phone
    order_id: UUID
    conversation_id: UUID
    customer_id: UUID

    async def handle(self, handler: Handler, event: DomainEvent) -> None:
        """Deliver an event twice, as events may be."""
        for _ in range(2):
            async with self.phone.units(self.phone.shop_id) as uow:
                await handler(uow, event)

    async def templates(self) -> list[str]:
        """Names of the templates in the outbox, in order."""
        async with self.phone.units(self.phone.shop_id) as uow:
            rows = await uow.fetch("SELECT body FROM outbound_message WHERE shop_id = $1 ORDER BY seq", uow.shop_id)
        return [found.use.name for row in rows if isinstance(found := load(row["body"]), FittedTemplate)]

    def event(self, kind: type[DomainEvent], **values: object) -> DomainEvent:
        """An event about the order."""
        known = {
            "order_id": self.order_id, "customer_id": self.customer_id, "conversation_id": self.conversation_id,
            "payment_id": new_id(), "refund_id": new_id(), "return_id": new_id(), "currency": "EUR",
            "amount_minor": 2490, "refund_minor": 2490, "total_minor": 2490, "reason": "", "failure": None, **values,
        }  # fmt: skip
        return kind(**{one.name: known.get(one.name, "") for one in fields(kind)})


@pytest.fixture
async def scene(units: Units, shop: Shop, clock: FrozenClock) -> Scene:
    desk = desk_for(units)
    async with units(shop.id) as uow:
        await fill(uow, desk.store)
    phone = Phone(units, shop.id, desk, await open_account(units, shop.id, "whatsapp"), clock)
    await phone.say("graues Basic-Tee in M bitte")
    async with units(shop.id) as uow:
        await approve_all(uow, phone.door.account_id)
        row = await phone.conversation(uow)
        order = await placed_orders.place(
            uow, row["customer_id"], delivery(), locale=row["locale"], conversation_id=row["id"]
        )
    return Scene(phone, order.id, row["id"], row["customer_id"])


THANK = partial(orders.thank, public_url="https://shop.test")
TOLD: list[tuple[Handler, type[DomainEvent], dict[str, object], str, str]] = [
    (THANK, OrderPaid, {}, "bezahlt ✅", "order_confirmed"),
    (orders.tell_pending, OrderPaymentPending, {}, "läuft noch", "payment_pending"),
    (orders.tell_rest_cancelled, OrderRestCancelled, {}, "kommt nicht mehr", "order_rest_cancelled"),
    (orders.tell_exception, OrderInException, {"reason": "amount_differs"}, "verloren geht nichts", "order_exception"),
    (orders.tell_cancelled, OrderCancelled, {"by": "merchant", "refund_needed": True}, "storniert", "order_cancelled"),
    (orders.tell_expired, OrderExpired, {"reason": "unpaid"}, "Bezahllink ist abgelaufen", "order_expired"),
    (orders.tell_failed, PaymentFailed, {}, "Zahlung hat nicht geklappt", "payment_failed"),
    (orders.tell_refunded, RefundSucceeded, {}, "24,90\xa0€", "order_refunded"),
    (orders.tell_refund_failed, RefundFailed, {}, "Erstattung", "refund_failed"),
    (returns.tell_approved, ReturnApproved, {}, "Rückgabe", "return_update"),
    (returns.tell_rejected, ReturnRejected, {"reason": "getragen"}, "getragen", "return_update"),
    (returns.tell_received, ReturnReceived, {}, "24,90\xa0€", "return_update"),
]


@pytest.mark.parametrize(("handler", "kind", "values", "words", "template"), TOLD, ids=[row[1].name for row in TOLD])
async def test_news_is_told_once_in_words_or_afterwards_by_its_template(
    scene: Scene, clock: FrozenClock, handler: Handler, kind: type[DomainEvent], values: dict[str, object],
    words: str, template: str,
) -> None:  # fmt: skip
    await scene.handle(handler, scene.event(kind, **values))
    (said,) = await scene.phone.read()
    assert words in said
    assert await scene.templates() == []
    async with scene.phone.units(scene.phone.shop_id) as uow:
        await uow.execute("DELETE FROM outbound_message WHERE shop_id = $1", uow.shop_id)
    clock.advance(days=2)
    await scene.handle(handler, scene.event(kind, **values))
    assert await scene.templates() == [template]


@pytest.mark.parametrize("days", [0, 2], ids=["in words", "by the template"])
async def test_an_approved_return_is_told_with_its_label_and_its_code(
    scene: Scene, clock: FrozenClock, days: int
) -> None:
    clock.advance(days=days)
    label = "https://post.example/r_1?id=7"
    await scene.handle(returns.tell_approved, scene.event(ReturnApproved, label_url=label, code="QR*77-1"))
    (said,) = await scene.phone.read()
    assert f"Dein Rücksendeetikett: {label}" in said
    assert "QR*77-1" in said
    assert await scene.templates() == (["return_update"] if days else [])


async def test_a_payment_that_failed_is_told_once_though_the_order_ends_with_it(scene: Scene) -> None:
    """A bank's late no makes two events: the payment has failed, and the order that waited for it has run out."""
    await scene.handle(orders.tell_failed, scene.event(PaymentFailed))
    await scene.handle(orders.tell_expired, scene.event(OrderExpired, reason="payment_failed"))
    assert len(await scene.phone.read()) == 1


async def test_an_order_whose_cart_changed_ends_without_a_word(scene: Scene) -> None:
    await scene.handle(orders.tell_expired, scene.event(OrderExpired, reason="superseded"))
    assert await scene.phone.read() == []


async def test_a_cancelled_order_tells_what_goes_back_and_not_what_went_before(scene: Scene) -> None:
    async with scene.phone.units(scene.phone.shop_id) as uow:
        order = await placed_orders.lock_order(uow, scene.order_id)
        await placed_orders.mark_paid(uow, order)
        await make_capture(uow, order)
        part = await refunds.request(uow, order_id=order.id, amount=order.money(490), reason="too late")
        await placed_orders.cancel(uow, order.id, "merchant")
    event = scene.event(OrderCancelled, by="merchant", refund_needed=True)
    async with scene.phone.units(scene.phone.shop_id) as uow:
        await settle(uow, scene.order_id)  # the rest is asked for before, or after, the shopper is told
    await scene.handle(orders.tell_cancelled, event)
    (said,) = await scene.phone.read()
    assert (order.total - part.amount).format("de") in said


async def test_the_money_of_a_disputed_payment_is_not_promised(scene: Scene) -> None:
    async with scene.phone.units(scene.phone.shop_id) as uow:
        order = await placed_orders.lock_order(uow, scene.order_id)
        await placed_orders.mark_paid(uow, order)
        await make_capture(uow, order)
        await uow.execute(
            "UPDATE payment SET dispute_id = 'du_1', dispute_status = 'needs_response' WHERE shop_id = $1", uow.shop_id
        )
        await placed_orders.cancel(uow, order.id, "merchant")
    await scene.handle(orders.tell_cancelled, scene.event(OrderCancelled, by="merchant", refund_needed=True))
    assert await scene.phone.read() == [f"Bestellung *{order.number}* ist storniert."]


async def test_who_cancels_by_himself_is_not_told_again(scene: Scene) -> None:
    await scene.handle(orders.tell_cancelled, scene.event(OrderCancelled, by="shopper", refund_needed=False))
    assert await scene.phone.read() == []


async def test_what_of_an_order_does_not_come_any_more_is_told(scene: Scene) -> None:
    async with scene.phone.units(scene.phone.shop_id) as uow:
        order = await placed_orders.lock_order(uow, scene.order_id)
        await placed_orders.mark_paid(uow, order)
        order.state = OrderState.FULFILLING
        await placed_orders.call_off_rest(uow, order)
    await scene.handle(orders.tell_rest_cancelled, scene.event(OrderRestCancelled))
    (said,) = await scene.phone.read()
    assert f"Aus Bestellung *{order.number}* kommt nicht mehr: 1 × Basic-Tee grau, M." in said


async def test_a_slow_way_to_pay_is_told_so_that_nobody_pays_twice(scene: Scene) -> None:
    await scene.handle(orders.tell_pending, scene.event(OrderPaymentPending))
    assert len(await scene.phone.read()) == 1


@pytest.mark.parametrize(
    ("handler", "kind", "values", "reason"),
    [
        (orders.tell_exception, OrderInException, {"reason": "amount_differs"}, "order_exception"),
        (orders.tell_refund_failed, RefundFailed, {}, "refund_failed"),
        (returns.flag_withdrawal, WithdrawalDeclared, {}, "withdrawal"),
    ],
)
async def test_a_person_of_the_team_is_asked_for_once(
    scene: Scene, handler: Handler, kind: type[DomainEvent], values: dict[str, object], reason: str
) -> None:
    await scene.handle(handler, scene.event(kind, **values))
    async with scene.phone.units(scene.phone.shop_id) as uow:
        assert (await scene.phone.conversation(uow))["needs_person"] == reason
        asked = await uow.fetchval(
            "SELECT count(*) FROM domain_event WHERE shop_id = $1 AND name = $2",
            uow.shop_id, ConversationNeedsPerson.name,
        )  # fmt: skip
    assert asked == 1


async def test_an_order_placed_outside_any_chat_is_told_nowhere(scene: Scene) -> None:
    async with scene.phone.units(scene.phone.shop_id) as uow:
        await uow.execute("UPDATE shop_order SET conversation_id = NULL WHERE shop_id = $1", uow.shop_id)
    await scene.handle(THANK, scene.event(OrderPaid))
    assert await scene.phone.read() == []


async def test_a_withdrawal_is_acknowledged_in_the_thread_of_its_order(scene: Scene, clock: FrozenClock) -> None:
    async def declare(**changes: str) -> WithdrawalDeclared:
        async with scene.phone.units(scene.phone.shop_id) as uow:
            number = (await placed_orders.get(uow, scene.order_id)).number
            given = {"number": number, "name": "Ada Lovelace", "email": "ada@example.org", **changes}
            made = await withdrawals.declare(uow, **given)
        return WithdrawalDeclared(made.id, made.order_id, scene.conversation_id)

    await scene.handle(returns.acknowledge_withdrawal, await declare())
    (said,) = await scene.phone.read()
    day = clock.now.astimezone(ZoneInfo("Europe/Berlin"))
    for words in (f"{day.day}. ", f" {day.year} um {day:%H:%M} Uhr", "Ada Lovelace", "die ganze Bestellung"):
        assert words in said
    await scene.handle(returns.acknowledge_withdrawal, await declare(what="ein T-Shirt"))
    (said,) = await scene.phone.read()
    assert "ein T-Shirt" in said
    await scene.handle(returns.acknowledge_withdrawal, await declare(number="L-77"))
    assert await scene.phone.read() == []
