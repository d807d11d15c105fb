"""The WebSocket of a page: hello, welcome, replay; frames in, events out; closed with a reason a page can act on."""

import asyncio
from contextlib import suppress
from typing import Any

import msgspec
from litestar import WebSocket, websocket
from litestar.di import NamedDependency
from litestar.exceptions import WebSocketException
from litestar.params import FromPath

from bots.channels.webchat import frames, threads, tokens
from bots.channels.webchat.frames import FRAME_BYTES, Hello, Nack, Ping, Read, Send, Tap
from bots.channels.webchat.threads import REPLAY
from bots.channels.webchat.tokens import Claims
from catalog.kernel.clock import machine_now
from catalog.kernel.errors import Forbidden, Forged, NotFound
from catalog.kernel.ids import new_id
from catalog.kernel.listen import Subscription
from storefront.web.chat import exchange, gate
from storefront.web.chat.exchange import Feed, Moved
from storefront.web.chat.ports import ChatDoor, ChatTools

PROTOCOL = "shopchat.v1"
HEARTBEAT_S = 25
UNAUTHORIZED, FOREIGN, SLOW_DOWN, TRY_LATER, RESTARTING = 4401, 4403, 4429, 1013, 1012
_HELLO_S = 5.0
_DEAD_S = 3.2 * HEARTBEAT_S
_EARLY_S = 60.0  # a page is told to renew its token this long before it ends
_FLOOD = 60  # frames in ten seconds

AnySocket = WebSocket[Any, Any, Any]


@websocket("/webhooks/webchat/{account_id:str}/ws")
async def chat_socket(socket: AnySocket, account_id: FromPath[str], chat_tools: NamedDependency[ChatTools]) -> None:
    """A page's connection."""
    try:
        chat = await gate.door(chat_tools, account_id)
        origin = gate.admit(chat_tools, chat, socket, required=False)
    except (Forbidden, NotFound):
        await socket.close(code=FOREIGN)  # before it was accepted: the server answers 403
        return
    offered = socket.scope.get("subprotocols") or []
    await socket.accept(subprotocols=PROTOCOL if PROTOCOL in offered else None)
    with suppress(WebSocketException, OSError, RuntimeError):  # the page went away, at whatever frame
        await _Connection(socket, chat_tools, chat, origin).run()


class _Ended(Exception):
    def __init__(self, code: int, reason: str) -> None:
        self.code = code
        self.reason = reason


class _Connection:
    def __init__(self, socket: AnySocket, tools: ChatTools, chat: ChatDoor, origin: str) -> None:
        self._socket = socket
        self._tools = tools
        self._chat = chat
        self._origin = origin
        self._network = gate.network(socket)
        self._id = str(new_id())
        self._turn = asyncio.Lock()  # frames leave one after the other
        self._renewed = asyncio.Event()
        self._claims: Claims | None = None
        self._recent: list[float] = []

    async def run(self) -> None:
        try:
            hello = await self._greeting()
            claims = self._read_token(hello)
            await self._follow(hello, claims)
        except _Ended as end:
            await self._say({"type": "bye", "code": end.code, "reason": end.reason})
            await self._socket.close(code=end.code, reason=end.reason)

    async def _follow(self, hello: Hello, claims: Claims) -> None:
        try:
            exchange.check_room(claims)
        except Nack as full:
            raise _Ended(SLOW_DOWN, full.detail) from full
        async with exchange.line(claims), self._tools.listener.subscribe(threads.CHANNEL, claims.address) as news:
            feed = await self._welcome(hello, claims)
            await self._converse(feed, news)

    async def _converse(self, feed: Feed, news: Subscription) -> None:
        parts = {
            asyncio.create_task(self._listen()),
            asyncio.create_task(self._tell(feed, news)),
            asyncio.create_task(self._watch_token()),
        }
        try:
            done, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
            for part in done:
                part.result()
        finally:
            for part in parts:
                part.cancel()
            await asyncio.gather(*parts, return_exceptions=True)

    async def _greeting(self) -> Hello:
        try:
            async with asyncio.timeout(_HELLO_S):
                raw = await self._receive()
            first = frames.read(raw)
        except (TimeoutError, Nack) as error:
            raise _Ended(UNAUTHORIZED, "hello with a token comes first") from error
        if not isinstance(first, Hello):
            raise _Ended(UNAUTHORIZED, "hello with a token comes first")
        return first

    def _read_token(self, hello: Hello) -> Claims:
        try:
            claims = tokens.read(self._chat.account, hello.token, now=machine_now())
        except Forged as error:
            raise _Ended(UNAUTHORIZED, error.detail) from error
        if self._origin and claims.origin != self._origin:
            raise _Ended(FOREIGN, "the token was given to another origin")
        self._claims = claims
        return claims

    async def _welcome(self, hello: Hello, claims: Claims) -> Feed:
        """Say where the thread is. What was missed follows, unless it is too much or from another thread."""
        await exchange.hand_over_rest(self._tools, self._chat, claims.address)
        head = await exchange.head(self._tools, self._chat, claims)
        behind = None if hello.resume_after is None else head - hello.resume_after
        resumed = behind is not None and 0 <= behind <= REPLAY
        await self._say(
            {
                "type": "welcome",
                "conn_id": self._id,
                "head_seq": head,
                "resumed": resumed,
                "heartbeat_s": HEARTBEAT_S,
            }
        )
        cursor = hello.resume_after if resumed and hello.resume_after is not None else head
        return Feed(tools=self._tools, chat=self._chat, claims=claims, cursor=cursor)

    async def _tell(self, feed: Feed, news: Subscription) -> None:
        try:
            async for batch in feed.follow(news):
                for frame in batch:
                    await self._say(frame)
        except Moved:
            await self._say({"type": "reauth", "reason": "moved"})
            raise _Ended(UNAUTHORIZED, "this session is over or moved: ask for a new token") from None
        raise _Ended(RESTARTING, "the server is restarting: connect anew")

    async def _listen(self) -> None:
        while True:
            try:
                async with asyncio.timeout(_DEAD_S):
                    raw = await self._receive()
            except TimeoutError:
                raise _Ended(TRY_LATER, "no sign of life") from None
            self._brake()
            cid = None
            try:
                frame = frames.read(raw)
                cid = getattr(frame, "cid", None)
                await self._take(frames.checked(frame))
            except Nack as error:
                await self._say(gate.nack(error, cid or frames.cid_of(raw[:FRAME_BYTES])))
                if error.word == "unauthorized":
                    raise _Ended(UNAUTHORIZED, error.detail) from error

    async def _take(self, frame: frames.Frame) -> None:
        claims = self._claims
        if claims is None:
            raise _Ended(UNAUTHORIZED, "hello with a token comes first")
        match frame:
            case Send() | Tap():
                if claims.exp <= machine_now().timestamp():
                    raise Nack("unauthorized", "the token has expired")
                await self._say(await exchange.accept(self._tools, self._chat, claims, frame, network=self._network))
            case Read(upto_seq=upto):
                await exchange.note_read(self._tools, self._chat, claims, upto)
            case Ping(t=t):
                await self._say({"type": "pong", "t": t})
            case Hello():
                await self._renew(frame, claims)
            case _:
                pass  # that a shopper is writing changes nothing for a bot

    async def _renew(self, hello: Hello, former: Claims) -> None:
        fresh = self._read_token(hello)
        if (fresh.sid, fresh.address) != (former.sid, former.address):
            raise _Ended(UNAUTHORIZED, "the token is of another session: connect anew")
        self._renewed.set()

    async def _watch_token(self) -> None:
        """Ask for a new token in time; without one, end when the present one does."""
        while True:
            self._renewed.clear()
            if await self._renewed_before(_EARLY_S):
                continue
            await self._say({"type": "reauth", "reason": "expiring"})
            if not await self._renewed_before(0):
                raise _Ended(UNAUTHORIZED, "the token has expired")

    async def _renewed_before(self, early_s: float) -> bool:
        expires = self._claims.exp if self._claims else 0
        left = expires - early_s - machine_now().timestamp()
        try:
            async with asyncio.timeout(max(0.0, left)):
                await self._renewed.wait()
        except TimeoutError:
            return False
        return True

    def _brake(self) -> None:
        now = asyncio.get_running_loop().time()
        self._recent = [moment for moment in self._recent if moment > now - 10] + [now]
        if len(self._recent) > _FLOOD:
            raise _Ended(SLOW_DOWN, "too many frames")

    async def _receive(self) -> str:
        received = await self._socket.receive_data(mode="text")
        return received if isinstance(received, str) else received.decode(errors="replace")

    async def _say(self, frame: dict[str, Any]) -> None:
        async with self._turn:
            await self._socket.send_data(msgspec.json.encode(frame), mode="text")
