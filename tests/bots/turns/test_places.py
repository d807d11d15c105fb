"""Places of turns: so many at once, one a person, and whoever came first goes first."""

import asyncio
import random

import pytest

from bots.turns.places import Places


class Desk:
    """People who come, are answered when told so, and go."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.began: list[str] = []
        self._ends: dict[str, asyncio.Event] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def come(self, *messages: str) -> None:
        """A message is named by its person and a number: `a1`."""
        for message in messages:
            self._ends[message] = asyncio.Event()
            self._tasks[message] = asyncio.create_task(self._answer(message))
        await settle()

    async def end(self, *messages: str) -> None:
        for message in messages:
            self._ends[message].set()
        await settle()

    async def give_up(self, message: str) -> None:
        self._tasks[message].cancel()
        await settle()

    async def _answer(self, message: str) -> None:
        async with self.places.of(message[0]):
            self.began.append(message)
            await self._ends[message].wait()


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


@pytest.fixture
def desk() -> Desk:
    return Desk(Places(2))


async def test_so_many_are_answered_at_once(desk: Desk) -> None:
    await desk.come("a1", "b1", "c1")
    assert desk.began == ["a1", "b1"]
    await desk.end("b1")
    assert desk.began == ["a1", "b1", "c1"]


async def test_a_second_message_goes_before_those_that_came_after_it(desk: Desk) -> None:
    await desk.come("a1", "b1", "a2", "c1", "d1")
    await desk.end("a1")
    assert desk.began == ["a1", "b1", "a2"]


async def test_a_second_message_lets_others_pass_while_the_first_is_answered(desk: Desk) -> None:
    await desk.come("a1", "b1", "a2", "c1")
    await desk.end("b1")
    assert desk.began == ["a1", "b1", "c1"]
    await desk.come("a3")
    await desk.end("a1", "c1")
    assert desk.began == ["a1", "b1", "c1", "a2"]
    await desk.end("a2")
    assert desk.began[-1] == "a3"


async def test_who_gives_up_leaves_no_gap(desk: Desk) -> None:
    await desk.come("a1", "b1", "c1", "d1", "e1")
    await desk.give_up("c1")
    await desk.end("a1")
    assert desk.began == ["a1", "b1", "d1"]
    await desk.give_up("b1")
    assert desk.began == ["a1", "b1", "d1", "e1"]


async def test_who_gives_up_at_the_moment_it_is_called_passes_the_place_on(desk: Desk) -> None:
    await desk.come("a1", "b1", "c1", "d1")
    desk._ends["a1"].set()
    await asyncio.sleep(0)  # c1 is called, and does not know it yet
    await desk.give_up("c1")
    assert desk.began == ["a1", "b1", "d1"]


async def test_at_random_nobody_waits_for_ever_and_never_too_many_run() -> None:
    chance = random.Random(4)  # noqa: S311 - a test's
    places, at_once, most, done = Places(3), [], 0, []

    async def one(number: int, person: str) -> None:
        nonlocal most
        async with places.of(person):
            assert person not in at_once
            at_once.append(person)
            most = max(most, len(at_once))
            try:
                await asyncio.sleep(chance.random() / 500)
            finally:
                at_once.remove(person)
        done.append(number)

    tasks = [asyncio.create_task(one(number, chance.choice("abcdefg"))) for number in range(300)]
    given_up = chance.sample(range(300), 60)
    for number in given_up:
        await asyncio.sleep(0.0005)
        tasks[number].cancel()
    await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 10)
    assert most == 3
    assert {number for number in range(300) if number not in given_up} <= set(done)
    assert (places._free, places._answered, places._line) == (3, set(), {})
