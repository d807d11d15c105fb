"""Pictures, voices, stickers and what providers do not hand over: each gets an honest answer and a way on."""

from typing import TYPE_CHECKING

from bots.dialogues import returns
from bots.messages.inbound import MediaKind, MediaReceived
from bots.messages.outbound import Action, Text

if TYPE_CHECKING:
    from bots.turns.turn import Turn

_KEYS = {
    MediaKind.IMAGE: "media.image",
    MediaKind.AUDIO: "media.audio",
    MediaKind.STICKER: "media.sticker",
    MediaKind.VIDEO: "media.other",
    MediaKind.DOCUMENT: "media.other",
}


async def received(turn: "Turn", event: MediaReceived) -> None:
    """A file: part of a return when one waits for a photo, else words about what it can be used for."""
    if event.kind in {MediaKind.IMAGE, MediaKind.VIDEO} and await returns.photo(turn, event.media_id):
        return
    actions = (
        Action(id="browse", title=turn.say("action.browse")),
        Action(id="human", title=turn.say("action.human")),
    )
    turn.reply(Text(text=turn.say(_KEYS[event.kind]), actions=actions))


def unsupported(turn: "Turn") -> None:
    """The provider did not hand the message over."""
    turn.reply(Text(text=turn.say("media.unsupported")))
