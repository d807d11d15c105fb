"""Answers that quote a message of ours: what that message showed is meant, whatever was spoken of since."""

import pytest

from bots.messages.inbound import TextReceived
from catalog.kernel.unit_of_work import Units
from catalog.shops.models import Shop
from checkout.carts import service as carts
from tests.conftest import FrozenClock
from tests.scenarios.goods import fill
from tests.scenarios.phone import Phone, desk_for, open_account


@pytest.fixture(params=["whatsapp", "telegram", "webchat"])
async def phone(request: pytest.FixtureRequest, units: Units, shop: Shop, clock: FrozenClock) -> Phone:
    desk = desk_for(units)
    async with units(shop.id) as uow:
        await fill(uow, desk.store)
    made = Phone(units, shop.id, desk, await open_account(units, shop.id, request.param), clock)
    await made.say("hallo")
    return made


async def cart(phone: Phone) -> list[tuple[str, int]]:
    """SKUs and quantities."""
    async with phone.units(phone.shop_id) as uow:
        view = await carts.view(uow, (await phone.conversation(uow))["customer_id"], "de")
    return [(line.sku, line.quantity) for line in view.lines]


async def two_cards(phone: Phone) -> None:
    """The overshirt, then the grey tee."""
    assert await phone.say("zeig mir das Overshirt")
    assert await phone.say("zeig mir das graue Basic-Tee")


async def test_the_card_that_is_quoted_goes_into_the_cart(phone: Phone) -> None:
    await two_cards(phone)
    await phone.quote("Overshirt", "den in M bitte")
    assert await cart(phone) == [("OVE-GRE-M", 1)]


async def test_an_amount_of_the_card_that_is_quoted(phone: Phone) -> None:
    await two_cards(phone)
    await phone.quote("Overshirt", "zwei davon in L")
    assert await cart(phone) == [("OVE-GRE-L", 2)]


async def test_the_colour_of_the_quoted_card_is_meant_though_another_was_shown_since(phone: Phone) -> None:
    await phone.say("zeig mir das graue Basic-Tee")
    await phone.say("zeig mir das Basic-Tee in navy")
    await phone.quote("grey", "das in M bitte")
    assert await cart(phone) == [("TEE-GRE-M", 1)]


async def test_a_question_is_about_the_card_that_is_quoted(phone: Phone) -> None:
    await two_cards(phone)
    assert "79,90" in "\n".join(await phone.quote("Overshirt", "was kostet der?"))


async def test_a_question_still_open_is_not_of_the_card_that_is_quoted(phone: Phone) -> None:
    await phone.say("zeig mir das Overshirt")
    await phone.say("ich nehme das graue Basic-Tee")
    await phone.quote("Overshirt", "den in M bitte")
    assert await cart(phone) == [("OVE-GRE-M", 1)]


async def test_a_place_is_one_of_the_list_that_is_quoted(phone: Phone) -> None:
    await phone.say("LB7")
    await phone.say("zeig mir Hosen")
    await phone.quote("Overshirt", "die 3 in M bitte")
    assert await cart(phone) == [("OVE-GRE-M", 1)]


async def test_a_quote_of_a_message_that_is_not_known_changes_nothing(phone: Phone) -> None:
    await two_cards(phone)
    await phone.send(TextReceived(**phone.stamp(), text="das in M bitte", reply_to="somebody-elses"))
    assert await cart(phone) == [("TEE-GRE-M", 1)]


async def test_pieces_of_one_thought_share_the_quote_of_the_first(phone: Phone) -> None:
    await two_cards(phone)
    await phone.quote("Overshirt", "den in")
    await phone.say("M bitte")
    assert await cart(phone) == [("OVE-GRE-M", 1)]
