"""Pictures, voices, stickers and what providers do not hand over: each gets an honest answer and a way on."""

from typing import TYPE_CHECKING

from bots.conversations import pictures
from bots.dialogues import captions, person, returns
from bots.messages.inbound import MediaKind, MediaReceived
from bots.messages.outbound import Action, Text
from catalog.kernel import jobs

if TYPE_CHECKING:
    from bots.turns.turn import Turn

TAKE_PICTURE = "bots.take_picture"
_KEYS = {
    MediaKind.AUDIO: "media.audio",
    MediaKind.STICKER: "media.sticker",
    MediaKind.VIDEO: "media.other",
    MediaKind.DOCUMENT: "media.other",
}
_NOT_KEPT = frozenset({MediaKind.VIDEO, MediaKind.DOCUMENT})


async def received(turn: "Turn", event: MediaReceived) -> None:
    """A file: part of a return when one waits for a photo, a picture to find similar goods by, else honest words.

    What was sent as one with it is kept.
    """
    for other in turn.beside:
        await keep(turn, other)
    pictures_sent = [one.media_id for one in (event, *turn.beside) if one.kind is MediaKind.IMAGE]
    if pictures_sent and await returns.photos(turn, pictures_sent):
        await keep(turn, event)
        return
    if person.awaited(turn) and not event.caption:  # what it shows, the team will know
        await keep(turn, event)
        person.noted(turn)
        return
    if event.kind in _NOT_KEPT and returns.insist_on_photo(turn):
        return
    if event.kind is MediaKind.IMAGE:
        if await captions.answer_at_once(turn, event.caption):
            await keep(turn, event)
            return
        await pictures.keep_own(turn.uow, turn.thread, event.media_id)
        await _take_later(turn, event, look=True)
        turn.reply(Text(text=turn.say("media.image")))
        return
    actions = (
        Action(id="browse", title=turn.say("action.browse")),
        Action(id="human", title=turn.say("action.human")),
    )
    turn.reply(Text(text=turn.say(_KEYS[event.kind]), actions=actions))


async def keep(turn: "Turn", event: MediaReceived) -> None:
    """Keep a picture for the team, without looking for goods like it."""
    if event.kind is MediaKind.IMAGE and not await pictures.keep_own(turn.uow, turn.thread, event.media_id):
        await _take_later(turn, event, look=False)


async def _take_later(turn: "Turn", event: MediaReceived, *, look: bool) -> None:
    """Fetching takes a provider's time, so it is a job (bots/turns/pictures.py) and no part of the turn."""
    await jobs.defer(
        turn.uow, TAKE_PICTURE,
        {"shop_id": str(turn.uow.shop_id), "account_id": str(turn.thread.account_id),
         "conversation_id": str(turn.thread.id), "inbound_id": str(turn.inbound_id), "key": event.dedupe_key,
         "media_id": event.media_id, "look": look},
    )  # fmt: skip


def unsupported(turn: "Turn") -> None:
    """The provider did not hand the message over."""
    turn.reply(Text(text=turn.say("media.unsupported")))
