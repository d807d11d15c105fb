"""Who left is not written to until they write again, whether the bot or a person of the team speaks with them."""

import pytest

from bots.conversations import lanes
from bots.messages.inbound import InboundEvent, Joined, Left, Reacted, TextReceived, Withdrawn
from bots.turns import inbox
from catalog.kernel.unit_of_work import Units
from catalog.shops.models import Shop
from tests.conftest import FrozenClock
from tests.scenarios.phone import Phone, desk_for, open_account


@pytest.fixture(params=["bot", "staff"])
async def phone(request: pytest.FixtureRequest, units: Units, shop: Shop, clock: FrozenClock) -> Phone:
    """Somebody on Telegram who has said hello to the one who holds the lane."""
    door = await open_account(units, shop.id, "telegram")
    phone = Phone(units, shop.id, desk_for(units), door, clock, address="7001")
    await phone.say("hallo")
    if request.param == "staff":
        async with units(shop.id) as uow:
            await lanes.take(uow, (await phone.conversation(uow))["id"])
    return phone


async def is_blocked(phone: Phone) -> bool:
    async with phone.units(phone.shop_id) as uow:
        return bool((await phone.conversation(uow))["blocked"])


async def block(phone: Phone) -> None:
    """The provider says that the person cannot be reached."""
    async with phone.units(phone.shop_id) as uow:
        await uow.execute("UPDATE conversation SET blocked = 'unreachable' WHERE shop_id = $1", uow.shop_id)


async def test_who_leaves_is_blocked(phone: Phone) -> None:
    await phone.send(Left(**phone.stamp()))
    assert await is_blocked(phone)


@pytest.mark.parametrize("words", ["ja, bin wieder da", None])
async def test_who_comes_back_is_not(phone: Phone, words: str | None) -> None:
    await block(phone)
    stamp = phone.stamp()
    await phone.send(TextReceived(**stamp, text=words) if words else Joined(**stamp))
    assert not await is_blocked(phone)


@pytest.mark.parametrize("emoji", ["👍", None])
async def test_a_sign_brings_nobody_back(phone: Phone, emoji: str | None) -> None:
    await block(phone)
    target = phone.stamp() | {"target": "m1"}
    await phone.send(Reacted(**target, emoji=emoji) if emoji else Withdrawn(**target))
    assert await is_blocked(phone)


@pytest.mark.parametrize("leaves_last", [True, False])
async def test_of_several_messages_the_last_counts(phone: Phone, *, leaves_last: bool) -> None:
    said: list[InboundEvent] = [TextReceived(**phone.stamp(), text="hilfe"), Left(**phone.stamp())]
    await inbox.receive(phone.desk, phone.door, said if leaves_last else said[::-1])
    phone.clock.advance(seconds=2)
    await phone.wait()
    assert await is_blocked(phone) == leaves_last
