"""What a turn knows of the cart: what the lock read, until something changes it."""

from bots.conversations import thread as threads
from bots.conversations.memory import Memory
from bots.messages.inbound import Sender, TextReceived
from bots.turns import inbox
from bots.turns.turn import Turn
from catalog.kernel.ids import new_id
from catalog.kernel.unit_of_work import Units
from catalog.shops import profile as profiles
from catalog.shops.models import Shop
from checkout.carts import service as carts
from checkout.carts.values import Add
from tests.checkout.factories import TEE, make_variant
from tests.conftest import FrozenClock
from tests.scenarios.phone import desk_for, open_account


async def test_after_a_change_the_carts_lines_are_read_anew(units: Units, shop: Shop, clock: FrozenClock) -> None:
    door, desk = await open_account(units, shop.id, "whatsapp"), desk_for(units)
    hello = TextReceived(
        dedupe_key="m1", provider_id="m1", at=clock.now, sender=Sender(address="491700000001"), text="hallo"
    )
    await inbox.receive(desk, door, [hello])
    async with units(shop.id) as uow:
        await make_variant(uow)
        thread, _ = await threads.take(uow, door.account_id, hello, address="491700000001")
        assert thread is not None
        turn = Turn(
            desk=desk, uow=uow, shop=await profiles.get(uow), thread=thread, memory=Memory(), locale="de",
            inbound_id=new_id(),
        )  # fmt: skip
        assert await turn.cart_lines() == ()
        turn.set_cart(await carts.apply(uow, thread.customer_id, [Add(TEE)], "de"))
        turn.forget_cart()
        assert [line.sku for line in await turn.cart_lines()] == [TEE]
