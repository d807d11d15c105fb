"""A process that dies between any two steps, and a world that does everything at the worst moment."""

import dataclasses
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from uuid import UUID

import pytest

from catalog.kernel.errors import ShopError
from catalog.kernel.unit_of_work import UnitOfWork, Units
from checkout.carts import service as carts
from checkout.carts.values import Clear
from checkout.fulfilment import service as fulfilment
from checkout.inventory import service as inventory
from checkout.orders import service as orders
from checkout.orders.refunding import request_refund
from checkout.orders.states import PAID_FOR, SHIPPABLE, OrderState
from checkout.paying import opening, tasks
from checkout.paying.opening import Problem, RedirectTo
from checkout.payments.states import PaymentState, RefundState
from checkout.returns import service as returns
from storefront.lab.stripe_double import refunds as dashboard
from storefront.lab.stripe_double.answers import Refused
from tests.checkout.factories import TEE
from tests.checkout.paying.scene import ADDRESS, Scene
from tests.checkout.payments.factories import state_by_ledger
from tests.conftest import FrozenClock

STOCK = 20  # tees on the shelf at first


class Killed(BaseException):
    """The process is gone."""


class MortalUnits(Units):
    """Transactions of a process that dies before its n-th one, or at the end of it, just before the commit."""

    def __init__(self, units: Units, *, after: int, before_commit: bool) -> None:
        super().__init__(units.engine, units.clock)
        self._left = after
        self._before_commit = before_commit

    @asynccontextmanager
    async def __call__(self, shop_id: UUID | None) -> AsyncIterator[UnitOfWork]:
        """One transaction, perhaps the last."""
        self._left -= 1
        if self._left < 0 and not self._before_commit:
            raise Killed
        async with super().__call__(shop_id) as uow:
            yield uow
            if self._left < 0:
                raise Killed


def _mortal(scene: Scene, *, after: int, before_commit: bool) -> Scene:
    units = MortalUnits(scene.units, after=after, before_commit=before_commit)
    return dataclasses.replace(scene, desk=dataclasses.replace(scene.desk, units=units))


@pytest.mark.parametrize("before_commit", [False, True])
@pytest.mark.parametrize("after", range(4))
async def test_a_kill_while_the_page_is_opened_costs_nothing(scene: Scene, after: int, *, before_commit: bool) -> None:
    code = await scene.fill_cart()
    with suppress(Killed):
        await _mortal(scene, after=after, before_commit=before_commit).press(code)
    await scene.events_and_jobs()
    assert isinstance(await scene.press(code), RedirectTo)
    assert scene.shopper_pays() == "paid"
    await scene.webhooks()
    await scene.events_and_jobs()
    await _is_sound(scene)
    assert [order.state for order in await scene.orders()] == [OrderState.PAID]
    assert await scene.refunds() == []


@pytest.mark.parametrize("before_commit", [False, True])
@pytest.mark.parametrize("after", range(3))
async def test_a_kill_while_a_webhook_is_heard_loses_no_money(scene: Scene, after: int, *, before_commit: bool) -> None:
    await scene.to_the_page()
    scene.shopper_pays()
    with suppress(Killed):
        await _mortal(scene, after=after, before_commit=before_commit).webhooks()
    await tasks.reconcile(scene.desk)
    await _is_sound(scene)
    assert (await scene.order()).state == OrderState.PAID


@pytest.mark.parametrize("before_commit", [False, True])
@pytest.mark.parametrize("after", range(3))
async def test_a_kill_while_a_refund_is_sent_sends_it_once(
    scene: Scene, clock: FrozenClock, after: int, *, before_commit: bool
) -> None:
    await scene.buys()
    await scene.calls_off("shopper")
    await scene._events()
    (refund,) = await scene.refunds()
    mortal = _mortal(scene, after=after, before_commit=before_commit).desk
    with suppress(Killed):
        await tasks.perform_refund(mortal, shop_id=str(scene.shop_id), refund_id=str(refund.id))
    clock.advance(days=2)  # the key is forgotten by now, so only looking first prevents a second refund
    await tasks.poll(scene.desk)
    await scene.events_and_jobs()
    await _is_sound(scene)
    assert [each.state for each in await scene.refunds()] == [RefundState.SUCCEEDED]
    assert len(scene.double.objects["refund"]) == 1


async def test_a_refund_whose_answer_was_lost_or_spoilt_is_still_one_refund(scene: Scene) -> None:
    await scene.buys()
    await scene.calls_off("shopper")
    await scene._events()
    (refund,) = await scene.refunds()
    args = {"shop_id": str(scene.shop_id), "refund_id": str(refund.id)}
    scene.double.faults.error_500_stored_next = 1
    with pytest.raises(ShopError):
        await tasks.perform_refund(scene.desk, **args)
    await tasks.perform_refund(scene.desk, **args)
    await tasks.perform_refund(scene.desk, **args)
    assert len(scene.double.objects["refund"]) == 1
    assert [each.state for each in await scene.refunds()] == [RefundState.SUCCEEDED]


async def test_a_refund_that_comes_back_is_told_and_not_sent_again_by_itself(scene: Scene, clock: FrozenClock) -> None:
    await scene.buys()
    scene.double.faults.refund_fails = True
    await scene.calls_off("shopper")
    await scene.events_and_jobs()
    clock.advance(minutes=5)
    await tasks.reconcile(scene.desk)
    await tasks.reconcile(scene.desk)
    await scene.events_and_jobs()
    assert [each.state for each in await scene.refunds()] == [RefundState.FAILED]
    assert (await scene.told()).count("RefundFailed") == 1
    await _is_sound(scene)


@pytest.mark.parametrize("seed", range(10))
async def test_whatever_happens_no_money_is_lost_and_none_is_taken_twice(
    scene: Scene, clock: FrozenClock, seed: int
) -> None:
    dice = random.Random(seed)  # noqa: S311 - replay, never secrets
    walk = Walk(scene, clock, dice)
    await walk.cart(scene)
    for _ in range(24):
        await walk.step()
    scene.double.faults.set({"cut_next": 0, "error_500_next": 0, "rate_limit_next": 0})
    for _ in range(3):
        clock.advance(hours=2)
        await scene.webhooks(copies=2, shuffle=dice)
        await tasks.poll(scene.desk)
        await tasks.reconcile(scene.desk)
        await scene.events_and_jobs()
    await _is_sound(scene)
    await _is_fair(scene)


class Walk:
    """A world at odds: each step does one thing that shoppers, providers, clocks and processes do."""

    steps = (
        *("press", "pay", "webhooks") * 3,
        *("cart", "time", "poll", "jobs") * 2,
        "cancel", "fault", "refund", "dashboard", "ship", "back",
    )  # fmt: skip

    def __init__(self, scene: Scene, clock: FrozenClock, dice: random.Random) -> None:
        self._scene = scene
        self._clock = clock
        self._dice = dice
        self._codes: list[str] = []

    async def step(self) -> None:
        """One thing, in a process that may die of it."""
        mortal = _mortal(self._scene, after=self._dice.randrange(5), before_commit=self._dice.random() < 0.5)
        scene = mortal if self._dice.random() < 0.3 else self._scene
        with suppress(Killed, ShopError):
            await getattr(self, self._dice.choice(self.steps))(scene)

    async def cart(self, scene: Scene) -> None:
        """More tees, or other ones."""
        async with scene.units(scene.shop_id) as uow:
            if self._dice.random() < 0.5:
                await carts.apply(uow, scene.customer_id, [Clear()], "de")
        self._codes.append(await scene.fill_cart(self._dice.randint(1, 2)))

    async def press(self, scene: Scene) -> None:
        """The button of one of the newest links."""
        if not self._codes:
            return
        result = await opening.pay(scene.desk, scene.shop_id, self._dice.choice(self._codes[-2:]), ADDRESS)
        if isinstance(result, Problem) and result.code:
            self._codes.append(result.code)

    async def pay(self, scene: Scene) -> None:
        """Any page, in any way."""
        known = scene.double.objects["checkout.session"]
        if pages := [name for name, page in known.items() if page["status"] == "open"] or list(known):
            way = self._dice.choice(["card", "card", "sepa", "sepa_fails", "declined:generic_decline"])
            scene.shopper_pays(self._dice.choice(pages), way)

    async def webhooks(self, scene: Scene) -> None:
        """Doubled and shuffled."""
        await scene.webhooks(copies=self._dice.randint(1, 2), shuffle=self._dice)

    async def time(self, _scene: Scene) -> None:
        """It passes."""
        self._clock.now += timedelta(minutes=self._dice.choice([1, 5, 44, 60]))

    async def cancel(self, scene: Scene) -> None:
        """The shopper thinks again."""
        async with scene.units(scene.shop_id) as uow:
            if found := (await orders.page(uow)).items:
                await orders.cancel(uow, self._dice.choice(found).id, "shopper")

    async def refund(self, scene: Scene) -> None:
        """The merchant gives back a part, or the rest."""
        async with scene.units(scene.shop_id) as uow:
            if found := (await orders.page(uow)).items:
                order = self._dice.choice(found)
                await request_refund(uow, order.id, amount=self._dice.choice([None, order.money(500)]))

    async def dashboard(self, scene: Scene) -> None:
        """The same, at the provider's own desk."""
        if charges := [one for one in scene.double.objects["charge"].values() if one["paid"]]:
            params = self._dice.choice([{}, {"amount": "700"}])
            with suppress(Refused):
                dashboard.create(scene.double, {"charge": self._dice.choice(charges)["id"], **params}, key=None)

    async def ship(self, scene: Scene) -> None:
        """A parcel with one tee, or with all that is left."""
        async with scene.units(scene.shop_id) as uow:
            if found := (await orders.page(uow)).items:
                await fulfilment.ship(uow, self._dice.choice(found).id, lines=self._dice.choice([None, [(TEE, 1)]]))

    async def back(self, scene: Scene) -> None:
        """A tee comes back, with its money or without."""
        async with scene.units(scene.shop_id) as uow:
            if found := (await orders.page(uow)).items:
                asked = await returns.request(uow, self._dice.choice(found).id, lines=[(TEE, 1, "")])
                await returns.approve(uow, asked.id)
                await returns.receive(uow, asked.id, with_refund=self._dice.random() < 0.5)

    async def poll(self, scene: Scene) -> None:
        """The poller's round."""
        await tasks.poll(scene.desk)

    async def jobs(self, scene: Scene) -> None:
        """The worker catches up."""
        await self._scene.events_and_jobs()

    async def fault(self, scene: Scene) -> None:
        """The provider stumbles."""
        scene.double.faults.set({self._dice.choice(["cut_next", "error_500_next", "rate_limit_next"]): 1})


async def _is_sound(scene: Scene) -> None:
    """What holds at any moment."""
    payments = await scene.payments()
    async with scene.units(scene.shop_id) as uow:
        found = (await orders.page(uow)).items
        for order in found:
            assert [event.type for event in order.events].count("paid") <= 1
        for payment in payments:
            assert await state_by_ledger(uow, payment.id) == payment.state
        over = await uow.fetchval("SELECT count(*) FROM stock_level WHERE shop_id = $1 AND on_hand < 0", scene.shop_id)
        assert over == 0
    for charge in scene.double.objects["charge"].values():
        assert charge["amount_refunded"] <= charge["amount"]


async def _is_fair(scene: Scene) -> None:
    """What holds when all is heard: each charge pays for one order, or has gone back; all gone, nothing more leaves."""
    found = {str(order.id): order for order in await scene.orders()}
    given = Counter[str]()
    for refund in await scene.refunds():
        if refund.origin != "surplus" and refund.state == RefundState.SUCCEEDED:
            given[str(refund.order_id)] += refund.amount.minor
    kept: dict[str, int] = {}
    for charge in scene.double.objects["charge"].values():
        if charge["paid"]:
            order_id = charge["metadata"]["order_id"]
            kept[order_id] = kept.get(order_id, 0) + charge["amount"] - charge["amount_refunded"]
    for order_id, order in found.items():
        expected = max(0, order.total_minor - given[order_id]) if order.state in PAID_FOR else 0
        assert kept.get(order_id, 0) == expected, (order.number, order.state)
        assert expected or order.state not in SHIPPABLE
    await _is_counted(scene)
    assert not [each for each in await scene.payments() if each.state in {PaymentState.OPEN, PaymentState.CREATED}]


async def _is_counted(scene: Scene) -> None:
    """Every tee is on the shelf, or in an order that pays for it."""
    found = [order for order in await scene.orders() if order.state in PAID_FOR]
    sold = sum(line.quantity - order.never_sent.get(line.sku, 0) for order in found for line in order.lines)
    async with scene.units(scene.shop_id) as uow:
        came = [each for one in (await returns.of_orders(uow, [order.id for order in found])).values() for each in one]
        back = sum(quantity for each in came for _, quantity, _ in each.lines)
        assert (await inventory.levels(uow, [TEE]))[TEE].on_hand == STOCK - sold + back
