"""One demo for all of these tests; pytest-xdist gives them to one process (tests/distribution.py)."""

import itertools
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.outside.demo import Demo, opened, running
from tests.outside.people import Person

_numbers = itertools.count(1)


@pytest.fixture(scope="package")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo. OUTSIDE_DEMO names the home of one that runs already."""
    home = os.environ.get("OUTSIDE_DEMO")
    if home:
        with opened(json.loads((Path(home) / "demo.json").read_text()), Path(home)) as present:
            yield present
        return
    with running(tmp_path_factory.mktemp("demo") / "home") as started:
        yield started


@pytest.fixture
def person(demo: Demo) -> Iterator[Callable[[str], Person]]:
    """Somebody new on a channel: `person("telegram")`."""
    made: list[Person] = []

    def make(kind: str) -> Person:
        number = next(_numbers) + 1000 * os.getpid()
        made.append(Person(demo, kind, f"4915{number:09d}" if kind == "whatsapp" else str(7_000_000_000 + number)))
        return made[-1]

    yield make
    for one in made:
        one.close()
