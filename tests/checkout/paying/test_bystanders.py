"""Whatever one person buys, changes, calls off and sends back, nothing that is somebody else's is touched."""

from checkout.carts import service as carts
from checkout.carts.values import Add, Clear
from checkout.fulfilment import service as fulfilment
from checkout.orders import service as orders
from checkout.orders.refunding import request_refund
from checkout.pricing import service as pricing
from checkout.pricing.discounts import DiscountRule
from checkout.returns import service as returns
from checkout.returns import withdrawals
from storefront import schema
from tests.checkout.factories import TEE, make_customer
from tests.checkout.paying.scene import Scene

SHARED = {"shop", "stock_level", "payment_account"}  # next number of an order, goods on hand, when the provider spoke


async def test_what_one_person_does_touches_nothing_of_another(scene: Scene) -> None:
    async with scene.units(scene.shop_id) as uow:
        await pricing.create_discount(uow, DiscountRule("TEN", percent_bp=1000))
    await _send_back(scene, decided=False)
    await _live(scene)
    before = await _rows(scene)
    async with scene.units(scene.shop_id) as uow:
        scene.customer_id = await make_customer(uow)
    await _live(scene)
    await scene.to_the_page(1)  # so that not all ends as it did for the first person
    assert before - await _rows(scene) == set()


async def _live(scene: Scene) -> None:
    """Everything that a person may do with carts and orders; some of it is left as it is before its end."""
    await _send_back(scene, decided=True)
    await scene.to_the_page()
    await scene.calls_off("shopper")
    await scene.to_the_page()
    async with scene.units(scene.shop_id) as uow:
        await orders.expire(uow, (await orders.page(uow)).items[0].id)
    await _change_mind(scene)
    await scene.buys()
    await scene.to_the_page(1)
    await scene.events_and_jobs()
    await scene.webhooks()


async def _send_back(scene: Scene, *, decided: bool) -> None:
    await scene.buys()
    await scene.events_and_jobs()
    order = await scene.order()
    async with scene.units(scene.shop_id) as uow:
        await fulfilment.ship(uow, order.id)
        await request_refund(uow, order.id, amount=order.money(100))
        asked = [await returns.request(uow, order.id, lines=[(TEE, 1, "too wide")]) for _ in range(2)]
        await withdrawals.declare(uow, number=order.number, name="Ada", email="ada@example.org")
        await returns.approve(uow, asked[0].id)
        if decided:
            await returns.receive(uow, asked[0].id)
            await returns.reject(uow, asked[1].id, "worn")
    await scene.events_and_jobs()
    await scene.webhooks()
    await scene.events_and_jobs()


async def _change_mind(scene: Scene) -> None:
    await scene.fill_cart()
    async with scene.units(scene.shop_id) as uow:
        for ops in ([Clear()], [Add(TEE, 3)]):
            await carts.apply(uow, scene.customer_id, ops, "de")
        await carts.undo(uow, scene.customer_id, "de")
        await carts.put_discount(uow, scene.customer_id, "TEN", "de")
        await carts.put_shipping(uow, scene.customer_id, "parcel", "de")
    await scene.to_the_page(1)
    await scene.fill_cart(1)
    await scene.events_and_jobs()


async def _rows(scene: Scene) -> set[tuple[str, str]]:
    """Every row of the shop, with the name of its table."""
    found: set[tuple[str, str]] = set()
    async with scene.units(scene.shop_id) as uow:
        for table in schema.metadata.tables.keys() - SHARED:
            rows = await uow.fetch(f"SELECT to_jsonb(t)::text AS row FROM {table} t")  # noqa: S608 - ours
            found |= {(table, row["row"]) for row in rows}
    return found
