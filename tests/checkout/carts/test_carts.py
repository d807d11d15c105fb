"""Carts: words and buttons change them, prices and stock of now judge them."""

import asyncio
from datetime import timedelta
from uuid import UUID

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.kernel.ids import new_id
from catalog.kernel.money import Money
from catalog.kernel.unit_of_work import UnitOfWork, Units
from catalog.shops.settings import ShippingMethod, ShopSettings
from checkout.carts import service as carts
from checkout.carts.changes import Draft, Goods
from checkout.carts.events import CartSuperseded
from checkout.carts.values import (
    Add,
    CartOp,
    ChangeVariant,
    Clear,
    DiscountRefused,
    NothingToUndo,
    NotSoldAnyMore,
    OutOfStock,
    PriceChanged,
    Remove,
    SetQuantity,
    ShortNow,
    TooMany,
    TooManyLines,
    UnknownLine,
    UnknownSku,
)
from checkout.inventory import service as inventory
from checkout.inventory.availability import StockLine
from checkout.pricing import service as pricing
from checkout.pricing.discounts import DiscountRefusal, DiscountRule
from tests.checkout.factories import TEE, make_customer, make_image, make_product, make_variant
from tests.conftest import FrozenClock


async def _set_shop(uow: UnitOfWork, values: ShopSettings) -> None:
    await uow.execute(
        "UPDATE shop SET settings = $2, revision = revision + 1 WHERE id = $1 /* shop_id */",
        uow.shop_id, msgspec.json.encode(values).decode(),
    )  # fmt: skip


@pytest.fixture
async def tee(uow: UnitOfWork) -> UUID:
    return await make_variant(uow)


@pytest.fixture
async def ada(uow: UnitOfWork, tee: UUID) -> UUID:
    return await make_customer(uow)


class TestAdding:
    async def test_a_first_line_opens_a_cart_and_is_held(self, uow: UnitOfWork, ada: UUID) -> None:
        change = await carts.apply(uow, ada, [Add(TEE, 2)], "de")
        line = change.cart.lines[0]
        assert (line.title, line.variant_title, line.quantity) == ("Basic-Tee", "grau, M", 2)
        assert line.total == Money(4980, "EUR") == change.cart.totals.total
        assert change.cart.held_until == uow.now + timedelta(minutes=45)
        assert change.cart.version == 1
        assert (await inventory.levels(uow, [TEE]))[TEE].available == 18

    async def test_what_was_applied_is_what_is_viewed(self, uow: UnitOfWork, ada: UUID) -> None:
        change = await carts.apply(uow, ada, [Add(TEE, 2)], "en")
        assert await carts.view(uow, ada, "en") == change.cart
        assert change.cart.lines[0].variant_title == "grey, M"

    async def test_the_same_sku_again_grows_its_line(self, uow: UnitOfWork, ada: UUID) -> None:
        await carts.apply(uow, ada, [Add(TEE), Add(TEE, 2)], "de")
        change = await carts.apply(uow, ada, [Add(TEE)], "de")
        assert [line.quantity for line in change.cart.lines] == [4]

    async def test_lines_that_stay_as_they_are_are_not_written_again(self, uow: UnitOfWork, ada: UUID) -> None:
        await make_variant(uow, "CAP", product_id=await make_product(uow, handle="cap"))
        await carts.apply(uow, ada, [Add(TEE), Add("CAP")], "de")
        places = "SELECT v.sku, l.ctid::text FROM cart_line l JOIN variant v ON v.id = l.variant_id ORDER BY l.position"
        (_, tee), (_, cap) = await uow.fetch(places)
        change = await carts.apply(uow, ada, [Add("CAP", 2)], "de")
        (_, tee_now), (_, cap_now) = await uow.fetch(places)
        assert tee_now == tee
        assert cap_now != cap
        assert [(line.sku, line.quantity) for line in change.cart.lines] == [(TEE, 1), ("CAP", 3)]
        assert await carts.view(uow, ada, "de") == change.cart

    async def test_too_few_left_is_told_with_numbers(self, uow: UnitOfWork, ada: UUID) -> None:
        await carts.apply(uow, ada, [Add(TEE, 3)], "de")
        change = await carts.apply(uow, ada, [Add(TEE, 30)], "de")
        assert change.refused == (OutOfStock(TEE, wanted=33, available=20, in_cart=3),)
        assert change.cart.version == 1

    async def test_one_refusal_does_not_lose_the_others(self, uow: UnitOfWork, ada: UUID) -> None:
        change = await carts.apply(uow, ada, [Add("NOTHING"), Add(TEE), Add(TEE, 0), Add(TEE, 99)], "de")
        assert change.applied == (Add(TEE),)
        assert change.refused == (UnknownSku("NOTHING"), TooMany(TEE, 0, 99), TooMany(TEE, 100, 99))

    async def test_what_is_not_on_sale_is_unknown(self, uow: UnitOfWork, ada: UUID) -> None:
        product = await make_product(uow, handle="draft", status="draft")
        await make_variant(uow, "DRAFT", product_id=product)
        change = await carts.apply(uow, ada, [Add("DRAFT")], "de")
        assert change.refused == (UnknownSku("DRAFT"),)

    async def test_a_cart_has_at_most_fifty_lines(self, uow: UnitOfWork, ada: UUID) -> None:
        product = await make_product(uow, handle="many")
        for number in range(50):
            await make_variant(uow, f"MANY-{number:02}", product_id=product, stock=1)
        ops = [Add(f"MANY-{number:02}") for number in range(50)]
        change = await carts.apply(uow, ada, [*ops, Add(TEE)], "de")
        assert len(change.cart.lines) == 50
        assert change.refused == (TooManyLines(TEE, 50),)

    async def test_the_picture_is_that_of_the_chosen_colour(self, uow: UnitOfWork, ada: UUID) -> None:
        product = await make_product(uow, handle="pictured")
        await make_variant(uow, "P-NAVY", product_id=product, options={"colour": "navy", "size": "M"})
        await make_image(uow, product, position=0, option=None)
        await make_image(uow, product, position=1, option={"colour": "grey"})
        navy = await make_image(uow, product, position=2, option={"colour": "navy"})
        change = await carts.apply(uow, ada, [Add("P-NAVY")], "de")
        assert change.cart.lines[0].image_id == navy


class TestChanging:
    async def test_fewer_units_cost_less_and_are_free_for_others(self, uow: UnitOfWork, ada: UUID) -> None:
        line = (await carts.apply(uow, ada, [Add(TEE, 2)], "de")).cart.lines[0]
        change = await carts.apply(uow, ada, [SetQuantity(line.id, 1)], "de")
        assert change.cart.totals.total == Money(2490, "EUR")
        assert (await inventory.levels(uow, [TEE]))[TEE].available == 19

    async def test_another_size_keeps_the_quantity_and_the_place(self, uow: UnitOfWork, ada: UUID) -> None:
        await make_variant(uow, "TEE-GREY-L", options={"colour": "grey", "size": "L"}, stock=5)
        await make_variant(uow, "BELT", price=3990)
        first, _ = (await carts.apply(uow, ada, [Add(TEE, 2), Add("BELT")], "de")).cart.lines
        change = await carts.apply(uow, ada, [ChangeVariant(first.id, "TEE-GREY-L")], "de")
        assert [(line.sku, line.quantity) for line in change.cart.lines] == [("TEE-GREY-L", 2), ("BELT", 1)]
        assert change.cart.lines[0].id == first.id
        assert (await inventory.levels(uow, [TEE]))[TEE].available == 20

    async def test_another_size_that_is_there_already_joins_its_line(self, uow: UnitOfWork, ada: UUID) -> None:
        await make_variant(uow, "TEE-GREY-L", stock=5)
        first, _ = (await carts.apply(uow, ada, [Add(TEE, 2), Add("TEE-GREY-L")], "de")).cart.lines
        change = await carts.apply(uow, ada, [ChangeVariant(first.id, "TEE-GREY-L")], "de")
        assert [(line.sku, line.quantity) for line in change.cart.lines] == [("TEE-GREY-L", 3)]

    async def test_two_lines_may_swap_their_variants(self, uow: UnitOfWork, ada: UUID) -> None:
        await make_variant(uow, "A", stock=5)
        await make_variant(uow, "B", stock=5)
        lines = (await carts.apply(uow, ada, [Add(TEE), Add("A")], "de")).cart.lines
        ops = [
            ChangeVariant(lines[0].id, "B"),
            ChangeVariant(lines[1].id, TEE),
            ChangeVariant(lines[0].id, "A"),
        ]
        change = await carts.apply(uow, ada, ops, "de")
        assert [line.sku for line in change.cart.lines] == ["A", TEE]

    async def test_no_quantity_is_no_line(self, uow: UnitOfWork, ada: UUID) -> None:
        line = (await carts.apply(uow, ada, [Add(TEE, 2)], "de")).cart.lines[0]
        assert (await carts.apply(uow, ada, [SetQuantity(line.id, 0)], "de")).cart.is_empty

    async def test_more_than_one_may_buy_is_refused_and_fewer_never(self, uow: UnitOfWork, ada: UUID) -> None:
        line = (await carts.apply(uow, ada, [Add(TEE, 3)], "de")).cart.lines[0]
        for many, refusal in (
            (100, TooMany(TEE, 100, 99)),
            (21, OutOfStock(TEE, 21, 20, in_cart=3)),
            (-1, TooMany(TEE, -1, 99)),
        ):
            change = await carts.apply(uow, ada, [SetQuantity(line.id, many)], "de")
            assert (change.refused, change.cart.units) == ((refusal,), 3)
        await uow.execute("UPDATE product SET status = 'archived' WHERE shop_id = $1", uow.shop_id)
        assert (await carts.apply(uow, ada, [SetQuantity(line.id, 4)], "de")).refused == (UnknownSku(TEE),)
        assert (await carts.apply(uow, ada, [SetQuantity(line.id, 2)], "de")).cart.units == 2

    async def test_another_variant_must_be_one_that_may_be_bought(self, uow: UnitOfWork, ada: UUID) -> None:
        await make_variant(uow, "TEE-GREY-L", stock=2)
        await make_variant(uow, "DRAFT", product_id=await make_product(uow, handle="draft", status="draft"))
        before = (await carts.apply(uow, ada, [Add(TEE, 2), Add("TEE-GREY-L")], "de")).cart.lines
        for sku, many, refusal in (
            ("NOTHING", 1, UnknownSku("NOTHING")), ("DRAFT", 1, UnknownSku("DRAFT")),
            ("TEE-GREY-L", 0, TooMany("TEE-GREY-L", 0, 99)),
            ("TEE-GREY-L", None, OutOfStock("TEE-GREY-L", 3, 2, in_cart=1)),
        ):  # fmt: skip
            change = await carts.apply(uow, ada, [ChangeVariant(before[0].id, sku, many)], "de")
            assert (change.refused, change.cart.lines) == ((refusal,), before)

    async def test_a_line_that_is_gone_is_told(self, uow: UnitOfWork, ada: UUID) -> None:
        gone = new_id()
        change = await carts.apply(uow, ada, [Remove(gone)], "de")
        assert change.refused == (UnknownLine(gone),)

    async def test_emptying_lets_go_of_everything(self, uow: UnitOfWork, ada: UUID) -> None:
        await carts.apply(uow, ada, [Add(TEE, 2)], "de")
        change = await carts.apply(uow, ada, [Clear()], "de")
        assert change.cart.is_empty
        assert change.cart.held_until is None
        assert (await inventory.levels(uow, [TEE]))[TEE].available == 20


class TestUndo:
    async def test_undo_goes_back_step_by_step(self, uow: UnitOfWork, ada: UUID) -> None:
        await carts.apply(uow, ada, [Add(TEE)], "de")
        await carts.apply(uow, ada, [Add(TEE)], "de")
        await carts.apply(uow, ada, [Clear()], "de")
        units = [(await carts.undo(uow, ada, "de")).cart.units for _ in range(3)]
        assert units == [2, 1, 0]
        assert (await carts.undo(uow, ada, "de")).refused == (NothingToUndo(),)
        assert (await carts.view(uow, ada, "de")).version == 6

    async def test_undo_after_an_undone_step_and_a_new_one(self, uow: UnitOfWork, ada: UUID) -> None:
        await carts.apply(uow, ada, [Add(TEE, 5)], "de")
        await carts.apply(uow, ada, [Clear()], "de")
        await carts.undo(uow, ada, "de")
        await carts.apply(uow, ada, [Add(TEE)], "de")
        assert (await carts.undo(uow, ada, "de")).cart.units == 5

    async def test_what_comes_back_was_in_this_very_cart(self, uow: UnitOfWork, ada: UUID) -> None:
        for person, quantity in ((await make_customer(uow), 7), (ada, 2)):
            await carts.apply(uow, person, [Add(TEE, quantity)], "de")
            await carts.apply(uow, person, [Clear()], "de")
        assert await carts.lines_before(uow, ada) == {TEE: 2}
        assert (await carts.undo(uow, ada, "de")).cart.units == 2

    async def test_what_was_sold_meanwhile_does_not_come_back(self, uow: UnitOfWork, ada: UUID) -> None:
        await carts.apply(uow, ada, [Add(TEE, 5)], "de")
        await carts.apply(uow, ada, [Clear()], "de")
        await inventory.set_on_hand(uow, TEE, 2)
        change = await carts.undo(uow, ada, "de")
        assert change.cart.units == 2
        assert change.refused == (OutOfStock(TEE, 5, 2),)

    async def test_without_a_cart_there_is_nothing_to_undo(self, uow: UnitOfWork, ada: UUID) -> None:
        assert (await carts.undo(uow, ada, "de")).refused == (NothingToUndo(),)
        assert await carts.lines_before(uow, ada) == {}


class TestNews:
    async def test_a_new_price_holds_at_once_and_is_told_until_the_next_change(
        self, uow: UnitOfWork, ada: UUID
    ) -> None:
        line = (await carts.apply(uow, ada, [Add(TEE)], "de")).cart.lines[0]
        await uow.execute("UPDATE variant SET price_minor = 1990 WHERE shop_id = $1", uow.shop_id)
        cart = await carts.view(uow, ada, "de")
        assert cart.news == (PriceChanged(line.id, TEE, Money(2490, "EUR"), Money(1990, "EUR")),)
        assert cart.totals.total == Money(1990, "EUR")
        assert (await carts.apply(uow, ada, [Add(TEE)], "de")).cart.news == ()

    async def test_a_product_taken_down_is_told(self, uow: UnitOfWork, ada: UUID) -> None:
        line = (await carts.apply(uow, ada, [Add(TEE)], "de")).cart.lines[0]
        await uow.execute("UPDATE product SET status = 'archived' WHERE shop_id = $1", uow.shop_id)
        assert (await carts.view(uow, ada, "de")).news == (NotSoldAnyMore(line.id, TEE),)

    async def test_after_the_hold_others_may_be_quicker(
        self, units: Units, shop: object, shop_id: UUID, clock: FrozenClock
    ) -> None:
        async with units(shop_id) as uow:
            await make_variant(uow, stock=3)
            ada, bob = await make_customer(uow), await make_customer(uow)
            line = (await carts.apply(uow, ada, [Add(TEE, 3)], "de")).cart.lines[0]
        clock.advance(minutes=46)
        async with units(shop_id) as uow:
            assert (await carts.view(uow, ada, "de")).held_until is None
            assert (await carts.apply(uow, bob, [Add(TEE, 2)], "de")).refused == ()
            cart = await carts.view(uow, ada, "de")
            assert cart.news == (ShortNow(line.id, TEE, 3, 1),)
            change = await carts.apply(uow, ada, [SetQuantity(line.id, 1)], "de")
            assert change.refused == ()
            assert change.cart.held_until == uow.now + timedelta(minutes=45)

    async def test_a_hold_of_a_moment_ago_stays_and_an_older_one_is_made_longer(
        self, units: Units, shop: object, shop_id: UUID, clock: FrozenClock
    ) -> None:
        async with units(shop_id) as uow:
            await make_variant(uow)
            await make_variant(uow, sku="OTHER")
            ada = await make_customer(uow)
            first = (await carts.apply(uow, ada, [Add(TEE)], "de")).cart.held_until
        clock.advance(seconds=30)
        async with units(shop_id) as uow:
            cart = (await carts.apply(uow, ada, [Add("OTHER")], "de")).cart
            assert first is not None
            assert cart.held_until == first == (await carts.view(uow, ada, "de")).held_until
        clock.advance(seconds=31)
        async with units(shop_id) as uow:
            cart = (await carts.apply(uow, ada, [SetQuantity(cart.lines[1].id, 2)], "de")).cart
            assert cart.held_until == first + timedelta(seconds=61) == (await carts.view(uow, ada, "de")).held_until

    async def test_a_change_after_ordering_takes_its_holds_back_however_young_they_are(
        self, uow: UnitOfWork, ada: UUID
    ) -> None:
        cart = (await carts.apply(uow, ada, [Add(TEE)], "de")).cart
        assert cart.id is not None
        order, until = new_id(), uow.now + timedelta(minutes=45)
        held = StockLine(cart.lines[0].variant_id, TEE, 1)
        await inventory.hold(uow, cart.id, [held], until=until, order_id=order)
        await carts.mark_ordered(uow, cart.id, cart.version)
        await make_variant(uow, sku="OTHER")
        await carts.apply(uow, ada, [Add("OTHER")], "de")
        held_by = await uow.fetch("SELECT order_id FROM reservation WHERE shop_id = $1", uow.shop_id)
        assert [row["order_id"] for row in held_by] == [None, None]

    async def test_a_change_after_ordering_supersedes_the_order(self, uow: UnitOfWork, ada: UUID) -> None:
        cart = (await carts.apply(uow, ada, [Add(TEE)], "de")).cart
        assert cart.id is not None
        await carts.mark_ordered(uow, cart.id, cart.version)
        await carts.apply(uow, ada, [Add("NOTHING")], "de")
        assert not uow.recorded
        await carts.apply(uow, ada, [Add(TEE)], "de")
        await carts.apply(uow, ada, [Add(TEE)], "de")
        assert list(uow.recorded) == [CartSuperseded(cart.id, ada, ordered_version=1, version=2)]


class TestTotals:
    async def test_the_sum_of_the_journey(self, uow: UnitOfWork, ada: UUID) -> None:
        await make_variant(uow, "CHINO-32-32", price=5990)
        cart = (await carts.apply(uow, ada, [Add(TEE), Add("CHINO-32-32")], "de")).cart
        assert (cart.totals.total, cart.totals.tax) == (Money(8480, "EUR"), Money(1354, "EUR"))

    async def test_shipping_is_free_from_its_threshold_on(self, uow: UnitOfWork, ada: UUID) -> None:
        method = ShippingMethod(
            code="parcel",
            name={"de": "Paket"},
            price=Money(490, "EUR"),
            free_from=Money(4980, "EUR"),
            countries=("DE",),
        )
        await _set_shop(uow, ShopSettings(shipping=(method,)))
        cart = (await carts.apply(uow, ada, [Add(TEE)], "de")).cart
        assert (cart.totals.shipping, cart.totals.total) == (Money(490, "EUR"), Money(2980, "EUR"))
        assert (await carts.apply(uow, ada, [Add(TEE)], "de")).cart.totals.shipping == Money(0, "EUR")
        assert not (await carts.view(uow, ada, "de", country="FR")).deliverable

    async def test_a_shop_in_a_country_without_rates_sells_without_tax(self, uow: UnitOfWork, ada: UUID) -> None:
        await uow.execute("UPDATE shop SET country = 'US', revision = 2 WHERE id = $1 /* shop_id */", uow.shop_id)
        totals = (await carts.apply(uow, ada, [Add(TEE)], "de")).cart.totals
        assert (totals.total, totals.tax) == (Money(2490, "EUR"), Money(0, "EUR"))

    async def test_an_empty_cart_costs_nothing(self, uow: UnitOfWork, ada: UUID) -> None:
        method = ShippingMethod(code="parcel", name={}, price=Money(490, "EUR"))
        await _set_shop(uow, ShopSettings(shipping=(method,)))
        cart = await carts.view(uow, ada, "de")
        assert cart.id is None
        assert cart.totals.total == Money(0, "EUR")

    async def test_a_code_takes_off_and_is_taken_off(self, uow: UnitOfWork, ada: UUID) -> None:
        await pricing.create_discount(uow, DiscountRule("HERBST", percent_bp=1000))
        await carts.apply(uow, ada, [Add(TEE, 2)], "de")
        cart = (await carts.put_discount(uow, ada, " herbst", "de")).cart
        assert (cart.totals.discount, cart.totals.total) == (Money(498, "EUR"), Money(4482, "EUR"))
        assert cart == await carts.view(uow, ada, "de")
        assert (await carts.put_discount(uow, ada, None, "de")).cart.totals.total == Money(4980, "EUR")

    async def test_an_unknown_code_is_refused_and_not_kept(self, uow: UnitOfWork, ada: UUID) -> None:
        await carts.apply(uow, ada, [Add(TEE)], "de")
        change = await carts.put_discount(uow, ada, "NIX", "de")
        assert change.refused == (DiscountRefused("NIX", DiscountRefusal.UNKNOWN),)
        assert change.cart.discount_code is None

    async def test_a_code_waits_for_the_cart_to_be_large_enough(self, uow: UnitOfWork, ada: UUID) -> None:
        await pricing.create_discount(uow, DiscountRule("FIVE", amount=Money(500, "EUR"), min_total=Money(4000, "EUR")))
        await carts.apply(uow, ada, [Add(TEE)], "de")
        change = await carts.put_discount(uow, ada, "FIVE", "de")
        assert change.refused == (DiscountRefused("FIVE", DiscountRefusal.BELOW_MINIMUM),)
        assert (await carts.apply(uow, ada, [Add(TEE)], "de")).cart.totals.discount == Money(500, "EUR")


class TestTurnPath:
    async def test_an_add_needs_three_statements_and_a_view_one(
        self, uow: UnitOfWork, ada: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await carts.apply(uow, ada, [Add(TEE)], "de")
        counted = []
        for name in ("fetch", "fetchrow", "fetchval", "execute", "executemany"):
            original = getattr(uow, name)

            def count(*args: object, run: object = original) -> object:
                counted.append(args[0])
                return run(*args)  # type: ignore[operator]  # the unit of work's own method

            monkeypatch.setattr(uow, name, count)
        await carts.apply(uow, ada, [Add(TEE)], "de")
        assert len(counted) == 3
        await carts.view(uow, ada, "de")
        assert len(counted) == 4


class TestConcurrently:
    async def test_a_hundred_shoppers_race_for_ten_units(self, units: Units, shop: object, shop_id: UUID) -> None:
        async with units(shop_id) as uow:
            await make_variant(uow, stock=10)
            people = [await make_customer(uow) for _ in range(100)]

        async def shop_for(person: UUID) -> bool:
            async with units(shop_id) as uow:
                change = await carts.apply(uow, person, [Add(TEE)], "de")
                assert change.applied or change.refused == (OutOfStock(TEE, 1, 0),)
                return bool(change.applied)

        assert sum(await asyncio.gather(*map(shop_for, people))) == 10

    async def test_one_person_adding_at_once_loses_nothing(self, units: Units, shop: object, shop_id: UUID) -> None:
        async with units(shop_id) as uow:
            for sku in ("A", "B", "C", "D"):
                await make_variant(uow, sku, stock=50)
            ada = await make_customer(uow)

        async def add(sku: str) -> None:
            async with units(shop_id) as uow:
                assert (await carts.apply(uow, ada, [Add(sku)], "de")).applied

        await asyncio.gather(*(add(sku) for sku in "ABCD" * 5))
        async with units(shop_id) as uow:
            cart = await carts.view(uow, ada, "de")
            assert (cart.version, cart.units, len(cart.lines)) == (20, 20, 4)
            levels = await inventory.levels(uow, list("ABCD"))
            assert [level.reserved for level in levels.values()] == [5, 5, 5, 5]

    async def test_carts_of_the_same_goods_in_any_order_never_deadlock(
        self, units: Units, shop: object, shop_id: UUID
    ) -> None:
        async with units(shop_id) as uow:
            for sku in ("A", "B", "C"):
                await make_variant(uow, sku, stock=1000)
            people = [await make_customer(uow) for _ in range(12)]

        async def wander(person: UUID, order: str) -> None:
            for sku in order * 3:
                async with units(shop_id) as uow:
                    await carts.apply(uow, person, [Add(sku), Add(order[-1])], "de")

        orders = ("ABC", "CBA", "BCA", "CAB") * 3
        await asyncio.gather(*(wander(person, order) for person, order in zip(people, orders, strict=True)))


_SKUS = ("A", "B", "C")


def _goods() -> dict[str, Goods]:
    return {
        sku: Goods(new_id(), sku, sku, sku, "", {}, Money(100, "EUR"), None, "standard", sku != "C", free)
        for sku, free in (("A", 120), ("B", 5), ("C", 9))
    }


@given(st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_sequence_of_operations_breaks_a_cart(data: st.DataObject) -> None:
    goods = _goods()
    draft = Draft([], goods)
    for tried in range(1, data.draw(st.integers(2, 13))):
        lines = st.sampled_from([*(line.id for line in draft.lines), new_id()])
        quantity = st.integers(-1, 130)
        op: CartOp = data.draw(
            st.one_of(
                st.builds(Add, st.sampled_from([*_SKUS, "X"]), quantity),
                st.builds(SetQuantity, lines, quantity),
                st.builds(ChangeVariant, lines, st.sampled_from([*_SKUS, "X"]), st.none() | quantity),
                st.builds(Remove, lines),
                st.just(Clear()),
            )
        )
        draft.apply([op])
        assert len(draft.applied) + len(draft.refused) == tried
        assert len({line.sku for line in draft.lines}) == len(draft.lines)
        assert len({line.id for line in draft.lines}) == len(draft.lines)
        for line in draft.lines:
            assert 1 <= line.quantity <= min(99, goods[line.sku].free)
            assert goods[line.sku].is_sold
