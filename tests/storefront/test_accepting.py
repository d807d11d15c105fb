"""Web processes on one socket: connections fall evenly, none waits for a process that is gone, all are counted."""

import asyncio
import errno
import os
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, closing
from functools import partial
from types import SimpleNamespace

import httpx
import pytest
import uvicorn
from websockets.asyncio.client import connect

from storefront import accepting, config, server
from storefront.accepting import Acceptor, Tally, make_tally
from storefront.cli.supervisor import listen


class Echo(asyncio.Protocol):
    """Says who serves."""

    def __init__(self, name: bytes, left: Callable[[], None]) -> None:
        self.name, self.left = name, left

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        transport.write(self.name)

    def connection_lost(self, exc: Exception | None) -> None:
        self.left()


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with listen("127.0.0.1", 0) as made:
        yield made


@pytest.fixture
def memory() -> Iterator[int]:
    descriptor = make_tally(2)
    yield descriptor
    os.close(descriptor)


@pytest.fixture
async def processes(listening: socket.socket, memory: int) -> AsyncIterator[list[Acceptor]]:
    """Two that accept, each with its own descriptor of the socket, as two processes have."""
    made = [Acceptor(listening.dup(), Tally(memory, number), partial(Echo, b"%d" % number)) for number in range(2)]
    yield made
    for one in made:
        one.close()
        one._listening.close()


async def served_by(listening: socket.socket, count: int, stack: ExitStack) -> list[bytes]:
    """Connect so often, keeping what is connected; who answered each."""
    lines = [await asyncio.open_connection(*listening.getsockname()) for _ in range(count)]
    for _, writer in lines:
        stack.enter_context(closing(writer))
    async with asyncio.timeout(10):
        return [await reader.readexactly(1) for reader, _ in lines]


async def test_lasting_connections_fall_evenly(listening: socket.socket, processes: list[Acceptor]) -> None:
    with ExitStack() as stack:
        names = await served_by(listening, 32, stack)
    assert (names.count(b"0"), names.count(b"1")) == (16, 16)


async def test_nobody_waits_for_a_process_that_is_gone(listening: socket.socket, processes: list[Acceptor]) -> None:
    processes[0].close()
    with ExitStack() as stack:
        assert await served_by(listening, 8, stack) == [b"1"] * 8


async def test_who_holds_no_more_than_others_waits_no_longer(
    listening: socket.socket, processes: list[Acceptor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accepting, "_LOOK_S", 60)
    processes[0].close()
    with ExitStack() as stack:
        first = await asyncio.open_connection(*listening.getsockname())
        assert await first[0].readexactly(1) == b"1"
        second = await asyncio.open_connection(*listening.getsockname())
        stack.enter_context(closing(second[1]))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(second[0].readexactly(1), 0.2)
        first[1].close()
        async with asyncio.timeout(10):
            assert await second[0].readexactly(1) == b"1"


async def test_who_starts_again_begins_at_none(memory: int) -> None:
    first, second = Tally(memory, 0), Tally(memory, 1)
    first.came()
    assert (first.is_least, second.is_least) == (False, True)
    second.came()
    assert first.is_least
    second.came()
    assert Tally(memory, 1).is_least
    assert not first.is_least


async def test_a_machine_out_of_descriptors_is_asked_again_later(
    listening: socket.socket,
    processes: list[Acceptor],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def refuse() -> None:
        tried.append(1)
        raise OSError(errno.EMFILE, "too many open files")

    tried: list[int] = []
    processes[1].close()
    own = processes[0]._listening
    processes[0]._listening = SimpleNamespace(accept=refuse, fileno=own.fileno)  # type: ignore[assignment]
    monkeypatch.setattr(accepting, "_REST_S", 0.05)
    reader, writer = await asyncio.open_connection(*listening.getsockname())
    await asyncio.sleep(0.3)
    assert 2 <= len(tried) <= 7
    assert {record.message for record in caplog.records} == {"accept.exhausted"}
    assert "ulimit -n" in caplog.records[0].fields["way_out"]  # type: ignore[attr-defined]
    processes[0]._listening = own
    async with asyncio.timeout(10):
        assert await reader.readexactly(1) == b"0"
    writer.close()


async def test_what_upgrades_or_ends_is_counted_no_more(
    listening: socket.socket, memory: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    async def application(scope: dict[str, object], receive: object, send: object) -> None:
        assert callable(receive)
        assert callable(send)
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept"})
            await receive()
            await receive()
            return
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body"})

    def count() -> int:
        held: int = seen._counts[0]
        return held

    seen = Tally(memory, 1)
    made = server.configuration(application, config.load({}, home=str(tmp_path_factory.mktemp("home"))))
    made.lifespan = "off"
    app = SimpleNamespace(state=SimpleNamespace(house=SimpleNamespace(listener=SimpleNamespace(dismiss=lambda: None))))
    serving = server.Server(app, made, Tally(memory, 0))
    running = asyncio.create_task(uvicorn.Server._serve(serving, [listening]))
    host, port = listening.getsockname()
    async with httpx.AsyncClient(base_url=f"http://{host}:{port}") as client:
        assert (await client.get("/")).status_code == 200
        assert count() == 1
        async with connect(f"ws://{host}:{port}/"):
            assert count() == 1
    async with asyncio.timeout(10):
        while count():  # noqa: ASYNC110 - the kernel tells in no other way
            await asyncio.sleep(0.01)
    serving.should_exit = True
    await asyncio.wait_for(running, 10)
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection(host, port)
