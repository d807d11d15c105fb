"""Serves an application on loopback for as long as a test needs it, and listens for webhooks."""

# ruff: noqa: ASYNC110 - what is waited for happens in another task's state

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import uvicorn

from bots.channels.base import Channel, RawRequest
from bots.messages.inbound import InboundEvent
from tests.contracts import channels


@asynccontextmanager
async def served(app: Any) -> AsyncIterator[str]:  # noqa: ANN401 - any ASGI application
    """The address of the running application."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", ws="none"))
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await task


@dataclass
class Shop:
    """Receives a double's webhooks as the product does: verified and parsed by the real adapter."""

    channel: Channel | None = None
    events: list[InboundEvent] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    def client(self) -> httpx.AsyncClient:
        """The client that the double posts through."""
        return httpx.AsyncClient(transport=httpx.MockTransport(self._take))

    def _take(self, request: httpx.Request) -> httpx.Response:
        if self.statuses and (status := self.statuses.pop(0)) != 200:
            return httpx.Response(status)
        assert self.channel is not None
        raw = RawRequest(
            method="POST",
            path="",
            headers={name.lower(): value for name, value in request.headers.items()},
            query={},
            body=request.content,
            received_at=channels.RECEIVED,
        )
        self.channel.verify(raw)
        self.events += self.channel.parse(raw)
        return httpx.Response(200)

    async def wait_for(self, count: int) -> list[InboundEvent]:
        """The events once there are so many."""
        async with asyncio.timeout(5):
            while len(self.events) < count:
                await asyncio.sleep(0.01)
        return self.events
