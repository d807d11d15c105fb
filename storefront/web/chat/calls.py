"""The web chat's HTTP calls: session, history, uploads, and the way in and out for pages without a WebSocket."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get, post, route
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.enums import HttpMethod
from litestar.params import FromPath, FromQuery
from litestar.response import Stream

from bots.channels.base import Account
from bots.channels.webchat import frames, rates, sessions, threads, tokens
from bots.channels.webchat.frames import Nack
from bots.channels.webchat.sessions import Asked, Opened, Revoked
from bots.channels.webchat.tokens import Claims, Identity
from bots.messages.inbound import AddressChanged, InboundEvent, Introduced
from catalog.images import service as images
from catalog.kernel.clock import machine_now
from catalog.kernel.errors import Forbidden, Forged
from catalog.kernel.unit_of_work import UnitOfWork
from storefront.web.chat import exchange, gate
from storefront.web.chat.exchange import Feed, Moved
from storefront.web.chat.gate import AnyRequest
from storefront.web.chat.ports import ChatDoor, ChatTools

_BASE = "/webhooks/webchat/{account_id:str}"
_PATHS = ("/widget/session", "/messages", "/actions", "/read", "/history", "/uploads", "/events")
_TAIL = 50
_CALL_BYTES = 4 * frames.FRAME_BYTES  # read before it is judged; what is over a frame's size gets its nack
_UPLOAD_BYTES = 15 * 1024 * 1024
_KEEP_ALIVE_S = 15.0
_DIGITS = 18  # of an event's number
_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
_ENTRY_MARKS = {"code": "", "lookbook": "", "product": "product_", "campaign": "", "cart": "cart_"}

Json = dict[str, Any]


class SessionAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Body of POST widget/session. `request_id` makes a repeat of a lost answer harmless."""

    widget_id: str | None = None
    refresh: str | None = None
    entry: dict[str, Any] | None = None
    user_jwt: str | None = None
    identifier: str | None = None  # with identifier_hash the way of other widgets; refused, as it would never expire
    identifier_hash: str | None = None
    request_id: str = ""
    locale: str | None = None


@route([_BASE + path for path in _PATHS], http_method=[HttpMethod.OPTIONS], status_code=204, include_in_schema=False)
async def preflight(
    request: AnyRequest, account_id: FromPath[str], chat_tools: NamedDependency[ChatTools]
) -> Response[None]:
    """CORS preflight of a page that the merchant allowed."""
    chat = await gate.door(chat_tools, account_id)
    return Response(None, headers=gate.cors(gate.admit(chat_tools, chat, request, required=True)))


@post(_BASE + "/widget/session", status_code=200, request_max_body_size=_CALL_BYTES)
async def open_session(
    request: AnyRequest, account_id: FromPath[str], chat_tools: NamedDependency[ChatTools]
) -> Response[Json]:
    """Make or resume a session: tokens, what the page needs to know, the last events."""
    chat = await gate.door(chat_tools, account_id)
    origin = gate.admit(chat_tools, chat, request, required=True)
    asked: SessionAsked = frames.read_as(await request.body() or b"{}", SessionAsked)
    if asked.widget_id not in (None, account_id):
        raise Forbidden("widget_id is not the one of this address")
    if asked.identifier is not None or asked.identifier_hash is not None:
        raise Nack("invalid", "identifier and identifier_hash are not taken, as they never expire: send user_jwt")
    now = machine_now()
    identity = tokens.read_identity(chat.account, asked.user_jwt, now=now) if asked.user_jwt else None
    wanted = asked.locale or _text(asked.entry, "locale")
    locale = chat.shop.locale(wanted)
    async with chat_tools.units(chat.shop.id) as uow:
        if not asked.refresh:
            await _count_address(uow, chat_tools, chat.account, request)
        if identity is not None:
            await sessions.spend(uow, UUID(account_id), identity.nonce, until=identity.expires_at, now=now)
        opened = await _open(
            uow, chat.account,
            Asked(
                origin=origin, locale=locale, now=now, entry=_entry(asked.entry), refresh=asked.refresh,
                request_id=asked.request_id, identity=identity,
            ),
        )  # fmt: skip
        answer = await _session(uow, chat_tools, chat, opened, locale) if isinstance(opened, Opened) else {}
    if isinstance(opened, Revoked):
        raise opened
    await _tell_identity(chat_tools, chat, opened, identity)
    return Response(answer, headers={**gate.cors(origin), "Cache-Control": "no-store"})


@post([_BASE + "/messages", _BASE + "/actions"], status_code=200, request_max_body_size=_CALL_BYTES)
async def post_frame(
    request: AnyRequest, account_id: FromPath[str], chat_tools: NamedDependency[ChatTools]
) -> Response[Json]:
    """A send or action frame by POST; the answer is its ack."""
    chat = await gate.door(chat_tools, account_id)
    origin = gate.admit(chat_tools, chat, request, required=False)
    claims = gate.claims(chat, request)
    raw = await request.body()
    frame = frames.read_answered(raw)
    answer = await exchange.accept(chat_tools, chat, claims, frame, network=gate.network(request))
    return Response(answer, headers=gate.cors(origin))


@post(_BASE + "/read", status_code=204, request_max_body_size=_CALL_BYTES)
async def post_read(
    request: AnyRequest, account_id: FromPath[str], chat_tools: NamedDependency[ChatTools]
) -> Response[None]:
    """A read frame by POST."""
    chat = await gate.door(chat_tools, account_id)
    origin = gate.admit(chat_tools, chat, request, required=False)
    claims = gate.claims(chat, request)
    frame = frames.read(await request.body())
    if isinstance(frame, frames.Read):
        await exchange.note_read(chat_tools, chat, claims, frame.upto_seq)
    return Response(None, headers=gate.cors(origin))


@get(_BASE + "/history")
async def history(
    request: AnyRequest,
    account_id: FromPath[str],
    chat_tools: NamedDependency[ChatTools],
    before: FromQuery[int | None] = None,
    limit: FromQuery[int] = _TAIL,
) -> Response[Json]:
    """Events before a number, oldest first."""
    chat = await gate.door(chat_tools, account_id)
    origin = gate.admit(chat_tools, chat, request, required=False)
    claims = gate.claims(chat, request)
    limit = max(1, min(limit, 200))
    async with chat_tools.units(chat.shop.id) as uow:
        if not await sessions.standing(uow, claims):
            raise Forged("this session is over or moved: ask for a new token")
        events = await threads.before(uow, UUID(account_id), claims.address, before, limit=limit)
    more = bool(events) and events[0]["seq"] > 1
    return Response(
        {"events": exchange.shown(chat_tools, events), "has_more": more},
        headers={**gate.cors(origin), "Cache-Control": "no-store"},
    )


@post(_BASE + "/uploads", status_code=201, request_max_body_size=_UPLOAD_BYTES + 64 * 1024)
async def upload(
    request: AnyRequest, account_id: FromPath[str], chat_tools: NamedDependency[ChatTools]
) -> Response[Json]:
    """A picture (multipart field `file`): turned upright, freed of EXIF and GPS, kept. Documents are refused."""
    chat = await gate.door(chat_tools, account_id)
    origin = gate.admit(chat_tools, chat, request, required=False)
    claims = gate.claims(chat, request)
    async with chat_tools.units(chat.shop.id) as uow:
        if not await sessions.standing(uow, claims):
            raise Forged("this session is over or moved: ask for a new token")
        limits = chat_tools.limits
        may = {
            f"upload:{claims.sid}": limits.uploads_per_hour,
            f"uploads:{gate.network(request)}": limits.uploads_per_hour_of_network,
        }
        await rates.count(uow, UUID(account_id), may, window=_HOUR)
    given = (await request.form()).get("file")
    if not isinstance(given, UploadFile):
        raise Nack("invalid", "send the picture as the multipart field `file`")
    body = await given.read()
    if len(body) > _UPLOAD_BYTES:
        raise Nack("too_large", "a picture may have 15 MB")
    prepared = await images.prepare(chat_tools.media, body, received=True)
    async with chat_tools.units(chat.shop.id) as uow:
        kept = await images.add_upload(uow, prepared, filename=given.filename or "")
    url = chat_tools.received.url(kept.image.image_id, "chat.jpg", now=machine_now())
    answer = {"upload_id": str(kept.upload_id), "url": url, "w": kept.image.width, "h": kept.image.height}
    return Response(answer, status_code=201, headers=gate.cors(origin))


@get(_BASE + "/events")
async def events(
    request: AnyRequest,
    account_id: FromPath[str],
    chat_tools: NamedDependency[ChatTools],
    after: FromQuery[int | None] = None,
    ticket: FromQuery[str | None] = None,
) -> Stream:
    """Server-sent events, for pages without a WebSocket. By `Authorization`, or by a one-use ticket in the query."""
    chat = await gate.door(chat_tools, account_id)
    origin = gate.admit(chat_tools, chat, request, required=False)
    claims = await _stream_claims(chat_tools, chat, request, ticket)
    exchange.check_room(claims)
    resume = request.headers.get("last-event-id", "")
    cursor = int(resume) if resume.isdecimal() and len(resume) <= _DIGITS else after
    return Stream(
        _stream(chat_tools, chat, claims, cursor),
        media_type="text/event-stream",
        headers={**gate.cors(origin), "Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"},
    )


async def _stream(tools: ChatTools, chat: ChatDoor, claims: Claims, cursor: int | None) -> AsyncIterator[bytes]:
    async with exchange.line(claims), tools.listener.subscribe(threads.CHANNEL, claims.address) as news:
        await exchange.hand_over_rest(tools, chat, claims.address)
        head = await exchange.head(tools, chat, claims)
        resumed = cursor is not None and 0 <= head - cursor <= threads.REPLAY
        welcome = {"type": "welcome", "head_seq": head, "resumed": resumed, "heartbeat_s": _KEEP_ALIVE_S}
        yield b"retry: 1000\n" + _sse(welcome)
        feed = Feed(tools=tools, chat=chat, claims=claims, cursor=cursor if resumed and cursor is not None else head)
        try:
            async for batch in feed.follow(news, every_s=_KEEP_ALIVE_S):
                if claims.exp <= machine_now().timestamp():
                    yield _sse({"type": "reauth", "reason": "expired"})
                    return
                yield b"".join(_sse(frame) for frame in batch) or b": keep-alive\n\n"
        except Moved:
            yield _sse({"type": "reauth", "reason": "moved"})


def _sse(frame: Json) -> bytes:
    number = f"id: {frame['seq']}\n" if "seq" in frame else ""
    return f"{number}event: {frame['type']}\ndata: ".encode() + msgspec.json.encode(frame) + b"\n\n"


async def _stream_claims(tools: ChatTools, chat: ChatDoor, request: AnyRequest, ticket: str | None) -> Claims:
    if ticket is None:
        return gate.claims(chat, request)
    now = machine_now()
    claims = tokens.read(chat.account, ticket, now=now, use="ticket")
    async with tools.units(chat.shop.id) as uow:
        until = now + tokens.TICKET_AGE
        await sessions.spend(uow, UUID(chat.account.id), f"ticket:{claims.nonce}", until=until, now=now)
    return msgspec.structs.replace(claims, exp=int((now + tokens.ACCESS_AGE).timestamp()))


async def _open(uow: UnitOfWork, account: Account, asked: Asked) -> Opened | Revoked:
    """A revocation is a result here: it must be committed, not rolled back."""
    try:
        return await sessions.open_session(uow, account, asked)
    except Revoked as error:
        return error


async def _session(uow: UnitOfWork, tools: ChatTools, chat: ChatDoor, opened: Opened, locale: str) -> Json:
    account_id = UUID(chat.account.id)
    state = await threads.state(uow, account_id, opened.address)
    tail = await threads.before(uow, account_id, opened.address, None, limit=_TAIL)
    return {
        "session_id": str(opened.session_id), "thread": opened.address, "access": opened.access,
        "access_expires_at": threads.stamp(opened.access_until), "refresh": opened.refresh, "ticket": opened.ticket,
        "head_seq": state.head_seq, "read_seq": state.read_seq, "seen_seq": state.seen_seq,
        "has_more": bool(tail) and tail[0]["seq"] > 1, "history": exchange.shown(tools, tail),
        "config": {
            "widget_id": chat.account.id, "shop": chat.shop.name, "name": chat.shop.settings.persona.name,
            "locale": locale, "locales": list(chat.shop.locales),
        },
    }  # fmt: skip


async def _tell_identity(tools: ChatTools, chat: ChatDoor, opened: Opened, identity: Identity | None) -> None:
    news: list[InboundEvent] = []
    now, address = machine_now(), opened.address
    if opened.former is not None:
        key = f"merged:{opened.former}"
        news.append(AddressChanged(dedupe_key=key, at=now, old=opened.former, new=address, proof="signed_in"))
    if identity is not None and (identity.name or identity.email):
        news.append(
            Introduced(dedupe_key=identity.nonce, at=now, address=address, name=identity.name, email=identity.email)
        )
    if news:
        await exchange.finished(tools.inbox(chat.account, news))


async def _count_address(uow: UnitOfWork, tools: ChatTools, account: Account, request: AnyRequest) -> None:
    may = {f"session:{gate.network(request)}": tools.limits.sessions_per_minute}
    await rates.count(uow, UUID(account.id), may, window=_MINUTE)


def _entry(entry: Json | None) -> str | None:
    """What brought the person here: the first of code, lookbook, product, campaign, cart."""
    return next((f"{mark}{found}"[:200] for key, mark in _ENTRY_MARKS.items() if (found := _text(entry, key))), None)


def _text(values: Json | None, key: str) -> str | None:
    found = (values or {}).get(key)
    return found.replace("\x00", "") if isinstance(found, str) and found else None
