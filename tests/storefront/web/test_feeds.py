"""The catalogue's feed over HTTP: open to shopping sites, with links into the chat and what stock has."""

import csv
import io
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID
from xml.etree import ElementTree as ET

import httpx
import pytest

from catalog.images.store import MediaStore
from catalog.kernel.unit_of_work import Units
from catalog.shops.models import Shop
from tests.scenarios.goods import fill
from tests.storefront.web.install import installed


@pytest.fixture
async def client(
    units: Units, dsn: str, shop: Shop, shop_id: UUID, install_home: Path
) -> AsyncIterator[httpx.AsyncClient]:
    async with units(shop_id) as uow:
        await fill(uow, MediaStore.open("memory://"))
    async with (
        installed(units, dsn, install_home, shop_id) as install,
        httpx.AsyncClient(base_url=install.url) as opened,
    ):
        yield opened


async def test_google_reads_every_variant_with_its_link_and_stock(client: httpx.AsyncClient, shop: Shop) -> None:
    answer = await client.get(f"/feeds/{shop.slug}/google.csv?lang=de")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(answer.text))}
    tee = rows["TEE-GRE-M"]
    assert tee["link"].endswith(f"/chat/{shop.slug}?entry=product_basic-tee")
    assert (tee["title"], tee["price"], tee["availability"]) == ("Basic-Tee, grau, M", "24.90 EUR", "in_stock")
    assert {row["availability"] for sku, row in rows.items() if sku.startswith("BEL")} == {"out_of_stock"}


async def test_meta_reads_xml(client: httpx.AsyncClient, shop: Shop) -> None:
    answer = await client.get(f"/feeds/{shop.slug}/meta.xml")
    assert ET.fromstring(answer.text).findtext("channel/title") == shop.name  # noqa: S314 - our own output


async def test_a_feed_that_we_do_not_have_is_named_with_those_we_have(client: httpx.AsyncClient, shop: Shop) -> None:
    answer = await client.get(f"/feeds/{shop.slug}/tiktok.csv")
    assert answer.status_code == 404
    assert "there are google and meta" in answer.text
    assert (await client.get("/feeds/nobody/google.xml")).status_code == 404
