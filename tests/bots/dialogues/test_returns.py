"""Returns in chat: what comes back from a tap is words from outside."""

from uuid import uuid4

import pytest

from bots.messages.inbound import ActionChosen, Sender
from catalog.kernel.unit_of_work import Units
from catalog.shops.models import Shop
from tests.conftest import FrozenClock
from tests.scenarios.goods import fill
from tests.scenarios.phone import Phone, desk_for, open_account
from tests.scenarios.play import Line, Play

SAID = (
    ("shopper", "2 graue Basic-Tee in M bitte"), ("merchant", "is paid"), ("merchant", "ships"),
    ("shopper", "ich möchte die Tees zurückgeben"), ("shopper", "(Zurückgeben)"), ("shopper", "(Gefällt nicht)"),
)  # fmt: skip


@pytest.fixture
async def page(units: Units, shop: Shop, clock: FrozenClock) -> Phone:
    """Somebody in the web chat."""
    desk = desk_for(units)
    async with units(shop.id) as uow:
        await fill(uow, desk.store)
    return Phone(units, shop.id, desk, await open_account(units, shop.id, "webchat"), clock)


def number_tapped(page: Phone, clock: FrozenClock, number: str) -> ActionChosen:
    """A tap on how many pieces go back, whether that is still asked or not."""
    return ActionChosen(
        dedupe_key=str(uuid4()), provider_id="tap", at=clock.now, sender=Sender(address=page.address),
        action_id=f"rmany:{number}", title="",
    )  # fmt: skip


async def test_who_comes_too_late_is_told_until_when_it_was_possible(page: Phone, clock: FrozenClock) -> None:
    await Play(page, clock, "late").run([Line(at, who, what) for at, (who, what) in enumerate(SAID[:3], 1)])
    clock.advance(days=60)
    assert "Die Frist dafür ist am" in "\n".join(await page.say("ich möchte die Tees zurückgeben"))


@pytest.mark.parametrize("number", ["many", "-1", "9" * 5000, ""])
async def test_a_number_that_is_none_is_asked_for_again(number: str, page: Phone, clock: FrozenClock) -> None:
    await Play(page, clock, "returns").run([Line(at, who, what) for at, (who, what) in enumerate(SAID, 1)])
    asked = await page.read() or list(page.offers)
    assert "2" in page.offers, asked
    said = await page.send(number_tapped(page, clock, number))
    assert "2" in page.offers, said
    assert "49,80" in "\n".join(await page.tap("2")).replace("\xa0", " ")


async def test_a_number_tapped_once_more_tells_how_far_the_return_is(page: Phone, clock: FrozenClock) -> None:
    await Play(page, clock, "twice").run([Line(at, who, what) for at, (who, what) in enumerate(SAID, 1)])
    await page.read()
    first = "\n".join(await page.tap("1"))
    assert "Ist angemeldet" in first
    again = "\n".join(await page.send(number_tapped(page, clock, "1")))
    assert "angemeldet" in again
    assert "nichts" not in again
