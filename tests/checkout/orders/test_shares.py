"""Shares of an order: whatever goes back in whatever order, each unit's money does once, and all of it to the cent."""

import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.kernel.errors import Conflict, Invalid
from catalog.kernel.ids import new_id
from catalog.kernel.unit_of_work import UnitOfWork
from checkout.fulfilment import service as fulfilment
from checkout.orders import service as orders
from checkout.orders.models import Order, OrderLine
from checkout.orders.refunding import RefundLine, cancel_rest, request_refund
from checkout.orders.shares import Share, share_of_return
from checkout.payments import refunds
from checkout.payments.refunds import RefundView
from checkout.payments.states import RefundState
from checkout.returns import service as returns
from checkout.returns.states import ReturnState
from tests.checkout.factories import TEE, make_capture, make_order, make_variant

_BELT = "BELT"
_SHIPPING = 490


@dataclass
class _Walk:
    """An order whose money goes back in pieces."""

    uow: UnitOfWork
    order_id: UUID
    chance: random.Random

    async def step(self) -> None:
        """Do something; what is refused changes nothing."""
        acts: tuple[Callable[[], Awaitable[object]], ...] = (
            self.by_line, self.by_line, self.fail, self.ask_back, self.ask_back, self.receive, self.receive,
            self.pay_return, self.ship, self.call_off,
        )  # fmt: skip
        with suppress(Conflict, Invalid):
            await self.chance.choice(acts)()

    async def order(self) -> Order:
        return await orders.get(self.uow, self.order_id)

    async def by_line(self) -> None:
        lines = [RefundLine(sku, self.chance.randint(1, 2)) for sku in self.chance.sample([TEE, _BELT], k=1)]
        await request_refund(self.uow, self.order_id, lines=lines)

    async def fail(self) -> None:
        asked = [each for each in await refunds.refunds(self.uow, self.order_id) if each.counts]
        # Delivery that went with a rest has no refund of its own to repeat it by.
        asked = [each for each in asked if each.return_id or not each.shipping]
        if asked:
            await refunds.refused(self.uow, self.chance.choice(asked).id, "expired_or_canceled_card")

    async def ask_back(self) -> None:
        sku = self.chance.choice([TEE, _BELT])
        made = await returns.request(self.uow, self.order_id, lines=[(sku, self.chance.randint(1, 2), "")])
        await returns.approve(self.uow, made.id)

    async def receive(self) -> None:
        for each in await returns.of_order(self.uow, self.order_id):
            if each.state is ReturnState.APPROVED:
                await returns.receive(self.uow, each.id, with_refund=self.chance.random() < 0.7)

    async def pay_return(self) -> None:
        for each in await returns.of_order(self.uow, self.order_id):
            await returns.refund(self.uow, each.id)

    async def ship(self) -> None:
        await fulfilment.ship(self.uow, self.order_id, lines=[(self.chance.choice([TEE, _BELT]), 1)])

    async def call_off(self) -> None:
        await cancel_rest(self.uow, self.order_id)

    async def give_all_back(self) -> None:
        """Everything that is left goes back, whichever way it can."""
        order = await self.order()
        if not any(line.shipped for line in order.lines):
            await fulfilment.ship(self.uow, self.order_id, lines=[(TEE, 1)])
        with suppress(Conflict):
            await cancel_rest(self.uow, self.order_id)
        order = await self.order()
        kept = [(line.sku, line.shipped - line.returned, "") for line in order.lines if line.shipped > line.returned]
        if kept:
            await returns.approve(self.uow, (await returns.request(self.uow, self.order_id, lines=kept)).id)
        await self.receive()
        await self.pay_return()
        for sku in (TEE, _BELT):  # the rest, where the refund that was asked for with it had failed
            for _ in range(5):
                with suppress(Invalid):
                    await request_refund(self.uow, self.order_id, lines=[RefundLine(sku, 1)])

    async def check(self) -> int:
        """Each unit's money goes back at most once, and is what the unit cost; the sum of all."""
        order = await self.order()
        made = [each for each in await refunds.refunds(self.uow, self.order_id) if each.counts]
        units = [(sku, place) for each in made for sku, places in each.units.items() for place in places]
        assert len(units) == len(set(units)), "a unit's money goes back twice"
        for line in order.lines:
            low = line.paid_minor // line.quantity
            count = len([place for sku, place in units if sku == line.sku])
            alone = sum(each.amount.minor - each.shipping.minor for each in made if set(each.units) == {line.sku})
            assert alone <= line.paid_minor
            assert count <= line.quantity
            assert all(
                len(each.units[line.sku]) * low
                <= each.amount.minor - each.shipping.minor
                <= len(each.units[line.sku]) * (low + 1)
                for each in made
                if set(each.units) == {line.sku}
            )
        assert sum(each.shipping.minor for each in made) <= _SHIPPING
        return sum(each.amount.minor for each in made)


@pytest.mark.parametrize("seed", range(12))
async def test_whatever_goes_back_each_unit_does_once_and_all_sums_to_what_was_paid(
    uow: UnitOfWork, shop: object, seed: int
) -> None:
    await make_variant(uow)
    await make_variant(uow, _BELT, price=3990, stock=5)
    order = await make_order(uow, {TEE: 5, _BELT: 2}, paid=True)
    order.discount_minor, order.shipping_minor = 1004, _SHIPPING
    order.total_minor = order.items_minor - 1004 + _SHIPPING
    order.shipping = {**order.shipping, "standard_minor": _SHIPPING}
    for line, off in zip(order.lines, (1001, 3), strict=True):  # neither line can be split evenly
        line.discount_minor = off
    await uow.flush()
    await make_capture(uow, order)
    walk = _Walk(uow, order.id, random.Random(seed))  # noqa: S311 - a history that can be had again
    for _ in range(25):
        await walk.step()
        assert await walk.check() <= order.total_minor
    await walk.give_all_back()
    assert await walk.check() == order.total_minor


@given(
    st.lists(st.tuples(st.integers(1, 6), st.integers(0, 10_000)), min_size=1, max_size=4),
    st.integers(0, 2000),
    st.integers(0, 1000),
)
def test_whatever_the_order_of_returns_all_sums_to_what_was_paid(
    bought: list[tuple[int, int]], shipping: int, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - a history that can be had again
    lines = [
        OrderLine(sku=str(index), quantity=quantity, total_minor=paid, discount_minor=0, shipped=quantity, returned=0)
        for index, (quantity, paid) in enumerate(bought)
    ]
    order = Order(currency="EUR", lines=lines, shipping={}, shipping_minor=shipping)
    coming = [line.sku for line in lines for _ in range(line.quantity)]
    made: list[RefundView] = []
    while coming:
        sku = coming.pop(chance.randrange(len(coming)))
        made.append(_made(share_of_return(order, made, {sku: 1}, is_last=not coming)))
        if chance.random() < 0.2 and not made[-1].shipping:
            made[-1] = replace(made[-1], state=RefundState.FAILED)
            coming.append(sku)
    assert sum(each.amount.minor for each in made if each.counts) == sum(paid for _, paid in bought) + shipping


def _made(wanted: Share) -> RefundView:
    return RefundView(
        id=new_id(), order_id=new_id(), payment_id=new_id(), return_id=new_id(), state=RefundState.REQUESTED,
        origin="shop", amount=wanted.amount, units=wanted.units, shipping=wanted.shipping, reason="return",
        provider_id=None, failure=None, requested_at=datetime.now(UTC), settled_at=None,
    )  # fmt: skip
