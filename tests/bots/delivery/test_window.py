"""Once the reply window has closed: a template in a message's place, or words that are kept until the person writes."""

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from bots.channels.registry import CHANNELS
from bots.conversations import lanes
from bots.conversations import service as conversations
from bots.conversations import thread as threads
from bots.delivery import outbox
from bots.delivery.outbox import Posting
from bots.messages.inbound import Joined, Left, Reacted, Receipt, ReceiptReceived, TextReceived, Withdrawn
from bots.messages.outbound import Text
from bots.messages.templates import use
from bots.turns import inbox
from catalog.kernel.unit_of_work import UnitOfWork
from tests.bots.delivery.provider import Provider, failures, refused
from tests.conftest import FrozenClock
from tests.scenarios.play import approve_all

SHIPPED = use("order_shipped", "de", order="K-1", carrier="DHL", tracking="0034", link="A7K-2QX")


@pytest.fixture
async def approved(provider: Provider) -> None:
    """The provider has approved all of our templates."""
    async with provider.units(provider.phone.shop_id) as uow:
        await approve_all(uow, provider.account_id)


async def conversation_id(provider: Provider, uow: UnitOfWork) -> Any:  # noqa: ANN401 - UUID
    return (await provider.phone.conversation(uow))["id"]


async def write(provider: Provider, text: str) -> dict[str, Any]:
    """A person of the team writes; what the API answers."""
    async with provider.units(provider.phone.shop_id) as uow:
        told = await conversations.say(uow, await conversation_id(provider, uow), text)
    await provider.deliver()
    return told


async def tell_news(provider: Provider, *, cause: str = "shipped") -> None:
    """Order news, with a template for when the window has closed."""
    async with provider.units(provider.phone.shop_id) as uow:
        thread = await threads.lock(uow, await conversation_id(provider, uow))
        posting = Posting(cause=cause, template=SHIPPED)
        await outbox.post(uow, thread, [Text(text="Unterwegs!")], CHANNELS[thread.kind].capabilities, posting)


async def shown(provider: Provider) -> list[Any]:
    """The thread as the desk shows it."""
    async with provider.units(provider.phone.shop_id) as uow:
        return list((await conversations.messages(uow, await conversation_id(provider, uow))).items)


class TestNews:
    @pytest.mark.usefixtures("approved")
    async def test_goes_as_its_template_when_the_provider_says_later_that_the_window_had_closed(
        self, provider: Provider, clock: FrozenClock
    ) -> None:
        await provider.phone.say("hilfe")
        await provider.deliver()
        await tell_news(provider)
        await provider.deliver()
        row = (await provider.rows())[-1]
        late = ReceiptReceived(
            dedupe_key="late", at=clock.now, provider_id=row["provider_id"], receipt=Receipt.FAILED, code="131047",
            message_id=str(row["id"]),
        )  # fmt: skip
        await provider.tell(late)
        await provider.tell(late)
        await provider.deliver()
        assert provider.said[-2:] == ["Unterwegs!", "[order_shipped]"]
        assert (await provider.rows())[-1]["state"] == "sent"

    @pytest.mark.usefixtures("approved")
    async def test_goes_as_words_within_the_window_and_as_its_template_after(
        self, provider: Provider, clock: FrozenClock
    ) -> None:
        clock.advance(hours=23, minutes=59)
        await tell_news(provider, cause="one")
        await provider.deliver()
        clock.advance(minutes=1)
        await tell_news(provider, cause="two")
        await provider.deliver()
        assert provider.said == ["Unterwegs!", "[order_shipped]"]
        assert [row["text"] for row in (await provider.rows())[-2:]] == ["Unterwegs!", SHIPPED.text]

    @pytest.mark.usefixtures("approved")
    async def test_words_that_waited_too_long_leave_as_their_template(
        self, provider: Provider, clock: FrozenClock
    ) -> None:
        clock.advance(hours=23, minutes=59)
        await tell_news(provider)
        clock.advance(minutes=1)
        await provider.deliver()
        assert provider.said == ["[order_shipped]"]
        assert (await provider.rows())[-1]["text"] == SHIPPED.text

    @pytest.mark.usefixtures("approved")
    async def test_words_that_the_provider_finds_too_late_are_followed_by_their_template(
        self, provider: Provider
    ) -> None:
        provider.answers = [lambda _: refused(131047)]
        await tell_news(provider)
        await provider.deliver()
        assert provider.said == ["[order_shipped]"]
        assert (await provider.rows())[-1]["text"] == SHIPPED.text

    @pytest.mark.usefixtures("approved")
    async def test_whose_template_comes_too_late_as_well_is_not_sent_again(
        self, provider: Provider, clock: FrozenClock
    ) -> None:
        provider.answers = [lambda _: refused(131047)] * 3
        clock.advance(days=2)
        await tell_news(provider)
        await provider.deliver()
        assert len(provider.answers) == 2
        assert (await provider.states())[-1] == ("failed", "window_closed")

    async def test_without_an_approved_template_nothing_looks_sent(
        self, provider: Provider, clock: FrozenClock
    ) -> None:
        clock.advance(hours=24)
        await tell_news(provider)
        await provider.deliver()
        assert provider.taken == []
        assert (await provider.states())[-1] == ("refused", "no_template")
        assert await failures(provider) == ["no_template"]


class TestTheTeamsWords:
    async def test_go_as_they_are_within_the_window(self, provider: Provider) -> None:
        told = await write(provider, "Ich schaue nach.")
        assert told["delivery"]["state"] == "queued"
        assert provider.said == ["Ich schaue nach."]

    @pytest.mark.usefixtures("approved")
    async def test_are_kept_after_it_announced_once_and_delivered_in_order_when_the_person_writes(
        self, provider: Provider, clock: FrozenClock
    ) -> None:
        clock.advance(days=2)
        told = await write(provider, "Die Hose ist wieder da.")
        assert told["delivery"] == {"state": "queued", "reason": "window_closed", "provider_id": None}
        await write(provider, "Soll ich sie dir zurücklegen?")
        clock.advance(days=1)
        await write(provider, "Sonst geht sie morgen weg.")
        assert provider.said == ["[reply_waiting]"]
        await provider.phone.say("ja?")
        await provider.deliver()
        assert provider.said == [
            "[reply_waiting]", "Die Hose ist wieder da.", "Soll ich sie dir zurücklegen?", "Sonst geht sie morgen weg.",
        ]  # fmt: skip
        assert {state for state, _ in await provider.states()} == {"sent"}
        answer = next(one for one in await shown(provider) if one["text"] == "ja?")
        assert answer["outcome"] == {"kind": "handed_over", "reason": "staff_holds_lane"}
        async with provider.units(provider.phone.shop_id) as uow:
            ended = "SELECT outcome FROM inbound_message WHERE shop_id = $1 AND text = 'ja?'"
            assert await uow.fetchval(ended, uow.shop_id) == "handed_over"

    @pytest.mark.usefixtures("approved")
    async def test_are_announced_again_when_another_window_has_closed(
        self, provider: Provider, clock: FrozenClock
    ) -> None:
        for text in ("Eins", "Zwei"):
            clock.advance(days=2)
            await write(provider, text)
            await provider.phone.say("ja?")
            await provider.deliver()
        assert provider.said == ["[reply_waiting]", "Eins", "[reply_waiting]", "Zwei"]

    @pytest.mark.usefixtures("approved")
    async def test_hold_up_no_news(self, provider: Provider, clock: FrozenClock) -> None:
        clock.advance(days=2)
        await write(provider, "Die Hose ist wieder da.")
        await tell_news(provider)
        await provider.deliver()
        assert provider.said == ["[reply_waiting]", "[order_shipped]"]

    @pytest.mark.usefixtures("approved")
    async def test_come_before_the_bots_answer_when_the_thread_was_given_back(
        self, provider: Provider, clock: FrozenClock
    ) -> None:
        clock.advance(days=2)
        await write(provider, "Die Hose ist wieder da.")
        async with provider.units(provider.phone.shop_id) as uow:
            await lanes.give_back(uow, await conversation_id(provider, uow))
        await provider.phone.say("hilfe")
        await provider.deliver()
        assert provider.said[:2] == ["[reply_waiting]", "Die Hose ist wieder da."]
        assert "Du kannst zum Beispiel schreiben" in provider.said[2]

    @pytest.mark.usefixtures("approved")
    async def test_leave_the_answer_to_the_person_for_as_long_as_if_said_then(
        self, provider: Provider, clock: FrozenClock
    ) -> None:
        clock.advance(days=2)
        await write(provider, "Die Hose ist wieder da.")
        clock.advance(days=2)
        for said, hours in (("danke!", 3), ("hilfe", 2)):
            await provider.phone.say(said)
            await provider.deliver()
            assert provider.said == ["[reply_waiting]", "Die Hose ist wieder da."]
            clock.advance(hours=hours)
        assert len(await provider.phone.say("hilfe")) == 1

    @pytest.mark.usefixtures("approved")
    @pytest.mark.parametrize("kind", ["reaction", "left"])
    async def test_wait_for_words_not_for_a_sign(self, provider: Provider, clock: FrozenClock, kind: str) -> None:
        clock.advance(days=2)
        await write(provider, "Die Hose ist wieder da.")
        base = provider.phone.stamp()
        await provider.phone.send(Reacted(**base, emoji="👍", target="wamid.1") if kind == "reaction" else Left(**base))
        await provider.deliver()
        assert provider.said == ["[reply_waiting]"]
        await provider.phone.send(Joined(**provider.phone.stamp()))
        await provider.deliver()
        assert provider.said == ["[reply_waiting]", "Die Hose ist wieder da."]

    async def test_are_refused_while_the_template_is_not_approved(self, provider: Provider, clock: FrozenClock) -> None:
        clock.advance(days=2)
        told = await write(provider, "Die Hose ist wieder da.")
        assert told["delivery"] == {"state": "refused", "reason": "no_template", "provider_id": None}
        await provider.phone.say("hallo?")
        await provider.deliver()
        assert provider.taken == []

    @pytest.mark.usefixtures("approved")
    async def test_that_waited_too_long_are_not_replaced_by_their_announcement(
        self, provider: Provider, clock: FrozenClock
    ) -> None:
        clock.advance(hours=23, minutes=59)
        async with provider.units(provider.phone.shop_id) as uow:
            await conversations.say(uow, await conversation_id(provider, uow), "Die Hose ist wieder da.")
        clock.now += timedelta(minutes=1)
        await provider.deliver()
        assert provider.taken == []
        assert (await provider.states())[-1] == ("refused", "window_closed")
        assert await failures(provider) == ["window_closed"]


async def arrive(provider: Provider, at: datetime, *, later: bool) -> None:
    """A message written at `at` comes only now; `later`: its answer, too, comes from the worker."""
    event = TextReceived(**provider.phone.stamp() | {"at": at}, text="hilfe")
    if not later:
        await provider.phone.send(event)
        return
    hello = TextReceived(**provider.phone.stamp() | {"at": at}, text="hallo")
    await inbox.receive(provider.phone.desk, provider.phone.door, [hello, event])


class TestTheWindow:
    @pytest.mark.parametrize("later", [False, True])
    async def test_counts_from_when_the_person_wrote(
        self, provider: Provider, clock: FrozenClock, *, later: bool
    ) -> None:
        clock.advance(days=3)
        written = clock.now - timedelta(hours=23)
        await arrive(provider, written, later=later)
        if later:
            clock.advance(minutes=59)
            await provider.phone.wait()
        async with provider.units(provider.phone.shop_id) as uow:
            assert (await provider.phone.conversation(uow))["last_inbound_at"] == written
        clock.now = written + timedelta(hours=24)
        await provider.deliver()
        assert provider.taken == []
        assert (await provider.states())[-1] == ("refused", "window_closed")

    async def test_is_not_moved_back_by_a_message_that_comes_late(self, provider: Provider, clock: FrozenClock) -> None:
        clock.advance(hours=30)
        await provider.phone.say("hilfe")
        await arrive(provider, clock.now - timedelta(hours=29), later=False)
        await provider.deliver()
        assert {state for state, _ in await provider.states()} == {"sent"}

    @pytest.mark.parametrize("wrong", [timedelta(days=8), timedelta(hours=-1)])
    async def test_counts_from_now_where_the_providers_clock_is_plainly_wrong(
        self, provider: Provider, clock: FrozenClock, wrong: timedelta
    ) -> None:
        clock.advance(days=10)
        await arrive(provider, clock.now - wrong, later=False)
        await provider.deliver()
        assert len(provider.taken) == 1
        async with provider.units(provider.phone.shop_id) as uow:
            assert (await provider.phone.conversation(uow))["last_inbound_at"] == clock.now

    async def test_counts_from_the_time_of_the_install_when_the_lab_has_moved_it(
        self, provider: Provider, clock: FrozenClock
    ) -> None:
        clock.advance(hours=25)
        clock.moved = timedelta(hours=25)
        await arrive(provider, clock.now - clock.moved, later=False)
        await provider.deliver()
        assert len(provider.taken) == 1

    @pytest.mark.usefixtures("approved")
    @pytest.mark.parametrize("emoji", ["👍", None])
    async def test_is_not_opened_by_a_sign(self, provider: Provider, clock: FrozenClock, emoji: str | None) -> None:
        clock.advance(hours=30)
        stamp = provider.phone.stamp() | {"target": "hello.1"}
        await provider.phone.send(Reacted(**stamp, emoji=emoji) if emoji else Withdrawn(**stamp))
        told = await write(provider, "Die Hose ist wieder da.")
        assert told["delivery"]["reason"] == "window_closed"
        assert provider.said == ["[reply_waiting]"]

    async def test_that_opened_again_lets_out_what_still_waits(self, provider: Provider, clock: FrozenClock) -> None:
        too_fast = httpx.Response(400, headers={"retry-after": str(25 * 3600)}, json={"error": {"code": 131056}})
        provider.answers = [lambda _: too_fast]
        await provider.phone.say("hilfe")
        await provider.deliver()
        clock.advance(hours=20)
        await provider.phone.say("noch da?")
        clock.advance(hours=5, minutes=1)
        await provider.deliver()
        assert {state for state, _ in await provider.states()} == {"sent"}

    @pytest.mark.usefixtures("approved")
    async def test_that_has_closed_again_lets_out_nothing_that_is_kept(
        self, provider: Provider, clock: FrozenClock
    ) -> None:
        clock.advance(days=2)
        written = clock.now
        await write(provider, "Die Hose ist wieder da.")
        clock.advance(days=2)
        await arrive(provider, written, later=False)
        await provider.deliver()
        assert provider.said == ["[reply_waiting]"]
        await provider.phone.say("ja?")
        await provider.deliver()
        assert provider.said == ["[reply_waiting]", "Die Hose ist wieder da."]
