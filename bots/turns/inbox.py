"""The inbox: every event stored once, then turned into an answer, in the same transaction where that is possible.

What `receive` has returned for is in the database. A turn that fails leaves its message stored and open; the worker
tries it again (bots/turns/pending.py). Receipts and other news about our own messages need no turn.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bots.conversations import addresses, lanes
from bots.conversations import thread as threads
from bots.conversations.thread import Thread
from bots.delivery import news, policy
from bots.messages.inbound import InboundEvent, PersonEvent, Sign
from bots.messages.storable import storable
from bots.turns import advice as advices
from bots.turns.desk import Door, TurnDesk
from bots.turns.gathering import OpenMessage
from bots.turns.run import CHANNEL, load_open, run_turn
from bots.understanding.model import accounts as models
from catalog.kernel.errors import Unavailable
from catalog.kernel.ids import new_id
from catalog.kernel.unit_of_work import UnitOfWork, repeated
from catalog.shops import profile as profiles

_TRIES = 5
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A person's event that was new, their language, and whether the bot answers: a person of the team takes time."""

    event: PersonEvent
    locale: str
    by_bot: bool


async def receive(desk: TurnDesk, door: Door, events: Sequence[InboundEvent]) -> list[Taken]:
    """Take in what a webhook brought, in order; what of it people did and was new. Taking it in again changes nothing.

    Of one person's events the last one comes last.
    """
    people = [storable(event) for event in events if isinstance(event, PersonEvent)]
    others = [event for event in events if not isinstance(event, PersonEvent)]
    if others:
        await repeated(lambda: _take_news(desk, door, others))
    if len(people) == 1:
        return await _answer_now(desk, door, people[0])
    return await repeated(lambda: _store_for_later(desk, door, people)) if people else []


async def _take_news(desk: TurnDesk, door: Door, events: Sequence[InboundEvent]) -> None:
    async with desk.units(door.shop_id) as uow:
        await news.take(uow, door.account_id, events)


async def _answer_now(desk: TurnDesk, door: Door, event: PersonEvent) -> list[Taken]:
    """Store and answer in one transaction; when answering fails, store alone, for the worker."""
    try:
        async with desk.places.of((door.account_id, event.sender.address)), desk.units(door.shop_id) as uow:
            taken, asked = await _take_and_run(desk, uow, door, event)
        if asked is not None:
            await _run_advised(desk, asked)
    except Exception as error:  # noqa: BLE001 - the message must be kept whatever the turn ran into
        _log.exception("turn.failed", extra={"fields": {"account": door.account_id, "error": type(error).__name__}})
        return await repeated(lambda: _store_for_later(desk, door, [event]))
    return taken


async def _take_and_run(
    desk: TurnDesk, uow: UnitOfWork, door: Door, event: PersonEvent
) -> tuple[list[Taken], advices.Asked | None]:
    """Answer, or only store where a language model is to be asked first: the question for it."""
    thread, is_known = await _take(desk, uow, door, event)
    if is_known:
        return [], None
    taken = [_taken(uow, thread, event)]
    message = OpenMessage(id=new_id(), event=event, received_at=uow.now, is_new=True)
    if desk.adviser is not None and (asked := await desk.adviser.prepare(desk, uow, thread, event, message.id)):
        until = uow.now + timedelta(milliseconds=asked.access.budget_ms) + advices.SLACK
        await threads.leave_open(uow, thread, event, message.id, until=until)
        return taken, asked
    await run_turn(desk, uow, thread, [message])
    return taken, None


async def _run_advised(desk: TurnDesk, asked: advices.Asked) -> None:
    """Ask the model, then answer what is still open; a message that came meanwhile has answered it already."""
    if desk.adviser is None:
        return
    found, cost = await desk.adviser.ask(asked)
    async with desk.places.of(asked.conversation_id), desk.units(asked.shop_id) as uow:
        thread = await threads.lock(uow, asked.conversation_id)
        await models.settle(uow, reserved=asked.reserved, micro=cost)
        if waiting := await load_open(uow, thread):
            await run_turn(replace(desk, advice=found), uow, replace(thread, open_inbound=0), waiting)


async def _store_for_later(desk: TurnDesk, door: Door, events: Sequence[PersonEvent]) -> list[Taken]:
    taken: list[Taken] = []
    async with desk.units(door.shop_id) as uow:
        for event in sorted(events, key=lambda event: event.sender.address):  # so that two batches lock in one order
            thread, is_known = await _take(desk, uow, door, event)
            if not is_known:
                await threads.leave_open(uow, thread, event, new_id())
                taken.append(_taken(uow, thread, event))
        uow.hint(CHANNEL)
    return taken


def _taken(uow: UnitOfWork, thread: Thread, event: PersonEvent) -> Taken:
    return Taken(event=event, locale=thread.locale, by_bot=not lanes.is_teams(thread, uow.now))


async def _take(desk: TurnDesk, uow: UnitOfWork, door: Door, event: PersonEvent) -> tuple[Thread, bool]:
    """The sender's conversation, locked, and whether the event is stored already.

    While we wait for the lock, somebody else may give the conversation another of the person's addresses: then it is
    looked for again. Raises Unavailable rather than let a message go unstored.
    """
    address = event.sender.address
    for _ in range(_TRIES):
        thread, is_known = await threads.take(uow, door.account_id, event, address=address)
        if thread is not None:
            return _heard(thread, event, now=uow.now, moved=desk.units.clock.moved), is_known
        address = await _open(uow, door, event)
    raise Unavailable("the conversation changes its address all the time")


def _heard(thread: Thread, event: PersonEvent, *, now: datetime, moved: timedelta) -> Thread:
    """The thread as the event leaves it: the reply window counts from when the person wrote, not from when we read."""
    if isinstance(event, Sign):
        return thread
    heard = policy.written_at(event.at + moved, now)
    before = thread.last_inbound_at
    return replace(thread, last_inbound_at=max(before or heard, heard), heard_before=before)


async def _open(uow: UnitOfWork, door: Door, event: PersonEvent) -> str:
    shop = await profiles.get(uow)
    return await addresses.open_thread(
        uow, account_id=door.account_id, kind=door.kind, sender=event.sender, at=event.at,
        locale=shop.locale(event.sender.locale),
    )  # fmt: skip
