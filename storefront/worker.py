"""The worker: delivery, domain events, open turns and jobs. Any number may run beside any number of web processes.

Each loop sleeps until it is notified, and looks once a second all the same: a notice is only a hint, the database is
the truth.
"""

import asyncio
import contextlib
import logging
import signal
from collections.abc import Awaitable, Callable

import uvloop

from bots.delivery import outbox
from bots.turns import pending
from bots.turns import run as turns
from catalog.kernel import dispatch
from catalog.kernel import outbox as events
from catalog.kernel.db import AWAY
from storefront import jobs
from storefront.bootstrap import REPEATED, TASKS, House, open_house, subscriptions
from storefront.config import Settings
from storefront.schedule import Repeated
from storefront.web.chats import hand_over_rest

_log = logging.getLogger(__name__)
_IDLE_S = 1.0
_AFTER_FAULT_S = 1.0

Step = Callable[[], Awaitable[int]]


async def work(house: House) -> None:
    """Run every loop until cancelled."""
    app = queue(house)
    table = subscriptions(house)
    async with jobs.opened(app), asyncio.TaskGroup() as group:
        group.create_task(_send(house), name="sender")
        group.create_task(_loop(house, events.CHANNEL, lambda: dispatch.step(house.units, table)), name="events")
        group.create_task(_loop(house, turns.CHANNEL, lambda: pending.step(house.turns)), name="turns")
        group.create_task(_jobs(app), name="jobs")


async def work_until(stop: asyncio.Event, house: House) -> None:
    """Run every loop until told to stop, or until one of them fails; the readers of bursts are warmed beside them."""
    task = asyncio.create_task(work(house))
    warming = asyncio.create_task(house.turns.warm(stop), name="warm")
    waiting = asyncio.create_task(stop.wait())
    await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    stop.set()
    await warming


def queue(house: House) -> jobs.Queue:
    """Every job that a worker of this version runs."""
    return jobs.build(house.dsn, house, TASKS, (*REPEATED, Repeated("*/2 * * * *", hand_over_rest)))


async def _send(house: House) -> None:
    try:
        await _loop(house, outbox.CHANNEL, house.sender.step)
    finally:
        with contextlib.suppress(*AWAY):  # the leases then do what they do after a crash
            await house.sender.finish()


async def _loop(house: House, channel: str, step: Step) -> None:
    async with house.listener.subscribe(channel) as subscription:
        while True:
            try:
                handled = await step()
            except AWAY as error:
                _log.warning("worker.database_away", extra={"fields": {"loop": channel, "error": type(error).__name__}})
                await asyncio.sleep(_AFTER_FAULT_S)
                continue
            except Exception as error:  # noqa: BLE001 - a loop must outlive any one fault
                _log.exception("worker.step_failed", extra={"fields": {"loop": channel, "error": type(error).__name__}})
                await asyncio.sleep(_AFTER_FAULT_S)
                continue
            if not handled:
                await subscription.wait(_IDLE_S)


async def _jobs(app: jobs.Queue) -> None:
    while True:
        try:
            await jobs.work(app)
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 - the database went away; the queue reconnects
            _log.warning("worker.jobs_away", extra={"fields": {"error": type(error).__name__}})
            await asyncio.sleep(_AFTER_FAULT_S)


async def _main(settings: Settings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with open_house(settings) as house:
        _log.info("worker.started")
        await work_until(stop, house)


def run(settings: Settings) -> None:
    """Run a worker until SIGTERM or SIGINT."""
    uvloop.run(_main(settings))
