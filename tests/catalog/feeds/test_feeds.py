"""Feeds: one offer a variant, spelled as Google and Meta want it, and readable by our own import."""

import csv
import io
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest

from catalog.feeds.formats import Addresses
from catalog.feeds.service import feed
from catalog.imports.service import run_import
from catalog.kernel.errors import NotFound
from catalog.kernel.money import Money
from catalog.kernel.unit_of_work import UnitOfWork, Units
from catalog.products import service as products
from catalog.products.values import ImageDraft
from catalog.shops.models import Shop
from tests.catalog.products.factories import make_draft, make_variant, plain_draft

ADDRESSES = Addresses(
    shop="https://shop.test",
    product=lambda handle: f"https://shop.test/x/{handle}",
    picture=lambda image_id: f"https://shop.test/media/{image_id}/wide.jpg",
)
GREY, SHARED = "1" * 64, "2" * 64


async def available(uow: UnitOfWork, ids: Sequence[UUID]) -> Mapping[UUID, int]:
    return dict.fromkeys(ids[:1], 3)


async def fill(uow: UnitOfWork) -> None:
    await uow.executemany(
        """INSERT INTO image (shop_id, id, mime, width, height, bytes, colour, fingerprint, created_at)
           VALUES ($1, $2, 'image/jpeg', 10, 10, 9, '#aabbcc', 0, $3)""",
        [(uow.shop_id, GREY, uow.now), (uow.shop_id, SHARED, uow.now)],
    )
    variants = (
        make_variant("T-GREY", gtin="4006381333931", compare_at_price=Money(2990, "EUR"), weight_g=200),
        make_variant("T-NAVY", options={"colour": "navy", "size": "M"}),
    )
    images = (ImageDraft(image_id=SHARED), ImageDraft(image_id=GREY, option={"colour": "grey"}))
    attributes = {"gender": "women", "material": {"de": "Baumwolle", "en": "cotton"}}
    await products.upsert_product(uow, make_draft("tee", variants=variants, images=images, attributes=attributes))
    await products.upsert_product(uow, plain_draft("mug", "Tasse <Eins> & Co\x0b\ufffe"))
    await products.upsert_product(uow, plain_draft("secret", "Entwurf", status="draft"))


async def read(uow: UnitOfWork, dialect: str, form: str) -> bytes:
    pieces = await feed(
        lambda: nullcontext(uow), dialect=dialect, form=form, locale="de", addresses=ADDRESSES, available=available
    )
    return b"".join([piece async for piece in pieces])


async def test_google_reads_variants_with_prices_pictures_and_stock(uow: UnitOfWork, shop: Shop) -> None:
    await fill(uow)
    grey, navy, mug = csv.DictReader(io.StringIO((await read(uow, "google", "csv")).decode()))
    assert (grey["id"], grey["item_group_id"], grey["title"]) == ("T-GREY", "tee", "Basic-Tee, grau, M")
    assert (grey["price"], grey["sale_price"], grey["availability"]) == ("29.90 EUR", "24.90 EUR", "in_stock")
    assert (grey["color"], grey["size"], grey["gender"], grey["material"]) == ("grau", "M", "female", "Baumwolle")
    assert (grey["product_type"], grey["shipping_weight"]) == ("Damen > T-Shirts", "200 g")
    assert grey["image_link"].split("/")[4] == GREY
    assert grey["additional_image_link"].split("/")[4] == SHARED
    assert (navy["image_link"].split("/")[4], navy["additional_image_link"]) == (SHARED, "")
    assert (navy["availability"], navy["price"], navy["sale_price"]) == ("out_of_stock", "24.90 EUR", "")
    assert (mug["item_group_id"], mug["identifier_exists"], mug["link"]) == ("", "no", "https://shop.test/x/mug")


async def test_meta_is_told_of_stock_in_its_own_words(uow: UnitOfWork, shop: Shop) -> None:
    await fill(uow)
    first = next(csv.DictReader(io.StringIO((await read(uow, "meta", "csv")).decode())))
    assert (first["availability"], first["quantity_to_sell_on_facebook"]) == ("in stock", "3")


async def test_the_xml_is_well_formed(uow: UnitOfWork, shop: Shop) -> None:
    await fill(uow)
    root = ET.fromstring(await read(uow, "google", "xml"))  # noqa: S314 - our own output
    spaces = {"g": "http://base.google.com/ns/1.0"}
    items = root.findall("channel/item")
    assert [item.findtext("g:id", namespaces=spaces) for item in items] == ["T-GREY", "T-NAVY", "MUG"]
    assert items[2].findtext("g:title", namespaces=spaces) == "Tasse <Eins> & Co"


async def test_other_feeds_there_are_none(uow: UnitOfWork, shop: Shop) -> None:
    with pytest.raises(NotFound):
        await read(uow, "tiktok", "csv")


async def test_a_feed_that_is_taken_slowly_holds_no_connection(units: Units, shop: Shop, shop_id: UUID) -> None:
    async with units(shop_id) as uow:
        await fill(uow)
    lent = 0

    @asynccontextmanager
    async def opened() -> AsyncIterator[UnitOfWork]:
        nonlocal lent
        async with units(shop_id) as uow:
            lent += 1
            yield uow
            lent -= 1

    pieces = await feed(
        opened, dialect="google", form="xml", locale="de", addresses=ADDRESSES, available=available
    )  # fmt: skip
    while_taken = [lent async for piece in pieces if b"<item>" in piece]
    assert while_taken == [0, 0, 0]


async def test_our_import_reads_our_feed(units: Units, shop: Shop, shop_id: UUID, tmp_path: Path) -> None:
    async with units(shop_id) as uow:
        await fill(uow)
        path = tmp_path / "feed.csv"
        path.write_bytes(await read(uow, "google", "csv"))
    report = await run_import(units, shop_id, path, dry_run=True)
    assert (report.kind, report.rows, report.errors) == ("google", 3, 0)


@pytest.mark.parametrize("dialect", ["google", "meta"])
async def test_goods_sold_by_measure_tell_their_content(uow: UnitOfWork, shop: Shop, dialect: str) -> None:
    measures = [("750 ml", None), ("90 g", "100 g"), ("2.5 m2", None), ("2 m3", None), ("9 l", "3 l"), (None, None)]
    for number, (content, base) in enumerate(measures):
        variant = make_variant(f"V{number}", options={}, content=content, unit_price_base=base)
        await products.upsert_product(uow, plain_draft(f"p{number}", "Ware", variants=(variant,)))
    offers = csv.DictReader(io.StringIO((await read(uow, dialect, "csv")).decode()))
    assert [(offer["unit_pricing_measure"], offer["unit_pricing_base_measure"]) for offer in offers] == [
        ("750 ml", "1 l"), ("90 g", "100 g"), ("2.5 sqm", "1 sqm"), ("2 cbm", "1 cbm"), ("9 l", ""), ("", ""),
    ]  # fmt: skip
