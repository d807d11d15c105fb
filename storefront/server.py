"""The web server: uvicorn, which tells the streams of open pages to end before it waits for requests in hand."""

import socket
from typing import Any

import uvicorn

from storefront.app import create_app
from storefront.config import Settings


class Server(uvicorn.Server):
    """Serves an application of ours. Pages whose stream ends connect to whoever serves next, a second later."""

    def __init__(self, app: Any, config: uvicorn.Config) -> None:  # noqa: ANN401 - an application with a house
        super().__init__(config)
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop in order: a stream, which has no end of its own, would use up all the patience."""
        self._app.state.house.listener.dismiss()
        await super().shutdown(sockets)


def serve(settings: Settings, listening: socket.socket) -> None:
    """Serve until SIGTERM or SIGINT."""
    app = create_app(settings)
    config = uvicorn.Config(
        app, loop="uvloop", http="httptools", ws="websockets-sansio", lifespan="on",
        access_log=False, log_config=None, server_header=False, timeout_graceful_shutdown=8,
        proxy_headers=True, forwarded_allow_ips=list(settings.trusted_proxies),
    )  # fmt: skip
    Server(app, config).run(sockets=[listening])
