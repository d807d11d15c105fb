"""Stopping the web: open streams end at once, so that nobody waits for a shop that restarts."""

import asyncio
import gc
from collections.abc import AsyncIterator
from types import SimpleNamespace

import httpx
import uvicorn
from litestar import Litestar, get
from litestar.response import Stream

from catalog.kernel.listen import Listener
from storefront.accepting import Tally, make_tally
from storefront.cli.supervisor import listen
from storefront.server import Server


async def test_an_open_stream_does_not_delay_the_stop(dsn: str) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        async with listener.subscribe("news") as news:
            while not news.over:
                yield b"."
                await news.wait(60)

    @get("/")
    async def stream() -> Stream:
        return Stream(pieces())

    app = Litestar([stream])
    async with Listener(dsn) as listener:
        app.state.house = SimpleNamespace(listener=listener)
        server = Server(app, uvicorn.Config(app, lifespan="off", log_level="critical"), Tally(make_tally(1), 0))
        listening, kept = listen("127.0.0.1", 0), gc.get_freeze_count()
        serving = asyncio.create_task(server._serve([listening]))
        while not server.started:  # noqa: ASYNC110 - uvicorn tells in no other way
            await asyncio.sleep(0.01)
        assert gc.get_freeze_count() > kept  # the collector leaves alone what stands by then
        port = listening.getsockname()[1]
        async with httpx.AsyncClient() as page, page.stream("GET", f"http://127.0.0.1:{port}/") as answer:
            coming = answer.aiter_bytes()
            assert await anext(coming) == b"."
            server.should_exit = True
            async with asyncio.timeout(10):
                assert [piece async for piece in coming] in ([], [b"."])
        await asyncio.wait_for(serving, 10)
