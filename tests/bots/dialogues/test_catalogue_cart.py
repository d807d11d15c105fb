"""A cart that was filled in the provider's own catalogue: nothing of it vanishes without a word."""

import json

from bots.messages.inbound import CartReceived, OrderedLine, ProductAsked
from tests.contracts import channels
from tests.contracts.test_channels import build, sample
from tests.scenarios.phone import Phone


async def order(phone: Phone, text: str, **units: int) -> str:
    """Send a cart with words beside it; the answer."""
    lines = tuple(OrderedLine(sku=sku.replace("_", "-"), quantity=count) for sku, count in units.items())
    return "\n".join(await phone.send(CartReceived(**phone.stamp(), lines=lines, text=text)))


async def test_a_question_beside_the_cart_is_answered(phone: Phone) -> None:
    answer = await order(phone, "was kostet der Versand?", TEE_GRE_M=2)
    assert "2 × Basic-Tee grau, M" in answer
    assert "Versand" in answer.replace("Versand nach Absprache", "")


async def test_words_that_name_what_is_in_the_cart_add_nothing(phone: Phone) -> None:
    await order(phone, "zwei graue Basic-Tees in M bitte", TEE_GRE_M=2)
    assert "Korb: 2 × Basic-Tee grau, M" in "\n".join(await phone.say("mein warenkorb"))


def test_a_line_of_more_units_than_anybody_sells_is_read_like_others() -> None:
    body = json.loads(sample("whatsapp", "order.json"))
    (message,) = body["entry"][0]["changes"][0]["value"]["messages"]
    message["order"]["product_items"] = [
        {"product_retailer_id": "TEE-GRE-M", "quantity": units, "item_price": 1, "currency": "EUR"}
        for units in (2, 99_999)
    ]
    (event,) = build("whatsapp").parse(channels.request("whatsapp", json.dumps(body).encode()))
    assert isinstance(event, CartReceived)
    assert [line.quantity for line in event.lines] == [2, 99_999]


async def test_a_line_of_too_many_units_is_refused_with_a_word(phone: Phone) -> None:
    answer = await order(phone, "", TEE_GRE_M=2, TEE_GRE_L=99_999)
    assert "auf einmal gehen hier nicht" in answer
    assert "2 × Basic-Tee grau, M" in answer


async def test_what_the_shop_does_not_sell_is_named(phone: Phone) -> None:
    answer = await order(phone, "", TEE_GRE_M=2, LAMP_7=1)
    assert "Das gibt es hier nicht: LAMP-7." in answer
    assert "2 × Basic-Tee grau, M" in answer
    assert "Das gibt es hier nicht: LAMP-7." in await order(phone, "", LAMP_7=1)


async def test_a_question_about_what_the_shop_does_not_sell_is_answered_plainly(phone: Phone) -> None:
    answer = "\n".join(await phone.send(ProductAsked(**phone.stamp(), sku="LAMP-7")))
    assert "Das gibt es hier gerade nicht." in answer
