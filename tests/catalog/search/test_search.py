"""Searching: words in two languages, compounds, slips of the fingers, filters, order."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest

from catalog.kernel.errors import Invalid
from catalog.kernel.money import Money
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.products import service as products
from catalog.products.values import ProductDraft, ProductPatch
from catalog.search import index
from catalog.search.service import search
from catalog.search.values import Filters
from tests.catalog.products.factories import make_draft, make_variant, plain_draft

pytestmark = pytest.mark.usefixtures("shop")


def tee(
    handle: str,
    de: str,
    en: str,
    colour: str,
    *,
    price: int = 2490,
    former: int | None = None,
    **changes: Any,  # noqa: ANN401 - any field
) -> ProductDraft:
    variant = make_variant(
        handle.upper(),
        options={"colour": colour, "size": "M"},
        price=Money(price, "EUR"),
        compare_at_price=Money(former, "EUR") if former else None,
    )
    return make_draft(handle, title={"de": de, "en": en}, variants=(variant,), **{"category": "", **changes})


@pytest.fixture(autouse=True)
async def goods(uow: UnitOfWork, shop: object) -> None:
    drafts = [
        tee("basic-tee", "Basic-T-Shirt", "Basic T-shirt", "grey", brand="Eiche", category="women/tees"),
        tee("hoodie", "Kapuzenpullover Wolke", "Cloud hoodie", "navy", category="women/hoodies", price=5990),
        tee(
            "chino", "Chino", "Chinos", "beige", category="men/trousers", attributes={"keywords": {"de": ["Stoffhose"]}}
        ),
        tee("belt", "Gürtel", "Belt", "brown", category="accessories", price=1990, former=2990),
        tee(
            "dress",
            "Sommerkleid Lina",
            "Summer dress Lina",
            "red",
            category="women/dresses",
            attributes={"material": "Viskose"},
        ),
        tee("pouch", "Tasche für Kamera", "Camera bag", "black", category="accessories"),
        tee("camera", "Kamera Eins mit vielen weiteren Worten im Titel", "Camera one", "black", category="tech"),
    ]
    await products.bulk_upsert(uow, drafts)


async def found(uow: UnitOfWork, q: str, locale: str = "de", **filters: Any) -> list[str]:  # noqa: ANN401 - any field
    page = await search(uow, q, locale=locale, filters=Filters(**filters) if filters else None)
    return [item.handle for item in page.items]


@pytest.mark.parametrize(
    ("q", "locale", "expected"),
    [
        ("t-shirt", "de", ["basic-tee"]),
        ("T Shirt", "de", ["basic-tee"]),
        ("tshirt", "en", ["basic-tee"]),
        ("graue Shirts", "de", ["basic-tee"]),
        ("pullover", "de", ["hoodie"]),
        ("kapuzen", "de", ["hoodie"]),
        ("kleider", "de", ["dress"]),
        ("stoffhosen", "de", ["chino"]),
        ("viskose", "de", ["dress"]),
        ("summer dresses", "en", ["dress"]),
        ("hoodie", "de", ["hoodie"]),
        ("guertel", "de", ["belt"]),
        ("gürtle", "de", ["belt"]),
        ("somerkleid", "de", ["dress"]),
        ("hoddie", "en", ["hoodie"]),
        ("basictshirt", "de", ["basic-tee"]),
        ("BASIC-TEE", "de", ["basic-tee"]),
        ("eiche shirt", "de", ["basic-tee"]),
        ("damenkleid", "de", ["dress"]),
        ("blau", "de", []),
        ("xyzzy", "de", []),
        ("…!?", "de", []),
        ("'; DROP TABLE product --", "de", []),
    ],
)
async def test_words_find_their_goods(uow: UnitOfWork, q: str, locale: str, expected: list[str]) -> None:
    assert await found(uow, q, locale) == expected


async def test_what_the_merchant_calls_an_options_value_finds_it(uow: UnitOfWork) -> None:
    titles = {"option_titles": {"oak": {"de": "Eichenholz", "en": "Oak"}}}
    await products.upsert_product(uow, tee("table", "Tisch", "Table", "oak", attributes=titles))
    assert await found(uow, "eichenholz") == ["table"]
    assert await found(uow, "eichenholz", "en") == []


async def test_a_correction_is_told(uow: UnitOfWork) -> None:
    page = await search(uow, "rote somerkleid", locale="de")
    assert page.corrected == "rote sommerkleid"
    assert (await search(uow, "sommerkleid", locale="de")).corrected is None


async def test_a_thing_stands_before_its_accessory(uow: UnitOfWork) -> None:
    assert await found(uow, "kamera") == ["camera", "pouch"]
    assert await found(uow, "kamera tasche") == ["pouch"]


async def test_words_that_no_product_has_together_find_some(uow: UnitOfWork) -> None:
    assert set(await found(uow, "chino sommerkleid")) == {"chino", "dress"}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"category": "women"}, {"dress", "hoodie", "basic-tee"}),
        ({"category": "women/dresses"}, {"dress"}),
        ({"colours": ("blue",)}, {"hoodie"}),
        ({"colours": ("navy", "red")}, {"hoodie", "dress"}),
        ({"sizes": ("m",), "max_price": 2000}, {"belt"}),
        ({"min_price": 5000}, {"hoodie"}),
        ({"reduced": True}, {"belt"}),
        ({"brands": ("LINDEN",), "category": "tech"}, {"camera"}),
    ],
)
async def test_only_what_every_filter_admits_is_found(
    uow: UnitOfWork, filters: dict[str, Any], expected: set[str]
) -> None:
    page = await search(uow, "", locale="de", filters=Filters(**filters))
    assert {item.handle for item in page.items} == expected


async def test_filters_hold_beside_words(uow: UnitOfWork) -> None:
    assert await found(uow, "kamera", category="tech") == ["camera"]


async def test_the_caller_says_what_can_be_bought(uow: UnitOfWork) -> None:
    async def keep(uow: UnitOfWork, ids: Sequence[UUID]) -> set[UUID]:
        return {(await products.get_by_handle(uow, "pouch")).id} & set(ids)

    assert await found(uow, "kamera", keep=keep) == ["pouch"]


async def test_results_come_cheapest_or_dearest_first_when_asked(uow: UnitOfWork) -> None:
    page = await search(uow, "", locale="de", sort="price_asc", limit=2)
    assert page.items[0].handle == "belt"
    assert page.total == 7
    page = await search(uow, "kleid pullover", locale="de", sort="price_desc")
    assert [item.handle for item in page.items] == ["hoodie", "dress"]
    with pytest.raises(Invalid):
        await search(uow, "", locale="de", sort="luck")


async def test_facets_count_what_was_found(uow: UnitOfWork) -> None:
    facets = (await search(uow, "kamera", locale="de")).facets
    assert facets.categories == {"accessories": 1, "tech": 1}
    assert facets.colours == {"black": 2}
    assert (facets.lowest_price, facets.highest_price) == (2490, 2490)


async def test_changes_and_removals_are_found_at_once(uow: UnitOfWork) -> None:
    dress = await products.get_by_handle(uow, "dress")
    await products.patch_product(uow, dress.id, ProductPatch(title={"de": "Abendrobe", "en": "Gown"}))
    assert await found(uow, "abendrobe") == ["dress"]
    assert await found(uow, "sommerkleid") == []
    await products.patch_product(uow, dress.id, ProductPatch(status="archived"))
    assert await found(uow, "abendrobe") == []


async def test_the_vocabulary_is_what_documents_say(uow: UnitOfWork) -> None:
    for handle in ("dress", "hoodie", "belt"):
        await products.delete_product(uow, (await products.get_by_handle(uow, handle)).id)
    counted = await uow.fetch("SELECT locale, word, documents FROM search_word WHERE shop_id = $1", uow.shop_id)
    real = await uow.fetch(
        "SELECT locale, w AS word, count(*) AS documents FROM search_text, unnest(words) w"
        " WHERE shop_id = $1 GROUP BY 1, 2",
        uow.shop_id,
    )
    stop = {("de", "für"), ("de", "im"), ("de", "mit"), ("en", "t")}
    assert {(r["locale"], r["word"]): r["documents"] for r in counted if r["documents"]} == {
        (r["locale"], r["word"]): r["documents"] for r in real if (r["locale"], r["word"]) not in stop
    }


async def test_a_synonym_is_found_until_the_merchant_forgets_it(uow: UnitOfWork) -> None:
    await index.set_synonyms(uow, "de", "Fummel", ["Sommerkleid"])
    assert await found(uow, "fummel") == ["dress"]
    await index.set_synonyms(uow, "de", "fummel", [])
    assert await found(uow, "fummel") == []


async def test_a_hyphen_in_a_word_does_not_hide_its_synonyms(uow: UnitOfWork) -> None:
    await index.set_synonyms(uow, "de", "Over-All", ["T-Shirt"])
    assert await found(uow, "over-all") == ["basic-tee"]
    assert await found(uow, "overall") == ["basic-tee"]


@pytest.mark.parametrize(
    ("word", "synonyms", "pointer"), [("…", ["Hose"], "/word"), ("Buxe", ["Hose", "!?"], "/synonyms/1")]
)
async def test_a_synonym_without_letters_is_refused(
    uow: UnitOfWork, word: str, synonyms: list[str], pointer: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await index.set_synonyms(uow, "de", word, synonyms)
    assert refused.value.pointer == pointer


async def test_an_unknown_language_gets_the_shops_own(uow: UnitOfWork) -> None:
    assert await found(uow, "sommerkleid", "fr") == ["dress"]
    assert await found(uow, "summer dress", "en-GB") == ["dress"]


async def test_more_goods_than_a_page(uow: UnitOfWork) -> None:
    await products.bulk_upsert(uow, [plain_draft(f"lamp-{n}", f"Lampe {n}") for n in range(40)])
    page = await search(uow, "lampe", locale="de", limit=10)
    assert (len(page.items), page.total) == (10, 40)
    assert page.items[0].handle == "lamp-0"
