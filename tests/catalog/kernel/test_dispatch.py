"""Events reach every handler, whatever becomes of the others; one that nobody understands stands in no one's way."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

import pytest

from catalog.kernel import dispatch, outbox
from catalog.kernel.events import DomainEvent
from catalog.kernel.unit_of_work import UnitOfWork, Units
from tests.conftest import FrozenClock


@dataclass(frozen=True)
class KettleBoiled(DomainEvent):
    """Something to tell, known here alone."""

    cups: int


class Ear:
    """A handler that remembers what it heard, and fails as long as it is told to."""

    def __init__(self, name: str) -> None:
        self.__qualname__ = name
        self.heard: list[DomainEvent] = []
        self.broken = False

    async def __call__(self, _uow: UnitOfWork, event: DomainEvent) -> None:
        self.heard.append(event)
        if self.broken:
            raise RuntimeError("deaf")


async def record(units: Units, shop_id: UUID, *cups: int) -> None:
    async with units(shop_id) as uow:
        for count in cups:
            uow.record(KettleBoiled(cups=count))


async def waiting(units: Units, shop_id: UUID) -> list[tuple[str, str | None]]:
    async with units(shop_id) as uow:
        rows = await uow.fetch(
            "SELECT name, fault FROM domain_event WHERE shop_id = $1 AND finished_at IS NULL ORDER BY id", uow.shop_id
        )
        return [(row["name"], row["fault"]) for row in rows]


async def make_due(units: Units, shop_id: UUID) -> None:
    async with units(shop_id) as uow:
        await uow.execute("UPDATE domain_event SET not_before = $2 WHERE shop_id = $1", uow.shop_id, uow.now)


async def test_a_handler_that_fails_is_asked_again_and_the_others_are_not(units: Units, shop_id: UUID) -> None:
    good, bad = Ear("good"), Ear("bad")
    bad.broken = True
    await record(units, shop_id, 2)
    assert await dispatch.step(units, {KettleBoiled: (bad, good)}) == 1
    assert await waiting(units, shop_id) == [("KettleBoiled", f"{__name__}.bad: RuntimeError")]
    assert await dispatch.step(units, {KettleBoiled: (bad, good)}) == 0
    bad.broken = False
    await make_due(units, shop_id)
    await dispatch.step(units, {KettleBoiled: (bad, good)})
    assert (len(bad.heard), good.heard) == (2, [KettleBoiled(cups=2)])
    assert await waiting(units, shop_id) == []


async def test_two_workers_with_the_same_event_run_a_handler_once(units: Units, shop_id: UUID) -> None:
    ear = Ear("ear")
    await record(units, shop_id, 2)
    async with units(None) as uow:
        claimed = await outbox.claim(uow)
    await asyncio.gather(*(dispatch._deliver(units, {KettleBoiled: (ear,)}, one) for one in claimed * 2))
    assert ear.heard == [KettleBoiled(cups=2)]


@pytest.mark.parametrize("change", ["name = 'KettleOfTomorrow'", """payload = '{"cups": "many"}'""", "payload = '{}'"])
async def test_an_event_of_another_version_waits_and_lets_the_others_pass(
    units: Units, shop_id: UUID, change: str
) -> None:
    ear = Ear("ear")
    await record(units, shop_id, 1, 2)
    async with units(shop_id) as uow:
        await uow.execute(
            f"UPDATE domain_event SET {change} WHERE shop_id = $1 AND payload @> '{{\"cups\": 1}}'",  # noqa: S608
            uow.shop_id,
        )
    assert await dispatch.step(units, {KettleBoiled: (ear,)}) == 2
    assert ear.heard == [KettleBoiled(cups=2)]
    assert [fault for _, fault in await waiting(units, shop_id)] == ["stored by another version of the shop"]


async def test_after_its_last_attempt_an_event_stays_with_its_fault(units: Units, shop_id: UUID) -> None:
    bad = Ear("bad")
    bad.broken = True
    await record(units, shop_id, 1)
    for _ in range(outbox.MAX_ATTEMPTS + 1):
        await dispatch.step(units, {KettleBoiled: (bad,)})
        await make_due(units, shop_id)
    assert len(bad.heard) == outbox.MAX_ATTEMPTS
    assert len(await waiting(units, shop_id)) == 1


async def test_a_worker_that_stops_gives_back_what_it_has_not_done(units: Units, shop_id: UUID) -> None:
    began, ear = asyncio.Event(), Ear("ear")

    async def slow(_uow: UnitOfWork, _event: DomainEvent) -> None:
        began.set()
        await asyncio.sleep(3600)

    await record(units, shop_id, 1, 2, 3)
    working = asyncio.create_task(dispatch.step(units, {KettleBoiled: (slow,)}))
    await began.wait()
    working.cancel()
    await asyncio.wait({working})
    await dispatch.step(units, {KettleBoiled: (ear,)})
    assert ear.heard == [KettleBoiled(cups=1), KettleBoiled(cups=2), KettleBoiled(cups=3)]


async def test_an_event_that_kills_its_worker_costs_no_other_its_attempts(
    units: Units, shop_id: UUID, clock: FrozenClock
) -> None:
    await record(units, shop_id, 0, 1, 2, 3)
    for _ in range(2 * outbox.MAX_ATTEMPTS):
        async with units(None) as uow:
            claimed = await outbox.claim(uow)
        if KettleBoiled(cups=0) not in [one.event for one in claimed]:  # else the process is gone
            async with units(shop_id) as uow:
                for one in claimed:
                    await outbox.finish(uow, one)
        clock.advance(minutes=1)
    async with units(shop_id) as uow:
        left = await uow.fetch("SELECT payload FROM domain_event WHERE shop_id = $1 AND finished_at IS NULL", shop_id)
    assert [row["payload"] for row in left] == ['{"cups": 0}']
