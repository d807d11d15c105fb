"""The web server: uvicorn, which tells the streams of open pages to end before it waits for requests in hand.

What a stranger may make it hold in memory is bounded: the head of a request here, bodies by the application.
"""

import asyncio
import gc
import socket
from collections.abc import Callable
from typing import Any, cast

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from bots.channels.webchat.frames import FRAME_BYTES
from storefront.accepting import Acceptor, Tally
from storefront.app import create_app
from storefront.config import Settings

HEAD_BYTES = 64 * 1024
_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class BoundedHttp(HttpToolsProtocol):
    """Ends a connection whose request line, headers or trailers have no end: the parser itself keeps any amount."""

    _waiting = 0  # bytes since the parser last had something whole
    left: Callable[[], None] | None = None  # whoever counts this connection

    def data_received(self, data: bytes) -> None:
        """More of a request."""
        self._waiting += len(data)
        super().data_received(data)
        if self._waiting > HEAD_BYTES and not self.transport.is_closing():
            self.transport.write(_TOO_LARGE)
            self.transport.close()

    def on_headers_complete(self) -> None:
        """The head is whole."""
        self._waiting = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of the body; the application bounds the whole."""
        self._waiting = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is whole."""
        self._waiting = 0
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        """From now on another protocol has the connection, which costs next to nothing while nobody writes."""
        self._leave()
        super().handle_websocket_upgrade()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection has ended."""
        self._leave()
        super().connection_lost(exc)

    def _leave(self) -> None:
        if self.left is not None:
            self.left()


class Server(uvicorn.Server):
    """Serves an application of ours. Pages whose stream ends connect to whoever serves next, a second later."""

    def __init__(self, app: Any, config: uvicorn.Config, tally: Tally) -> None:  # noqa: ANN401 - an application with a house
        super().__init__(config)
        self._app = app
        self._tally = tally

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start; what stands by then stays, and the collector need not walk it again, for 0.1 to 0.2 s each time."""
        await super().startup([])  # it listens to nothing itself
        taking = [Acceptor(one, self._tally, self._protocol) for one in sockets or []]
        self.servers = cast("list[asyncio.Server]", taking)
        gc.collect()
        gc.freeze()

    def _protocol(self, left: Callable[[], None]) -> asyncio.Protocol:
        made = BoundedHttp(config=self.config, server_state=self.server_state, app_state=self.lifespan.state)
        made.left = left
        return made

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop in order: a stream, which has no end of its own, would use up all the patience."""
        self._app.state.house.listener.dismiss()
        await super().shutdown(sockets)


def serve(settings: Settings, listening: socket.socket, tally: Tally) -> None:
    """Serve until SIGTERM or SIGINT, on a socket that other processes may have too."""
    app = create_app(settings)
    Server(app, configuration(app, settings), tally).run(sockets=[listening])


def answering_head(app: Any) -> Any:  # noqa: ANN401 - an ASGI application
    """The application, asked by HEAD as by GET (RFC 9110 9.3.2); the server itself leaves the body out."""

    def handle(scope: Any, receive: Any, send: Any) -> Any:  # noqa: ANN401 - ASGI
        if scope["type"] == "http" and scope["method"] == "HEAD":
            scope = scope | {"method": "GET"}
        return app(scope, receive, send)

    return handle


def configuration(app: Any, settings: Settings) -> uvicorn.Config:  # noqa: ANN401 - an ASGI application
    """What a web process serves the application with."""
    return uvicorn.Config(
        answering_head(app), interface="asgi3", loop="uvloop", http=BoundedHttp, ws="websockets-sansio",
        ws_max_size=4 * FRAME_BYTES, lifespan="on", access_log=False, log_config=None, server_header=False,
        timeout_graceful_shutdown=8, proxy_headers=True, forwarded_allow_ips=list(settings.trusted_proxies),
    )  # fmt: skip
