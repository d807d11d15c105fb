"""What a page of ours learns beyond the words: prices to reckon with, the cart's id, how long goods are kept."""

from typing import Any

from bots.channels.base import Envelope, MediaLinks
from bots.channels.webchat import outbound
from bots.channels.webchat.threads import stamp
from bots.messages.fitted import load
from catalog.kernel.unit_of_work import Units
from catalog.shops.models import Shop
from checkout.carts import service as carts
from tests.conftest import FrozenClock
from tests.scenarios import goods
from tests.scenarios.phone import Phone, desk_for, open_account

_ENVELOPE = Envelope(address="web-1", message_id="m1", media=MediaLinks(base="https://shop.example"), locale="de")


async def test_cards_cart_and_payment_carry_what_their_words_say(units: Units, shop: Shop, clock: FrozenClock) -> None:
    desk = desk_for(units)
    async with units(shop.id) as uow:
        await goods.fill(uow, desk.store)
    phone = Phone(units, shop.id, desk, await open_account(units, shop.id, "webchat"), clock, locale="de")
    await phone.say("zeig mir das Basic-Tee")
    await phone.say("2 basic-tee grau in M")
    await phone.say("zur kasse")
    await phone.say("Lindenstraße 5, 10969 Berlin")
    drawn = await _drawn(phone)
    async with units(shop.id) as uow:
        cart = await carts.view(uow, (await phone.conversation(uow))["customer_id"], "de")
    assert drawn["product"]["price"] == {"amount_minor": 2490, "currency": "EUR"}
    assert drawn["cart"]["cart_id"] == str(cart.id)
    total = cart.totals.total
    assert drawn["checkout"]["amount"] == {"amount_minor": total.minor, "currency": total.currency}
    assert cart.held_until is not None
    assert drawn["checkout"]["expires_at"] == stamp(cart.held_until)


async def _drawn(phone: Phone) -> dict[str, dict[str, Any]]:
    """The last content of each type."""
    async with phone.units(phone.shop_id) as uow:
        rows = await uow.fetch("SELECT body FROM outbound_message WHERE shop_id = $1 ORDER BY seq", phone.shop_id)
    contents = [(outbound.render(load(row["body"]), _ENVELOPE).json or {})["body"]["content"] for row in rows]
    return {content["type"]: content for content in contents}
