"""A message that the thread could not bring names what else reaches the person."""

from typing import Any
from uuid import UUID

import pytest

from bots.channels.accounts import standing
from bots.channels.registry import CHANNELS
from bots.conversations import service as conversations
from bots.conversations import thread as threads
from bots.delivery import outbox
from bots.delivery.outbox import Posting
from bots.messages.outbound import Text
from catalog.kernel.unit_of_work import Units
from catalog.shops.models import Shop
from checkout.customers import service as customers
from tests.conftest import FrozenClock
from tests.scenarios.phone import Phone, desk_for, open_account


@pytest.fixture
async def late(units: Units, shop: Shop, clock: FrozenClock) -> Phone:
    """Somebody who wrote on WhatsApp two days ago."""
    phone = Phone(units, shop.id, desk_for(units), await open_account(units, shop.id, "whatsapp"), clock)
    await phone.say("hallo")
    clock.advance(days=2)
    return phone


async def elsewhere(late: Phone) -> tuple[Phone, UUID]:
    """The same person on Telegram, proven; and the conversation there."""
    units, shop_id = late.units, late.shop_id
    there = Phone(units, shop_id, late.desk, await open_account(units, shop_id, "telegram"), late.clock, address="4711")
    await there.say("hallo")
    async with units(shop_id) as uow:
        one, other = await late.conversation(uow), await there.conversation(uow)
        await customers.merge(uow, one["customer_id"], other["customer_id"], proof="same_account")
    return there, other["id"]


async def instead(late: Phone) -> Any:  # noqa: ANN401 - JSON
    """What the refusal of a message names."""
    async with late.units(late.shop_id) as uow:
        thread = await threads.lock(uow, (await late.conversation(uow))["id"])
        await outbox.post(uow, thread, [Text(text="Da!")], CHANNELS[thread.kind].capabilities, Posting())
        last = (await conversations.messages(uow, thread.id)).items[-1]
    assert (last["delivery"]["state"], last["delivery"]["reason"]) == ("refused", "window_closed")
    return last["delivery"]["instead"]


async def test_an_open_thread_of_the_same_person(late: Phone) -> None:
    _, conversation_id = await elsewhere(late)
    assert await instead(late) == {"kind": "telegram", "conversation_id": str(conversation_id)}


async def test_their_address_where_no_thread_is_open(late: Phone) -> None:
    there, _ = await elsewhere(late)
    async with late.units(late.shop_id) as uow:
        await standing.fail(uow, there.door.account_id, "Unauthorized")
        row = await there.conversation(uow)
        await customers.introduce(uow, row["customer_id"], email="jana@example.org")
    assert await instead(late) == {"email": "jana@example.org"}


async def test_nothing_where_nothing_is_known_and_nothing_of_somebody_else(late: Phone) -> None:
    other = await open_account(late.units, late.shop_id, "telegram")
    await Phone(late.units, late.shop_id, late.desk, other, late.clock, address="9").say("hallo")
    assert await instead(late) is None
