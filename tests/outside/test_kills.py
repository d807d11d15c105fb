"""Web, worker and database are killed at random points while people chat and pay: nothing is lost, nothing is twice.

Sizes are for the suite; KILL_MESSAGES, KILL_PAYMENTS and KILLS make it as long as one likes (500, 50 and 30 by hand),
and `--log-cli-level=INFO` tells how many replies a provider's silence doubled.
"""

import logging
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.outside import payer, sale
from tests.outside.demo import Demo, eventually, running
from tests.outside.people import Person

_log = logging.getLogger(__name__)
pytestmark = pytest.mark.slow
MESSAGES = int(os.environ.get("KILL_MESSAGES", "40"))
PAYMENTS = int(os.environ.get("KILL_PAYMENTS", "4"))
SEED = int(os.environ.get("KILL_SEED", "7"))
PEOPLE = max(8, MESSAGES // 20)  # as one who gets very many answers gets the last of them slowly
KILLS = int(os.environ.get("KILLS", "6"))
EVERY_S = (0.8, 2.5) if KILLS < 10 else (4.0, 12.0)  # who falls often is started again after growing pauses
VICTIMS = ("web", "worker", "postgres")
PATIENCE_S = 60
AWAY = (httpx.HTTPError, AssertionError, StopIteration)


@dataclass
class Killer:
    """Sends SIGKILL to one of the install's processes every few seconds."""

    demo: Demo
    chance: random.Random
    kills: Counter[str] = field(default_factory=Counter)
    _over: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Each in turn, in random order, until told to stop."""
        order: list[str] = []
        while sum(self.kills.values()) < KILLS and not self._over.wait(self.chance.uniform(*EVERY_S)):
            order = order or self.chance.sample(VICTIMS, len(VICTIMS))
            name = order.pop()
            if (pid := self._find(name)) is not None:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    self.kills[name] += 1

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Killing for as long as the block lasts."""
        thread = threading.Thread(target=self.run, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()

    def _find(self, name: str) -> int | None:
        """A process of this install alone: its own children, its own database."""
        if name == "postgres":
            with suppress(OSError, ValueError, IndexError):
                return int((self.demo.home / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
            return None
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                words = (process / "cmdline").read_bytes().split(b"\0")
                if b"storefront.cli.child" in words and words[words.index(b"storefront.cli.child") + 1 :][:2] == [
                    str(self.demo.pid).encode(), name.encode(),
                ]:  # fmt: skip
                    return int(process.name)
        return None


@pytest.fixture
def install(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """An install of its own: the shared demo is not for killing."""
    with running(tmp_path_factory.mktemp("killed") / "home") as demo:
        sku = sale.sku_of(demo, "basic-tee", size="M", colour="grey")
        enough = demo.api.put(f"/stock/{sku}", json={"on_hand": MESSAGES + PAYMENTS})
        assert enough.is_success, enough.text
        yield demo


def test_nothing_is_lost_and_nothing_happens_twice(install: Demo) -> None:
    chance = random.Random(SEED)  # noqa: S311 - a test's own
    people = [Person(install, "whatsapp", f"49152{SEED:03d}{number:06d}") for number in range(PEOPLE)]
    buyers = [Person(install, "telegram", str(7_100_000_000 + number)) for number in range(PAYMENTS)]
    with ExitStack() as phones:
        for person in [*people, *buyers]:
            phones.callback(person.close)
        _live_through(install, chance, people, buyers)


def _live_through(install: Demo, chance: random.Random, people: list[Person], buyers: list[Person]) -> None:
    killer = Killer(install, chance)
    with killer.at_work():
        for buyer in buyers:
            _insist(partial(_buy, buyer))
        for number in range(MESSAGES):
            person = people[number % PEOPLE]
            person.client.post("/say", json={"text": chance.choice(SENTENCES), "name": person.name})
            person.said += 1
            time.sleep(0.05)
    assert sum(killer.kills.values()) > 1, killer.kills
    for person in [*people, *buyers]:
        eventually(partial(_calm, person), within=PATIENCE_S, what=f"calm with {person.address}")
    doubled = sum(_judge(person) for person in people)
    _log.info("%d replies came twice at %s", doubled, dict(killer.kills))
    assert doubled <= sum(killer.kills.values()), (doubled, killer.kills)
    orders = eventually(lambda: _all_paid(install, PAYMENTS), within=PATIENCE_S, what="every payment's order")
    for order in orders:
        assert [one["type"] for one in order["events"]].count("paid") == 1
        assert [one["state"] for one in order["payments"]].count("captured") == 1
    assert len({order["conversation_id"] for order in orders}) == PAYMENTS
    for buyer in buyers:
        assert sum("bezahlt ✅" in bubble.words for bubble in buyer.bubbles()) == 1


SENTENCES = ("graues T-Shirt in M", "doch nur eins", "leer machen", "was kostet der versand", "hallo", "Korb zeigen")


def _buy(buyer: Person) -> None:
    """A whole purchase; whatever step a kill spoils is simply done again, as people do."""
    for words in ("graues Basic-Tee in M", "zur kasse", "lindenstr 5, 10969 berlin"):
        buyer.client.post("/say", json={"text": words, "name": buyer.name})
        buyer.said += 1
        _insist(buyer.settled)
    link = next(link for bubble in reversed(buyer.bubbles()) for link in bubble.links if "/p/" in link)
    page = _insist(lambda: payer.look(link))
    given = {"name": buyer.name, "email": "jana@example.org"}
    session = _insist(lambda: payer.order(page, **{name: given[name] for name in page.asked if name in given}))
    with httpx.Client(timeout=60) as browser:
        browser.post(session.partition("#")[0], data={"how": "wallet"})


def _insist(act: Any) -> Any:  # noqa: ANN401 - whatever the act gives
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            return act()
        except AWAY:
            if time.monotonic() > until:
                raise
            time.sleep(0.3)


def _calm(person: Person) -> bool:
    """Everything said has its outcome, every answer has left."""
    try:
        messages = person.messages()
    except AWAY:
        return False
    inbound = [one for one in messages if one["direction"] == "inbound"]
    waiting = [
        one for one in messages if one["direction"] == "outbound" and one["delivery"]["state"] in {"queued", "sending"}
    ]
    return len(inbound) >= person.said and all(one["outcome"] for one in inbound) and not waiting


def _judge(person: Person) -> int:
    """One outcome for each message said; how many answers the phone shows more often than the shop has sent them."""
    messages = person.messages()
    inbound = [one for one in messages if one["direction"] == "inbound"]
    assert len(inbound) == person.said, f"{person.address}: {len(inbound)} of {person.said}"
    assert len({one["provider_id"] for one in inbound}) == person.said
    assert not [one for one in inbound if one["outcome"]["kind"] == "failed"]
    outbound = [one for one in messages if one["direction"] == "outbound"]
    lost = [one for one in outbound if one["delivery"]["state"] in {"failed", "refused"}]
    assert not lost, lost
    shown = len(person.bubbles())
    assert shown >= len([one for one in outbound if one["delivery"]["state"] != "uncertain"])
    return max(0, shown - len(outbound))


def _all_paid(demo: Demo, count: int) -> list[Any]:
    try:
        found = [demo.order(one["id"]) for one in demo.all("/orders")]
    except AWAY:
        return []
    paid = [order for order in found if order["state"] == "paid"]
    return paid if len(paid) == count else []
