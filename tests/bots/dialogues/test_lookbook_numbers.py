"""Numbers right after a lookbook are its pieces, and each of them gets an answer."""

import pytest

from catalog.kernel.unit_of_work import Units
from catalog.products import service as products
from catalog.shops.models import Shop
from checkout.carts import service as carts
from tests.conftest import FrozenClock
from tests.scenarios.goods import fill
from tests.scenarios.phone import Phone, desk_for, open_account

NO_CHINO = "Chino gibt es nicht in Größe M. Es gibt: 31/32"
NO_BELT = "Gürtel ist gerade"


@pytest.fixture
async def phone(units: Units, shop: Shop, clock: FrozenClock) -> Phone:
    """Somebody who looks at LB7: tee, chinos, overshirt, and a belt that is sold out."""
    desk = desk_for(units)
    async with units(shop.id) as uow:
        await fill(uow, desk.store)
    made = Phone(units, shop.id, desk, await open_account(units, shop.id, "whatsapp"), clock)
    await made.say("hallo")
    await made.say("LB7")
    return made


async def cart(phone: Phone) -> list[tuple[str, int]]:
    """SKUs and quantities."""
    async with phone.units(phone.shop_id) as uow:
        view = await carts.view(uow, (await phone.conversation(uow))["customer_id"], "de")
    return [(line.sku, line.quantity) for line in view.lines]


@pytest.mark.parametrize("before", [(), ("alles",)])
async def test_each_piece_that_is_not_to_be_had_so_is_told_why(phone: Phone, before: tuple[str, ...]) -> None:
    for text in before:
        await phone.say(text)
    (said,) = await phone.say("2 und 4 in M")
    assert NO_CHINO in said
    assert f"{NO_BELT} ganz ausverkauft" in said
    assert "Gürtel gibt es nicht" not in said
    assert await cart(phone) == []


async def test_what_is_there_goes_into_the_cart_and_the_rest_is_told(phone: Phone) -> None:
    (said,) = await phone.say("1, 2 und 4 in M")
    assert "1 × Basic-Tee grau, M" in said
    assert NO_CHINO in said
    assert NO_BELT in said
    assert await cart(phone) == [("TEE-GRE-M", 1)]


async def test_numbers_after_everything_are_pieces_and_no_amounts(phone: Phone) -> None:
    await phone.say("alles")
    said = await phone.say("1 und 3 in L")
    assert await cart(phone) == [("TEE-GRE-L", 1), ("OVE-GRE-L", 1)]
    assert said[-1] == "Chino: welche Größe?"
    said = await phone.say("32/32")
    assert not any("welche Größe" in one for one in said)


async def test_one_number_after_everything_is_an_amount(phone: Phone) -> None:
    await phone.say("alles")
    await phone.say("2 in M")
    assert await cart(phone) == [("TEE-GRE-M", 2)]


@pytest.mark.parametrize("text", ["3 und 4", "alles"])
async def test_a_piece_that_is_sold_out_is_named_before_the_others_are_asked_about(phone: Phone, text: str) -> None:
    first, second = await phone.say(text)
    assert first == "Gürtel ist gerade ausverkauft."
    assert second.endswith("welche Größe?")


async def test_a_lookbook_of_which_nothing_is_sold_any_more_is_none(phone: Phone) -> None:
    async with phone.units(phone.shop_id) as uow:
        for handle in ("basic-tee", "chino", "overshirt", "guertel"):
            await products.delete_product(uow, (await products.get_by_handle(uow, handle)).id)
    (said,) = await phone.say("LB7")
    assert "Antworte" not in said
