"""Forgetting a person."""

from bots.channels.webchat import threads
from bots.conversations import erasure
from bots.conversations import service as conversations
from bots.turns import pending
from catalog.kernel.unit_of_work import Units
from catalog.shops.models import Shop
from checkout.customers.events import CustomerErased
from tests.conftest import FrozenClock
from tests.scenarios.goods import fill
from tests.scenarios.phone import Phone, desk_for, open_account


async def test_an_erased_person_leaves_no_word_and_no_address(units: Units, shop: Shop, clock: FrozenClock) -> None:
    desk = desk_for(units)
    async with units(shop.id) as uow:
        await fill(uow, desk.store)
    door = await open_account(units, shop.id, "whatsapp")
    phone = Phone(units, shop.id, desk, door, clock)
    await phone.say("hallo, ich heiße Jana und wohne in der Lindenstraße")
    async with units(shop.id) as uow:
        found = (await conversations.page(uow)).items[0]
        customer_id = await uow.fetchval("SELECT customer_id FROM conversation WHERE shop_id = $1", shop.id)
        for _ in range(2):
            await erasure.on_customer_erased(uow, CustomerErased(customer_id))
    async with units(shop.id) as uow:
        after = await uow.fetchrow("SELECT address, state FROM conversation WHERE shop_id = $1", shop.id)
        words = await uow.fetch(
            "SELECT text, body::text FROM inbound_message WHERE shop_id = $1"
            " UNION ALL SELECT text, body::text FROM outbound_message WHERE shop_id = $1 AND state <> 'queued'",
            shop.id,
        )
    assert after is not None
    assert after["address"] == f"erased:{found['id']}"
    assert not any("Jana" in row["text"] + row["body"] or "Linden" in row["text"] for row in words)


async def test_an_erased_customer_of_the_site_begins_a_new_thread(units: Units, shop: Shop, clock: FrozenClock) -> None:
    phone = Phone(units, shop.id, desk_for(units), await open_account(units, shop.id, "webchat"), clock)
    await phone.say("hallo")
    async with units(shop.id) as uow:
        row = await uow.fetchrow(
            "SELECT address, account_id, customer_id FROM conversation WHERE shop_id = $1", shop.id
        )
        assert row is not None
        account_id, address = row["account_id"], row["address"]
        assert await threads.join(uow, account_id, address, "customer-7") == address
        await erasure.on_customer_erased(uow, CustomerErased(row["customer_id"]))
        assert await threads.subject(uow, account_id, address) is None
        assert await threads.join(uow, account_id, "web-new", "customer-7") == "web-new"


async def test_what_an_erased_person_had_still_open_is_ended_in_silence(
    units: Units, shop: Shop, clock: FrozenClock
) -> None:
    desk = desk_for(units)
    phone = Phone(units, shop.id, desk, await open_account(units, shop.id, "whatsapp"), clock)
    assert not await phone.say("ich suche einen")
    async with units(shop.id) as uow:
        customer_id = await uow.fetchval("SELECT customer_id FROM conversation WHERE shop_id = $1", shop.id)
        await erasure.on_customer_erased(uow, CustomerErased(customer_id))
    clock.advance(hours=1)
    assert await pending.step(desk) == 0
    async with units(shop.id) as uow:
        row = await uow.fetchrow(
            "SELECT outcome, outcome_detail::text, open_inbound FROM inbound_message m JOIN conversation c"
            " ON c.id = m.conversation_id WHERE m.shop_id = $1",
            shop.id,
        )
    assert row is not None
    assert (row["outcome"], row["open_inbound"]) == ("ignored", 0)
    assert "erased" in row["outcome_detail"]
