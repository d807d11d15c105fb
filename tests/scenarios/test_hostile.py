"""A hundred hostile texts through the whole turn: each is answered, and none changes a cart or makes an order."""

import pytest

from catalog.kernel.unit_of_work import Units
from catalog.shops.models import Shop
from checkout.carts import service as carts
from tests.bots.understanding.test_hostile_texts import hostile_texts
from tests.conftest import FrozenClock
from tests.scenarios.goods import fill
from tests.scenarios.phone import Phone, desk_for, open_account


@pytest.mark.parametrize("kind", ["webchat", "whatsapp", "telegram"])
async def test_no_hostile_text_changes_a_cart(kind: str, units: Units, shop: Shop, clock: FrozenClock) -> None:
    desk = desk_for(units)
    async with units(shop.id) as uow:
        await fill(uow, desk.store)
    phone = Phone(units, shop.id, desk, await open_account(units, shop.id, kind), clock)
    await phone.say("graues Basic-Tee in M")
    before = await _cart(phone)
    texts = hostile_texts()
    chosen = [*texts[:15], *texts[15 : -40 : len(texts) // 55], *texts[-40:]][:110]
    assert len(chosen) >= 100
    for text in chosen:
        await phone.say(text)
        clock.advance(seconds=5)
        assert await _cart(phone) == before, text[:80]
    async with units(shop.id) as uow:
        outcomes = await uow.fetch(
            "SELECT outcome, count(*) FROM inbound_message WHERE shop_id = $1 GROUP BY 1", shop.id
        )
        orders = await uow.fetchval("SELECT count(*) FROM shop_order WHERE shop_id = $1", shop.id)
    assert orders == 0
    assert {row["outcome"] for row in outcomes} <= {"answered", "handed_over", "merged"}, outcomes


async def _cart(phone: Phone) -> list[tuple[str, int]]:
    async with phone.units(phone.shop_id) as uow:
        row = await phone.conversation(uow)
        view = await carts.view(uow, row["customer_id"], "de")
    return [(line.sku, line.quantity) for line in view.lines]
