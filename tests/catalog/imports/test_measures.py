"""How much goods hold, as files say it: Google's, Shopify's and our own."""

import json

import pytest

from tests.catalog.imports.desk import Desk, as_csv, simple

MEASURES_GOOGLE = (
    "id,title,description,link,image_link,availability,price,unit_pricing_measure,unit_pricing_base_measure\n"
    "OIL,Olive oil,,https://s.test,,in_stock,24.90 EUR,750ml,1l\n"
    "SOAP,Soap,,https://s.test,,in_stock,6.90 EUR,90 g,100g\n"
    "SAND,Sand,,https://s.test,,in_stock,6.90 EUR,2 cbm,1 cbm\n"
    "CHEESE,Cheese,,https://s.test,,in_stock,6.90 EUR,8 oz,1 lb\n"
    "ODD,Odd,,https://s.test,,in_stock,6.90 EUR,200 g,1 l\n"
    "MUG,Mug,,https://s.test,,in_stock,6.90 EUR,,\n"
)
MEASURES_SHOPIFY = (
    "Handle,Title,Variant SKU,Variant Price,Unit Price Total Measure,Unit Price Total Measure Unit,"
    "Unit Price Base Measure,Unit Price Base Measure Unit\n"
    "oil,Oil,OIL,24.90,750.0,ml,1.0,l\n"
    "linen,Linen,LINEN,19.90,1.4,m,1,m\n"
    "cream,Cream,CREAM,12.90,50.00,ml,100.00,ml\n"
    "tile,Tile,TILE,59.90,2.5,m2,,\n"
    "mug,Mug,MUG,6.90,,,,\n"
    "cup,Cup,CUP,6.90,0.0,g,0,g\n"
)


async def _measures(desk: Desk, *handles: str) -> list[tuple[str | None, str | None]]:
    found = [(await desk.product(handle)).variants[0] for handle in handles]
    return [(variant.content, variant.unit_price_base) for variant in found]


async def test_googles_unit_pricing_is_taken_over_or_asked_about(desk: Desk) -> None:
    report = await desk.run(MEASURES_GOOGLE)
    assert (report.kind, report.created) == ("google", 6)
    assert await _measures(desk, "oil", "soap", "sand", "cheese", "odd", "mug") == [
        ("750 ml", None), ("90 g", "100 g"), ("2 m3", None), (None, None), ("200 g", None), (None, None),
    ]  # fmt: skip
    asked = [(issue.line, issue.column) for issue in report.issues if issue.column != "availability"]
    assert asked == [
        (3, "unit_pricing_base_measure"), (5, "unit_pricing_measure"), (6, "unit_pricing_base_measure"),
    ]  # fmt: skip


async def test_shopifys_unit_price_is_taken_over_or_asked_about(desk: Desk) -> None:
    report = await desk.run(MEASURES_SHOPIFY)
    assert (report.kind, report.created) == ("shopify", 6)
    assert await _measures(desk, "oil", "linen", "cream", "tile", "mug", "cup") == [
        ("750 ml", None), ("1.4 m", None), ("50 ml", "100 ml"), ("2.5 m2", None), (None, None), (None, None),
    ]  # fmt: skip
    (asked,) = [issue for issue in report.issues if issue.severity == "question"]
    assert (asked.line, asked.column) == (4, "Unit Price Base Measure")


@pytest.mark.parametrize(
    ("written", "content", "questions"),
    [
        ("750 ml", "750 ml", 0),
        ("0,75 Liter", "0.75 l", 0),
        ("0.750 l", "0.75 l", 0),
        ("250g", "250 g", 0),
        ("2,5 m²", "2.5 m2", 0),
        ("5 dl", "50 cl", 0),
        ("1400 mm", "140 cm", 0),
        ("", None, 0),
        ("0", None, 0),
        ("1.500 g", None, 1),
        ("3 Stück", None, 1),
        ("groß", None, 1),
    ],
)
async def test_a_content_as_people_write_it(desk: Desk, written: str, content: str | None, questions: int) -> None:
    report = await desk.run(as_csv(simple(1, inhalt=written)))
    assert await _measures(desk, "p0") == [(content, None)]
    assert (report.created, report.questions) == (1, questions)


async def test_measures_in_json_and_in_our_own_columns(desk: Desk) -> None:
    variant = {"sku": "T", "price": "8.90", "content": "90 g", "unit_price_base": "100 g"}
    await desk.run(json.dumps([{"handle": "t", "title": {"de": "Tee"}, "variants": [variant]}]), "goods.json")
    await desk.run("handle;title;sku;preis;inhalt;grundpreis_basis\nk;Kaffee;K;9.90;500 g;1 kg\n")
    assert await _measures(desk, "t", "k") == [("90 g", "100 g"), ("500 g", None)]
