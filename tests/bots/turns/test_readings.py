"""What a message was taken for stays with its outcome, so that the team can see why the bot answered as it did."""

from typing import Any

import pytest

from bots.conversations import erasure
from bots.conversations import service as conversations
from catalog.kernel.unit_of_work import Units
from catalog.shops.models import Shop
from checkout.customers.events import CustomerErased
from tests.conftest import FrozenClock
from tests.scenarios.goods import fill
from tests.scenarios.phone import Phone, desk_for, open_account


@pytest.fixture
async def phone(units: Units, shop: Shop, clock: FrozenClock) -> Phone:
    desk = desk_for(units)
    async with units(shop.id) as uow:
        await fill(uow, desk.store)
    return Phone(units, shop.id, desk, await open_account(units, shop.id, "whatsapp"), clock)


async def _readings(units: Units, shop: Shop) -> list[dict[str, Any]]:
    async with units(shop.id) as uow:
        conversation = (await conversations.page(uow)).items[0]
        items = (await conversations.messages(uow, conversation["id"])).items
    return [item["outcome"].get("reading", {}) for item in items if item["direction"] == "inbound"]


async def test_each_message_keeps_what_it_was_taken_for_and_why(units: Units, shop: Shop, phone: Phone) -> None:
    for words in ("hallo", "habt ihr hosen", "zwei graue t-shirts in m", "zur kasse", "lindenstr 5, 10969 berlin"):
        await phone.say(words)
    hello, trousers, tees, _, address = await _readings(units, shop)
    assert trousers["intents"] == ["search"]
    assert trousers["search"].keys() == {"filters", "sort"}  # not the goods, which may be many
    assert hello["intents"] == ["greeting"]
    assert tees["intents"] == ["add_to_cart"]
    assert [(op["op"], op["size"], op["quantity"]) for op in tees["cart_ops"]] == [("add", "M", 2)]
    assert tees["why"]
    assert tees["confidence"] > 0.5
    assert address == {"intents": ["answer"], "why": ["address"]}


async def test_a_code_and_an_offer_typed_are_told_apart_from_words_that_were_read(
    units: Units, shop: Shop, phone: Phone
) -> None:
    await phone.say("hallo (#LB7)")
    await phone.say("1 in M")
    await phone.say("bezahlen")
    code, read, offer = await _readings(units, shop)
    assert code == {"intents": ["code"], "why": ["LB7"]}
    assert read["why"]
    assert offer == {"intents": ["offer"], "why": ["Bezahlen"]}


async def test_with_the_person_the_readings_are_forgotten(units: Units, shop: Shop, phone: Phone) -> None:
    await phone.say("zwei graue t-shirts in m")
    assert (await _readings(units, shop))[0]["why"]
    async with units(shop.id) as uow:
        customer_id = await uow.fetchval("SELECT customer_id FROM conversation WHERE shop_id = $1", shop.id)
        await erasure.on_customer_erased(uow, CustomerErased(customer_id))
    assert await _readings(units, shop) == [{}]
