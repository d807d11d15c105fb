"""Imports end to end: files of every kind, reports by row, resuming, dry runs."""

import json
from pathlib import Path

import pytest

from catalog.imports.errors import BeingImported, UnknownColumns, UnreadableFile
from catalog.imports.runs import issues_of
from catalog.imports.values import ImportReport
from catalog.kernel.unit_of_work import Units
from catalog.search.service import search
from catalog.shops.service import create_shop
from tests.catalog.imports.desk import Desk, as_csv, simple

OWN = """handle;title;title_en;category;brand;farbe;größe;sku;preis;uvp;bestand;ean;bilder;material
basic-tee;Basic-Tee;Basic tee;Damen > T-Shirts;Linden;grau;M;TEE-GM;24,90;;12;4006381333931;https://x.test/g.jpg;Baumwolle
basic-tee;;;;;grau;L;TEE-GL;24,90;29,90;0;;https://x.test/g.jpg;
;;;;;weiß;M;TEE-WM;19.90;;3;;https://x.test/w.jpg;
chino;Chino;Chinos;Herren/Hosen;Linden;beige;32;CH-32;59.90;;5;;;
"""
SHOPIFY = (
    "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Option2 Name,"
    "Option2 Value,Variant SKU,Variant Grams,Variant Inventory Qty,Variant Price,"
    "Variant Compare At Price,Variant Barcode,Image Src,Image Alt Text,Variant Image,Status\n"
    'shirt,Linen Shirt,"<p>Light &amp; airy.</p><ul><li>Linen</li></ul>",Oak,Shirts,"summer, linen",true,'
    "Color,Blue,Size,M,LS-BM,220,4,49.00,,,https://x.test/1.jpg,front,https://x.test/1.jpg,active\n"
    "shirt,,,,,,,,Blue,,L,LS-BL,230,-2,49.00,59.00,,https://x.test/2.jpg,,,\n"
    "shirt,,,,,,,,,,,,,,,,,https://x.test/3.jpg,,,\n"
    "mug,Mug,,Oak,Kitchen,,true,Title,Default Title,,,,0,7,12.50,0.00,,,,,draft\n"
)
GOOGLE = (
    "id\ttitle\tdescription\tlink\timage_link\tavailability\tprice\tsale_price\tbrand\tgtin\t"
    "item_group_id\tcolor\tsize\tproduct_type\tquantity\n"
    "A1\tParka green M\tWarm.\thttps://s.test\thttps://x.test/p.jpg\tin_stock\t199.00 EUR\t149.00 EUR\t"
    "Oak\t4006381333931\tPK\tgreen\tM\tCoats > Parkas\t3\n"
    "B1\tBelt\tLeather.\thttps://s.test\t\tout_of_stock\t29.00 EUR\t\tOak\t\t\t\t\tBelts\t\n"
    "A2\tParka green L\tWarm.\thttps://s.test\thttps://x.test/p.jpg\tin_stock\t199.00 EUR\t149.00 EUR\t"
    "Oak\t\tPK\tgreen\tL\tCoats > Parkas\t\n"
)


async def test_our_own_columns_in_german_with_semicolons(desk: Desk) -> None:
    report = await desk.run(OWN)
    assert report.kind == "own"
    assert report.summary == "4 rows: 2 ok, 2 fixed (comma prices)"
    tee = await desk.product("basic-tee")
    assert tee.title == {"de": "Basic-Tee", "en": "Basic tee"}
    assert (tee.category, tee.brand, tee.options) == ("damen/t-shirts", "Linden", ("colour", "size"))
    assert [(v.sku, v.price.minor, dict(v.options)) for v in tee.variants] == [
        ("TEE-GM", 2490, {"colour": "grau", "size": "M"}),
        ("TEE-GL", 2490, {"colour": "grau", "size": "L"}),
        ("TEE-WM", 1990, {"colour": "weiß", "size": "M"}),
    ]
    assert tee.variants[0].gtin == "4006381333931"
    assert tee.variants[1].compare_at_price is not None
    assert [image.option for image in tee.images] == [{"colour": "grau"}, {"colour": "weiß"}]
    assert tee.attributes == {"material": "Baumwolle"}
    assert desk.stock == {"TEE-GM": 12, "TEE-GL": 0, "TEE-WM": 3, "CH-32": 5}
    async with desk.units(desk.shop_id) as uow:
        assert (await search(uow, "weißes shirt", locale="de")).items[0].handle == "basic-tee"


async def test_the_report_of_the_journey(desk: Desk) -> None:
    rows = simple(412)
    for row in rows[:9]:
        row["price"] = "24,90"
    for row in rows[100:105]:
        row["ean"] = "4006381333932"
    report = await desk.run(as_csv(rows), dry_run=True)
    assert report.summary == "412 rows: 398 ok, 9 fixed (comma prices), 5 questions"
    question = next(issue for issue in report.issues if issue.severity == "question")
    assert (question.line, question.column, question.value) == (102, "ean", "4006381333932")
    assert "check digit" in question.reason


async def test_a_dry_run_writes_nothing(desk: Desk) -> None:
    report = await desk.run(OWN, dry_run=True)
    assert (report.created, report.run_id) == (2, None)
    for table in (
        "product",
        "variant",
        "category",
        "import_run",
        "import_issue",
        "image",
        "search_word",
        "domain_event",
    ):
        assert await desk.count(table) == 0
    assert not desk.stock
    assert not desk.fetched


async def test_a_dry_run_judges_the_addresses_of_pictures(desk: Desk) -> None:
    text = as_csv(simple(1, bilder="http://x.test/a.jpg|https://10.0.0.1/b.jpg|https://x.test/c.jpg"))
    dry = await desk.run(text, dry_run=True)
    assert not desk.fetched
    real = await desk.run(text)
    assert [issue.reason for issue in dry.issues] == [issue.reason for issue in real.issues]
    assert (dry.summary, len(dry.issues)) == (real.summary, 2)


async def test_shopifys_export_becomes_products_with_options_pictures_and_stock(desk: Desk) -> None:
    report = await desk.run(SHOPIFY)
    assert report.kind == "shopify"
    assert not [issue for issue in report.issues if issue.severity == "error"]
    assert (report.rows, report.created) == (4, 2)
    shirt = await desk.product("shirt")
    assert shirt.description == {"de": "Light & airy.\n\n- Linen"}
    assert (shirt.options, shirt.tags, shirt.status) == (("colour", "size"), ("summer", "linen"), "active")
    assert [(v.sku, v.weight_g) for v in shirt.variants] == [("LS-BM", 220), ("LS-BL", 230)]
    assert [image.option for image in shirt.images] == [{"colour": "Blue"}, None, None]
    assert shirt.images[0].alt == {"de": "front"}
    mug = await desk.product("mug")
    assert (mug.options, mug.status, mug.variants[0].sku, mug.variants[0].compare_at_price) == (
        (),
        "draft",
        "MUG",
        None,
    )
    assert desk.stock == {"LS-BM": 4, "LS-BL": 0, "MUG": 7}
    assert report.fixes == {"stock": 1, "sku": 1}


async def test_googles_feed_groups_rows_wherever_they_stand(desk: Desk) -> None:
    report = await desk.run(GOOGLE, "feed.tsv")
    assert report.kind == "google"
    parka = await desk.product("pk")
    assert parka.title["de"] == "Parka green"
    assert parka.category == "coats/parkas"
    assert [(v.sku, v.price.minor, v.compare_at_price and v.compare_at_price.minor) for v in parka.variants] == [
        ("A1", 14900, 19900),
        ("A2", 14900, 19900),
    ]
    assert desk.stock == {"A1": 3, "B1": 0}
    assert (report.questions, report.issues[0].line, report.issues[0].column) == (1, 4, "availability")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
async def test_a_file_is_read_in_any_common_encoding(desk: Desk, encoding: str) -> None:
    text = "titel\tpreis\tsku\nGürtel für Größe\t10.00\tG1\n".replace("\t", ";")
    await desk.run(text.encode(encoding))
    assert (await desk.product("guertel-fuer-groesse")).title["de"] == "Gürtel für Größe"


async def test_a_header_below_blank_lines_is_found(desk: Desk) -> None:
    await desk.run("\n  \nhandle,title,price,sku\np0,Produkt,10.00,S0\n")
    assert (await desk.product("p0")).variants[0].sku == "S0"


async def test_half_a_character_does_not_stop_the_file(desk: Desk) -> None:
    goods = [{"handle": f"p{n}", "title": title, "price": "1.00"} for n, title in enumerate(("a\ud800", "b"))]
    report = await desk.run("\n".join(json.dumps(product) for product in goods), "goods.jsonl")
    assert (report.created, (await desk.product("p0")).title["de"]) == (2, "a?")


@pytest.mark.parametrize("shape", ["list", "wrapped", "lines"])
async def test_products_are_read_from_json_of_any_shape(desk: Desk, shape: str) -> None:
    goods = [
        {
            "handle": f"tee-{n}",
            "title": {"de": "Tee", "en": "Tee"},
            "options": ["size"],
            "variants": [
                {"sku": f"T{n}M", "options": {"size": "M"}, "price": {"minor": 2490, "currency": "EUR"}, "stock": 2},
                {"sku": f"T{n}L", "options": {"size": "L"}, "price": "24,90", "compare_at_price": 29.9},
            ],
            "images": [{"url": "https://x.test/a.jpg", "alt": {"de": "Bild"}}],
            "attributes": {"material": "wool"},
        }
        for n in range(3)
    ]
    text = {
        "list": json.dumps(goods, indent=1),
        "wrapped": json.dumps({"products": goods}),
        "lines": "\n".join(json.dumps(product) for product in goods),
    }[shape]
    report = await desk.run(text, "goods.json")
    assert (report.rows, report.fixed, report.created) == (3, 3, 3)
    tee = await desk.product("tee-1")
    assert [v.price.minor for v in tee.variants] == [2490, 2490]
    assert (tee.attributes, len(tee.images)) == ({"material": "wool"}, 1)
    assert desk.fetched == ["https://x.test/a.jpg"]


async def test_what_is_wrong_is_told_with_its_place_and_keeps_only_its_product_out(desk: Desk) -> None:
    rows = simple(8)
    rows[1]["price"] = ""
    rows[2]["price"] = "viel"
    rows[3]["price"] = "USD 10"
    rows[4]["sku"] = "S0"
    rows[5]["title"] = "x" * 400
    rows[6]["handle"] = "p0"
    report = await desk.run(as_csv(rows))
    assert {(issue.line, issue.column) for issue in report.issues} == {
        (3, "price"),
        (4, "price"),
        (5, "price"),
        (6, "sku"),
        (7, "title"),
        (8, "options"),  # it joined the first product, which has no options to tell its variants apart
    }
    assert (report.errors, report.created) == (7, 1)
    assert await desk.count("product") == report.created
    assert (await desk.product("p7")).variants[0].sku == "S7"


async def test_a_picture_that_cannot_be_had_is_a_question(desk: Desk) -> None:
    rows = simple(1, bilder="https://x.test/broken.jpg https://x.test/ok.jpg")
    report = await desk.run(as_csv(rows))
    assert (report.questions, report.created) == (1, 1)
    assert "404" in report.issues[0].reason
    assert len((await desk.product("p0")).images) == 1


@pytest.mark.parametrize("url", ["http://x.test/a.jpg", "C:\\Bilder\\a.jpg", "https://192.168.0.8/a.jpg"])
async def test_an_address_that_is_not_called_is_a_question(desk: Desk, url: str) -> None:
    report = await desk.run(as_csv([*simple(1, bilder=url), *simple(2, bilder="")[1:]]))
    assert (report.questions, report.created) == (1, 2)
    assert (report.issues[0].column, report.issues[0].value) == ("bilder", url)


async def test_an_address_that_cannot_be_stored_is_a_question(desk: Desk) -> None:
    goods = {"handle": "p0", "title": "Tee", "images": ["https://x.test/\0"], "variants": [{"sku": "S", "price": "1"}]}
    report = await desk.run(json.dumps([goods]), "goods.json")
    assert (report.questions, report.created) == (1, 1)


async def test_importing_again_changes_nothing_and_fetches_nothing(desk: Desk) -> None:
    await desk.run(OWN)
    fetched = list(desk.fetched)
    report = await desk.run(OWN)
    assert (report.created, report.changed, report.unchanged) == (0, 0, 2)
    assert desk.fetched == fetched


async def test_a_dry_run_of_what_is_there_says_so(desk: Desk) -> None:
    await desk.run(OWN)
    report = await desk.run(OWN, dry_run=True)
    assert (report.created, report.changed, report.unchanged) == (0, 0, 2)


async def test_a_file_without_pictures_leaves_a_products_own(desk: Desk) -> None:
    await desk.run(as_csv(simple(1, bilder="https://x.test/a.jpg")))
    await desk.run(as_csv(simple(1, price="11.00")), "other.csv")
    product = await desk.product("p0")
    assert (product.variants[0].price.minor, len(product.images)) == (1100, 1)


async def test_a_killed_run_continues_where_it_stood(desk: Desk) -> None:
    rows = simple(350)
    rows[5]["price"] = "10,00"
    text = as_csv(rows)
    desk.fail_at = 200
    with pytest.raises(KeyboardInterrupt):
        await desk.run(text)
    written = await desk.count("product")
    assert written == 200
    desk.fail_at = None
    report = await desk.run(text)
    assert (report.resumed_at, report.rows, report.created, report.fixed) == (200, 350, 350, 1)
    assert await desk.count("product") == 350
    assert await desk.count("import_run") == 1
    assert report.run_id is not None
    async with desk.units(desk.shop_id) as uow:
        assert [issue.line for issue in await issues_of(uow, report.run_id)] == [7]
        revision = await uow.fetchval("SELECT max(revision) FROM product WHERE shop_id = $1", uow.shop_id)
    assert revision == 1


async def test_a_second_run_of_the_file_is_told_to_wait_and_counts_nothing(desk: Desk) -> None:
    told: list[BeingImported] = []

    async def again() -> None:
        with pytest.raises(BeingImported) as refused:
            await desk.run(OWN, "copy.csv")
        told.append(refused.value)
        assert (await desk.run(OWN, dry_run=True)).created == 2

    desk.meanwhile = again
    first = await desk.run(OWN)
    assert "copy.csv is being imported into this shop already; wait" in told[0].detail
    assert (first.rows, first.created) == (4, 2)
    assert await desk.count("import_run") == 1
    assert (await desk.run(OWN)).unchanged == 2


async def test_other_files_and_shops_import_beside_it(desk: Desk, units: Units, tmp_path: Path) -> None:
    async with units(None) as install:
        other = await create_shop(install, name="Other", currency="EUR", country="DE", locales=["de"])
    reports: list[ImportReport] = []

    async def beside() -> None:
        reports.append(await Desk(units, other.id, tmp_path).run(OWN))
        reports.append(await desk.run(as_csv(simple(1)), "other.csv"))

    desk.meanwhile = beside
    await desk.run(OWN)
    assert [report.created for report in reports] == [2, 1]


async def test_a_continued_run_still_knows_what_stood_before(desk: Desk) -> None:
    rows = simple(150)
    rows[120]["handle"] = "P3"
    desk.fail_at = 100
    with pytest.raises(KeyboardInterrupt):
        await desk.run(as_csv(rows))
    desk.fail_at = None
    report = await desk.run(as_csv(rows))
    assert [(issue.line, issue.column) for issue in report.issues] == [(122, "handle")]
    assert (await desk.product("p3")).title["de"] == "Produkt 3"


@pytest.mark.parametrize("shape", ["csv", "json"])
async def test_an_ambiguous_price_does_not_go_on_sale_by_itself(desk: Desk, shape: str) -> None:
    goods = {"handle": "p0", "title": "Produkt", "variants": [{"sku": "S0", "price": "1.234"}]}
    report = await desk.run(as_csv(simple(1, price="1.234")) if shape == "csv" else json.dumps([goods]))
    assert report.questions == 1
    product = await desk.product("p0")
    assert (product.status, product.variants[0].price.minor) == ("draft", 123_400)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('{"title": "Eins", "price": "1.00"}\n{"bad\n{"title": "Zwei", "price": "2.00"}\n', 2),
        ('[{"title": "Eins", "price": "1.00"},\n5,\n{"title": "Zwei", "price": "2.00"}]', 2),
    ],
)
async def test_a_row_that_cannot_be_read_stops_no_other(desk: Desk, content: str, line: int) -> None:
    report = await desk.run(content)
    assert (report.ok + report.fixed, report.errors, report.created) == (2, 1, 2)
    assert [issue.line for issue in report.issues if issue.severity == "error"] == [line]


async def test_a_cell_too_many_is_told_and_the_rest_is_imported(desk: Desk) -> None:
    report = await desk.run("handle,title,price,sku\np1,Eins,1.00,S1\np2,Zwei,2.00,S2,rot\n")
    assert (report.created, report.questions) == (2, 1)
    assert [(issue.line, issue.value) for issue in report.issues if issue.severity == "question"] == [(3, "rot")]
    assert (await desk.product("p2")).variants[0].sku == "S2"


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", UnreadableFile),
        (b"  \n", UnreadableFile),
        (b"title,price\n", UnreadableFile),
        (b"foo,bar\n1,2\n", UnknownColumns),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff", UnreadableFile),
        (b'[{"title": "a", "price": "1"}', UnreadableFile),
        (b"{nonsense\n", UnreadableFile),
        (b"[1, 2]", UnreadableFile),
        (b"[" * 100_000, UnreadableFile),
        (b'{"a":' * 100_000, UnreadableFile),
        (b'[{"title": "a\xe9\x81", "price": "1"}]', UnreadableFile),
        (b'{"title": "a\xe9\x81", "price": "1"}', UnreadableFile),
        (b'title,price\n"a\xe9\x81",1', UnreadableFile),
    ],
)
async def test_files_that_are_none_are_refused_with_a_reason(
    desk: Desk, content: bytes, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await desk.run(content)
    assert await desk.count("product") == 0
