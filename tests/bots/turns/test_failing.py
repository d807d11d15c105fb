"""A turn that fails: the message is kept and tried again, then the shopper is told and the team asked for."""

import logging
from dataclasses import dataclass
from typing import Any, cast

import msgspec
import pytest

from bots.turns import pending
from bots.turns.shelves import Shelf, Shelves
from bots.understanding.reader import Reader
from bots.understanding.reading import Context, Reading
from catalog.kernel.unit_of_work import UnitOfWork, Units
from catalog.shops.models import Shop
from catalog.shops.profile import ShopProfile
from tests.conftest import FrozenClock
from tests.scenarios.phone import Phone, desk_for, open_account

FATAL = "das große rote"


@dataclass
class _Failing:
    """Shelves whose reader cannot read one sentence, until it is mended."""

    shelves: Shelves
    reader: Reader | None = None
    mended: bool = False

    async def of(self, uow: UnitOfWork, shop: ShopProfile) -> Shelf:
        found = await self.shelves.of(uow, shop)
        self.reader = found.reader
        return Shelf(cast("Any", self), found.variants, found.revision)

    def read(self, text: str, context: Context, *, lang: str | None = None) -> Reading:
        if text == FATAL and not self.mended:
            raise RuntimeError("a fault of ours")
        assert self.reader is not None
        return self.reader.read(text, context, lang=lang)


@pytest.fixture
def shelves(units: Units) -> _Failing:
    return _Failing(Shelves(units))


@pytest.fixture
async def phone(units: Units, shop: Shop, clock: FrozenClock, shelves: _Failing) -> Phone:
    """Somebody who has said hello."""
    desk = desk_for(units)
    desk.shelves = cast("Shelves", shelves)
    phone = Phone(units, shop.id, desk, await open_account(units, shop.id, "whatsapp"), clock)
    await phone.say("hallo")
    return phone


async def outcomes(phone: Phone) -> list[dict[str, Any] | None]:
    """How each message of the person ended, oldest first."""
    async with phone.units(phone.shop_id) as uow:
        conversation = await phone.conversation(uow)
        rows = await uow.fetch(
            "SELECT outcome_detail FROM inbound_message WHERE shop_id = $1 AND conversation_id = $2 ORDER BY seq",
            uow.shop_id, conversation["id"],
        )  # fmt: skip
    return [None if row["outcome_detail"] is None else msgspec.json.decode(row["outcome_detail"]) for row in rows]


async def try_again(phone: Phone) -> list[str]:
    """The worker's next try."""
    phone.clock.advance(seconds=2)
    return await phone.wait()


async def test_a_message_whose_turn_fails_is_kept_and_answered_once_it_can_be(phone: Phone, shelves: _Failing) -> None:
    assert await phone.say(FATAL) == []
    assert await phone.wait() == []
    assert (await outcomes(phone))[1:] == [None]
    shelves.mended = True
    assert await phone.wait() == []  # not before its pause is over
    assert await try_again(phone)
    assert [ended["kind"] for ended in await outcomes(phone) if ended] == ["answered"] * 2
    async with phone.units(phone.shop_id) as uow:
        assert (await phone.conversation(uow))["open_inbound"] == 0


async def test_after_three_failures_the_shopper_is_told_once_and_a_person_asked_for(phone: Phone) -> None:
    await phone.say(FATAL)
    told = [*await phone.wait(), *await try_again(phone)]
    assert told == []
    assert (await outcomes(phone))[1:] == [None]
    (told_last,) = await try_again(phone)
    assert "schiefgegangen" in told_last
    assert (await outcomes(phone))[1:] == [{"kind": "failed", "cause": "RuntimeError"}]
    async with phone.units(phone.shop_id) as uow:
        conversation = await phone.conversation(uow)
        events = await uow.fetch(
            "SELECT name, coalesce(payload::jsonb->>'fault', payload::jsonb->>'reason') AS why FROM domain_event"
            " WHERE shop_id = $1 AND name = ANY($2) ORDER BY id",
            uow.shop_id, ["TurnFailed", "ConversationNeedsPerson"],
        )  # fmt: skip
    assert (conversation["needs_person"], conversation["open_inbound"]) == ("fault", 0)
    assert list(map(tuple, events)) == [("TurnFailed", "RuntimeError"), ("ConversationNeedsPerson", "fault")]
    assert await try_again(phone) == []
    assert await phone.say("hallo")


async def test_every_message_of_every_person_has_three_tries(units: Units, phone: Phone) -> None:
    other = Phone(units, phone.shop_id, phone.desk, phone.door, phone.clock, address="491700000002")
    await phone.say(FATAL)
    await phone.wait()
    await try_again(phone)
    await other.say(FATAL)
    assert await try_again(phone)
    assert await other.read() == []
    await phone.say(FATAL)
    assert await try_again(phone) == []
    assert (await outcomes(phone))[-1] is None
    assert await outcomes(other) == [None]
    async with units(phone.shop_id) as uow:
        assert (await other.conversation(uow))["needs_person"] is None
    await try_again(phone)
    assert await other.read()


async def test_one_persons_fault_keeps_no_other_waiting(
    units: Units, phone: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    others = [Phone(units, phone.shop_id, phone.desk, phone.door, phone.clock, address=f"4917{n}") for n in range(3)]
    await phone.say(FATAL)
    for other in others:
        await other.say("und")  # plainly the beginning of a thought
    caplog.clear()
    phone.clock.advance(seconds=2)
    assert await pending.step(phone.desk) == 4
    assert [record.msg for record in caplog.records if record.levelno >= logging.ERROR] == ["turn.failed"]
    for other in others:
        assert [ended and ended["kind"] for ended in await outcomes(other)] == ["answered"]
