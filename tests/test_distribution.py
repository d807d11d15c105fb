"""Two processes share a suite as tests/distribution.py says."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.distribution import Controller

TESTS = [
    "tests/a/test_long.py::test_one[de]", "tests/a/test_long.py::test_one[en]", "tests/outside/test_sale.py::test_sale",
    "tests/outside/test_kills.py::test_kills", "tests/b/test_short.py::TestClass::test_one",
    "tests/b/test_short.py::TestClass::test_two", "tests/b/test_short.py::test_three", "tests/c/test_last.py::test_one",
]  # fmt: skip


@dataclass(eq=False)
class Process:
    """What the scheduler knows of a process that runs tests."""

    told: list[str] = field(default_factory=list)
    gateway: SimpleNamespace = field(default_factory=lambda: SimpleNamespace(id="a process"))
    shutting_down: bool = False

    def send_runtest_some(self, numbers: Sequence[int]) -> None:
        """Called with each share."""
        self.told += [TESTS[number] for number in numbers]

    def shutdown(self) -> None:
        """Called when nothing is left."""
        self.shutting_down = True


def test_a_file_stays_with_one_process_and_so_does_all_that_shares_the_demo() -> None:
    config = SimpleNamespace(option=SimpleNamespace(), getvalue=lambda _: ["2*popen"])
    scheduler = Controller().pytest_xdist_make_scheduler(cast("Any", config), log=None)
    processes = [Process(), Process()]
    for process in processes:
        scheduler.add_node(process)
        scheduler.add_node_collection(process, TESTS)
    scheduler.schedule()
    first, second = processes
    assert first.told == [*TESTS[:2], *TESTS[4:7]]  # of its files, the first in the order of the collection
    assert second.told == [*TESTS[2:4], TESTS[7]]


def test_with_auto_one_process_more_than_processors_runs(
    pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_XDIST_AUTO_NUM_WORKERS", "2")
    assert pytestconfig.hook.pytest_xdist_auto_num_workers(config=pytestconfig) == 3
