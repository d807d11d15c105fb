"""Runs the jobs that `catalog.kernel.jobs` stored: a table of tasks, a table of repeated ones, and recovery.

Tasks are what schedule.py says; `desk` is whatever the composition root gives.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import procrastinate
from procrastinate import PsycopgConnector, RetryStrategy
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.retry import RetryDecision

from storefront.schedule import NotDone, Repeated, Task

_log = logging.getLogger(__name__)

Queue = procrastinate.App

# A worker says every 5 seconds that it lives; 20 seconds after its last word its jobs are taken over.
_HEARTBEAT_S = 5.0
_STALLED_S = 20.0
_KEPT_HOURS = 24
_FAILED_KEPT_HOURS = 24 * 30
_MAX_ATTEMPTS = 10
# What takes longer waits for somebody else's answer, which may never come; every task may run twice.
_GRACE_S = 3.0


def build(dsn: str, desk: object, tasks: Mapping[str, Task], repeated: Sequence[Repeated] = ()) -> procrastinate.App:
    """The queue with every task registered, not yet connected. A task that fails is tried again with growing pauses.

    A task that knows better raises NotDone.
    """
    app = procrastinate.App(connector=PsycopgConnector(conninfo=dsn, min_size=1, max_size=4, timeout=30))
    for name, task in tasks.items():
        retry = _Retries(max_attempts=_MAX_ATTEMPTS, exponential_wait=2)
        app.task(name=name, queue=name, retry=retry)(_bound(task, desk))
    for entry in repeated:
        _repeat(app, entry.cron, entry.name, _tick(entry.task, desk))
    _repeat(app, "* * * * * */10", "jobs.take_over_stalled", _tick(_take_over_stalled, app))
    _repeat(app, "17 * * * *", "jobs.prune", _tick(_prune, app))
    return app


class _Retries(RetryStrategy):
    """As configured, unless the task itself says when, or was cut short: then at once, by whoever works on."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, asyncio.CancelledError):
            return RetryDecision(retry_in={"seconds": 0})
        if not isinstance(exception, NotDone):
            return super().get_retry_decision(exception=exception, job=job)
        if job.attempts >= len(exception.waits):
            return None
        return RetryDecision(retry_in={"seconds": exception.waits[job.attempts]})


def kinds(app: procrastinate.App) -> list[str]:
    """The kinds of jobs that this version knows, each of them a queue; the library's own task is none of ours."""
    return sorted(name for name, task in app.tasks.items() if task.queue == name)


@asynccontextmanager
async def opened(app: procrastinate.App) -> AsyncIterator[procrastinate.App]:
    """The queue, connected."""
    async with app.open_async():
        yield app


async def work(app: procrastinate.App, *, concurrency: int = 4, until_idle: bool = False) -> None:
    """Run jobs until cancelled, or until none is due. Those in hand get a moment more, then another worker."""
    await app.run_worker_async(
        queues=kinds(app), concurrency=concurrency, wait=not until_idle, install_signal_handlers=False,
        fetch_job_polling_interval=1.0, shutdown_graceful_timeout=_GRACE_S, update_heartbeat_interval=_HEARTBEAT_S,
        stalled_worker_timeout=_STALLED_S,
    )  # fmt: skip


def _repeat(app: procrastinate.App, cron: str, name: str, task: Task) -> None:
    # The queueing lock keeps one waiting job of a kind while no worker runs, instead of one for each missed moment.
    registered = app.task(name=name, queue=name, queueing_lock=name)(task)
    app.periodic(cron=cron)(registered)


def _bound(task: Task, desk: object) -> Task:
    async def run(**args: Any) -> None:  # noqa: ANN401 - JSON
        await task(desk, **args)

    return run


def _tick(task: Task, desk: object) -> Task:
    async def run(timestamp: int) -> None:  # noqa: ARG001 - the queue says which moment it is; tasks look at the clock
        await task(desk)

    return run


async def _take_over_stalled(app: procrastinate.App) -> None:
    manager = app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=_STALLED_S):
        _log.warning("job.taken_over", extra={"fields": {"task": job.task_name, "job": job.id}})
        try:
            await manager.retry_job(job)
        except UniqueViolation:  # a newer one of its queueing lock waits already: that one will do
            await manager.finish_job_by_id_async(job_id=job.id or 0, status=Status.ABORTED, delete_job=True)
    await manager.prune_stalled_workers(_STALLED_S)


async def _prune(app: procrastinate.App) -> None:
    manager = app.job_manager
    await manager.delete_old_jobs(nb_hours=_KEPT_HOURS)
    await manager.delete_old_jobs(
        nb_hours=_FAILED_KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )
