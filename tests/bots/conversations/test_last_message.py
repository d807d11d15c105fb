"""What the list of conversations tells of each: its last message, whoever said it."""

import pytest

from bots.conversations import lanes
from bots.conversations import service as conversations
from catalog.kernel.unit_of_work import Units
from catalog.shops.models import Shop
from tests.conftest import FrozenClock
from tests.scenarios.phone import Phone, desk_for, open_account


@pytest.fixture
async def phone(units: Units, shop: Shop, clock: FrozenClock) -> Phone:
    """Somebody who writes to a shop without goods."""
    return Phone(units, shop.id, desk_for(units), await open_account(units, shop.id, "telegram"), clock, locale="de")


async def last(phone: Phone) -> tuple[str, str, str | None]:
    async with phone.units(phone.shop_id) as uow:
        (conversation,) = (await conversations.page(uow)).items
        assert conversation == await conversations.get(uow, conversation["id"])
    said = conversation["last_message"]
    return said["author"], said["text"], said["kind"]


async def test_the_answer_follows_the_question_of_the_same_instant(phone: Phone) -> None:
    heard = await phone.say("hallo")
    assert await last(phone) == ("bot", heard[-1], None)


async def test_what_waits_for_the_team_is_what_the_person_said_or_sent(phone: Phone) -> None:
    await phone.say("hallo")
    async with phone.units(phone.shop_id) as uow:
        (conversation,) = (await conversations.page(uow)).items
        await lanes.take(uow, conversation["id"])
    phone.clock.advance(seconds=5)
    await phone.say("und?")
    assert await last(phone) == ("shopper", "und?", "TextReceived")
    await phone.give("sticker")
    assert await last(phone) == ("shopper", "", "MediaReceived")
    async with phone.units(phone.shop_id) as uow:
        await conversations.say(uow, conversation["id"], "Ich schaue nach.")
    assert await last(phone) == ("staff", "Ich schaue nach.", None)
