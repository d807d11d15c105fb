"""Stock: levels, holds that end by themselves, sales and returns that happen once."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from catalog.kernel.errors import Invalid, NotFound
from catalog.kernel.ids import new_id
from catalog.kernel.unit_of_work import UnitOfWork, Units
from catalog.products import service as products
from checkout.inventory import service as inventory
from checkout.inventory.availability import Held, Level, Short, StockLine
from tests.catalog.products.factories import plain_draft
from tests.checkout.factories import TEE, make_product, make_variant
from tests.conftest import FrozenClock


async def _ledger(uow: UnitOfWork, variant_id: UUID) -> int:
    total = await uow.fetchval(
        "SELECT sum(delta)::bigint FROM stock_movement WHERE shop_id = $1 AND variant_id = $2", uow.shop_id, variant_id
    )
    return int(total)


async def _available(uow: UnitOfWork, sku: str = TEE) -> int:
    return (await inventory.levels(uow, [sku]))[sku].available


class TestLevels:
    async def test_what_was_counted_is_on_hand(self, uow: UnitOfWork) -> None:
        await make_variant(uow, stock=None)
        level = await inventory.set_on_hand(uow, TEE, 7)
        assert (level.on_hand, level.reserved, level.available) == (7, 0, 7)

    async def test_an_unknown_sku_is_refused(self, uow: UnitOfWork) -> None:
        with pytest.raises(NotFound):
            await inventory.set_on_hand(uow, "NOTHING", 7)

    async def test_less_than_nothing_is_refused(self, uow: UnitOfWork) -> None:
        await make_variant(uow)
        with pytest.raises(Invalid):
            await inventory.set_on_hand(uow, TEE, -1)
        with pytest.raises(Invalid):
            await inventory.adjust(uow, TEE, -21)

    async def test_a_sku_never_counted_has_nothing(self, uow: UnitOfWork) -> None:
        await make_variant(uow, stock=None)
        assert await _available(uow) == 0

    async def test_a_sku_that_is_not_sold_is_told_apart_from_one_never_counted(self, uow: UnitOfWork) -> None:
        await make_variant(uow, stock=None)
        assert await inventory.levels_of_sold(uow, [TEE, "NOTHING"]) == {TEE: Level(TEE, 0, 0)}

    async def test_a_sku_made_anew_keeps_what_is_held_of_it(self, uow: UnitOfWork, shop: object) -> None:
        first = await products.create_product(uow, plain_draft("tee", "Tee"))
        (variant,) = first.variants
        await inventory.set_on_hand(uow, variant.sku, 3)
        line = StockLine(variant.id, variant.sku, 1)
        await inventory.hold(uow, new_id(), [line], until=uow.now + timedelta(minutes=45))
        await products.delete_product(uow, first.id)
        await products.create_product(uow, plain_draft("tee", "Tee"))
        level = await inventory.set_on_hand(uow, variant.sku, 1)
        assert (level.on_hand, level.reserved) == (1, 1)
        await inventory.restock(uow, [line], reason="returned", reference=new_id())
        assert (await inventory.levels(uow, [variant.sku]))[variant.sku].on_hand == 2

    async def test_the_ledger_sums_to_what_is_on_hand(self, uow: UnitOfWork) -> None:
        variant_id = await make_variant(uow, stock=10)
        await inventory.set_on_hand(uow, TEE, 4)
        level = await inventory.adjust(uow, TEE, 3)
        assert level.on_hand == 7 == await _ledger(uow, variant_id)

    async def test_many_are_set_at_once_and_the_unknown_are_named(self, uow: UnitOfWork) -> None:
        await make_variant(uow, "A")
        await make_variant(uow, "B", stock=None)
        assert await inventory.set_many(uow, {"A": 1, "B": 2, "C": 3}) == ["C"]
        levels = await inventory.levels(uow, ["A", "B"])
        assert (levels["A"].on_hand, levels["B"].on_hand) == (1, 2)

    async def test_a_retired_variant_does_not_lend_its_stock_to_its_successor(self, uow: UnitOfWork) -> None:
        old = await make_variant(uow, stock=5)
        await uow.execute(
            "UPDATE variant SET retired_at = $2 WHERE shop_id = $3 AND id = $1", old, uow.now, uow.shop_id
        )
        await uow.execute("UPDATE product SET handle = 'old' WHERE shop_id = $1", uow.shop_id)
        await make_variant(uow, stock=None)
        assert await _available(uow) == 0


class TestHolds:
    async def test_held_units_are_not_available_to_others(self, uow: UnitOfWork) -> None:
        variant_id = await make_variant(uow, stock=3)
        mine, other = new_id(), new_id()
        until = uow.now + timedelta(minutes=45)
        assert await inventory.hold(uow, mine, [StockLine(variant_id, TEE, 2)], until=until) == (Held(TEE, 2, until),)
        assert await inventory.hold(uow, other, [StockLine(variant_id, TEE, 2)], until=until) == (Short(TEE, 2, 1),)
        assert await _available(uow) == 1

    async def test_a_hold_is_set_not_added(self, uow: UnitOfWork) -> None:
        variant_id = await make_variant(uow, stock=3)
        cart, until = new_id(), uow.now + timedelta(minutes=45)
        await inventory.hold(uow, cart, [StockLine(variant_id, TEE, 2)], until=until)
        await inventory.hold(uow, cart, [StockLine(variant_id, TEE, 3)], until=until)
        assert await _available(uow) == 0

    async def test_lines_are_held_each_for_itself(self, uow: UnitOfWork) -> None:
        first, second = await make_variant(uow, "A", stock=1), await make_variant(uow, "B", stock=1)
        until = uow.now + timedelta(minutes=45)
        lines = [StockLine(second, "B", 2), StockLine(first, "A", 1)]
        assert await inventory.hold(uow, new_id(), lines, until=until) == (Short("B", 2, 1), Held("A", 1, until))

    async def test_goods_that_others_hold_are_out_of_stock_and_no_others(self, uow: UnitOfWork) -> None:
        tee, belt = await make_product(uow, handle="tee"), await make_product(uow, handle="belt")
        one_tee = [StockLine(await make_variant(uow, stock=1, product_id=tee), TEE, 1)]
        one_belt = [StockLine(await make_variant(uow, "BELT", stock=1, product_id=belt), "BELT", 1)]
        until, order = uow.now + timedelta(minutes=45), new_id()
        assert await inventory.in_stock(uow, [tee, belt]) == {tee, belt}
        assert await inventory.in_stock(uow, [tee]) == {tee}
        await inventory.hold(uow, new_id(), one_tee, until=until)
        await inventory.hold(uow, new_id(), one_belt, until=uow.now)  # over at once
        assert await inventory.in_stock(uow, [tee, belt]) == {belt}
        await inventory.hold(uow, new_id(), one_belt, until=until, order_id=order)
        assert await inventory.in_stock(uow, [tee, belt]) == set()
        await inventory.drop_order(uow, order)
        assert await inventory.in_stock(uow, [tee, belt]) == {belt}
        await uow.execute("UPDATE variant SET retired_at = $2 WHERE shop_id = $1", uow.shop_id, uow.now)
        assert await inventory.in_stock(uow, [tee, belt]) == set()

    async def test_an_ended_hold_counts_as_free_without_any_sweeper(
        self, units: Units, shop_id: UUID, shop: object, clock: FrozenClock
    ) -> None:
        async with units(shop_id) as uow:
            variant_id = await make_variant(uow, stock=1)
            await inventory.hold(uow, new_id(), [StockLine(variant_id, TEE, 1)], until=uow.now + timedelta(minutes=45))
        clock.advance(minutes=45)
        async with units(shop_id) as uow:
            assert await _available(uow) == 1
            answers = await inventory.hold(
                uow, new_id(), [StockLine(variant_id, TEE, 1)], until=uow.now + timedelta(minutes=45)
            )
            assert isinstance(answers[0], Held)
            belt = await make_variant(uow, "BELT", stock=1)
            await inventory.hold(
                uow, new_id(), [StockLine(belt, "BELT", 1)], until=uow.now + timedelta(days=2, hours=1)
            )
            sold, cart = [StockLine(await make_variant(uow, "SOLD", stock=1), "SOLD", 1)], new_id()
            await inventory.hold(uow, cart, sold, until=uow.now + timedelta(minutes=45))
            assert await inventory.consume(uow, new_id(), cart_id=cart, lines=sold) == ()
        clock.advance(days=2)
        async with units(shop_id) as uow:
            assert await inventory.tidy(uow) == 2
            assert (await inventory.levels(uow, ["BELT"]))["BELT"].reserved == 1


class TestSales:
    async def test_a_sale_uses_the_hold_and_happens_once(self, uow: UnitOfWork) -> None:
        variant_id = await make_variant(uow, stock=3)
        cart, order = new_id(), new_id()
        lines = [StockLine(variant_id, TEE, 2)]
        await inventory.hold(uow, cart, lines, until=uow.now + timedelta(minutes=45))
        assert await inventory.consume(uow, order, cart_id=cart, lines=lines) == ()
        assert await inventory.consume(uow, order, cart_id=cart, lines=lines) == ()
        level = (await inventory.levels(uow, [TEE]))[TEE]
        assert (level.on_hand, level.reserved) == (1, 0)

    async def test_what_others_hold_is_not_sold(self, uow: UnitOfWork) -> None:
        variant_id = await make_variant(uow, stock=2)
        lines = [StockLine(variant_id, TEE, 2)]
        await inventory.hold(uow, new_id(), [StockLine(variant_id, TEE, 1)], until=uow.now + timedelta(minutes=45))
        assert await inventory.consume(uow, new_id(), cart_id=new_id(), lines=lines) == (Short(TEE, 2, 1),)
        assert (await inventory.levels(uow, [TEE]))[TEE].on_hand == 2

    async def test_after_a_correction_the_first_to_pay_is_served(self, uow: UnitOfWork) -> None:
        variant_id = await make_variant(uow, stock=2)
        first, second, until = new_id(), new_id(), uow.now + timedelta(minutes=45)
        line = [StockLine(variant_id, TEE, 1)]
        await inventory.hold(uow, first, line, until=until)
        await inventory.hold(uow, second, line, until=until)
        await inventory.set_on_hand(uow, TEE, 1)
        assert await inventory.consume(uow, new_id(), cart_id=second, lines=line) == ()
        assert await inventory.consume(uow, new_id(), cart_id=first, lines=line) == (Short(TEE, 1, 0),)

    async def test_goods_come_back_once_for_each_return(self, uow: UnitOfWork) -> None:
        variant_id = await make_variant(uow, stock=3)
        back = new_id()
        for _ in range(2):
            await inventory.restock(uow, [StockLine(variant_id, TEE, 2)], reason="returned", reference=back)
        assert await _available(uow) == 5 == await _ledger(uow, variant_id)


async def test_a_hundred_shoppers_cannot_hold_more_than_there_is(units: Units, shop_id: UUID, shop: object) -> None:
    async with units(shop_id) as uow:
        first, second = await make_variant(uow, "A", stock=10), await make_variant(uow, "B", stock=10)

    async def shop_for(index: int) -> bool:
        lines = [StockLine(first, "A", 1), StockLine(second, "B", 1)]
        async with units(shop_id) as uow:
            answers = await inventory.hold(
                uow, new_id(), lines[:: 1 if index % 2 else -1], until=uow.now + timedelta(minutes=45)
            )
            return all(isinstance(answer, Held) for answer in answers)

    won = await asyncio.gather(*(shop_for(index) for index in range(100)))
    assert sum(won) == 10
    async with units(shop_id) as uow:
        levels = await inventory.levels(uow, ["A", "B"])
        assert [level.available for level in levels.values()] == [0, 0]
