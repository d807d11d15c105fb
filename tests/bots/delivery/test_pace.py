"""The pace at which one person is written to: bursts pass, a long run keeps the provider's pauses, in order."""

import asyncio
from collections.abc import Sequence

import pytest

from bots.channels.base import MediaLinks
from bots.channels.registry import CHANNELS
from bots.conversations import thread as threads
from bots.delivery import outbox
from bots.delivery.outbox import Posting
from bots.delivery.sender import Sender
from bots.messages.outbound import Text
from catalog.kernel.unit_of_work import Units
from catalog.shops.models import Shop
from tests.bots.delivery.provider import Provider, opened, refused
from tests.conftest import FrozenClock
from tests.scenarios.phone import Phone

_MORE = 5  # messages beyond a burst


async def write(provider: Provider, count: int) -> list[str]:
    """So many messages to the person at once; their words."""
    words = [f"Nachricht {number}" for number in range(count)]
    async with provider.units(provider.phone.shop_id) as uow:
        thread = await threads.lock(uow, (await provider.phone.conversation(uow))["id"])
        messages = [Text(text=one) for one in words]
        await outbox.post(uow, thread, messages, CHANNELS[thread.kind].capabilities, Posting())
    return words


def sent(provider: Provider, words: Sequence[str]) -> list[str]:
    """Those of the words that have left, in the order in which the provider got them."""
    texts = [one.get("text") for one in provider.taken]
    told = [str(text["body"] if isinstance(text, dict) else text) for text in texts]
    return [text for text in told if text in words]


@pytest.mark.parametrize("kind", ["whatsapp", "telegram"])
async def test_a_burst_leaves_at_once_and_the_rest_with_the_providers_pauses_in_order(
    units: Units, shop: Shop, clock: FrozenClock, kind: str
) -> None:
    provider = await opened(units, shop, clock, kind)
    provider.reply = {"ok": True, "result": {"message_id": 7}} if kind == "telegram" else None
    await provider.phone.say("hallo")
    await provider.deliver()
    clock.advance(minutes=10)
    can = CHANNELS[kind].capabilities
    assert can.recipient_pause is not None
    words = await write(provider, can.recipient_burst + _MORE)
    await provider.deliver()
    for count in range(can.recipient_burst, len(words)):
        assert sent(provider, words) == words[:count]
        clock.advance(seconds=can.recipient_pause.total_seconds())
        await provider.deliver()
    assert sent(provider, words) == words


async def test_ordinary_talk_is_never_made_to_wait(provider: Provider, clock: FrozenClock) -> None:
    for _ in range(20):
        await provider.phone.say("versand?")
        await write(provider, 1)
        await provider.deliver()
        assert {state for state, _ in await provider.states()} == {"sent"}
        clock.advance(seconds=5)


async def test_nobody_else_waits_while_one_person_is_written_to_slowly(provider: Provider, other: Phone) -> None:
    await write(provider, CHANNELS["whatsapp"].capabilities.recipient_burst + _MORE)
    await other.say("hilfe")
    await provider.deliver()
    async with provider.units(provider.phone.shop_id) as uow:
        thread = (await other.conversation(uow))["id"]
    assert {row["state"] for row in await provider.rows() if row["conversation_id"] == thread} == {"sent"}


async def test_several_senders_keep_one_pace_and_one_order(provider: Provider, clock: FrozenClock) -> None:
    clock.advance(minutes=10)
    burst = CHANNELS["whatsapp"].capabilities.recipient_burst
    words = await write(provider, burst + _MORE)
    senders = [Sender(provider.units, provider, MediaLinks(base="https://shop.test")) for _ in range(3)]
    while any(await asyncio.gather(*(sender.step() for sender in senders))):
        pass
    assert sent(provider, words) == words[:burst]


async def test_a_message_that_waits_for_its_turn_uses_up_no_tries(provider: Provider, clock: FrozenClock) -> None:
    clock.advance(minutes=10)
    await write(provider, CHANNELS["whatsapp"].capabilities.recipient_burst + 1)
    await provider.deliver()
    waiting = (await provider.rows())[-1]
    assert (waiting["state"], waiting["attempts"], waiting["reason"]) == ("queued", 0, None)
    assert (waiting["not_before"] - clock.now).total_seconds() == 6


async def test_what_never_left_makes_nothing_wait(provider: Provider, clock: FrozenClock) -> None:
    clock.advance(minutes=10)
    await write(provider, CHANNELS["whatsapp"].capabilities.recipient_burst + _MORE)
    async with provider.units(provider.phone.shop_id) as uow:
        await uow.execute("UPDATE conversation SET blocked = 'unreachable' WHERE shop_id = $1", uow.shop_id)
    await provider.deliver()
    await provider.phone.say("hilfe")
    await provider.deliver()
    assert len(provider.taken) == 1


async def test_a_refusal_for_being_too_fast_rests_that_conversation_alone(
    provider: Provider, other: Phone, clock: FrozenClock
) -> None:
    provider.answers = [lambda _: refused(131056)] * 2
    await provider.phone.say("hilfe")
    await provider.deliver()
    await provider.phone.say("versand?")
    await other.say("hilfe")
    for rest in (1, 4):
        assert provider.phone.address not in [one["to"] for one in provider.taken]
        clock.advance(seconds=rest)
        await provider.deliver()
    gets = [one["to"] for one in provider.taken]
    assert gets[0] == other.address
    assert gets.count(provider.phone.address) == 2
