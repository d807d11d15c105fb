"""What the doubles of chat providers share: faults, webhooks on the wire, threads that keep whole payloads."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

import httpx
import msgspec
from litestar import Litestar
from litestar.datastructures import State
from litestar.enums import ScopeType
from litestar.types import ASGIApp, ControllerRouterHandler, HTTPRequestEvent, Receive, Scope, Send

from storefront.lab.switches import SWITCHES, Switches

Json = dict[str, Any]
_OK = range(200, 300)
_WAITS_S = (0.5, 1, 2, 5, 10, 30, 60, 300)
_GATHER_S = 0.4


class Faults(Switches):
    """What can go wrong between a shop and a chat provider."""

    down: bool = False  # nothing answers: connections are cut before anything happens
    delay_ms: int = 0  # every API call takes this long
    error_500_next: int = 0  # 500, nothing was done
    rate_limit_next: int = 0  # 429
    retry_after_s: int = 1  # what a 429 asks for, where the provider says it
    cut_next: int = 0  # the message is taken, the answer never arrives
    webhook_delay_ms: int = 0
    webhook_copies: int = 1  # each webhook is delivered this many times
    webhook_reorder: bool = False  # webhooks wait for each other a moment and leave newest first
    webhook_drop_next: int = 0  # lost for good
    drop_receipts: bool = False  # no news about our messages


class Entry(msgspec.Struct, kw_only=True):
    """One message of a thread, as the provider's app draws it. `by` is shop or person; `status` as far as known."""

    id: str
    by: str
    at: int
    payload: Json
    status: str = ""
    reaction: str = ""


@dataclass(slots=True)
class Webhook:
    """One delivery, ready for the wire."""

    url: str
    headers: Mapping[str, str]
    body: bytes
    tries: int = 0
    due: float = 0.0


class Courier:
    """Delivers webhooks one after the other, again until they are answered; in the background while it runs."""

    def __init__(self, faults: Faults, client: httpx.AsyncClient) -> None:
        self._faults = faults
        self._client = client
        self._waiting: list[Webhook] = []
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.last_error = ""

    @property
    def waiting(self) -> int:
        """Webhooks that have not been answered well yet."""
        return len(self._waiting)

    def put(self, webhook: Webhook) -> None:
        """Queue a delivery."""
        self._waiting.append(webhook)
        self._news.set()

    def start(self) -> None:
        """Begin to deliver."""
        self._task = asyncio.create_task(self._run(), name="double-courier")

    async def stop(self) -> None:
        """End; what waits is forgotten."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def deliver_due(self) -> None:
        """Try everything that is due once, in order."""
        due = [webhook for webhook in self._waiting if webhook.due <= time.monotonic()]
        if self._faults.webhook_reorder:
            due.reverse()
        for webhook in due:
            if self._faults.take("webhook_drop_next") or await self._delivered(webhook):
                self._waiting.remove(webhook)
            else:
                webhook.due = time.monotonic() + _WAITS_S[min(webhook.tries, len(_WAITS_S) - 1)]
                webhook.tries += 1

    async def _delivered(self, webhook: Webhook) -> bool:
        if self._faults.webhook_delay_ms:
            await asyncio.sleep(self._faults.webhook_delay_ms / 1000)
        well = True
        for _ in range(max(1, self._faults.webhook_copies)):
            try:
                answer = await self._client.post(webhook.url, content=webhook.body, headers=dict(webhook.headers))
            except httpx.HTTPError as error:
                self.last_error = f"Connection failed ({type(error).__name__})"
                return False
            if answer.status_code not in _OK:
                self.last_error = f"Wrong response from the webhook: {answer.status_code}"
                well = False
        return well

    async def _run(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(0.25 if self._waiting else None):
                    await self._news.wait()
            self._news.clear()
            if self._faults.webhook_reorder:
                await asyncio.sleep(_GATHER_S)
            await self.deliver_due()


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """An API call as it came."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer to an API call. `took` says that something was done, so that a cut connection loses only the answer."""

    status: int = 200
    body: Any = None
    raw: bytes | None = None
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    took: bool = False


class Wire:
    """The provider's API as an ASGI application, with the faults that strike on the way."""

    def __init__(self, faults: Faults, answer: Callable[[Call], Reply], struck: Callable[[str], Reply]) -> None:
        self._faults = faults
        self._answer = answer
        self._struck = struck

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or cut the connection when a fault says so."""
        call = await _read(scope, receive)
        if self._faults.delay_ms:
            await asyncio.sleep(self._faults.delay_ms / 1000)
        if self._faults.down:
            await cut(send)
            return
        if self._faults.take("rate_limit_next"):
            reply = self._struck("rate_limit")
        elif self._faults.take("error_500_next"):
            reply = self._struck("error_500")
        else:
            reply = self._answer(call)
        if reply.took and self._faults.take("cut_next"):
            await cut(send)
            return
        await send_reply(send, reply)


class Double(Protocol):
    """A provider's double as its application sees it."""

    faults: Faults
    courier: Courier | None


def application(
    double: Double, wire: Wire, routes: Sequence[ControllerRouterHandler], client: httpx.AsyncClient | None
) -> "Switchboard":
    """The double as an ASGI application, its courier running while it runs. `client` carries the webhooks, if given."""

    @asynccontextmanager
    async def courier(_: Litestar) -> AsyncIterator[None]:
        async with carrier(client) as carries:
            double.courier = Courier(double.faults, carries)
            double.courier.start()
            try:
                yield
            finally:
                await double.courier.stop()

    lab = Litestar(
        route_handlers=[*SWITCHES, *routes],
        state=State({"double": double}),
        lifespan=[courier],
        openapi_config=None,
        logging_config=None,
        debug=False,
    )
    return Switchboard(lab, wire)


@asynccontextmanager
async def carrier(client: httpx.AsyncClient | None) -> AsyncIterator[httpx.AsyncClient]:
    """The client that webhooks leave by: the one given, or one of our own for as long as this lasts."""
    if client is not None:
        yield client
        return
    async with httpx.AsyncClient(timeout=15, trust_env=False) as own:
        yield own


class Switchboard:
    """One application of two: `/_lab` is the lab's own, everything else the provider's API."""

    def __init__(self, lab: ASGIApp, wire: Wire) -> None:
        self._lab = lab
        self._wire = wire

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on; the lab's part also has the lifespan."""
        api = scope["type"] == ScopeType.HTTP and not str(scope["path"]).startswith("/_lab")
        await (self._wire if api else self._lab)(scope, receive, send)


async def _read(scope: Scope, receive: Receive) -> Call:
    return Call(
        method=str(scope.get("method", "GET")),
        path="/" + str(scope["path"]).strip("/"),
        query=dict(httpx.QueryParams(scope["query_string"].decode("latin-1")).items()),
        headers={name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]},
        body=await read_body(receive),
    )


async def read_body(receive: Receive) -> bytes:
    """A request's whole body."""
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return body
        request: HTTPRequestEvent = message
        body += request.get("body", b"")
        if not request.get("more_body"):
            return body


async def send_reply(send: Send, reply: Reply) -> None:
    """An answer, whole."""
    body = reply.raw if reply.raw is not None else msgspec.json.encode(reply.body)
    headers = [
        (b"content-type", reply.content_type.encode("latin-1")),
        (b"content-length", str(len(body)).encode()),
        *((name.encode("latin-1"), value.encode("latin-1")) for name, value in reply.headers.items()),
    ]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def cut(send: Send) -> None:
    """Promise more than is sent and stop: the server closes the connection, the caller knows nothing."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000")]})
    await send({"type": "http.response.body", "body": b"{", "more_body": True})
