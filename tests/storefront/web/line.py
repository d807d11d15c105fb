"""A page's end of the WebSocket, as a test drives it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.storefront.web.house import House

Frame = dict[str, Any]
_PATIENCE_S = 5.0


class Line:
    """Sends frames, keeps what came."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.frames: list[Frame] = []

    async def say(self, **frame: Any) -> None:  # noqa: ANN401 - JSON
        """Send a frame."""
        await self.socket.send(json.dumps(frame))

    async def text(self, words: str, cid: str | None = None) -> str:
        """Send a message; its cid."""
        cid = cid or str(uuid4())
        await self.say(type="send", cid=cid, kind="message", content={"type": "text", "text": words})
        return cid

    async def next(self) -> Frame:
        """The next frame."""
        raw = await asyncio.wait_for(self.socket.recv(), _PATIENCE_S)
        frame: Frame = json.loads(raw)
        self.frames.append(frame)
        return frame

    async def until(self, **wanted: Any) -> Frame:  # noqa: ANN401 - JSON
        """The first frame, of those that came or come, that has all these values."""
        for frame in self.frames:
            if all(frame.get(key) == value for key, value in wanted.items()):
                return frame
        while True:
            frame = await self.next()
            if all(frame.get(key) == value for key, value in wanted.items()):
                return frame

    async def until_said(self, words: str) -> Frame:
        """The event with these words."""
        while True:
            for frame in self.frames:
                if frame.get("content", {}).get("text") == words:
                    return frame
            await self.next()

    async def closed(self) -> int:
        """The code that the line was closed with; earlier frames are kept."""
        try:
            while True:
                await self.next()
        except ConnectionClosed as end:
            return end.rcvd.code if end.rcvd else 1006

    @property
    def seqs(self) -> list[int]:
        """Numbers of the events that came, in order of coming."""
        return [frame["seq"] for frame in self.frames if frame["type"] == "event" and "seq" in frame]


@asynccontextmanager
async def line(
    house: House, access: str, *, after: int | None = None, origin: str | None = None
) -> AsyncIterator[Line]:
    """A line that has been welcomed."""
    async with raw_line(house, origin=origin) as opened:
        await opened.say(type="hello", token=access, resume_after=after, locale="de", tz="Europe/Berlin", caps=[])
        await opened.until(type="welcome")
        yield opened


@asynccontextmanager
async def raw_line(house: House, *, origin: str | None = None) -> AsyncIterator[Line]:
    """A line before its hello."""
    async with connect(house.ws, origin=origin or house.url, subprotocols=["shopchat.v1"], close_timeout=1) as socket:  # type: ignore[arg-type,list-item]  # NewTypes of str
        yield Line(socket)
