"""Whose conversation a message belongs to, where people have ids and phone numbers and numbers are given anew."""

from datetime import datetime

import pytest

from bots.conversations import addresses
from bots.delivery import news
from bots.messages.inbound import AddressChanged, Sender, TextReceived
from bots.turns import inbox
from bots.turns.desk import Door, TurnDesk
from catalog.kernel.unit_of_work import Units
from catalog.shops.models import Shop
from tests.conftest import FrozenClock
from tests.scenarios.phone import desk_for, open_account

NUMBER, NEW_NUMBER = "491700000001", "491700000002"
ADA, BERT = "DE.4711", "DE.4712"


class World:
    """WhatsApp people of one shop, each message a little later than the one before."""

    def __init__(self, units: Units, desk: TurnDesk, door: Door, clock: FrozenClock) -> None:
        self.units = units
        self.desk = desk
        self.door = door
        self.clock = clock
        self.said = 0

    async def write(self, address: str, *aliases: str, at: datetime | None = None) -> None:
        self.said += 1
        written = TextReceived(
            dedupe_key=f"m{self.said}", provider_id=f"m{self.said}", at=at or self.clock.advance(seconds=5),
            sender=Sender(address=address, aliases=aliases), text="hallo",
        )  # fmt: skip
        await inbox.receive(self.desk, self.door, [written])

    async def move(self, old: str, new: str) -> None:
        """The provider announces another address of the same person."""
        event = AddressChanged(dedupe_key=f"{old}:{new}", at=self.clock.advance(seconds=5), old=old, new=new)
        async with self.units(self.door.shop_id) as uow:
            await news.take(uow, self.door.account_id, [event])

    async def conversations(self) -> dict[str, int]:
        """How many messages each address's conversation holds."""
        async with self.units(self.door.shop_id) as uow:
            rows = await uow.fetch(
                "SELECT address, (SELECT count(*) FROM inbound_message m WHERE m.conversation_id = c.id) AS messages"
                " FROM conversation c WHERE shop_id = $1",
                uow.shop_id,
            )  # fmt: skip
        return {row["address"]: row["messages"] for row in rows}

    async def aliases(self, address: str) -> set[str]:
        """Other addresses that are this person's now."""
        async with self.units(self.door.shop_id) as uow:
            rows = await uow.fetch(
                "SELECT alias FROM address_alias a JOIN conversation c ON c.id = a.conversation_id"
                " WHERE c.shop_id = $1 AND c.address = $2 AND a.left_at IS NULL",
                uow.shop_id, address,
            )  # fmt: skip
        return {row["alias"] for row in rows}


@pytest.fixture
async def world(units: Units, shop: Shop, clock: FrozenClock) -> World:
    return World(units, desk_for(units), await open_account(units, shop.id, "whatsapp"), clock)


async def test_another_id_at_a_known_number_is_somebody_else_and_the_number_is_theirs(world: World) -> None:
    await world.write(ADA, NUMBER)
    world.clock.advance(days=200)
    await world.write(BERT, NUMBER)
    assert await world.conversations() == {ADA: 1, BERT: 1}
    assert (await world.aliases(ADA), await world.aliases(BERT)) == (set(), {NUMBER})
    await world.write(ADA)
    await world.write(NUMBER)
    assert await world.conversations() == {ADA: 2, BERT: 2}


async def test_a_person_known_by_number_alone_is_known_by_id_once_they_show_one(world: World) -> None:
    await world.write(NUMBER)
    await world.write(ADA, NUMBER)
    assert await world.conversations() == {ADA: 2}
    assert await world.aliases(ADA) == {NUMBER}


async def test_another_id_is_somebody_else_where_an_answer_told_the_id_of_a_number(world: World) -> None:
    await world.write(NUMBER)
    async with world.units(world.door.shop_id) as uow:
        known = await uow.fetchval("SELECT id FROM conversation WHERE shop_id = $1", uow.shop_id)
        await addresses.learn(uow, [(world.door.account_id, known, user) for user in (ADA, BERT)])
    assert await world.aliases(NUMBER) == {ADA}
    await world.write(BERT, NUMBER)
    await world.write(ADA)
    assert await world.conversations() == {NUMBER: 2, BERT: 1}


async def test_an_announced_id_is_the_same_person(world: World) -> None:
    await world.write(ADA, NUMBER)
    await world.move(ADA, BERT)
    await world.move(NUMBER, NEW_NUMBER)
    await world.write(BERT, NEW_NUMBER)
    assert await world.conversations() == {BERT: 2}
    assert await world.aliases(BERT) == {NEW_NUMBER}


async def test_a_number_given_up_finds_late_messages_and_nobody_new(world: World) -> None:
    await world.write(NUMBER)
    before = world.clock.now
    await world.move(NUMBER, NEW_NUMBER)
    await world.write(NUMBER, at=before)
    assert await world.conversations() == {NEW_NUMBER: 2}
    await world.write(NUMBER)
    assert await world.conversations() == {NEW_NUMBER: 2, NUMBER: 1}


async def test_a_late_message_brings_no_former_number_back(world: World) -> None:
    await world.write(ADA, NUMBER)
    before = world.clock.now
    await world.move(NUMBER, NEW_NUMBER)
    await world.write(ADA, NUMBER, at=before)
    assert await world.aliases(ADA) == {NEW_NUMBER}


async def test_who_takes_a_former_number_back_is_known_by_it_again(world: World) -> None:
    await world.write(ADA, NUMBER)
    await world.move(NUMBER, NEW_NUMBER)
    await world.move(NEW_NUMBER, NUMBER)
    assert await world.aliases(ADA) == {NUMBER}


async def test_a_number_that_a_known_person_shows_later_is_learnt(world: World) -> None:
    await world.write(ADA)
    await world.write(ADA, NUMBER)
    assert await world.aliases(ADA) == {NUMBER}
    await world.write(NUMBER)
    await world.write(ADA, NEW_NUMBER)
    assert await world.aliases(ADA) == {NEW_NUMBER}
    assert await world.conversations() == {ADA: 4}
