"""Random histories of trade: whatever is done, in whatever order, late or twice, what must hold holds."""

import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import pytest

from catalog.kernel.errors import Conflict, NotFound
from catalog.kernel.money import Money
from catalog.kernel.states import StateMachine
from catalog.kernel.unit_of_work import UnitOfWork, Units
from checkout.carts import service as carts
from checkout.carts.events import CartSuperseded
from checkout.carts.values import Add, ChangeVariant, Clear, SetQuantity
from checkout.fulfilment import service as fulfilment
from checkout.inventory import service as inventory
from checkout.orders import service as orders
from checkout.orders.models import Order
from checkout.orders.refunding import cancel_rest
from checkout.orders.states import ORDER, PAID_FOR, OrderState
from checkout.paying import reactions as paying
from checkout.pricing import service as pricing
from checkout.pricing.discounts import DiscountRule
from checkout.returns import service as returns
from checkout.returns.states import RETURN, ReturnState
from checkout.returns.values import Return
from tests.checkout.factories import delivery, make_customer, make_variant
from tests.conftest import FrozenClock

STOCK = {"A": 12, "B": 8, "C": 90}
STEPS = 70


@dataclass
class Walk:
    """One history and what was seen in it."""

    units: Units
    shop_id: UUID
    clock: FrozenClock
    chance: random.Random
    people: list[UUID] = field(default_factory=list)
    events: list[CartSuperseded] = field(default_factory=list)
    totals: dict[UUID, int] = field(default_factory=dict)
    order_states: dict[UUID, OrderState] = field(default_factory=dict)
    return_states: dict[UUID, ReturnState] = field(default_factory=dict)
    versions: dict[UUID, int] = field(default_factory=dict)

    async def step(self) -> None:
        """Do something; a refusal leaves everything as it was."""
        act = self.chance.choice(ACTS)
        try:
            async with self.units(self.shop_id) as uow:
                await act(self, uow)
                made = [event for event in uow.recorded if isinstance(event, CartSuperseded)]
            self.events += made
        except (Conflict, NotFound):
            return

    async def an_order(self, uow: UnitOfWork, *states: OrderState) -> Order:
        """Any order in one of the states; the last one refuses when there is none."""
        found = (await orders.page(uow, limit=200, states=states or None)).items
        if not found:
            raise NotFound("no such order yet")
        return self.chance.choice(found)

    async def a_return(self, uow: UnitOfWork) -> Return:
        """Any return."""
        found = (await returns.page(uow, limit=200)).items
        if not found:
            raise NotFound("no return yet")
        return self.chance.choice(found)


async def _fill(walk: Walk, uow: UnitOfWork) -> None:
    wanted = [Add(walk.chance.choice("ABC"), walk.chance.randint(1, 3)) for _ in range(walk.chance.randint(1, 3))]
    await carts.apply(uow, walk.chance.choice(walk.people), wanted, "de")


async def _alter(walk: Walk, uow: UnitOfWork) -> None:
    person = walk.chance.choice(walk.people)
    lines = (await carts.view(uow, person, "de")).lines
    if not lines:
        return
    line = walk.chance.choice(lines)
    options = (
        SetQuantity(line.id, walk.chance.randint(0, 4)), ChangeVariant(line.id, walk.chance.choice("ABC")), Clear(),
    )  # fmt: skip
    await carts.apply(uow, person, [walk.chance.choice(options)], "de")


async def _undo(walk: Walk, uow: UnitOfWork) -> None:
    await carts.undo(uow, walk.chance.choice(walk.people), "de")


async def _discount(walk: Walk, uow: UnitOfWork) -> None:
    await carts.put_discount(uow, walk.chance.choice(walk.people), walk.chance.choice(["TEN", "NIX", None]), "de")


async def _place(walk: Walk, uow: UnitOfWork) -> None:
    street = walk.chance.choice(["Lindenstraße 5", "Lindenstraße 6"])
    await orders.place(uow, walk.chance.choice(walk.people), delivery(street=street), locale="de")


async def _pay(walk: Walk, uow: UnitOfWork) -> None:
    order = await walk.an_order(uow)
    await orders.mark_paid(uow, await orders.lock_order(uow, order.id))


async def _pending(walk: Walk, uow: UnitOfWork) -> None:
    order = await walk.an_order(uow)
    await orders.mark_pending(uow, await orders.lock_order(uow, order.id))


async def _accept(walk: Walk, uow: UnitOfWork) -> None:
    await orders.accept_exception(uow, (await walk.an_order(uow, OrderState.EXCEPTION)).id)


async def _expire(walk: Walk, uow: UnitOfWork) -> None:
    await orders.expire(uow, (await walk.an_order(uow)).id)


async def _sweep(walk: Walk, uow: UnitOfWork) -> None:
    for order in (await orders.page(uow, limit=200, states=[OrderState.AWAITING_PAYMENT])).items:
        if order.hold_until <= uow.now:
            await orders.expire(uow, order.id)
    await returns.close_finished(uow)
    await inventory.tidy(uow)


async def _cancel(walk: Walk, uow: UnitOfWork) -> None:
    await orders.cancel(uow, (await walk.an_order(uow)).id, walk.chance.choice(["shopper", "merchant"]))


async def _ship(walk: Walk, uow: UnitOfWork) -> None:
    order = await walk.an_order(uow, OrderState.PAID, OrderState.FULFILLING)
    line = walk.chance.choice(order.lines)
    part = [(line.sku, walk.chance.randint(1, line.quantity))]
    await fulfilment.ship(uow, order.id, lines=walk.chance.choice([None, part]))


async def _cancel_rest(walk: Walk, uow: UnitOfWork) -> None:
    order = await walk.an_order(uow, OrderState.FULFILLING, OrderState.CLOSED)
    await cancel_rest(uow, order.id)


async def _ask_back(walk: Walk, uow: UnitOfWork) -> None:
    order = await walk.an_order(uow, OrderState.FULFILLING, OrderState.FULFILLED, OrderState.CLOSED)
    some = [line for line in order.lines if walk.chance.random() < 0.8]
    lines = [(line.sku, walk.chance.randint(1, line.quantity), "") for line in some]
    if lines:
        await returns.request(uow, order.id, lines=lines)


async def _decide(walk: Walk, uow: UnitOfWork) -> None:
    back = await walk.a_return(uow)
    match walk.chance.randint(0, 9):
        case 0:
            await returns.reject(uow, back.id, "worn")
        case 1:
            await returns.close(uow, back.id)
        case 2 | 3 | 4:
            await returns.approve(uow, back.id)
        case 5:
            await returns.mark_refunded(uow, back.id)
        case _:
            await returns.receive(uow, back.id)


async def _hear(walk: Walk, uow: UnitOfWork) -> None:
    """An event arrives, early or late; some arrive twice."""
    if walk.events:
        await paying.supersede_order(uow, walk.chance.choice(walk.events))


async def _wait(walk: Walk, uow: UnitOfWork) -> None:
    walk.clock.advance(minutes=walk.chance.choice([1, 20, 50, 20_000]))


async def _buy(walk: Walk, uow: UnitOfWork) -> None:
    """What goes well most of the time."""
    person = walk.chance.choice(walk.people)
    await carts.apply(uow, person, [Add(walk.chance.choice("ABC"), walk.chance.randint(1, 3))], "de")
    order = await orders.place(uow, person, delivery(), locale="de")
    await orders.mark_paid(uow, await orders.lock_order(uow, order.id))


_WEIGHTS: Mapping[Callable[[Walk, UnitOfWork], Awaitable[None]], int] = {
    _fill: 8, _alter: 3, _undo: 1, _discount: 2, _place: 6, _buy: 3, _pay: 6, _pending: 1, _accept: 1, _expire: 1,
    _sweep: 1, _cancel: 1, _ship: 5, _cancel_rest: 1, _ask_back: 5, _decide: 8, _hear: 3, _wait: 2,
}  # fmt: skip
ACTS = [act for act, weight in _WEIGHTS.items() for _ in range(weight)]


async def _check(walk: Walk) -> None:
    async with walk.units(walk.shop_id) as uow:
        found = (await orders.page(uow, limit=200)).items
        await _check_stock(uow, found)
        for order in found:
            await _check_order(walk, uow, order)
        paid = [(order.cart_id, order.cart_version) for order in found if order.state in PAID_FOR]
        assert len(paid) == len(set(paid)), "one cart was paid twice"
        for row in await uow.fetch("SELECT id, version FROM cart WHERE shop_id = $1", uow.shop_id):
            assert row["version"] >= walk.versions.get(row["id"], 0)
            walk.versions[row["id"]] = row["version"]


async def _check_stock(uow: UnitOfWork, found: Sequence[Order]) -> None:
    levels = await inventory.levels(uow, STOCK)
    backs = await returns.of_orders(uow, [order.id for order in found])
    for sku, stock in STOCK.items():
        bought = [order for order in found if order.state in PAID_FOR]
        lines = [line for order in bought for line in order.lines if line.sku == sku]
        sold = sum(line.quantity for line in lines) - sum(order.never_sent.get(sku, 0) for order in bought)
        came = sum(
            quantity
            for each in backs.values() for back in each if back.received_at is not None
            for name, quantity, _ in back.lines if name == sku
        )  # fmt: skip
        assert levels[sku].on_hand == stock - sold + came, f"{sku} was lost or made up"
        assert levels[sku].reserved <= levels[sku].on_hand, f"{sku} is promised twice"
        moved = await uow.fetchval(
            "SELECT sum(delta)::bigint FROM stock_movement WHERE shop_id = $1 AND sku = $2", uow.shop_id, sku
        )
        assert moved == levels[sku].on_hand


async def _check_order(walk: Walk, uow: UnitOfWork, order: Order) -> None:
    state = OrderState(order.state)
    assert _leads(ORDER, walk.order_states.get(order.id, ORDER.initial), state)
    walk.order_states[order.id] = state
    assert walk.totals.setdefault(order.id, order.total_minor) == order.total_minor
    assert sum(line.total_minor for line in order.lines) == order.items_minor
    assert sum(line.discount_minor for line in order.lines) == order.discount_minor
    assert [event.type for event in order.events].count("paid") == (order.paid_at is not None)
    given_back = 0
    for back in await returns.of_order(uow, order.id):
        assert _leads(RETURN, walk.return_states.get(back.id, RETURN.initial), back.state)
        walk.return_states[back.id] = back.state
        given_back += back.refund.minor if back.refund else 0
    assert given_back <= order.total_minor


def _leads(machine: StateMachine, former: str, now: str) -> bool:  # type: ignore[type-arg]  # any machine
    """Whether the table has a way from the one state to the other."""
    reached, frontier = {former}, [former]
    while frontier:
        fresh = set(machine.moves[frontier.pop()]) - reached
        reached |= fresh
        frontier.extend(fresh)
    return now in reached


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
async def test_no_history_breaks_what_must_hold(
    units: Units, shop: object, shop_id: UUID, clock: FrozenClock, seed: int
) -> None:
    walk = Walk(units, shop_id, clock, random.Random(seed))  # noqa: S311 - a history that can be had again
    async with units(shop_id) as uow:
        for sku, stock in STOCK.items():
            await make_variant(uow, sku, price={"A": 2490, "B": 3333, "C": 99}[sku], stock=stock)
        walk.people += [await make_customer(uow) for _ in range(4)]
        await pricing.create_discount(uow, DiscountRule("TEN", percent_bp=1000, min_total=Money(100, "EUR")))
    for _ in range(STEPS):
        await walk.step()
        await _check(walk)
    assert walk.order_states, "the walk never ordered"
