"""The inbox: what was taken in is stored, even while a person's addresses change under it."""

import asyncio
import logging
from datetime import datetime

import pytest

from bots.conversations import thread as threads
from bots.messages.inbound import Sender, TextReceived
from bots.turns import inbox, pending
from bots.turns.desk import Door, TurnDesk
from bots.turns.places import Places
from catalog.kernel.ids import new_id
from catalog.kernel.unit_of_work import Units
from catalog.shops.models import Shop
from tests.conftest import FrozenClock
from tests.scenarios.phone import desk_for, open_account
from tests.waiting import until_waiting

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


async def test_first_messages_at_the_same_moment_are_of_one_person(
    units: Units, shop: Shop, desk: TurnDesk, door: Door, clock: FrozenClock
) -> None:
    await asyncio.gather(*(inbox.receive(desk, door, [hello(2 * number, clock.now)]) for number in range(8)))
    async with units(shop.id) as uow:
        people = await uow.fetch("SELECT id FROM customer WHERE shop_id = $1", shop.id)
        talking = await uow.fetch("SELECT customer_id FROM conversation WHERE shop_id = $1", shop.id)
    assert [row["id"] for row in people] == [row["customer_id"] for row in talking]
    assert len(people) == 1


async def test_a_message_again_changes_nothing(
    units: Units, shop: Shop, desk: TurnDesk, door: Door, clock: FrozenClock
) -> None:
    for _ in range(3):
        await inbox.receive(desk, door, [hello(1, clock.now)])
    async with units(shop.id) as uow:
        assert await uow.fetchval("SELECT count(*) FROM inbound_message WHERE shop_id = $1", shop.id) == 1
        assert await uow.fetchval("SELECT count(*) FROM outbound_message WHERE shop_id = $1", shop.id) == 2


async def test_a_message_told_twice_at_the_same_moment_is_answered_once(
    units: Units, shop: Shop, desk: TurnDesk, door: Door, clock: FrozenClock, caplog: pytest.LogCaptureFixture
) -> None:
    await inbox.receive(desk, door, [hello(1, clock.now)])
    await asyncio.gather(*(inbox.receive(desk, door, [hello(3, clock.now)]) for _ in range(8)))
    async with units(shop.id) as uow:
        stored = await uow.fetch("SELECT outcome FROM inbound_message WHERE shop_id = $1", shop.id)
        replies = await uow.fetchval("SELECT count(*) FROM outbound_message WHERE shop_id = $1", shop.id)
    assert [row["outcome"] for row in stored] == ["answered"] * 2
    assert replies == 3
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_who_waited_for_the_lock_sees_what_was_done_meanwhile(
    units: Units, shop: Shop, desk: TurnDesk, door: Door, clock: FrozenClock
) -> None:
    await inbox.receive(desk, door, [hello(1, clock.now)])
    event = hello(3, clock.now)
    async with units(shop.id) as first:
        thread, _ = await threads.take(first, door.account_id, event, address=NUMBER)
        assert thread is not None

        async def second() -> tuple[threads.Thread | None, bool]:
            async with units(shop.id) as uow:
                return await threads.take(uow, door.account_id, event, address=NUMBER)

        waiting = asyncio.create_task(second())
        await until_waiting(units)
        await threads.leave_open(first, thread, event, new_id())
    late, is_known = await waiting
    assert late is not None
    assert (is_known, late.open_inbound) == (True, 1)


async def test_one_persons_messages_keep_no_place_from_others(
    units: Units, shop: Shop, desk: TurnDesk, door: Door, clock: FrozenClock
) -> None:
    desk.places = Places(2)
    await inbox.receive(desk, door, [hello(1, clock.now)])
    async with units(shop.id) as uow:
        await threads.take(uow, door.account_id, hello(1, clock.now), address=NUMBER)
        waiting = [asyncio.create_task(inbox.receive(desk, door, [hello(n, clock.now)])) for n in (3, 5, 7)]
        await until_waiting(units)
        other = TextReceived(
            dedupe_key="other", provider_id="other", at=clock.now, sender=Sender(address="49171"), text="hallo"
        )
        await asyncio.wait_for(inbox.receive(desk, door, [other]), 10)
        assert not any(task.done() for task in waiting)
    await asyncio.gather(*waiting)


async def test_batches_that_name_two_people_in_either_order_are_all_stored(
    units: Units, shop: Shop, desk: TurnDesk, door: Door, clock: FrozenClock
) -> None:
    def batch(number: int) -> list[TextReceived]:
        people = ("491700000001", "491700000002")[:: 1 if number % 2 else -1]
        return [
            TextReceived(dedupe_key=f"{number}:{one}", provider_id=f"{number}:{one}", at=clock.now,
                         sender=Sender(address=one), text="hallo")
            for one in people
        ]  # fmt: skip

    await inbox.receive(desk, door, batch(0))
    await asyncio.gather(*(inbox.receive(desk, door, batch(number)) for number in range(1, 40)))
    async with units(shop.id) as uow:
        assert await uow.fetchval("SELECT count(*) FROM inbound_message WHERE shop_id = $1", shop.id) == 80


async def test_a_failure_is_counted_while_a_turn_answers_the_same_message(
    units: Units, shop: Shop, desk: TurnDesk, door: Door, clock: FrozenClock
) -> None:
    await inbox.receive(desk, door, [hello(1, clock.now), hello(3, clock.now)])
    async with units(shop.id) as uow:
        conversation_id = await uow.fetchval("SELECT id FROM conversation WHERE shop_id = $1", shop.id)
        await uow.execute("UPDATE inbound_message SET attempts = 2 WHERE shop_id = $1", shop.id)
    async with units(shop.id) as uow:
        await threads.lock(uow, conversation_id)
        counting = asyncio.create_task(pending._count_failure(desk, conversation_id, shop.id, "Fault"))
        await until_waiting(units)
        await uow.execute("UPDATE inbound_message SET outcome = 'answered' WHERE shop_id = $1", shop.id)
    await counting
    async with units(shop.id) as uow:
        outcomes = await uow.fetch("SELECT DISTINCT outcome FROM inbound_message WHERE shop_id = $1", shop.id)
    assert [row["outcome"] for row in outcomes] == ["answered"]
