"""What processes keep of a shop's settings: never what a transaction took back."""

import pytest
from msgspec.structs import replace

from catalog.kernel.unit_of_work import Units
from catalog.shops import profile as profiles
from catalog.shops import service as shops
from catalog.shops.models import Shop


class _BrokenError(Exception):
    """The transaction ends badly."""


async def test_settings_that_were_rolled_back_are_kept_by_nobody(units: Units, shop: Shop) -> None:
    async with units(shop.id) as uow:
        settings = (await profiles.get(uow)).settings

    async def change(hold_minutes: int, *, broken: bool) -> None:
        async with units(shop.id) as uow:
            changed = await shops.change_settings(uow, replace(settings, hold_minutes=hold_minutes))
            assert changed.settings.hold_minutes == hold_minutes
            if broken:
                raise _BrokenError

    with pytest.raises(_BrokenError):
        await change(11, broken=True)
    async with units(shop.id) as uow:  # as another process would, without this one's memory
        await uow.execute(
            "UPDATE shop SET settings = jsonb_set(settings, '{hold_minutes}', '22'), revision = revision + 1"
            " WHERE id = $1 /* shop_id */",
            shop.id,
        )
    async with units(shop.id) as uow:
        assert (await profiles.get(uow)).settings.hold_minutes == 22
