"""Ids sort by time and never meet; seeded, they repeat."""

import time
from collections.abc import Iterator

import pytest

from catalog.kernel import chance
from catalog.kernel.ids import new_id


@pytest.fixture
def unseeded() -> Iterator[None]:
    yield
    chance.seed(None)


def test_an_id_is_a_uuid_of_version_7() -> None:
    made = [new_id() for _ in range(200)]
    assert {one.version for one in made} == {7}
    assert {one.variant for one in made} == {"specified in RFC 4122"}
    assert len(set(made)) == len(made)


def test_ids_sort_by_the_time_they_were_made() -> None:
    first = new_id()
    time.sleep(0.002)
    assert first < new_id()


def test_ids_of_one_moment_sort_as_they_were_made(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter([time.time_ns()] * 50 + [time.time_ns() - 3_600_000_000_000] * 50)  # the clock is set back
    monkeypatch.setattr(time, "time_ns", lambda: next(moments))
    made = [new_id() for _ in range(100)]
    assert made == sorted(made)
    assert len(set(made)) == 100


def test_an_id_tells_its_millisecond() -> None:
    before = time.time_ns() // 1_000_000
    told = new_id().int >> 80
    assert before <= told <= time.time_ns() // 1_000_000


def test_seeded_ids_repeat_in_their_random_part(unseeded: None) -> None:
    del unseeded
    chance.seed(7)
    first = new_id().int & (1 << 62) - 1
    chance.seed(7)
    assert new_id().int & (1 << 62) - 1 == first
