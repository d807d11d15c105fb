"""What changed in a full cart since the shopper was last told stands above it, and is settled before paying."""

import pytest

from catalog.products import catalogue as products
from checkout.inventory import service as inventory
from tests.scenarios.phone import Phone


async def change(phone: Phone, statement: str) -> None:
    """Something that the merchant does."""
    async with phone.units(phone.shop_id) as uow:
        await uow.execute(f"{statement} AND shop_id = $1", uow.shop_id)
        await products.bump(uow)


@pytest.fixture
async def filled(phone: Phone) -> Phone:
    await phone.say("zwei graue Basic-Tees in M")
    return phone


async def test_goods_taken_down_are_named_and_not_to_be_paid(filled: Phone) -> None:
    await change(filled, "UPDATE product SET status = 'archived' WHERE handle = 'basic-tee'")
    for wish in ("mein warenkorb", "bezahlen"):
        told = "\n".join(await filled.say(wish))
        assert "Basic-Tee grau, M gibt es hier nicht mehr." in told
        assert "Nimm es heraus" in told
        assert "Reserviert" not in told
        assert list(filled.offers) == ["− Basic-Tee grau, M"]
    assert "leer" in "\n".join(await filled.say("− Basic-Tee grau, M"))


async def test_fewer_than_wished_are_told_before_the_address_is_asked_for(filled: Phone) -> None:
    async with filled.units(filled.shop_id) as uow:
        await inventory.set_many(uow, {"TEE-GRE-M": 1})
    told = "\n".join(await filled.say("zur kasse"))
    assert "Basic-Tee grau, M: gewünscht 2, da sind noch 1." in told
    assert "Wohin" not in told
    await filled.say("− Basic-Tee grau, M")
    assert "Wohin" in "\n".join(await filled.say("zur kasse"))


async def test_another_price_is_told_beside_the_cart(filled: Phone) -> None:
    await change(filled, "UPDATE variant SET price_minor = 1990 WHERE sku = 'TEE-GRE-M'")
    told = "\n".join(await filled.say("mein warenkorb"))
    assert "Basic-Tee grau, M kostet jetzt 19,90\xa0€ statt 24,90\xa0€." in told
