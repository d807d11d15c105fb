"""Goods with names longer than a button's id: every button of theirs works."""

from catalog.kernel.money import Money
from catalog.kernel.unit_of_work import Units
from catalog.products import service as products
from catalog.products.values import ProductDraft, VariantDraft
from catalog.shops.models import Shop
from checkout.inventory import service as inventory
from tests.conftest import FrozenClock
from tests.scenarios.phone import Phone, desk_for, open_account

HANDLE = "mens-classic-organic-cotton-heavyweight-crewneck-jumper-in-many-colours-2026-edition"
SKU = "SUPPLIER/2026:JUMPER-HEAVYWEIGHT-CREWNECK-ORGANIC-COTTON-{}-{}"
COLOURS = ("grey", "navy")
SIZES = ("S", "an extraordinarily generous size that a merchant wrote out in full, once and for all")


async def test_every_button_of_a_long_name_works(units: Units, shop: Shop, clock: FrozenClock) -> None:
    variants = tuple(
        VariantDraft(sku=SKU.format(colour, place), price=Money(4990, "EUR"), options={"colour": colour, "size": size})
        for colour in COLOURS
        for place, size in enumerate(SIZES)
    )
    draft = ProductDraft(
        handle=HANDLE, title={"de": "Strickpulli", "en": "Jumper"}, category="knitwear",
        options=("colour", "size"), variants=variants,
    )  # fmt: skip
    async with units(shop.id) as uow:
        await products.bulk_upsert(uow, [draft])
        await inventory.set_many(uow, {one.sku: 9 for one in variants})
    phone = Phone(units, shop.id, desk_for(units), await open_account(units, shop.id, "telegram"), clock, locale="de")
    await phone.say("zeig mir den strickpulli")
    assert "welche Farbe" in "\n".join(await phone.tap("In den Korb"))
    await phone.tap("marine")
    assert "Strickpulli marine" in "\n".join(await phone.tap(SIZES[1]))
    await phone.say("ändern")
    line = next(title for title in phone.offers if title.startswith("−"))
    await phone.tap(line)
    async with units(shop.id) as uow:
        found = await uow.fetchval("SELECT count(*) FROM cart_line WHERE shop_id = $1", shop.id)
    assert found == 0
