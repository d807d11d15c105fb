"""Reads transcripts and plays them: the shopper's lines are said, the shop's lines must come back.

A transcript is a text file. `shopper:` writes; `(title)` taps; `[photo]`, `[voice]`, `[video]`, `[sticker]`,
`[location]` send such a thing; `+` after the colon sends together with the line before, faster than a thought. `shop:`
names words that a bubble has to have, with `…` for whatever lies between, `(title)` for something to tap; `shop says
nothing` means silence. `merchant:` does what its word says, or `writes` the words that follow; `time:` moves the clock.
`#` begins a remark, `goods:` sets stock, `only:` names the one channel on which it goes like this.
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from bots.conversations import lanes
from bots.conversations import service as conversations
from bots.delivery import news
from bots.messages.inbound import TemplateChanged
from bots.messages.templates import TEMPLATES
from catalog.kernel.unit_of_work import UnitOfWork
from checkout.fulfilment import service as fulfilment
from checkout.inventory import service as inventory
from checkout.orders import service as orders
from tests.checkout.factories import delivery, make_capture
from tests.scenarios.phone import Phone

FOLDER = Path(__file__).parent
MOST_BUBBLES = 2
KINDS = ("webchat", "whatsapp", "telegram")
_TAP = re.compile(r"\(([^()]+)\)")
_TIME = re.compile(r"(\d+) (seconds|minutes|hours|days)")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a transcript."""

    number: int
    who: str
    what: str


@dataclass(slots=True)
class Play:
    """A transcript on its way through one phone."""

    phone: Phone
    clock: Any
    name: str
    bubbles: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)

    async def run(self, lines: list[Line]) -> None:
        """Every line in order."""
        for place, line in enumerate(lines):
            match line.who:
                case "shopper":
                    follows = place + 1 < len(lines) and lines[place + 1].what.startswith("+ ")
                    await self._shopper(line.what.removeprefix("+ "), more=follows)
                    self._hold_promises(line)
                case "shop":
                    self._heard(line)
                case "merchant":
                    await self._merchant(line.what)
                case "time":
                    self._move(line.what)
                case "only":
                    assert line.what == self.phone.door.kind
                case "goods":
                    await self._stock(line.what)
                case _:
                    raise AssertionError(f"{self.name}:{line.number}: nobody is called {line.who!r}")

    async def _shopper(self, what: str, *, more: bool) -> None:
        if more or self.waiting:
            self.waiting.append(what)
            if not more:
                self.bubbles = await self.phone.burst(self.waiting)
                self.waiting = []
            return
        if (tap := _TAP.fullmatch(what)) is not None:
            self.bubbles = await self.phone.tap(tap[1])
        elif what.startswith("["):
            self.bubbles = await self.phone.give(what.strip("[]"))
        else:
            self.bubbles = await self.phone.say(what)
            if not self.bubbles:
                self.clock.advance(seconds=2)
                self.bubbles = await self.phone.wait()
        self.clock.advance(seconds=5)

    def _hold_promises(self, line: Line) -> None:
        """Two bubbles at most, one question at a time."""
        where = f"{self.name}:{line.number} after {line.what!r}"
        assert len(self.bubbles) <= MOST_BUBBLES, f"{where}: {self.bubbles}"
        asked = sum(len(re.findall(r"\?(?:\s|\"|“|$)", bubble)) for bubble in self.bubbles)
        assert asked <= 1, f"{where}: {asked} questions in {self.bubbles}"

    def _heard(self, line: Line) -> None:
        where = f"{self.name}:{line.number}"
        if line.what == "says nothing":
            assert not self.bubbles, f"{where}: {self.bubbles}"
            return
        said = "\n".join(self.bubbles).replace("\xa0", " ").replace("*", "")
        taps = _TAP.findall(line.what) if _TAP.search(line.what) else []
        tappable = [tap for tap in taps if tap in self.phone.offers]
        words = line.what
        for tap in tappable:
            words = words.replace(f"({tap})", "")
        pattern = ".*".join(re.escape(part.strip()) for part in words.split("…"))
        assert re.search(pattern, said, re.DOTALL), f"{where}: expected {words.strip()!r}, heard:\n{said}\n{taps}"

    async def _merchant(self, what: str) -> None:
        doings: dict[str, Callable[[], Awaitable[None]]] = {
            "takes over": self._takes_over, "hands back": self._hands_back, "is paid": self._is_paid,
            "ships": self._ships, "has approved templates": self._has_approved_templates,
        }  # fmt: skip
        if what.startswith("writes "):
            await self._writes(what.removeprefix("writes "))
        else:
            await doings[what]()
        self.bubbles = await self.phone.read()

    async def _takes_over(self) -> None:
        async with self.phone.units(self.phone.shop_id) as uow:
            await lanes.take(uow, (await self.phone.conversation(uow))["id"])

    async def _hands_back(self) -> None:
        async with self.phone.units(self.phone.shop_id) as uow:
            await lanes.give_back(uow, (await self.phone.conversation(uow))["id"])

    async def _is_paid(self) -> None:
        """The cart is ordered and paid, as the pay page and the provider would."""
        async with self.phone.units(self.phone.shop_id) as uow:
            row = await self.phone.conversation(uow)
            order = await orders.place(
                uow, row["customer_id"], delivery(), locale=row["locale"], conversation_id=row["id"]
            )
            await orders.mark_paid(uow, await orders.lock_order(uow, order.id))
            await make_capture(uow, order)

    async def _ships(self) -> None:
        async with self.phone.units(self.phone.shop_id) as uow:
            row = await self.phone.conversation(uow)
            for order in await orders.of_customer(uow, row["customer_id"], limit=1):
                await fulfilment.ship(uow, order.id, carrier="DHL", tracking_code="0034")

    async def _writes(self, words: str) -> None:
        async with self.phone.units(self.phone.shop_id) as uow:
            await conversations.say(uow, (await self.phone.conversation(uow))["id"], words)

    async def _has_approved_templates(self) -> None:
        async with self.phone.units(self.phone.shop_id) as uow:
            await approve_all(uow, self.phone.door.account_id)

    def _move(self, what: str) -> None:
        found = _TIME.search(what)
        assert found is not None, what
        self.clock.advance(**{found[2]: int(found[1])})

    async def _stock(self, what: str) -> None:
        sku, _, count = what.partition(" ")
        async with self.phone.units(self.phone.shop_id) as uow:
            await inventory.set_many(uow, {sku: int(count)})


async def approve_all(uow: UnitOfWork, account_id: UUID) -> None:
    """The provider has approved all of our templates."""
    await news.take(uow, account_id, [
        TemplateChanged(dedupe_key=f"{name}:{locale}", at=uow.now, name=name, locale=locale, status="approved")
        for name, template in TEMPLATES.items() for locale in template.texts
    ])  # fmt: skip


def kinds(path: Path) -> Sequence[str]:
    """The channels on which a transcript is played."""
    only = [line.what for line in read(path) if line.who == "only"]
    return only or KINDS


def read(path: Path) -> list[Line]:
    """The lines of a transcript."""
    lines = []
    for number, text in enumerate(path.read_text().splitlines(), 1):
        if text.strip() and not text.startswith("#"):
            who, _, what = text.partition(":")
            if text.startswith("shop says nothing"):
                who, what = "shop", "says nothing"
            lines.append(Line(number, who.strip(), what.strip()))
    return lines
