"""The load: signed WhatsApp webhooks over keep-alive connections, each connection one request after the other."""

import asyncio
import hashlib
import hmac
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

SECRET = b"bench-app-secret"
PHONE_ID = "106540352242922"


@dataclass(frozen=True, slots=True)
class Measured:
    """One run: answers per second, latencies in milliseconds, and how many were not 200."""

    rate: float
    p50: float
    p99: float
    count: int
    failed: int


def bodies(texts: Sequence[str], *, people: int, count: int, seed: int) -> list[bytes]:
    """Whole HTTP requests' bodies with a message each; ids never repeat between seeds."""
    chance = random.Random(seed)  # noqa: S311 - load, no secret
    made = []
    for number in range(count):
        person = 490_000_000_000 + chance.randrange(people)
        message = {
            "from": str(person), "id": f"wamid.{seed}.{number}", "timestamp": "1790000000", "type": "text",
            "text": {"body": chance.choice(texts)},
        }  # fmt: skip
        value = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "34910000000", "phone_number_id": PHONE_ID},
            "contacts": [{"profile": {"name": "Ada"}, "wa_id": str(person)}],
            "messages": [message],
        }
        made.append(
            msgspec.json.encode(
                {
                    "object": "whatsapp_business_account",
                    "entry": [{"id": "1", "changes": [{"field": "messages", "value": value}]}],
                }
            )
        )
    return made


def requests(path: str, made: Sequence[bytes]) -> list[bytes]:
    """Raw HTTP/1.1 requests with the provider's signature."""
    return [
        b"POST %s HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nX-Hub-Signature-256: sha256=%s\r\n"
        b"Content-Length: %d\r\n\r\n%s"
        % (path.encode(), hmac.new(SECRET, body, hashlib.sha256).hexdigest().encode(), len(body), body)
        for body in made
    ]


async def run(port: int, raw: Sequence[bytes], *, seconds: float, connections: int = 32) -> Measured:
    """Send for a time, or until all are sent."""
    waiting = iter(raw)
    latencies: list[float] = []
    failed = 0
    ends = time.perf_counter() + seconds

    async def one() -> None:
        nonlocal failed
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for request in waiting:
            began = time.perf_counter()
            if began >= ends:
                break
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(
                (int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0
            )
            if length:
                await reader.readexactly(length)
            latencies.append((time.perf_counter() - began) * 1000)
            failed += not head.startswith(b"HTTP/1.1 200")
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(connections)))
    took = time.perf_counter() - began
    ordered = sorted(latencies) or [0.0]
    return Measured(
        rate=len(latencies) / took, p50=ordered[len(ordered) // 2], p99=ordered[int(len(ordered) * 0.99)],
        count=len(latencies), failed=failed,
    )  # fmt: skip
