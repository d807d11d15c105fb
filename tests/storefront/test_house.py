"""The fixtures every other test stands on."""

from catalog.kernel.unit_of_work import UnitOfWork, Units
from catalog.shops.models import Shop


async def test_a_rolled_back_transaction_holds_its_shop(uow: UnitOfWork, shop: Shop) -> None:
    assert await uow.fetchval("SELECT slug FROM shop WHERE id = $1", shop.id) == "linden"


async def test_committed_work_is_seen_by_the_next_transaction(units: Units, shop: Shop) -> None:
    async with units(shop.id) as uow:
        await uow.execute("UPDATE shop SET name = 'Loom' WHERE id = $1", shop.id)
    async with units(shop.id) as uow:
        assert await uow.fetchval("SELECT name FROM shop WHERE id = $1", shop.id) == "Loom"


async def test_nothing_of_another_test_is_left(uow: UnitOfWork) -> None:
    assert await uow.fetchval("SELECT count(*) FROM shop") == 1
