"""The exchange between pages and turns: a frame is stored, handed to the turn, acknowledged; events flow back."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from asyncpg import PostgresError

from bots.channels.webchat import acceptance, sessions, threads
from bots.channels.webchat.acceptance import Taken
from bots.channels.webchat.frames import Answered, Nack
from bots.channels.webchat.threads import State, stamp
from bots.channels.webchat.tokens import Claims
from bots.conversations import presence
from bots.conversations.presence import Presence
from bots.messages.inbound import Receipt, ReceiptReceived
from catalog.kernel.clock import machine_now
from catalog.kernel.db import AWAY
from catalog.kernel.errors import ShopError
from catalog.kernel.listen import Subscription
from catalog.kernel.unit_of_work import UnitOfWork
from storefront.web.chat.ports import ChatDoor, ChatTools

T = TypeVar("T")
Frame = dict[str, Any]

_PAUSE_S = 0.35  # an answer that comes sooner is shown without typing dots
_LOOK_S = 25.0  # look again even if no notice came
_log = logging.getLogger(__name__)
_working: set[asyncio.Task[Any]] = set()
MOST_LINES = 20  # of a thread, in this process
_lines: Counter[str] = Counter()


async def finished(work: Coroutine[Any, Any, T]) -> T:
    """The work's result; the work goes on to its end even if the caller is cancelled because its page went away."""
    task = asyncio.create_task(work)
    _working.add(task)
    task.add_done_callback(_working.discard)
    return await asyncio.shield(task)


async def accept(tools: ChatTools, chat: ChatDoor, claims: Claims, frame: Answered, *, network: str) -> Frame:
    """Store a frame, give it to the turn, and say so. Raises Nack."""
    try:
        return await finished(_accept(tools, chat, claims, frame, network))
    except AWAY as error:
        raise Nack("unavailable", "not stored: send it again", retry_after_ms=1_000) from error


async def _accept(tools: ChatTools, chat: ChatDoor, claims: Claims, frame: Answered, network: str) -> Frame:
    async with tools.units(chat.shop.id) as uow:
        taken = await acceptance.take(uow, chat.account, claims, frame, network=network, limits=tools.limits)
    await _hand_over(tools, chat, taken)
    return {"type": "ack", "cid": frame.cid, "seq": taken.seq}


async def hand_over_rest(tools: ChatTools, chat: ChatDoor, address: str | None = None) -> int:
    """Give the turn what a crash kept from it: of one thread, or of the whole account; how many there were."""
    return await finished(_hand_over_rest(tools, chat, address))


def check_room(claims: Claims) -> None:
    """Raises Nack when so many pages follow the thread that another one is none of a person's."""
    if _lines[claims.address] >= MOST_LINES:
        raise Nack("rate_limited", f"{MOST_LINES} pages follow this thread already", retry_after_ms=10_000)


@asynccontextmanager
async def line(claims: Claims) -> AsyncIterator[None]:
    """A page follows the thread. Each costs a look into the database whenever something happens there."""
    _lines[claims.address] += 1
    try:
        yield
    finally:
        _lines[claims.address] -= 1
        if not _lines[claims.address]:
            del _lines[claims.address]


async def head(tools: ChatTools, chat: ChatDoor, claims: Claims) -> int:
    """The last number of the thread."""
    return await finished(_head(tools, chat, claims))


async def _head(tools: ChatTools, chat: ChatDoor, claims: Claims) -> int:
    async with tools.units(chat.shop.id) as uow:
        return (await threads.state(uow, UUID(chat.account.id), claims.address)).head_seq


async def _hand_over_rest(tools: ChatTools, chat: ChatDoor, address: str | None) -> int:
    async with tools.units(chat.shop.id) as uow:
        rest = await acceptance.unaccepted(uow, chat.account, address=address)
    done = 0
    for taken in rest:
        try:
            await _hand_over(tools, chat, taken)
        except (ShopError, PostgresError, *AWAY) as error:  # it stays; a page must not be locked out by it
            _log.warning("message.not_accepted", extra={"fields": {"event": taken.id, "error": type(error).__name__}})
        else:
            done += 1
    return done


async def _hand_over(tools: ChatTools, chat: ChatDoor, taken: Taken) -> None:
    if taken.events:
        await tools.inbox(chat.account, taken.events)
        async with tools.units(chat.shop.id) as uow:
            await acceptance.accepted(uow, taken.id)


async def note_read(tools: ChatTools, chat: ChatDoor, claims: Claims, upto: int) -> None:
    """The shopper has read up to here: our messages get their receipts."""
    await finished(_note_read(tools, chat, claims, upto))


async def _note_read(tools: ChatTools, chat: ChatDoor, claims: Claims, upto: int) -> None:
    async with tools.units(chat.shop.id) as uow:
        fresh = await threads.mark_read(uow, UUID(chat.account.id), claims.address, upto)
        now = uow.now
    if fresh:
        receipts = [
            ReceiptReceived(dedupe_key=f"read:{event_id}", at=now, provider_id=str(event_id), receipt=Receipt.READ)
            for _, event_id in fresh
        ]
        await tools.inbox(chat.account, receipts)


def shown(tools: ChatTools, events: list[Frame]) -> list[Frame]:
    """Events of a thread as its pages get them: what the shopper sent has addresses, for a while."""
    now = machine_now()
    for event in events:
        content = event.get("content", {})
        if "image_id" in content:
            content["url"] = tools.received.url(content["image_id"], "chat.jpg", now=now)
            content["full"] = tools.received.url(content["image_id"], "photo.jpg", now=now)
    return events


class Moved(Exception):
    """The session is over or its thread is elsewhere now: the page must ask for a new token."""


@dataclass(slots=True, kw_only=True)
class Feed:
    """What a page is still to be shown. `cursor` is the last number it has."""

    tools: ChatTools
    chat: ChatDoor
    claims: Claims
    cursor: int
    typing: bool = False
    seen: int | None = None
    presence: Presence | None = None  # as the page was told last
    _late: bool = field(default=False)

    async def follow(self, news: Subscription, *, every_s: float = _LOOK_S) -> AsyncIterator[list[Frame]]:
        """Batches of frames, until news are over; an empty batch when nothing came for `every_s`. Raises Moved."""
        while not news.over:
            batch, pending = await finished(self._look())  # a page may go away at any time; a transaction must end
            if batch:
                yield batch
            wait = _PAUSE_S if pending and not self._late else every_s
            woke = await news.wait(wait)
            self._late = pending and not woke
            if not woke and not pending and not batch:
                yield []

    async def _look(self) -> tuple[list[Frame], bool]:
        async with self.tools.units(self.chat.shop.id) as uow:
            if not await sessions.standing(uow, self.claims):
                raise Moved
            account_id = UUID(self.chat.account.id)
            state = await threads.state(uow, account_id, self.claims.address)
            frames: list[Frame] = []
            if state.head_seq > self.cursor:
                frames = shown(self.tools, await threads.after(uow, account_id, self.claims.address, self.cursor))
            beside = self._beside(await presence.read(uow, account_id, self.claims.address), uow)
            return self._told(frames, state, uow) + beside, self._waits(state)

    def _told(self, frames: list[Frame], state: State, uow: UnitOfWork) -> list[Frame]:
        """The events, and after a pause what is no event: how far the shop has read, and that it is writing."""
        if frames:
            self.cursor = frames[-1]["seq"]
        if any(frame["author"]["type"] != "customer" for frame in frames):
            self.typing = False  # a page takes an answer as the end of typing
        fleeting: list[Frame] = []
        now = stamp(uow.now)
        author = "agent" if self.presence and self.presence.team else "bot"
        if self._late and self.seen is not None and state.seen_seq > self.seen:
            fleeting.append(_fleeting("read", now, author, upto_seq=state.seen_seq))
        if self._late or self.seen is None:
            self.seen = state.seen_seq
        if state.typing != self.typing and (self._late or not state.typing):
            self.typing = state.typing
            fleeting.append(_fleeting("typing", now, author, on=state.typing))
        return frames + fleeting

    def _beside(self, now: Presence, uow: UnitOfWork) -> list[Frame]:
        """What has changed beside the thread: who speaks, how much is in the cart.

        A page that comes back is told how both are, as it may show what was; a new one shows nothing yet.
        """
        before = self.presence or (None if self.cursor else Presence())
        self.presence = now
        changes = []
        if before is None or now.team != before.team:
            changes.append(_fleeting("agent.joined" if now.team else "agent.left", stamp(uow.now), "agent"))
        if before is None or now.units != before.units:
            changes.append(_fleeting("cart.updated", stamp(uow.now), "system", units=now.units))
        return changes

    def _waits(self, state: State) -> bool:
        """Whether something is there that is only told when no answer follows at once."""
        return state.typing != self.typing or state.seen_seq > (self.seen or 0)


def _fleeting(kind: str, now: str, author: str, **values: object) -> Frame:
    return {"type": "event", "ts": now, "kind": kind, "author": {"type": author}, **values}
