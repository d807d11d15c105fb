"""From a page's frame to what a shopper did. Pure: ids follow from session and cid, so a resend reads the same."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from bots.channels.reading import entry_code
from bots.channels.webchat.frames import Answered, ImageContent, LocationContent, Tap, TextContent
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
    if isinstance(frame, Tap):
        return (_tapped(frame, common),)
    match frame.content:
        case TextContent(text=text):
            return (TextReceived(**common, text=text, entry=entry_code(text)),)
        case ImageContent(upload_id=upload, alt=alt):
            return (MediaReceived(**common, kind=MediaKind.IMAGE, media_id=upload, caption=alt),)
        case LocationContent(latitude=latitude, longitude=longitude, label=label):
            return (LocationShared(**common, latitude=latitude, longitude=longitude, label=label),)


def _tapped(tap: Tap, common: dict[str, Any]) -> InboundEvent:
    if tap.action_id == START:
        return Joined(**common)
    if tap.action_id == FORM:
        return FormAnswered(**common, fields=_fields(tap.value.get("fields")))
    return ActionChosen(**common, action_id=chosen_id(tap), value=tap.value)


def _fields(given: object) -> dict[str, str]:
    if not isinstance(given, dict):
        return {}
    return {str(name): str(value) for name, value in given.items() if isinstance(value, str | int | float)}
