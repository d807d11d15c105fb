"""Everybody at once: the merchant refunds, ships and cancels while the provider's desk gives money back."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import pytest

from catalog.kernel.errors import ShopError
from catalog.kernel.unit_of_work import UnitOfWork, Units
from catalog.shops.models import Shop
from checkout.fulfilment import service as fulfilment
from checkout.orders import service as orders
from checkout.orders.refunding import request_refund
from checkout.orders.states import SHIPPABLE, OrderState
from checkout.payments.states import RefundState
from storefront.lab.stripe_double import refunds as dashboard
from storefront.lab.stripe_double.answers import Refused
from tests.checkout.factories import TEE
from tests.checkout.paying.scene import Scene, open_scene
from tests.conftest import FrozenClock


@pytest.mark.parametrize("seed", range(6))
async def test_no_more_goes_back_than_came_and_nothing_leaves_for_nothing(
    units: Units, shop: Shop, clock: FrozenClock, seed: int
) -> None:
    dice = random.Random(seed)  # noqa: S311 - replay, never secrets
    async with open_scene(units, clock, shop.id) as scene:
        await scene.to_the_page(2)
        scene.shopper_pays()
        await scene.webhooks()
        await scene.events_and_jobs()
        doings = [dice.choice(_DOINGS)(scene, dice.random() / 50) for _ in range(10)]
        await asyncio.wait_for(asyncio.gather(*doings), 60)
        for _ in range(4):
            await scene.events_and_jobs()
            await scene.webhooks(copies=2)
        order = await scene.order()
        (charge,) = scene.double.objects["charge"].values()
        done = [each.amount.minor for each in await scene.refunds() if each.state == RefundState.SUCCEEDED]
    assert sum(done) == charge["amount_refunded"] <= charge["amount"]
    assert charge["amount_refunded"] < charge["amount"] or order.state not in SHIPPABLE
    assert charge["amount_refunded"] == charge["amount"] or order.state != OrderState.CANCELLED


def _asked(work: Callable[[UnitOfWork, Any], Awaitable[object]]) -> Callable[[Scene, float], Awaitable[None]]:
    """Something asked of the order after a moment; it may be refused."""

    async def ask(scene: Scene, moment: float) -> None:
        await asyncio.sleep(moment)
        order = await scene.order()
        with suppress(ShopError):
            async with scene.units(scene.shop_id) as uow:
                await work(uow, order)

    return ask


async def _at_the_providers_desk(scene: Scene, moment: float) -> None:
    await asyncio.sleep(moment)
    (charge,) = scene.double.objects["charge"].values()
    with suppress(Refused):
        dashboard.create(scene.double, {"charge": charge["id"], "amount": "1500"}, key=None)
    await scene.webhooks(copies=3)


async def _house(scene: Scene, moment: float) -> None:
    await asyncio.sleep(moment)
    await scene.events_and_jobs()


_DOINGS = (
    _asked(lambda uow, order: request_refund(uow, order.id, amount=order.money(3000))),
    _asked(lambda uow, order: request_refund(uow, order.id)),
    _asked(lambda uow, order: fulfilment.ship(uow, order.id, lines=[(TEE, 1)])),
    _asked(lambda uow, order: fulfilment.ship(uow, order.id)),
    _asked(lambda uow, order: orders.cancel(uow, order.id, "merchant")),
    _at_the_providers_desk,
    _house,
)
