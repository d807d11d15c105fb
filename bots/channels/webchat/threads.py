"""Threads and their events: numbered without gaps under the thread's row lock, read back by pages, told by a notice.

A number is given out when its transaction commits, in order: whoever has read up to n misses nothing below n.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from catalog.kernel.errors import NotFound
from catalog.kernel.ids import new_id
from catalog.kernel.unit_of_work import UnitOfWork

CHANNEL = "webchat"  # the notice's payload is the address
REPLAY = 500
_TYPING = timedelta(seconds=20)
_HOPS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An event to append. `body` is what pages get beside seq, ts, kind and author."""

    kind: str
    author: str
    body: Mapping[str, Any]
    id: UUID | None = None
    message_id: str | None = None
    session_id: UUID | None = None
    cid: str | None = None
    digest: str | None = None
    inbound: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class State:
    """A thread as its pages see it, beside the events."""

    head_seq: int
    read_seq: int
    seen_seq: int
    typing: bool
    merged_into: str | None


NOWHERE = State(0, 0, 0, typing=False, merged_into=None)


async def append(uow: UnitOfWork, account_id: UUID, address: str, entry: Entry) -> tuple[UUID, int]:
    """Store an event under the next number of the thread, made when absent; the event's id and its number.

    The number goes to the thread that this one was merged into, if it was.
    """
    target = address
    for _ in range(_HOPS):
        row = await _append(uow, account_id, target, entry)
        if row is not None:
            uow.notify(CHANNEL, target)
            return row["id"], row["seq"]
        target = await uow.fetchval(
            "SELECT merged_into FROM webchat_thread WHERE account_id = $1 AND address = $2 AND shop_id = $3",
            account_id, target, uow.shop_id,
        )  # fmt: skip
    raise NotFound("this thread was merged too often", address=address)


async def _append(uow: UnitOfWork, account_id: UUID, address: str, entry: Entry) -> Record | None:
    return await uow.fetchrow(
        """
        WITH thread AS (
            INSERT INTO webchat_thread AS thread (account_id, address, shop_id, head_seq, created_at)
            VALUES ($1, $2, $3, 1, $4)
            ON CONFLICT (account_id, address) DO UPDATE SET
                head_seq = thread.head_seq + 1,
                typing_until = CASE WHEN $7 = 'customer' THEN thread.typing_until END
            WHERE thread.merged_into IS NULL AND thread.shop_id = $3
            RETURNING head_seq
        )
        INSERT INTO webchat_event (id, shop_id, account_id, address, seq, kind, author, body, at,
                                   message_id, session_id, cid, digest, inbound)
        SELECT $5, $3, $1, $2, head_seq, $6, $7, $8, $4, $9, $10, $11, $12, $13 FROM thread
        RETURNING id, seq
        """,
        account_id, address, uow.shop_id, uow.now, entry.id or new_id(), entry.kind, entry.author,
        _json(entry.body), entry.message_id, entry.session_id, entry.cid, entry.digest,
        None if entry.inbound is None else _json(entry.inbound),
    )  # fmt: skip


async def state(uow: UnitOfWork, account_id: UUID, address: str) -> State:
    """The thread as it is now; NOWHERE while nothing was said in it."""
    row = await uow.fetchrow(
        "SELECT head_seq, read_seq, seen_seq, typing_until, merged_into FROM webchat_thread"
        " WHERE account_id = $1 AND address = $2 AND shop_id = $3",
        account_id, address, uow.shop_id,
    )  # fmt: skip
    if row is None:
        return NOWHERE
    typing = row["typing_until"] is not None and row["typing_until"] > uow.now
    return State(row["head_seq"], row["read_seq"], row["seen_seq"], typing, row["merged_into"])


async def after(
    uow: UnitOfWork, account_id: UUID, address: str, seq: int, *, limit: int = REPLAY
) -> list[dict[str, Any]]:
    """Frames of the events behind a number, oldest first."""
    rows = await uow.fetch(
        "SELECT seq, kind, author, body, at FROM webchat_event"
        " WHERE account_id = $1 AND address = $2 AND seq > $3 AND shop_id = $4 ORDER BY seq LIMIT $5",
        account_id, address, seq, uow.shop_id, limit,
    )  # fmt: skip
    return [_frame(row) for row in rows]


async def before(
    uow: UnitOfWork, account_id: UUID, address: str, seq: int | None, *, limit: int
) -> list[dict[str, Any]]:
    """Frames of the last events before a number (None: the newest), oldest first."""
    rows = await uow.fetch(
        "SELECT seq, kind, author, body, at FROM webchat_event WHERE account_id = $1 AND address = $2"
        " AND ($3::bigint IS NULL OR seq < $3) AND shop_id = $4 ORDER BY seq DESC LIMIT $5",
        account_id, address, seq, uow.shop_id, limit,
    )  # fmt: skip
    return [_frame(row) for row in reversed(rows)]


async def find(uow: UnitOfWork, account_id: UUID, address: str, seq: int) -> dict[str, Any] | None:
    """The body of one event, or None."""
    body = await uow.fetchval(
        "SELECT body FROM webchat_event WHERE account_id = $1 AND address = $2 AND seq = $3 AND shop_id = $4",
        account_id, address, seq, uow.shop_id,
    )  # fmt: skip
    return None if body is None else msgspec.json.decode(body, type=dict[str, Any])


async def find_sent(uow: UnitOfWork, account_id: UUID, message_id: str) -> UUID | None:
    """The event that an outbound message of ours became, if it was sent before."""
    found: UUID | None = await uow.fetchval(
        "SELECT id FROM webchat_event WHERE account_id = $1 AND message_id = $2 AND shop_id = $3",
        account_id, message_id, uow.shop_id,
    )  # fmt: skip
    return found


async def show_typing(uow: UnitOfWork, account_id: UUID, address: str) -> None:
    """The shop has read everything and is writing; ends with its next message, or after 20 seconds."""
    await uow.execute(
        "UPDATE webchat_thread SET typing_until = $3, seen_seq = head_seq"
        " WHERE account_id = $1 AND address = $2 AND shop_id = $4",
        account_id, address, uow.now + _TYPING, uow.shop_id,
    )  # fmt: skip
    uow.notify(CHANNEL, address)


async def mark_read(uow: UnitOfWork, account_id: UUID, address: str, upto: int) -> Sequence[tuple[int, UUID]]:
    """The shopper has read up to here; the messages of ours that are newly read, as (seq, id)."""
    before_ = await uow.fetchval(
        "SELECT read_seq FROM webchat_thread WHERE account_id = $1 AND address = $2 AND shop_id = $3 FOR NO KEY UPDATE",
        account_id, address, uow.shop_id,
    )  # fmt: skip
    if before_ is None or upto <= before_:
        return ()
    await uow.execute(
        "UPDATE webchat_thread SET read_seq = LEAST($3, head_seq)"
        " WHERE account_id = $1 AND address = $2 AND shop_id = $4",
        account_id, address, upto, uow.shop_id,
    )  # fmt: skip
    rows = await uow.fetch(
        "SELECT seq, id FROM webchat_event WHERE account_id = $1 AND address = $2 AND seq > $3 AND seq <= $4"
        " AND message_id IS NOT NULL AND shop_id = $5 ORDER BY seq",
        account_id, address, before_, upto, uow.shop_id,
    )  # fmt: skip
    return [(row["seq"], row["id"]) for row in rows]


async def subject(uow: UnitOfWork, account_id: UUID, address: str) -> str | None:
    """The proven customer whose thread it is."""
    found: str | None = await uow.fetchval(
        "SELECT subject FROM webchat_thread WHERE account_id = $1 AND address = $2 AND shop_id = $3",
        account_id, address, uow.shop_id,
    )  # fmt: skip
    return found


async def join(uow: UnitOfWork, account_id: UUID, address: str, subject: str) -> str:
    """Give the thread its proven customer; the address where that customer's thread is now.

    When the customer has another thread already, this one's events go to its end under new numbers.
    """
    known: str | None = await uow.fetchval(
        "SELECT address FROM webchat_thread WHERE account_id = $1 AND subject = $2 AND shop_id = $3",
        account_id, subject, uow.shop_id,
    )  # fmt: skip
    if known is None:
        await uow.execute(
            """INSERT INTO webchat_thread AS thread (account_id, address, shop_id, subject, created_at)
               VALUES ($1, $2, $3, $4, $5)
               ON CONFLICT (account_id, address) DO UPDATE SET subject = $4 WHERE thread.shop_id = $3""",
            account_id, address, uow.shop_id, subject, uow.now,
        )  # fmt: skip
        return address
    if known != address:
        await _move(uow, account_id, address, known)
    return known


async def _move(uow: UnitOfWork, account_id: UUID, old: str, new: str) -> None:
    await uow.execute(
        """INSERT INTO webchat_thread (account_id, address, shop_id, created_at) VALUES ($1, $2, $3, $4)
           ON CONFLICT (account_id, address) DO NOTHING""",
        account_id, old, uow.shop_id, uow.now,
    )  # fmt: skip
    await uow.fetch(
        "SELECT 1 FROM webchat_thread WHERE account_id = $1 AND address = ANY($2) AND shop_id = $3"
        " ORDER BY address FOR NO KEY UPDATE",
        account_id, [old, new], uow.shop_id,
    )  # fmt: skip
    await uow.execute(
        """
        WITH moved AS (
            UPDATE webchat_event AS event SET address = $3, seq = event.seq + target.head_seq
            FROM webchat_thread AS target
            WHERE event.account_id = $1 AND event.address = $2 AND event.shop_id = $4
              AND target.account_id = $1 AND target.address = $3 RETURNING 1
        )
        UPDATE webchat_thread SET head_seq = head_seq + (SELECT count(*) FROM moved)
        WHERE account_id = $1 AND address = $3 AND shop_id = $4
        """,
        account_id, old, new, uow.shop_id,
    )  # fmt: skip
    await uow.execute(
        "UPDATE webchat_thread SET merged_into = $3, head_seq = 0, read_seq = 0, seen_seq = 0, subject = NULL"
        " WHERE account_id = $1 AND address = $2 AND shop_id = $4",
        account_id, old, new, uow.shop_id,
    )  # fmt: skip
    await uow.execute(
        "UPDATE webchat_session SET address = $3 WHERE account_id = $1 AND address = $2 AND shop_id = $4",
        account_id, old, new, uow.shop_id,
    )  # fmt: skip
    uow.notify(CHANNEL, old)
    uow.notify(CHANNEL, new)


def stamp(moment: datetime) -> str:
    """An instant as the wire has it: RFC 3339, UTC, milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _frame(row: Record) -> dict[str, Any]:
    """An event as pages get it: flat."""
    body = msgspec.json.decode(row["body"], type=dict[str, Any])
    author = {"type": row["author"], **body.pop("by", {})}
    return {
        "type": "event",
        "seq": row["seq"],
        "ts": stamp(row["at"]),
        "kind": row["kind"],
        "author": author,
        **body,
    }


def _json(value: Mapping[str, Any]) -> str:
    return msgspec.json.encode(value).decode()
