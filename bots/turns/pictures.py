"""A shopper's picture: fetched and looked at outside any transaction, kept, and answered with what looks like it.

The turn that received it has stored the job. The answer has the message as its cause, so it happens once.
"""

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from msgspec.structs import replace

from bots.channels.base import Rejected, Unreachable
from bots.channels.registry import CHANNELS
from bots.conversations import memory as memories
from bots.conversations import pictures as received
from bots.conversations import thread as threads
from bots.conversations.memory import Focus
from bots.conversations.states import Lane
from bots.delivery import outbox
from bots.delivery.outbox import Posting
from bots.dialogues import browse, captions
from bots.dialogues.media import TAKE_PICTURE
from bots.messages.outbound import Action, Text
from bots.turns.run import within_bubbles
from bots.turns.turn import Turn, offers_of
from catalog.images.errors import PictureRefused
from catalog.images.fingerprint import Look
from catalog.images.service import Prepared, look_of, prepare
from catalog.kernel import jobs
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.search.similar import similar
from catalog.shops import profile as profiles

if TYPE_CHECKING:
    from bots.turns.desk import TurnDesk

_MOST = 12
_LIKE = 0.6  # below, colours and shape have little in common
_ATTEMPTS = 3
_PAUSE = timedelta(seconds=4)


async def take(
    desk: "TurnDesk",
    *,
    shop_id: str,
    account_id: str,
    conversation_id: str,
    inbound_id: str,
    key: str,
    media_id: str,
    look: bool,
    attempt: int = 1,
) -> None:
    """Fetch the picture and keep it; with `look`, show what looks like it. A provider away is asked again soon."""
    shop = UUID(shop_id)
    async with desk.units(shop) as uow:
        kept = media_id in await received.find(uow, [media_id])
    prepared: Prepared | None = None
    seen: Look | None = None
    try:
        channel = await desk.channels.get(UUID(account_id), shop)
        body = (await channel.fetch_media(media_id)).body
        if not kept:
            prepared = await prepare(desk.store, body, received=True)
        seen = prepared.original.look if prepared else await look_of(body)
    except Unreachable:
        if attempt < _ATTEMPTS:
            again: dict[str, Any] = {
                "shop_id": shop_id, "account_id": account_id, "conversation_id": conversation_id,
                "inbound_id": inbound_id, "key": key, "media_id": media_id, "look": look, "attempt": attempt + 1,
            }  # fmt: skip
            async with desk.units(shop) as uow:
                await jobs.defer(uow, TAKE_PICTURE, again, at=uow.now + _PAUSE * attempt)
            return
    except (Rejected, PictureRefused):
        pass  # answered like a picture that shows nothing
    async with desk.units(shop) as uow:
        turn = await _turn(desk, uow, UUID(conversation_id), UUID(inbound_id))
        if prepared is not None:
            await received.keep_fetched(uow, turn.thread, media_id, prepared, key=key)
        if look and not turn.thread.blocked and turn.thread.held_by != Lane.STAFF:
            caption = await _caption(turn, key)
            await _answer(turn, seen, caption, cause=f"picture:{key}")


async def _turn(desk: "TurnDesk", uow: UnitOfWork, conversation_id: UUID, inbound_id: UUID) -> Turn:
    thread = await threads.lock(uow, conversation_id)
    shop = await profiles.get(uow)
    return Turn(
        desk=desk, uow=uow, shop=shop, thread=thread, memory=memories.load(thread.state),
        locale=shop.locale(thread.locale), inbound_id=inbound_id,
    )  # fmt: skip


async def _caption(turn: Turn, key: str) -> str:
    """The words beside the picture; empty where there were none, or where they are forgotten by now."""
    caption: str | None = await turn.uow.fetchval(
        "SELECT body->>'caption' FROM inbound_message WHERE account_id = $1 AND dedupe_key = $2 AND shop_id = $3",
        turn.thread.account_id, key, turn.uow.shop_id,
    )  # fmt: skip
    return caption or ""


async def _answer(turn: Turn, look: Look | None, caption: str, *, cause: str) -> None:
    await _show(turn, look, caption)
    thread, posting = turn.thread, Posting(cause=cause, fence=turn.thread.fence)
    replies = within_bubbles(turn.replies)
    if await outbox.post(turn.uow, thread, replies, CHANNELS[thread.kind].capabilities, posting):
        memory = replace(turn.memory, offers=offers_of(replies))
        await turn.uow.execute(
            "UPDATE conversation SET state = $3::jsonb, updated_at = $4 WHERE id = $1 AND shop_id = $2",
            thread.id, turn.uow.shop_id, memories.dump(memory), turn.now,
        )  # fmt: skip


async def _show(turn: Turn, look: Look | None, caption: str) -> None:
    found = await similar(turn.uow, look, _MOST, least=_LIKE) if look is not None else []
    if found:
        words = turn.say("media.similar")
        await browse.show(turn, [one.handle for one in found], words)
        if len(found) == 1:  # shown large, without the words above a list
            turn.replies.insert(0, Text(text=words))
        if caption:  # "that one" is what looks most like it
            turn.memory = replace(turn.memory, focus=Focus(found[0].handle, (found[0].option or {}).get("colour")))
    if await captions.answer_about_goods(turn, caption) or found:
        return
    actions = (
        Action(id="browse", title=turn.say("action.browse")),
        Action(id="human", title=turn.say("action.human")),
    )
    key = "media.unreadable" if look is None else "media.nothing_similar"
    turn.reply(Text(text=turn.say(key), actions=actions))
