"""The server's own bounds: what has no end is ended before it fills the memory."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
import uvicorn
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from storefront import config, server

Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def _application(scope: dict[str, object], receive: object, send: object) -> None:
    assert callable(receive)
    assert callable(send)
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        while (await receive())["type"] != "websocket.disconnect":
            pass
        return
    while (await receive()).get("more_body"):
        pass
    body = b"told" if scope.get("method") == "GET" else b""
    length = str(len(body)).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", length)]})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture
async def port(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[int]:
    made = server.configuration(_application, config.load({}, home=str(tmp_path_factory.mktemp("home"))))
    made.lifespan, made.host, made.port = "off", "127.0.0.1", 0
    serving = uvicorn.Server(made)
    thread = threading.Thread(target=asyncio.run, args=(serving.serve(),), daemon=True)
    thread.start()
    while not serving.started:  # noqa: ASYNC110 - uvicorn tells in no other way
        await asyncio.sleep(0.01)
    yield serving.servers[0].sockets[0].getsockname()[1]
    serving.should_exit = True
    await asyncio.to_thread(thread.join, 20)


@pytest.mark.parametrize(
    "begin",
    [
        b"GET /?",
        b"GET / HTTP/1.1\r\nHost: shop.test\r\nX-Long: ",
        b"POST / HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-Trailer: ",
    ],
    ids=["address", "header", "trailer"],
)
async def test_a_head_without_end_is_cut_off(port: int, begin: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(begin)
    sent = 0
    try:
        while sent < 8 * server.HEAD_BYTES:
            writer.write(b"a" * 8192)
            await writer.drain()
            sent += 8192
            await asyncio.sleep(0)
        answered = await asyncio.wait_for(reader.read(), 10)
        assert b" 431 " in answered
    except ConnectionError:
        pass  # cut off while we were still writing
    writer.close()


async def test_what_providers_and_browsers_send_goes_through(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    chunks = b"".join(b"1\r\na\r\n" for _ in range(40_000))  # the smallest chunks there are
    head = b"POST / HTTP/1.1\r\nHost: shop.test\r\nX-Long: " + b"a" * 32_000
    writer.write(head + b"\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n")
    assert b" 200 " in await asyncio.wait_for(reader.readline(), 10)
    writer.close()


async def test_a_head_is_answered_as_a_get_without_its_body(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"HEAD / HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n")
    answered = await asyncio.wait_for(reader.read(), 10)
    assert b" 200 " in answered
    assert b"content-length: 4" in answered
    assert answered.endswith(b"\r\n\r\n")
    writer.close()


async def test_a_frame_is_bounded_while_it_comes_in(port: int) -> None:
    async with connect(f"ws://127.0.0.1:{port}/ws") as line:
        with suppress(ConnectionClosed):
            await line.send("a" * 1_000_000)
        with pytest.raises(ConnectionClosed) as closed:
            await line.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009
