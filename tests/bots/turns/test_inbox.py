"""The inbox: what was taken in is stored, even while a person's addresses change under it."""

import asyncio
from datetime import datetime

import pytest

from bots.messages.inbound import Sender, TextReceived
from bots.turns import inbox
from bots.turns.desk import Door, TurnDesk
from catalog.kernel.unit_of_work import Units
from catalog.shops.models import Shop
from tests.conftest import FrozenClock
from tests.scenarios.phone import desk_for, open_account

NUMBER, USER = "491700000001", "DE.4711"


@pytest.fixture
async def door(units: Units, shop: Shop) -> Door:
    return await open_account(units, shop.id, "whatsapp")


@pytest.fixture
def desk(units: Units) -> TurnDesk:
    return desk_for(units)


def hello(number: int, at: datetime) -> TextReceived:
    """The same person, now by number, now by user id."""
    address, alias = (NUMBER, USER) if number % 2 else (USER, NUMBER)
    sender = Sender(address=address, aliases=(alias,))
    return TextReceived(dedupe_key=f"m{number}", provider_id=f"m{number}", at=at, sender=sender, text="hallo")


async def test_no_message_is_lost_while_a_person_changes_addresses(
    units: Units, shop: Shop, desk: TurnDesk, door: Door, clock: FrozenClock
) -> None:
    await inbox.receive(desk, door, [hello(0, clock.now)])
    await asyncio.gather(*(inbox.receive(desk, door, [hello(number, clock.now)]) for number in range(1, 60)))
    async with units(shop.id) as uow:
        stored = await uow.fetchval("SELECT count(*) FROM inbound_message WHERE shop_id = $1", shop.id)
        conversations = await uow.fetchval("SELECT count(*) FROM conversation WHERE shop_id = $1", shop.id)
    assert (stored, conversations) == (60, 1)


async def test_a_message_again_changes_nothing(
    units: Units, shop: Shop, desk: TurnDesk, door: Door, clock: FrozenClock
) -> None:
    for _ in range(3):
        await inbox.receive(desk, door, [hello(1, clock.now)])
    async with units(shop.id) as uow:
        assert await uow.fetchval("SELECT count(*) FROM inbound_message WHERE shop_id = $1", shop.id) == 1
        assert await uow.fetchval("SELECT count(*) FROM outbound_message WHERE shop_id = $1", shop.id) == 2
