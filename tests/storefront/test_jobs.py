"""Jobs are stored with the transaction, run once, repeated on failure and taken over from the dead."""

import asyncio
from contextlib import suppress
from datetime import timedelta

import pytest
from procrastinate.exceptions import AlreadyEnqueued

from catalog.kernel import jobs as kernel_jobs
from catalog.kernel.unit_of_work import UnitOfWork, Units
from catalog.shops.models import Shop
from storefront import jobs
from storefront.bootstrap import REPEATED, TASKS
from storefront.schedule import NotDone
from tests.conftest import FrozenClock


class Desk:
    """Collects what tasks were called with."""

    def __init__(self) -> None:
        self.seen: list[dict[str, object]] = []


async def remember(desk: Desk, **args: object) -> None:
    desk.seen.append(args)


async def run(dsn: str, desk: Desk) -> None:
    async with jobs.opened(jobs.build(dsn, desk, {"test.remember": remember})) as app:
        await jobs.work(app, until_idle=True)


async def _waiting(uow: UnitOfWork) -> int:
    count: int = await uow.fetchval("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'")
    return count


async def test_a_job_of_a_committed_transaction_runs_with_its_arguments(units: Units, shop: Shop, dsn: str) -> None:
    desk = Desk()
    async with units(shop.id) as uow:
        await kernel_jobs.defer(uow, "test.remember", {"order": "K-1", "n": 2})
    await run(dsn, desk)
    assert desk.seen == [{"order": "K-1", "n": 2}]


async def test_a_job_of_a_rolled_back_transaction_never_existed(units: Units, shop: Shop, dsn: str) -> None:
    desk = Desk()

    async def fail() -> None:
        async with units(shop.id) as uow:
            await kernel_jobs.defer(uow, "test.remember", {})
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    await run(dsn, desk)
    assert desk.seen == []


async def test_an_older_worker_leaves_jobs_that_it_does_not_know_to_a_newer_one(
    units: Units, shop: Shop, dsn: str
) -> None:
    """While an update rolls over the machines, both versions run."""
    desk = Desk()
    async with units(shop.id) as uow:
        await kernel_jobs.defer(uow, "test.remember", {"n": 1})
        await kernel_jobs.defer(uow, "test.older", {"n": 2})
    async with jobs.opened(jobs.build(dsn, desk, {"test.older": remember})) as older:
        await jobs.work(older, until_idle=True)
    assert desk.seen == [{"n": 2}]
    await run(dsn, desk)
    assert desk.seen == [{"n": 2}, {"n": 1}]


def test_every_kind_of_job_has_a_name_that_the_database_can_notify_by() -> None:
    """PostgreSQL refuses to notify by more than 63 bytes, and the job would never be stored."""
    known = jobs.kinds(jobs.build("", None, TASKS, REPEATED))
    assert len(known) == len({*TASKS, *(one.name for one in REPEATED)}) + 2
    assert [name for name in known if len(f"procrastinate_queue_v1#{name}") > 63] == []


async def test_one_job_of_a_queueing_lock_waits_at_a_time(uow: UnitOfWork) -> None:
    for _ in range(2):
        await kernel_jobs.defer(uow, "test.remember", {}, queueing_lock="sweep")
    assert await _waiting(uow) == 1
    await uow.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE queueing_lock = 'sweep'")
    await kernel_jobs.defer(uow, "test.remember", {}, queueing_lock="sweep")
    assert await _waiting(uow) == 1


async def test_two_transactions_with_the_same_queueing_lock_leave_one_job(units: Units, shop: Shop) -> None:
    ready = asyncio.Barrier(2)

    async def store() -> None:
        async with units(shop.id) as uow:
            await uow.fetchval("SELECT 1")
            await ready.wait()
            await kernel_jobs.defer(uow, "test.remember", {}, queueing_lock="sweep")

    await asyncio.gather(store(), store())
    async with units(shop.id) as uow:
        assert await _waiting(uow) == 1


async def test_moving_the_clock_brings_a_waiting_job_nearer(
    units: Units, shop: Shop, dsn: str, clock: FrozenClock
) -> None:
    desk = Desk()
    async with units(shop.id) as uow:
        await kernel_jobs.defer(uow, "test.remember", {}, at=clock.now + timedelta(hours=24))
    await run(dsn, desk)
    assert desk.seen == []
    async with units(shop.id) as uow:
        others = (await kernel_jobs.backlog(uow.driver))["due"]  # what repeats by the minute may wait beside it
        await kernel_jobs.advance(uow.driver, 24 * 3600)
        assert (await kernel_jobs.backlog(uow.driver))["due"] == others + 1
    await run(dsn, desk)
    assert desk.seen == [{}]


async def take_over(dsn: str, desk: Desk) -> None:
    async with jobs.opened(jobs.build(dsn, desk, {"test.remember": remember})) as app:
        with suppress(AlreadyEnqueued):  # it repeats by itself, too
            await app.configure_task("jobs.take_over_stalled").defer_async(timestamp=0)
        await jobs.work(app, until_idle=True)
    await run(dsn, desk)


async def leave_behind_by_a_dead_worker(uow: UnitOfWork) -> None:
    await kernel_jobs.defer(uow, "test.remember", {}, queueing_lock="sweep")
    await uow.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute')")
    await uow.execute(
        "UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM procrastinate_workers)"
    )


async def test_the_job_of_a_dead_worker_is_taken_over(units: Units, shop: Shop, dsn: str) -> None:
    desk = Desk()
    async with units(shop.id) as uow:
        await leave_behind_by_a_dead_worker(uow)
    await take_over(dsn, desk)
    assert desk.seen == [{}]


async def test_the_job_of_a_dead_worker_gives_way_to_the_next_of_its_kind(
    units: Units, shop: Shop, dsn: str, clock: FrozenClock
) -> None:
    desk = Desk()
    async with units(shop.id) as uow:
        await leave_behind_by_a_dead_worker(uow)
        later = clock.now + timedelta(hours=1)
        await kernel_jobs.defer(uow, "test.remember", {"n": 2}, queueing_lock="sweep", at=later)
    await take_over(dsn, desk)
    assert desk.seen == []
    async with units(shop.id) as uow:
        await kernel_jobs.advance(uow.driver, 3600)
    await run(dsn, desk)
    assert desk.seen == [{"n": 2}]


@pytest.mark.parametrize("waits", [[], [60, 60]])
async def test_a_task_says_itself_when_another_try_makes_sense(
    units: Units, shop: Shop, dsn: str, waits: list[int]
) -> None:
    """So many tries more, each after its wait; then it has failed for good."""
    tries = 0

    async def fail(_: Desk) -> None:
        nonlocal tries
        tries += 1
        raise NotDone("the other side says no", waits)

    async with units(shop.id) as uow:
        await kernel_jobs.defer(uow, "test.fail", {})
    seen = []
    for _ in range(len(waits) + 2):
        async with jobs.opened(jobs.build(dsn, Desk(), {"test.fail": fail})) as app:
            await jobs.work(app, until_idle=True)
        async with units(shop.id) as uow:
            seen.append(await uow.fetchrow(_STANDING))
            await kernel_jobs.advance(uow.driver, 70)
    assert [tuple(row) for row in seen if row] == [
        *(("todo", True) for _ in waits),
        ("failed", False),
        ("failed", False),
    ]
    assert tries == len(waits) + 1


async def test_a_job_that_a_stop_cuts_short_waits_for_the_next_worker_whatever_its_tries(
    units: Units, shop: Shop, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = asyncio.Event()

    async def wait_for_an_answer(_: Desk) -> None:
        began.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(jobs, "_GRACE_S", 0.1)
    async with units(shop.id) as uow:
        await kernel_jobs.defer(uow, "test.remember", {})
        await uow.execute("UPDATE procrastinate_jobs SET attempts = 10")
    async with jobs.opened(jobs.build(dsn, Desk(), {"test.remember": wait_for_an_answer})) as app:
        working = asyncio.create_task(jobs.work(app))
        await asyncio.wait_for(began.wait(), 10)
        working.cancel()
        await asyncio.wait({working}, timeout=2)
        assert working.done()
    desk = Desk()
    await run(dsn, desk)
    assert desk.seen == [{}]


_STANDING = (
    "SELECT status, status = 'todo' AND scheduled_at - now() BETWEEN interval '50 s' AND interval '61 s' AS soon"
    " FROM procrastinate_jobs WHERE task_name = 'test.fail'"
)
