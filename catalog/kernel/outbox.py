"""The outbox of domain events: stored with the change, claimed in batches, retried with backoff, finished once.

Claiming skips rows that another worker holds. A handler that fails is tried again after 2^n seconds (at most an hour);
after MAX_ATTEMPTS the event stays with its fault for the operator (`storefront doctor` shows it). Events that were
claimed before come one by one: one that kills its worker each time must not use up the attempts of others.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from asyncpg import Connection

from catalog.kernel import events
from catalog.kernel.events import DomainEvent
from catalog.kernel.ids import ShopId

if TYPE_CHECKING:
    from catalog.kernel.unit_of_work import UnitOfWork

CHANNEL = "domain_event"
MAX_ATTEMPTS = 12
_LEASE = timedelta(seconds=30)
_LONGEST_WAIT_S = 3600

Handler = Callable[["UnitOfWork", DomainEvent], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Claimed:
    """An event that this process may handle until its lease ends."""

    id: int
    shop_id: ShopId
    name: str
    payload: str
    attempts: int
    done: frozenset[str]

    @property
    def event(self) -> DomainEvent:
        """The event itself. Raises KeyError or msgspec.DecodeError for one that another version of the shop stored."""
        return events.decode(self.name, self.payload)


async def store(connection: Connection, shop_id: ShopId, recorded: Sequence[DomainEvent], now: datetime) -> None:
    """Write events in the caller's transaction."""
    await connection.executemany(
        "INSERT INTO domain_event (shop_id, name, payload, recorded_at, not_before) VALUES ($1, $2, $3, $4, $4)",
        [(shop_id, event.name, events.encode(event), now) for event in recorded],
    )


async def claim(uow: "UnitOfWork", *, limit: int = 50) -> list[Claimed]:
    """Take due events for 30 seconds. A crash gives them back when the lease ends."""
    rows = await uow.fetch(
        """
        /* all shops */ WITH due AS (
            SELECT id, attempts, not_before FROM domain_event
            WHERE finished_at IS NULL AND not_before <= $2 AND attempts < $3
            ORDER BY not_before, id LIMIT $4 FOR UPDATE SKIP LOCKED
        )
        UPDATE domain_event SET attempts = attempts + 1, not_before = $1
        WHERE id IN (SELECT id FROM due WHERE attempts = 0)
           OR id = (SELECT id FROM due WHERE attempts > 0 ORDER BY not_before, id LIMIT 1)
        RETURNING id, shop_id, name, payload, attempts, done
        """,
        uow.now + _LEASE, uow.now, MAX_ATTEMPTS, limit,
    )  # fmt: skip
    return [
        Claimed(row["id"], ShopId(row["shop_id"]), row["name"], row["payload"], row["attempts"], frozenset(row["done"]))
        for row in sorted(rows, key=lambda row: row["id"])
    ]  # fmt: skip


async def give_back(uow: "UnitOfWork", claimed: Sequence[Claimed]) -> None:
    """Whoever claimed these stops before their turn: they are due at once, and this was no attempt."""
    await uow.execute(
        """
        /* all shops */ UPDATE domain_event event SET attempts = event.attempts - 1, not_before = $1
        FROM unnest($2::bigint[], $3::bigint[]) AS mine (id, attempts)
        WHERE event.id = mine.id AND event.attempts = mine.attempts AND event.finished_at IS NULL
        """,
        uow.now, [one.id for one in claimed], [one.attempts for one in claimed],
    )  # fmt: skip


async def mark_done(uow: "UnitOfWork", claimed: Claimed, handler: str) -> bool:
    """Remember, first in the handler's own transaction, that it runs; False when it has run already.

    Another worker that got the event after the lease waits here, so what a handler writes is written once.
    """
    return bool(
        await uow.execute(
            "UPDATE domain_event SET done = array_append(done, $2) WHERE id = $1 AND shop_id = $3 AND $2 <> ALL (done)",
            claimed.id, handler, claimed.shop_id,
        )
    )  # fmt: skip


async def finish(uow: "UnitOfWork", claimed: Claimed) -> None:
    """Every handler has run."""
    await uow.execute(
        "UPDATE domain_event SET finished_at = $2, fault = NULL WHERE id = $1 AND shop_id = $3",
        claimed.id, uow.now, claimed.shop_id,
    )  # fmt: skip


async def postpone(uow: "UnitOfWork", claimed: Claimed, fault: str) -> None:
    """A handler failed: keep the fault (an error's name, never its values) and try again later."""
    wait = timedelta(seconds=min(2**claimed.attempts, _LONGEST_WAIT_S))
    await uow.execute(
        "UPDATE domain_event SET fault = $2, not_before = $3 WHERE id = $1 AND shop_id = $4",
        claimed.id, fault[:500], uow.now + wait, claimed.shop_id,
    )  # fmt: skip


Subscriptions = Mapping[type[DomainEvent], Sequence[Handler]]
