"""From a page's frame to what a shopper did. Pure: ids follow from session and cid, so a resend reads the same."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from bots.channels.webchat.frames import Answered, ImageContent, LocationContent, Send, Tap, TextContent
from bots.channels.webchat.tokens import Claims
from bots.messages.inbound import (
    ActionChosen,
    FormAnswered,
    InboundEvent,
    Joined,
    LocationShared,
    MediaKind,
    MediaReceived,
    Sender,
    TextReceived,
)

START = "start"  # the page was opened and its privacy line accepted
FORM = "form.submit"
_PICKED = {"quick_reply", "choice"}  # the chosen thing's own id stands in value.id


def event_id(session_id: UUID, cid: str) -> UUID:
    """The id of a shopper's event, in our tables and as its provider id."""
    return uuid5(session_id, cid)


def chosen_id(tap: Tap) -> str:
    """The id of ours that was tapped, wherever the frame carries it."""
    picked = tap.value.get("id") if tap.action_id in _PICKED else None
    return picked if isinstance(picked, str) else tap.action_id


def parse(frame: Answered, claims: Claims, at: datetime, *, locale: str | None = None) -> Sequence[InboundEvent]:
    """The event of a send or action frame."""
    common: dict[str, Any] = {
        "dedupe_key": f"{claims.sid}:{frame.cid}",
        "at": at,
        "sender": Sender(address=claims.address, locale=locale),
        "provider_id": str(event_id(claims.sid, frame.cid)),
    }
    match frame:
        case Send(content=TextContent() as content):
            return (TextReceived(**common, text=content.text),)
        case Send(content=ImageContent() as content):
            return (MediaReceived(**common, kind=MediaKind.IMAGE, media_id=content.upload_id, caption=content.alt),)
        case Send(content=LocationContent() as place):
            return (LocationShared(**common, latitude=place.latitude, longitude=place.longitude, label=place.label),)
        case Tap(action_id=action) if action == START:
            return (Joined(**common),)
        case Tap(action_id=action, value=value) if action == FORM:
            return (FormAnswered(**common, fields=_fields(value.get("fields"))),)
        case Tap():
            return (ActionChosen(**common, action_id=chosen_id(frame), value=frame.value),)


def _fields(given: object) -> dict[str, str]:
    if not isinstance(given, dict):
        return {}
    return {str(name): str(value) for name, value in given.items() if isinstance(value, str | int | float)}
