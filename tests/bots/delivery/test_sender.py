"""The sender: what one message meets never costs another one, and nothing is sent twice that need not be."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from bots.channels.base import Channel, MediaLinks
from bots.conversations import lanes
from bots.delivery import budget
from bots.delivery.events import SendingPaused
from bots.delivery.sender import Sender
from catalog.kernel.errors import NotFound
from catalog.kernel.ids import new_id
from catalog.kernel.pool import ConnectionsBusy
from catalog.kernel.unit_of_work import UnitOfWork
from tests.bots.delivery.provider import Provider, failures, refused, words
from tests.bots.delivery.test_window import tell_news
from tests.conftest import FrozenClock
from tests.scenarios.phone import Phone, open_account
from tests.scenarios.play import approve_all
from tests.waiting import until_waiting


def to(provider: Provider) -> list[str]:
    """Who got something, in order."""
    return [one["to"] for one in provider.taken]


async def test_a_message_that_cannot_be_read_costs_no_other_one(
    provider: Provider, other: Phone, clock: FrozenClock
) -> None:
    await provider.phone.say("hilfe")
    async with provider.units(provider.phone.shop_id) as uow:
        await uow.execute(
            """UPDATE outbound_message SET body = '{"type": "nonsense"}' WHERE shop_id = $1 AND state = 'queued'""",
            uow.shop_id,
        )
    await other.say("hilfe")
    for _ in range(12):
        await provider.deliver()
        clock.advance(minutes=10)
    assert to(provider) == [other.address]
    assert ("failed", "provider_down") in await provider.states()


async def test_a_fault_while_sending_costs_no_other_one(provider: Provider, other: Phone, clock: FrozenClock) -> None:
    def explode(_request: httpx.Request) -> httpx.Response:
        raise ValueError("nobody thought of this")

    provider.answers = [explode]
    await provider.phone.say("hilfe")
    await other.say("hilfe")
    for _ in range(3):
        await provider.deliver()
        clock.advance(minutes=10)
    assert len(provider.taken) == 1
    assert max(await provider.states()) == ("uncertain", "no_answer")


async def test_a_call_ends_before_its_lease_and_is_not_repeated(provider: Provider, clock: FrozenClock) -> None:
    provider.before_answer = lambda: asyncio.sleep(3600)
    sender = Sender(provider.units, provider, MediaLinks(base="https://shop.test"), longest_call_s=0.05)
    await provider.phone.say("hilfe")
    await sender.step()
    provider.before_answer = None
    clock.advance(minutes=1)
    await provider.deliver()
    assert provider.taken == []
    assert (await provider.states())[-1] == ("uncertain", "no_answer")


async def test_a_slow_provider_keeps_nobody_else_waiting(provider: Provider, other: Phone) -> None:
    """The slow one is written once it has ended, and its thread keeps its order meanwhile."""
    answered, waits = asyncio.Event(), [True]

    async def first_waits() -> None:
        if waits.pop() if waits else False:
            await answered.wait()

    provider.before_answer = first_waits
    sender = Sender(provider.units, provider, MediaLinks(base="https://shop.test"))
    await provider.phone.say("hilfe")
    await sender.step()
    await provider.phone.say("versand?")
    await other.say("hilfe")
    await sender.step()
    assert to(provider) == [other.address]
    answered.set()
    await asyncio.sleep(0.05)
    while await sender.step():
        pass
    assert to(provider) == [other.address, provider.phone.address, provider.phone.address]
    assert {state for state, _ in await provider.states()} == {"sent"}


async def test_a_sender_that_stops_writes_down_what_is_on_its_way(provider: Provider, clock: FrozenClock) -> None:
    arrived, answered = asyncio.Event(), asyncio.Event()

    async def slowly() -> None:
        arrived.set()
        await answered.wait()

    provider.before_answer = slowly
    sender = Sender(provider.units, provider, MediaLinks(base="https://shop.test"))
    await provider.phone.say("hilfe")
    stepping = asyncio.create_task(sender.step())
    await arrived.wait()
    stepping.cancel()
    stopping = asyncio.create_task(sender.finish())
    answered.set()
    await stopping
    clock.advance(minutes=1)
    await provider.deliver()
    assert len(provider.taken) == 1
    assert (await provider.states())[-1] == ("sent", None)


async def test_a_call_that_outlasts_the_stop_is_not_repeated(provider: Provider, clock: FrozenClock) -> None:
    provider.before_answer = lambda: asyncio.sleep(3600)
    sender = Sender(provider.units, provider, MediaLinks(base="https://shop.test"), last_call_s=0.05)
    await provider.phone.say("hilfe")
    await sender.step()
    await sender.finish()
    provider.before_answer = None
    clock.advance(minutes=1)
    await provider.deliver()
    assert provider.taken == []
    assert (await provider.states())[-1] == ("uncertain", "no_answer")


async def test_a_clock_that_jumps_repeats_no_call_on_its_way(provider: Provider, clock: FrozenClock) -> None:
    answered = asyncio.Event()
    provider.before_answer = answered.wait  # type: ignore[assignment]  # what it returns is nobody's business
    sender = Sender(provider.units, provider, MediaLinks(base="https://shop.test"))
    await provider.phone.say("hilfe")
    await sender.step()
    clock.advance(minutes=1)
    await sender.step()
    answered.set()
    await sender.finish()
    assert len(provider.taken) == 1
    assert (await provider.states())[-1] == ("sent", None)


@pytest.mark.parametrize("trouble", ["busy", "slow"])
async def test_a_database_without_a_free_connection_only_delays_a_message(
    provider: Provider, clock: FrozenClock, trouble: str
) -> None:
    class Accounts:
        """The house's, when their rows cannot be read for a while."""

        async def get(self, account_id: UUID, shop_id: UUID) -> Channel:
            if trouble == "slow":
                await asyncio.sleep(3600)
            raise ConnectionsBusy("all connections are busy")

    await provider.phone.say("hilfe")
    sender = Sender(provider.units, Accounts(), MediaLinks(base="https://shop.test"), longest_call_s=0.05)
    await sender.step()
    assert (await provider.states())[-1] == ("queued", "provider_down")
    clock.advance(minutes=1)
    await provider.deliver()
    assert len(provider.taken) == 1


async def test_what_became_of_a_message_is_written_once_the_database_is_back(
    provider: Provider, clock: FrozenClock
) -> None:
    away = [True]

    class Units:
        """The house's, but away when the sender wants to write."""

        def __call__(self, shop_id: object) -> object:
            if shop_id is not None and away:
                away.pop()
                raise ConnectionRefusedError
            return provider.units(shop_id)  # type: ignore[arg-type]

    await provider.phone.say("hilfe")
    sender = Sender(Units(), provider, MediaLinks(base="https://shop.test"))  # type: ignore[arg-type]
    with pytest.raises(ConnectionRefusedError):
        await sender.step()
    clock.advance(minutes=1)
    await sender.step()
    assert len(provider.taken) == 1
    assert (await provider.states())[-1] == ("sent", None)


async def test_a_call_that_could_outlast_its_lease_is_not_begun(provider: Provider, clock: FrozenClock) -> None:
    class Units:
        """The house's, but slow to commit what is claimed."""

        @asynccontextmanager
        async def __call__(self, shop_id: UUID | None) -> AsyncIterator[UnitOfWork]:
            async with provider.units(shop_id) as uow:
                yield uow
            if shop_id is None:
                await asyncio.sleep(0.1)

    await provider.phone.say("hilfe")
    sender = Sender(Units(), provider, MediaLinks(base="https://shop.test"), longest_call_s=0.05)  # type: ignore[arg-type]
    await sender.step()
    assert provider.taken == []
    assert (await provider.states())[-1] == ("queued", "provider_down")
    clock.advance(minutes=1)
    await provider.deliver()
    assert len(provider.taken) == 1


async def test_after_the_database_was_away_each_sender_first_writes_what_it_has_sent(
    provider: Provider, clock: FrozenClock
) -> None:
    """Leases end meanwhile, but nobody could have written anything."""
    away = [False]

    class Units:
        """The house's, but away for all while it is away."""

        def __call__(self, shop_id: UUID | None) -> object:
            if away[0]:
                raise ConnectionRefusedError
            return provider.units(shop_id)

    async def leave() -> None:
        away[0] = True

    first, other = (
        Sender(Units(), provider, MediaLinks(base="https://shop.test"), patience_s=0.2)  # type: ignore[arg-type]
        for _ in range(2)
    )
    provider.before_answer = leave
    await provider.phone.say("hilfe")
    for sender in (first, other):
        with pytest.raises(ConnectionRefusedError):
            await sender.step()
    clock.advance(minutes=1)
    away[0], provider.before_answer = False, None
    await other.step()
    await first.step()
    await asyncio.sleep(0.2)
    await other.step()
    assert len(provider.taken) == 1
    assert (await provider.states())[-1] == ("sent", None)


async def test_a_dead_senders_message_goes_out_when_its_lease_has_ended(provider: Provider, clock: FrozenClock) -> None:
    await provider.phone.say("hilfe")
    async with provider.units(provider.phone.shop_id) as uow:
        await uow.execute(
            "UPDATE outbound_message SET state = 'sending', lease_until = $2 WHERE shop_id = $1 AND state = 'queued'",
            uow.shop_id, uow.now + timedelta(seconds=30),
        )  # fmt: skip
    await provider.deliver()
    assert provider.taken == []
    clock.advance(seconds=30)
    await provider.deliver()
    assert len(provider.taken) == 1


async def test_what_the_bot_had_to_say_does_not_leave_after_a_person_took_over(provider: Provider) -> None:
    await provider.phone.say("hilfe")
    async with provider.units(provider.phone.shop_id) as uow:
        await lanes.take(uow, (await provider.phone.conversation(uow))["id"])
    await provider.deliver()
    assert provider.taken == []
    assert (await provider.states())[-1] == ("refused", "lane_changed")


async def test_the_providers_own_wait_is_kept_and_the_thread_keeps_its_order(
    provider: Provider, other: Phone, clock: FrozenClock
) -> None:
    provider.answers = [lambda _: httpx.Response(400, headers={"retry-after": "60"}, json={"error": {"code": 131056}})]
    await provider.phone.say("hilfe")
    await provider.deliver()
    await provider.phone.say("versand?")
    await other.say("hilfe")
    await provider.deliver()
    assert to(provider) == [other.address]
    assert ("queued", "rate_limited") in await provider.states()
    clock.advance(seconds=60)
    await provider.deliver()
    mine = [words(one) for one in provider.taken if one["to"] == provider.phone.address]
    async with provider.units(provider.phone.shop_id) as uow:
        own = (await provider.phone.conversation(uow))["id"]
    assert mine == [row["text"] for row in await provider.rows() if row["conversation_id"] == own][-2:]
    assert {state for state, _ in await provider.states()} == {"sent"}


async def test_waiting_as_the_provider_says_uses_up_no_tries(provider: Provider, clock: FrozenClock) -> None:
    slowly = httpx.Response(429, headers={"retry-after": "5"}, json={"error": {"code": 130429}})
    provider.answers = [lambda _: slowly] * 20
    await provider.phone.say("hilfe")
    for _ in range(21):
        await provider.deliver()
        clock.advance(seconds=5)
    assert (await provider.states())[-1] == ("sent", None)
    assert (await provider.rows())[-1]["attempts"] == 1


async def test_a_message_that_cannot_be_sent_at_all_is_told_to_the_merchant(provider: Provider, other: Phone) -> None:
    class Half:
        async def get(self, account_id: UUID, shop_id: UUID) -> Channel:
            if not refusing:
                return await provider.get(account_id, shop_id)
            refusing.pop()
            raise NotFound("there is no such channel account")

    refusing = [True]
    await provider.phone.say("hilfe")
    await other.say("hilfe")
    sender = Sender(provider.units, Half(), MediaLinks(base="https://shop.test"))
    while await sender.step():
        pass
    assert sorted(await provider.states())[-2:] == [("sent", None), ("sent", None)]
    assert [one for one in await provider.states() if one[0] != "sent"] == [("failed", "not_found")]
    assert await failures(provider) == ["not_found"]


async def test_a_provider_that_is_too_busy_for_a_day_ends_the_wait(provider: Provider, clock: FrozenClock) -> None:
    provider.answers = [lambda _: refused(130429)] * 25
    async with provider.units(provider.phone.shop_id) as uow:
        await approve_all(uow, provider.account_id)
    clock.advance(hours=24)
    await tell_news(provider)
    for _ in range(24):
        await provider.deliver()
        assert (await provider.states())[-1] == ("queued", "rate_limited")
        clock.advance(hours=1)
    await provider.deliver()
    assert (await provider.states())[-1] == ("failed", "rate_limited")


async def test_a_provider_that_wants_a_rest_gets_it_for_the_whole_account(
    provider: Provider, other: Phone, clock: FrozenClock
) -> None:
    provider.answers = [lambda _: refused(130429)]
    await provider.phone.say("hilfe")
    await provider.deliver()
    await other.say("hilfe")
    await provider.deliver()
    assert provider.taken == []
    clock.advance(minutes=1)
    await provider.deliver()
    assert set(to(provider)) == {provider.phone.address, other.address}


async def test_a_long_rest_of_an_account_is_told_to_the_merchant_once(provider: Provider, other: Phone) -> None:
    provider.answers = [lambda _: refused(131048)] * 2
    await provider.phone.say("hilfe")
    await other.say("hilfe")
    await provider.deliver()
    async with provider.units(provider.phone.shop_id) as uow:
        told = await uow.fetch(
            "SELECT payload::jsonb->>'provider_code' AS code FROM domain_event WHERE shop_id = $1 AND name = $2",
            uow.shop_id, SendingPaused.name,
        )  # fmt: skip
    assert [row["code"] for row in told] == ["131048"]


async def test_who_cannot_be_reached_is_left_alone_until_they_write(provider: Provider) -> None:
    provider.answers = [lambda _: refused(131026)]
    await provider.phone.say("hilfe")
    await tell_news(provider)
    await provider.deliver()
    await tell_news(provider, cause="later")
    await provider.deliver()
    assert (await provider.states())[-3:] == [
        ("failed", "unreachable"), ("refused", "unreachable"), ("refused", "unreachable"),
    ]  # fmt: skip
    await provider.phone.say("hilfe")
    await provider.deliver()
    assert len(provider.taken) == 1


async def test_who_writes_while_a_refused_call_is_on_its_way_is_not_left_alone(
    provider: Provider, clock: FrozenClock
) -> None:
    async def write() -> None:
        provider.before_answer = None
        clock.advance(seconds=2)
        await provider.phone.say("hilfe")

    provider.answers = [lambda _: refused(131026)]
    provider.before_answer = write
    await tell_news(provider)
    await provider.deliver()
    assert (await provider.states())[-2:] == [("failed", "unreachable"), ("sent", None)]


@pytest.mark.parametrize("code", [130472, 131030, 131049, 131062])
async def test_a_message_that_the_provider_withholds_costs_no_other_one(provider: Provider, code: int) -> None:
    provider.answers = [lambda _: refused(code)]
    await provider.phone.say("hilfe")
    await tell_news(provider)
    await provider.deliver()
    assert (await provider.states())[-2:] == [("failed", "withheld"), ("sent", None)]


async def test_who_wants_no_promotions_still_gets_news(provider: Provider) -> None:
    provider.answers = [lambda _: refused(131050)]
    await tell_news(provider)
    await provider.deliver()
    await tell_news(provider, cause="two")
    await provider.deliver()
    assert (await provider.states())[-2:] == [("failed", "marketing_stopped"), ("sent", None)]
    async with provider.units(provider.phone.shop_id) as uow:
        assert (await provider.phone.conversation(uow))["marketing"] is False


async def test_senders_lock_the_accounts_of_a_batch_in_one_order(provider: Provider, clock: FrozenClock) -> None:
    """Whatever the order of the messages: else two of them could wait for each other."""
    other = (await open_account(provider.units, provider.phone.shop_id, "telegram")).account_id
    first, last = sorted((provider.account_id, other))
    batch: list[Any] = [
        {"account_id": account_id, "id": new_id(), "kind": "whatsapp", "paced_until": clock.now}
        for account_id in (last, first)
    ]
    lock = "/* all shops */ SELECT FROM send_budget WHERE account_id = $1 FOR UPDATE"

    async def admit() -> None:
        async with provider.units(None) as uow:
            await budget.admit(uow, batch)

    await admit()
    async with provider.units(None) as uow:
        await uow.fetch(lock, first)
        waiting = asyncio.create_task(admit())
        await until_waiting(provider.units)
        async with provider.units(None) as meanwhile:
            await meanwhile.fetch(f"{lock} NOWAIT", last)
    await waiting
