"""Every transcript holds on every kind of channel, with the goods of goods.py and no network."""

from pathlib import Path

import pytest

from catalog.kernel.unit_of_work import Units
from catalog.shops.models import Shop
from tests.conftest import FrozenClock
from tests.scenarios import play
from tests.scenarios.goods import fill
from tests.scenarios.phone import Phone, desk_for, open_account

TRANSCRIPTS = sorted(play.FOLDER.glob("*.chat"))


@pytest.mark.parametrize("kind", ["webchat", "whatsapp", "telegram"])
@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
async def test_the_conversation_goes_as_written(
    path: Path, kind: str, units: Units, shop: Shop, clock: FrozenClock
) -> None:
    desk = desk_for(units)
    async with units(shop.id) as uow:
        await fill(uow, desk.store)
    phone = Phone(units, shop.id, desk, await open_account(units, shop.id, kind), clock)
    await play.Play(phone, clock, path.name).run(play.read(path))
