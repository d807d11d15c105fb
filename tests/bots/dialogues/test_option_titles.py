"""A merchant's own names for colours and sizes stand wherever goods are spoken of."""

import json

import pytest

from catalog.kernel.unit_of_work import Units
from catalog.shops.models import Shop
from tests.conftest import FrozenClock
from tests.scenarios import goods
from tests.scenarios.phone import Phone, desk_for, open_account

TITLES = {"grey": {"de": "Nebelgrau", "en": "Fog"}, "M": {"de": "Mittel"}}


@pytest.fixture
async def phone(units: Units, shop: Shop, clock: FrozenClock) -> Phone:
    desk = desk_for(units)
    async with units(shop.id) as uow:
        await goods.fill(uow, desk.store)
        await uow.execute(
            "UPDATE product SET attributes = attributes || $2 WHERE shop_id = $1",
            uow.shop_id, json.dumps({"option_titles": TITLES}),
        )  # fmt: skip
    return Phone(units, shop.id, desk, await open_account(units, shop.id, "telegram"), clock, locale="de")


async def test_on_the_card_in_the_question_and_in_the_cart(phone: Phone) -> None:
    shown = "\n".join(await phone.say("graues Basic-Tee"))
    assert "Nebelgrau" in shown
    await phone.say("in den Korb")
    assert "Mittel" in phone.offers
    assert "Basic-Tee Nebelgrau, Mittel" in "\n".join(await phone.say("Mittel"))


async def test_in_what_is_said_of_stock(phone: Phone) -> None:
    assert "Basic-Tee Nebelgrau, Mittel" in "\n".join(await phone.say("habt ihr das Basic-Tee in grau M?"))
