"""Taking a shopper's frame: stored once as an event of the thread, then handed to the turn, then answered by `ack`.

The frame stays with its event until the turn's inbox has it, so a crash in between is made good by `unaccepted`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from bots.channels.base import Account
from bots.channels.webchat import frames, inbound, rates, threads
from bots.channels.webchat.frames import Answered, ImageContent, LocationContent, Nack, Send, Tap, TextContent
from bots.channels.webchat.rates import Limits
from bots.channels.webchat.threads import Entry
from bots.channels.webchat.tokens import Claims
from bots.messages.inbound import ActionChosen, InboundEvent, PersonEvent
from catalog.images import service as images
from catalog.images.errors import PictureRefused, UnknownPicture
from catalog.kernel.unit_of_work import UnitOfWork

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A frame that is stored. `events` go to the turn; empty when it was handed over before."""

    id: UUID
    seq: int
    events: Sequence[InboundEvent]


async def take(
    uow: UnitOfWork, account: Account, claims: Claims, frame: Answered, *, network: str, limits: Limits
) -> Taken:
    """Store a send or an action, once per session and cid; `network` names where it comes from. Raises Nack."""
    account_id = UUID(account.id)
    session = await uow.fetchrow(
        "SELECT address, locale, name, email, entry, revoked_at FROM webchat_session"
        " WHERE id = $1 AND account_id = $2 AND shop_id = $3 FOR NO KEY UPDATE",
        claims.sid, account_id, uow.shop_id,
    )  # fmt: skip
    if session is None or session["revoked_at"] is not None or session["address"] != claims.address:
        raise Nack("unauthorized", "this session is over, or moved: ask for a new token")
    known = await _known(uow, claims.sid, frame)
    if known is not None:
        return known
    may = {f"send:{claims.sid}": limits.sends_per_minute, f"sends:{network}": limits.sends_per_minute_of_network}
    await rates.count(uow, account_id, may, window=_MINUTE)
    kind, body, extra = await _shown(uow, account_id, claims.address, frame)
    about = {
        "frame": frames.dump(frame), "address": claims.address, "locale": session["locale"],
        "name": session["name"], "email": session["email"], "entry": session["entry"], **extra,
    }  # fmt: skip
    event_id, seq = await threads.append(
        uow, account_id, claims.address,
        Entry(
            id=inbound.event_id(claims.sid, frame.cid), kind=kind, author="customer", body=body,
            session_id=claims.sid, cid=frame.cid, digest=frames.digest(frame), inbound=about,
        ),
    )  # fmt: skip
    if session["entry"] is not None:
        await uow.execute(
            "UPDATE webchat_session SET entry = NULL WHERE id = $1 AND shop_id = $2", claims.sid, uow.shop_id
        )
    return Taken(id=event_id, seq=seq, events=_events(claims.sid, account.id, about, uow.now))


async def accepted(uow: UnitOfWork, event_id: UUID) -> None:
    """The turn's inbox has it."""
    await uow.execute("UPDATE webchat_event SET inbound = NULL WHERE id = $1 AND shop_id = $2", event_id, uow.shop_id)


async def unaccepted(uow: UnitOfWork, account: Account, *, address: str | None = None) -> list[Taken]:
    """Stored frames whose turn was never handed over: of one thread, or of the whole account."""
    rows = await uow.fetch(
        "SELECT id, seq, session_id, inbound, at FROM webchat_event WHERE inbound IS NOT NULL"
        " AND account_id = $1 AND ($2::text IS NULL OR address = $2) AND shop_id = $3 ORDER BY address, seq",
        UUID(account.id), address, uow.shop_id,
    )  # fmt: skip
    return [
        Taken(
            id=row["id"], seq=row["seq"],
            events=_events(row["session_id"], account.id, msgspec.json.decode(row["inbound"]), row["at"]),
        )
        for row in rows
    ]  # fmt: skip


async def _known(uow: UnitOfWork, session_id: UUID, frame: Answered) -> Taken | None:
    row = await uow.fetchrow(
        "SELECT id, account_id, seq, digest, inbound, at FROM webchat_event"
        " WHERE session_id = $1 AND cid = $2 AND shop_id = $3",
        session_id, frame.cid, uow.shop_id,
    )  # fmt: skip
    if row is None:
        return None
    if row["digest"] != frames.digest(frame):
        raise Nack("conflict", "this cid was used for another frame")
    about = None if row["inbound"] is None else msgspec.json.decode(row["inbound"], type=dict[str, Any])
    events = () if about is None else _events(session_id, str(row["account_id"]), about, row["at"])
    return Taken(id=row["id"], seq=row["seq"], events=events)


async def _shown(
    uow: UnitOfWork, account_id: UUID, address: str, frame: Answered
) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """Kind and body of the shopper's own event, and what the turn needs to know beyond the frame."""
    if isinstance(frame, Send):
        body: dict[str, Any] = {"cid": frame.cid, "content": await _content(uow, frame)}
        extra: dict[str, Any] = {}
        if frame.reply_to is not None:
            body["reply_to"] = frame.reply_to
            extra["reply_to"] = await _provider_id(uow, account_id, address, frame.reply_to)
        return "message", body, extra
    if frame.action_id == inbound.START:
        return "system", {"cid": frame.cid, "what": "started"}, {}
    title = await _title(uow, account_id, address, frame)
    body = {"cid": frame.cid, "of_seq": frame.of_seq, "content": {"type": "text", "text": title}}
    return "message", body, {"title": title}


async def _content(uow: UnitOfWork, frame: Send) -> dict[str, Any]:
    match frame.content:
        case TextContent(text=text):
            return {"type": "text", "text": text}
        case LocationContent() as place:
            return {"type": "location", "latitude": place.latitude, "longitude": place.longitude, "label": place.label}
        case ImageContent() as picture:
            try:
                upload = await images.get_sent(uow, UUID(picture.upload_id))
            except (ValueError, UnknownPicture, PictureRefused) as error:
                raise Nack("invalid", "there is no such upload: send the picture first") from error
            return {
                "type": "image", "alt": picture.alt, "w": upload.image.width, "h": upload.image.height,
                "image_id": upload.image.image_id,
            }  # fmt: skip


async def _title(uow: UnitOfWork, account_id: UUID, address: str, tap: Tap) -> str:
    """The words on what was tapped, from our own event. Raises Nack when that event offers no such thing."""
    if tap.action_id == inbound.FORM:
        fields = tap.value.get("fields")
        given = fields.values() if isinstance(fields, dict) else ()
        return ", ".join(str(value) for value in given if str(value).strip())[:1_000] or "–"
    body = None if tap.of_seq is None else await threads.find(uow, account_id, address, tap.of_seq)
    if body is None:
        raise Nack("invalid", "of_seq names no event of this thread")
    wanted = inbound.chosen_id(tap)
    for offered in _offers(body):
        if offered.get("id") == wanted:
            return str(offered.get("title") or wanted)
    raise Nack("stale_action", "this is not on offer there (any more)")


def _offers(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Everything tappable in an event."""
    content = body.get("content") or {}
    parts = [body.get("quick_replies"), content.get("actions"), content.get("options")]
    parts += [item.get("actions") for item in content.get("items") or ()]
    return [offer for part in parts for offer in part or () if isinstance(offer, dict)]


async def _provider_id(uow: UnitOfWork, account_id: UUID, address: str, seq: int) -> str | None:
    found = await uow.fetchval(
        "SELECT id FROM webchat_event WHERE account_id = $1 AND address = $2 AND seq = $3 AND shop_id = $4",
        account_id, address, seq, uow.shop_id,
    )  # fmt: skip
    return None if found is None else str(found)


def _events(session_id: UUID, account_id: str, about: Mapping[str, Any], at: datetime) -> Sequence[InboundEvent]:
    claims = Claims(sid=session_id, address=about["address"], account=account_id, origin="", exp=0)
    parsed = inbound.parse(frames.load(about["frame"]), claims, at, locale=about.get("locale"))
    return [_completed(event, about) for event in parsed]


def _completed(event: InboundEvent, about: Mapping[str, Any]) -> InboundEvent:
    if isinstance(event, ActionChosen):
        event = replace(event, title=about.get("title") or "")
    if isinstance(event, PersonEvent):
        sender = replace(event.sender, name=about.get("name"), email=about.get("email"))
        return replace(event, sender=sender, entry=about.get("entry") or event.entry, reply_to=about.get("reply_to"))
    return event
