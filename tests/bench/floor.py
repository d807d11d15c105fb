"""The floor: a hand-written handler that does the same necessary SQL with asyncpg and nothing else.

Signature, dedupe insert, lock of the conversation, variant and stock, cart line, two outbox rows, update, COMMIT: six
statements in one transaction, prepared once per connection. No understanding, no language, no errors beyond none.
"""

import hashlib
import hmac
import os
from typing import Any

import asyncpg
import msgspec

SCHEMA = """
CREATE SCHEMA IF NOT EXISTS floor;
CREATE TABLE IF NOT EXISTS floor.conversation (id bigint PRIMARY KEY, turn_no bigint NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS floor.inbound (
  dedupe text PRIMARY KEY, conversation_id bigint REFERENCES floor.conversation, body jsonb,
  at timestamptz DEFAULT now());
CREATE TABLE IF NOT EXISTS floor.variant (id bigint PRIMARY KEY, price bigint, on_hand bigint);
CREATE TABLE IF NOT EXISTS floor.cart_line (
  conversation_id bigint REFERENCES floor.conversation, variant_id bigint, quantity bigint, held_until timestamptz,
  PRIMARY KEY (conversation_id, variant_id));
CREATE TABLE IF NOT EXISTS floor.outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, conversation_id bigint, body jsonb, state text DEFAULT 'queued');
CREATE INDEX IF NOT EXISTS outbox_waiting ON floor.outbox (conversation_id, id) WHERE state = 'queued';
"""


class Envelope(msgspec.Struct):
    """The part of the webhook that the floor reads."""

    entry: list[dict[str, Any]]


_decode = msgspec.json.Decoder(Envelope).decode


class Floor:
    """An ASGI application."""

    def __init__(self, dsn: str, secret: bytes) -> None:
        self._dsn = dsn
        self._secret = secret
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        status = 200
        if scope["path"] != "/health":
            given = dict(scope["headers"]).get(b"x-hub-signature-256", b"")[7:]
            wanted = hmac.new(self._secret, body, hashlib.sha256).hexdigest().encode()
            status = 401 if not hmac.compare_digest(given, wanted) else await self._turn(body)
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    async def _turn(self, body: bytes) -> int:
        message = _decode(body).entry[0]["changes"][0]["value"]["messages"][0]
        conversation = int(message["from"]) % 100_000
        variant = hash(message["text"]["body"]) % 500
        assert self._pool is not None
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.fetchrow(
                "SELECT turn_no FROM floor.conversation WHERE id = $1 FOR NO KEY UPDATE", conversation
            )
            stored = await connection.fetchval(
                "INSERT INTO floor.inbound (dedupe, conversation_id, body) VALUES ($1, $2, $3)"
                " ON CONFLICT DO NOTHING RETURNING 1",
                message["id"], conversation, msgspec.json.encode(message).decode(),
            )  # fmt: skip
            if stored is None:
                return 200
            row = await connection.fetchrow("SELECT price, on_hand FROM floor.variant WHERE id = $1", variant)
            await connection.execute(
                "INSERT INTO floor.cart_line VALUES ($1, $2, 1, now() + interval '45 minutes') ON CONFLICT"
                " (conversation_id, variant_id) DO UPDATE SET quantity = cart_line.quantity + 1,"
                " held_until = excluded.held_until",
                conversation, variant,
            )  # fmt: skip
            reply = msgspec.json.encode({"text": f"Added for {row['price'] if row else 0}"}).decode()
            await connection.execute(
                "INSERT INTO floor.outbox (conversation_id, body) VALUES ($1, $2), ($1, $3)", conversation, reply, reply
            )
            await connection.execute("UPDATE floor.conversation SET turn_no = turn_no + 1 WHERE id = $1", conversation)
        return 200

    async def _lifespan(self, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._pool = await asyncpg.create_pool(self._dsn, min_size=10, max_size=16)
                await send({"type": "lifespan.startup.complete"})
            else:
                if self._pool is not None:
                    await self._pool.close()
                await send({"type": "lifespan.shutdown.complete"})
                return


def app() -> Floor:
    """The application, from the environment the benchmark sets."""
    return Floor(os.environ["STOREFRONT_DATABASE_URL"], b"bench-app-secret")
