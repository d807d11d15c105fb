"""Work for later: jobs stored in the caller's transaction, so they exist exactly when it commits.

The queue is procrastinate's; its SQL function is called on the transaction's own connection. Every kind of job is a
queue of its own, and a worker takes from those it knows: while versions run side by side, an older one leaves the jobs
of a newer one alone. The queue runs by the database's clock. An instant given in the install's time is stored as a
distance from now, and moving the lab's clock brings waiting jobs nearer by the same distance (`advance`).
"""

from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

import msgspec
from asyncpg import Connection, UniqueViolationError

from catalog.kernel.unit_of_work import UnitOfWork

_DEFER = """
SELECT (procrastinate_defer_jobs_v1(ARRAY[ROW($1::text, $1::text, 0, NULL, $2::text, $3::jsonb,
        clock_timestamp() + $4::interval)]::procrastinate_job_to_defer_v1[]))[1]
"""
_WAITS = "SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE queueing_lock = $1 AND status = 'todo')"


async def defer(
    uow: UnitOfWork,
    task: str,
    args: Mapping[str, Any],
    *,
    at: datetime | None = None,
    queueing_lock: str | None = None,
) -> None:
    """Run a task after commit, not before `at` (the install's time). `args` is JSON.

    While a job of the same `queueing_lock` waits, nothing is stored.
    """
    wait = at - uow.now if at is not None and at > uow.now else None
    values = (task, queueing_lock, msgspec.json.encode(args).decode(), wait)
    if queueing_lock is None:
        await uow.execute(_DEFER, *values)
    elif not await uow.fetchval(_WAITS, queueing_lock):
        # A savepoint, because another transaction may store the same lock between the two statements.
        with suppress(UniqueViolationError):
            async with uow.driver.transaction():
                await uow.execute(_DEFER, *values)


async def advance(connection: Connection, seconds: int) -> None:
    """Bring every waiting job nearer: the lab has moved the install's time by so many seconds."""
    await connection.execute(
        "UPDATE procrastinate_jobs SET scheduled_at = scheduled_at - make_interval(secs => $1)"
        " WHERE status = 'todo' AND scheduled_at IS NOT NULL",
        seconds,
    )


async def left_waiting(connection: Connection, known: Collection[str], *, seconds: int) -> dict[str, int]:
    """How many jobs of each kind that is not known have been due for so long: no worker of this version takes them."""
    rows = await connection.fetch(
        "SELECT task_name, count(*) AS waiting FROM procrastinate_jobs job"
        " WHERE status = 'todo' AND queue_name <> ALL($1::text[]) AND coalesce(scheduled_at,"
        "   (SELECT max(at) FROM procrastinate_events WHERE job_id = job.id)) < now() - make_interval(secs => $2)"
        " GROUP BY task_name ORDER BY task_name",
        list(known), seconds,
    )  # fmt: skip
    return {row["task_name"]: row["waiting"] for row in rows}


async def backlog(connection: Connection) -> dict[str, int]:
    """How many jobs are due, running, and failed for good."""
    row = await connection.fetchrow(
        "SELECT count(*) FILTER (WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now()) AS due,"
        " count(*) FILTER (WHERE status = 'doing') AS running, count(*) FILTER (WHERE status = 'failed') AS failed"
        " FROM procrastinate_jobs"
    )
    return dict(row) if row is not None else {}
