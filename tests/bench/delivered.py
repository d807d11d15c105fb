"""Delivery end to end: what the turns left in the outbox, brought by a worker to a double over loopback HTTP."""

import asyncio
import time
from typing import Any
from uuid import UUID

import asyncpg

from tests.bench.process import Served, free_port

_LONGEST_S = 30.0
_ANSWER = (
    b'{"messaging_product":"whatsapp","contacts":[{"input":"1","wa_id":"1"}],"messages":[{"id":"wamid.%d",'
    b'"message_status":"accepted"}]}'
)
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
_port = free_port()


def environment() -> dict[str, str]:
    """The worker may speak plain HTTP to loopback."""
    return {"STOREFRONT_LAB": "1"}


class _Double:
    """Accepts every message."""

    def __init__(self) -> None:
        self.count = 0
        self.first = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, request after request."""
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(
                    (int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0
                )
                await reader.readexactly(length)
                self.count += 1
                self.first.set()
                body = _ANSWER % self.count
                writer.write(_HEAD % len(body) + body)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):  # the worker, or we, stop
            writer.close()


async def measure(dsn: str, account: UUID, worker: Served) -> dict[str, Any]:
    """Point the account at the double, let the worker deliver, and count what arrived."""
    double = _Double()
    server = await asyncio.start_server(double.serve, "127.0.0.1", _port)
    connection = await asyncpg.connect(dsn)
    await connection.execute(
        "UPDATE channel_account SET api_base = $2, revision = revision + 1 WHERE id = $1",
        account, f"http://127.0.0.1:{_port}",
    )  # fmt: skip
    await double.first.wait()
    before, began, first = worker.cpu(), time.monotonic(), double.count
    while time.monotonic() - began < _LONGEST_S:
        waiting = await connection.fetchval("SELECT count(*) FROM outbound_message WHERE state = 'queued'")
        if not waiting:
            break
        await asyncio.sleep(0.5)
    took = time.monotonic() - began
    sent = double.count - first
    await connection.close()
    server.close()
    return {
        "rate": round(sent / took, 1), "count": sent, "cpu_ms": round((worker.cpu() - before) / max(1, sent) * 1000, 3),
        "memory_mb": round(worker.memory()),
    }  # fmt: skip
