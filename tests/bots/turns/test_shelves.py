"""What turns know of a shop's goods: at once in a small shop, a moment later in a large one, built once at a time."""

import asyncio

import pytest

from bots.turns import shelves
from bots.turns.shelves import Shelf, Shelves
from bots.understanding.entries import Entry
from bots.understanding.lexicon import Lexicon
from bots.understanding.reader import RuleReader
from catalog.kernel.unit_of_work import Units
from catalog.products import service as products
from catalog.shops import profile as profiles
from catalog.shops.models import Shop
from tests.catalog.products.factories import plain_draft


async def look(kept: Shelves, units: Units, shop: Shop) -> Shelf:
    async with units(shop.id) as uow:
        return await kept.of(uow, await profiles.get(uow))


async def stock(units: Units, shop: Shop, *handles: str) -> None:
    async with units(shop.id) as uow:
        await products.bulk_upsert(uow, [plain_draft(handle, handle.title()) for handle in handles])


async def test_a_small_shop_knows_its_new_goods_at_once(units: Units, shop: Shop) -> None:
    kept = Shelves(units)
    await stock(units, shop, "mug")
    assert set((await look(kept, units, shop)).variants) == {"mug"}
    await stock(units, shop, "lamp")
    assert set((await look(kept, units, shop)).variants) == {"mug", "lamp"}


async def test_a_large_shop_goes_on_with_what_it_had_until_the_next_is_ready(
    units: Units, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelves, "_LARGE", 1)
    kept = Shelves(units)
    await stock(units, shop, "mug")
    before = await look(kept, units, shop)
    await stock(units, shop, "lamp")
    assert await look(kept, units, shop) is before
    await kept.settled()
    after = await look(kept, units, shop)
    assert set(after.variants) == {"mug", "lamp"}
    assert await look(kept, units, shop) is after


async def test_turns_at_the_same_moment_build_one_shelf(
    units: Units, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stock(units, shop, "mug")
    built: list[int] = []
    read = shelves._read

    def counted(entries: list[Entry], known: Lexicon | None) -> RuleReader:
        built.append(len(entries))
        return read(entries, known)

    monkeypatch.setattr(shelves, "_read", counted)
    kept = Shelves(units)
    found = await asyncio.gather(*(look(kept, units, shop) for _ in range(3)))
    assert built == [1]
    assert len({id(shelf) for shelf in found}) == 1


async def test_a_build_that_fails_leaves_the_old_shelf(
    units: Units, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelves, "_LARGE", 1)
    kept = Shelves(units)
    await stock(units, shop, "mug")
    before = await look(kept, units, shop)
    await stock(units, shop, "lamp")

    def broken(_entries: list[Entry], _known: Lexicon | None) -> RuleReader:
        raise RuntimeError("broken")

    with monkeypatch.context() as patch:
        patch.setattr(shelves, "_read", broken)
        assert await look(kept, units, shop) is before
        await kept.settled()
    assert await look(kept, units, shop) is before
    await kept.settled()
    assert set((await look(kept, units, shop)).variants) == {"mug", "lamp"}


async def test_goods_that_did_not_change_are_not_compiled_again(units: Units, shop: Shop) -> None:
    kept = Shelves(units)
    await stock(units, shop, "mug")
    before = (await look(kept, units, shop)).reader.lexicon
    await stock(units, shop, "lamp")
    after = (await look(kept, units, shop)).reader.lexicon
    assert after.analyses["mug"][1] is before.analyses["mug"][1]
    assert set(after.analyses) == {"mug", "lamp"}


async def test_warm_shelves_are_ready_for_the_first_turn(
    units: Units, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Shelves(units)
    await stock(units, shop, "mug")
    await kept.warm(asyncio.Event())
    monkeypatch.delattr(shelves, "_read")
    assert set((await look(kept, units, shop)).variants) == {"mug"}


async def test_what_cannot_be_warmed_is_left_to_the_first_turn(
    units: Units, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Shelves(units)
    await stock(units, shop, "mug")
    with monkeypatch.context() as patch:
        patch.delattr(shelves, "_read")
        await kept.warm(asyncio.Event())
    assert set((await look(kept, units, shop)).variants) == {"mug"}
