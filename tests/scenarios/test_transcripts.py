"""Every transcript holds on every kind of channel that it is for, with the goods of goods.py and no network."""

from pathlib import Path

import pytest

from catalog.kernel.unit_of_work import Units
from catalog.shops.models import Shop
from tests.conftest import FrozenClock
from tests.scenarios import play
from tests.scenarios.goods import fill, fill_by_measure
from tests.scenarios.phone import Phone, desk_for, open_account

PLAYED = [(path, kind) for path in sorted(play.FOLDER.glob("*.chat")) for kind in play.kinds(path)]


@pytest.mark.parametrize(("path", "kind"), PLAYED, ids=[f"{path.stem}-{kind}" for path, kind in PLAYED])
async def test_the_conversation_goes_as_written(
    path: Path, kind: str, units: Units, shop: Shop, clock: FrozenClock
) -> None:
    desk = desk_for(units)
    async with units(shop.id) as uow:
        await fill(uow, desk.store)
        await fill_by_measure(uow, desk.store)
    phone = Phone(units, shop.id, desk, await open_account(units, shop.id, kind), clock)
    await play.Play(phone, clock, path.name).run(play.read(path))
