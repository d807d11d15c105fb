"""Orders of many at the same moment: one truth, nothing oversold, no deadlock."""

import asyncio
from uuid import UUID

from catalog.kernel.unit_of_work import Units
from checkout.carts import service as carts
from checkout.carts.values import Add, Clear
from checkout.inventory import service as inventory
from checkout.orders import service as orders
from checkout.orders.service import PaidOutcome
from tests.checkout.factories import TEE, delivery, make_customer, make_variant


async def test_a_hundred_shoppers_and_ten_units_make_ten_orders(units: Units, shop: object, shop_id: UUID) -> None:
    async with units(shop_id) as uow:
        await make_variant(uow, stock=10)
        people = [await make_customer(uow) for _ in range(100)]

    async def shop_for(person: UUID) -> bool:
        async with units(shop_id) as uow:
            if not (await carts.apply(uow, person, [Add(TEE)], "de")).applied:
                return False
        async with units(shop_id) as uow:
            order = await orders.place(uow, person, delivery(), locale="de")
        async with units(shop_id) as uow:
            return await orders.mark_paid(uow, await orders.lock_order(uow, order.id)) is PaidOutcome.PAID

    won = await asyncio.gather(*map(shop_for, people))
    assert sum(won) == 10
    async with units(shop_id) as uow:
        assert (await inventory.levels(uow, [TEE]))[TEE].on_hand == 0
        numbers = [order.number for order in (await orders.page(uow, limit=100)).items]
        assert sorted(numbers) == [f"L-{number}" for number in range(1001, 1011)]


async def test_changing_the_cart_while_ordering_leads_to_one_truth(units: Units, shop: object, shop_id: UUID) -> None:
    async with units(shop_id) as uow:
        await make_variant(uow, stock=5)
        ada = await make_customer(uow)
        await carts.apply(uow, ada, [Add(TEE)], "de")

    async def change() -> None:
        async with units(shop_id) as uow:
            await carts.apply(uow, ada, [Add(TEE)], "de")

    async def order() -> None:
        async with units(shop_id) as uow:
            await orders.place(uow, ada, delivery(), locale="de")

    await asyncio.gather(order(), change(), order(), change(), order())
    async with units(shop_id) as uow:
        waiting = [each for each in (await orders.page(uow)).items if each.state == "awaiting_payment"]
        assert len(waiting) == 1
        assert (await inventory.levels(uow, [TEE]))[TEE].available == 2
        await carts.apply(uow, ada, [Clear()], "de")
        assert (await inventory.levels(uow, [TEE]))[TEE].available == 5


async def test_ordering_while_the_merchant_edits_never_deadlocks(units: Units, shop: object, shop_id: UUID) -> None:
    async with units(shop_id) as uow:
        await make_variant(uow, stock=100)
        people = [await make_customer(uow) for _ in range(12)]
        for person in people:
            await carts.apply(uow, person, [Add(TEE)], "de")

    async def edit(stock: int) -> None:
        async with units(shop_id) as uow:
            await uow.execute(
                "UPDATE shop SET catalog_revision = catalog_revision + 1 WHERE id = $1 /* shop_id */", uow.shop_id
            )
            await asyncio.sleep(0.005)
            await inventory.set_on_hand(uow, TEE, stock)

    async def order(person: UUID) -> None:
        async with units(shop_id) as uow:
            await orders.place(uow, person, delivery(), locale="de")

    work = [act for index, person in enumerate(people) for act in (order(person), edit(90 + index))]
    await asyncio.gather(*work)
    async with units(shop_id) as uow:
        assert (await inventory.levels(uow, [TEE]))[TEE].reserved == 12
