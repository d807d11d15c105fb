"""Receipts come late, doubled, out of order, before our own commit, and for messages whose call was never answered."""

from collections.abc import Callable, Sequence
from itertools import permutations

import httpx
import pytest

from bots.messages.inbound import Receipt, ReceiptReceived
from catalog.kernel.ids import new_id
from tests.bots.delivery.provider import Provider, failures
from tests.bots.delivery.test_window import tell_news
from tests.conftest import FrozenClock

Make = Callable[..., ReceiptReceived]


@pytest.fixture
def receipt(clock: FrozenClock) -> Make:
    def make(
        what: Receipt, provider_id: str = "wamid.1", *, code: str | None = None, own: object = ""
    ) -> ReceiptReceived:
        key = f"status:{provider_id}:{what}"
        return ReceiptReceived(
            dedupe_key=key, at=clock.now, provider_id=provider_id, receipt=what, code=code, message_id=str(own)
        )

    return make


async def silent(provider: Provider) -> None:
    """A message whose call gets no answer."""
    provider.answers = [_never]
    await provider.phone.say("hilfe")
    await provider.deliver()


def _never(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("", request=request)


@pytest.mark.parametrize("order", [*permutations([Receipt.SENT, Receipt.DELIVERED, Receipt.READ])])
async def test_the_furthest_receipt_counts_in_any_order(
    provider: Provider, receipt: Make, order: Sequence[Receipt]
) -> None:
    await provider.phone.say("hilfe")
    await provider.deliver()
    for what in (*order, *order):
        await provider.tell(receipt(what))
    assert (await provider.rows())[-1]["state"] == "read"


async def test_all_receipts_of_one_webhook_count(provider: Provider, receipt: Make) -> None:
    await provider.phone.say("hilfe")
    await provider.deliver()
    await provider.tell(receipt(Receipt.READ), receipt(Receipt.SENT), receipt(Receipt.DELIVERED))
    assert (await provider.rows())[-1]["state"] == "read"


async def test_what_was_read_was_read_whatever_else_is_told_at_once(provider: Provider, receipt: Make) -> None:
    await provider.phone.say("hilfe")
    await provider.deliver()
    await provider.tell(receipt(Receipt.DELIVERED))
    await provider.tell(receipt(Receipt.READ), receipt(Receipt.FAILED, code="131000"))
    assert (await provider.rows())[-1]["state"] == "read"


async def test_a_receipt_that_comes_before_our_own_commit_waits_for_it(provider: Provider, receipt: Make) -> None:
    await provider.tell(receipt(Receipt.DELIVERED), receipt(Receipt.READ))
    await provider.phone.say("hilfe")
    await provider.deliver()
    assert (await provider.rows())[-1]["state"] == "read"


async def test_a_failure_told_later_is_shown_with_its_reason_and_told_to_the_merchant(
    provider: Provider, receipt: Make
) -> None:
    await provider.phone.say("hilfe")
    await provider.deliver()
    for _ in range(2):
        await provider.tell(receipt(Receipt.FAILED, code="131047"))
    last = (await provider.rows())[-1]
    assert (last["state"], last["reason"], last["provider_code"]) == ("failed", "window_closed", "131047")
    assert await failures(provider) == ["window_closed"]


async def test_a_message_that_was_read_never_fails_any_more(provider: Provider, receipt: Make) -> None:
    await provider.phone.say("hilfe")
    await provider.deliver()
    await provider.tell(receipt(Receipt.READ))
    await provider.tell(receipt(Receipt.FAILED, code="131026"))
    last = (await provider.rows())[-1]
    assert (last["state"], last["reason"]) == ("read", None)


async def test_a_call_without_an_answer_stays_open_and_is_never_repeated(
    provider: Provider, clock: FrozenClock
) -> None:
    await silent(provider)
    clock.advance(days=1)
    await provider.deliver()
    assert provider.taken == []
    assert (await provider.states())[-1] == ("uncertain", "no_answer")


@pytest.mark.parametrize(
    ("told", "after"),
    [
        ([Receipt.SENT], ("sent", None)),
        ([Receipt.READ, Receipt.DELIVERED], ("read", None)),
        ([Receipt.FAILED], ("failed", "rejected")),
    ],
)
async def test_a_receipt_settles_a_call_without_an_answer(
    provider: Provider, receipt: Make, told: list[Receipt], after: tuple[str, str | None]
) -> None:
    await silent(provider)
    own = (await provider.rows())[-1]["id"]
    await provider.tell(*(receipt(what, "wamid.77", own=own) for what in told))
    last = (await provider.rows())[-1]
    assert ((last["state"], last["reason"]), last["provider_id"]) == (after, "wamid.77")


async def test_a_receipt_that_overtakes_the_answer_is_enough(provider: Provider, receipt: Make) -> None:
    """The provider has the message and says so, while our call is still on its way to nowhere."""

    async def overtake() -> None:
        own = (await provider.rows())[-1]["id"]
        await provider.tell(receipt(Receipt.DELIVERED, "wamid.77", own=own))

    provider.before_answer = overtake
    await silent(provider)
    last = (await provider.rows())[-1]
    assert (last["state"], last["reason"], last["provider_id"]) == ("delivered", None, "wamid.77")


@pytest.mark.parametrize("code", ["131000", "130429"])
async def test_what_a_provider_could_not_bring_just_now_is_sent_again(
    provider: Provider, receipt: Make, clock: FrozenClock, code: str
) -> None:
    await provider.phone.say("hilfe")
    await provider.deliver()
    await provider.tell(receipt(Receipt.FAILED, code=code))
    assert (await provider.rows())[-1]["state"] == "queued"
    clock.advance(minutes=1)
    await provider.deliver()
    assert len(provider.taken) == 2
    assert ((await provider.rows())[-1]["state"], await failures(provider)) == ("sent", [])


async def test_what_a_provider_can_never_bring_fails_in_the_end(
    provider: Provider, receipt: Make, clock: FrozenClock
) -> None:
    await provider.phone.say("hilfe")
    for number in range(1, 9):
        await provider.deliver()
        await provider.tell(receipt(Receipt.FAILED, f"wamid.{number}", code="131000"))
        clock.advance(minutes=10)
    await provider.deliver()
    assert len(provider.taken) == 8
    assert (await provider.states())[-1] == ("failed", "provider_down")
    assert await failures(provider) == ["provider_down"]


async def test_a_refusal_told_again_does_not_end_the_next_try(
    provider: Provider, receipt: Make, clock: FrozenClock
) -> None:
    await provider.phone.say("hilfe")
    await provider.deliver()
    told = receipt(Receipt.FAILED, code="131000", own=(await provider.rows())[-1]["id"])
    await provider.tell(told)
    clock.advance(minutes=1)
    provider.before_answer = lambda: provider.tell(told)
    await provider.deliver()
    assert len(provider.taken) == 2
    assert (await provider.rows())[-1]["state"] == "sent"


async def test_who_cannot_be_reached_is_left_alone_also_when_that_is_told_later(
    provider: Provider, receipt: Make
) -> None:
    await tell_news(provider)
    await provider.deliver()
    await provider.tell(receipt(Receipt.FAILED, code="131026"))
    await tell_news(provider, cause="later")
    await provider.deliver()
    assert (await provider.states())[-2:] == [("failed", "unreachable"), ("refused", "unreachable")]


async def test_who_has_written_since_is_not_left_alone(provider: Provider, receipt: Make, clock: FrozenClock) -> None:
    await tell_news(provider)
    await provider.deliver()
    late = receipt(Receipt.FAILED, code="131026")
    clock.advance(minutes=1)
    await provider.phone.say("hilfe")
    await provider.tell(late)
    await provider.deliver()
    assert (await provider.states())[-2:] == [("failed", "unreachable"), ("sent", None)]


@pytest.mark.parametrize("own", ["order:SO-1042", "", new_id()])
async def test_receipts_of_others_messages_change_nothing(provider: Provider, receipt: Make, own: object) -> None:
    await silent(provider)
    await provider.tell(receipt(Receipt.READ, "wamid.other", own=own))
    assert (await provider.states())[-1] == ("uncertain", "no_answer")
