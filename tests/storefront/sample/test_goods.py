"""The sample shop's goods are complete, in both languages, and true to the journeys."""

import re
from collections import Counter

import pytest

from catalog.products import colours
from catalog.products.validation import valid_gtin
from storefront.sample import goods, looks, pictures, settings
from storefront.sample.draw.dyes import COLOURS
from storefront.sample.draw.gallery import SCENES
from storefront.sample.draw.wardrobe import LOOKS
from storefront.sample.goods import Goods

ALL = goods.all_goods()
DRAFTS = {product.handle: goods.draft(product, dict.fromkeys(pictures.names(), "0" * 64)) for product in ALL}
STOCK = goods.stock()
GERMAN = re.compile(r"\b(der|die|das|und|mit|für|nicht|ein|eine|auf|wird|sich)\b", re.IGNORECASE)


def test_the_shop_is_large_enough_to_be_shown() -> None:
    assert len(ALL) >= 40
    assert sum(len(draft.variants) for draft in DRAFTS.values()) >= 200
    assert len(looks.LOOKS) == 3
    assert len({draft.category for draft in DRAFTS.values()}) >= 12


@pytest.mark.parametrize("product", ALL, ids=lambda product: product.handle)
def test_every_product_is_complete_in_both_languages(product: Goods) -> None:
    for texts in (product.title, product.description, product.material, product.fit):
        assert set(texts) == {"de", "en"}
        assert all(text.strip() == text and text for text in texts.values())
    assert GERMAN.search(product.description["de"])
    assert not GERMAN.search(product.description["en"].replace(" die ", " "))
    assert 60 <= len(product.description["de"]) <= 320
    assert product.keywords["de"]
    assert product.keywords["en"]
    assert product.compare_at is None or product.compare_at > product.price


def test_every_sku_and_gtin_is_its_own_and_valid() -> None:
    variants = [variant for draft in DRAFTS.values() for variant in draft.variants]
    for values in ([variant.sku for variant in variants], [variant.gtin for variant in variants]):
        assert max(Counter(values).values()) == 1
    assert all(variant.gtin and len(variant.gtin) == 13 and valid_gtin(variant.gtin) for variant in variants)
    assert all(variant.weight_g for variant in variants)


def test_every_colour_has_a_name_in_both_languages_and_a_dye() -> None:
    for product in ALL:
        for colour in product.colours:
            assert colour in COLOURS
            assert colours.colour_of(colour) is not None, colour


def test_every_picture_can_be_drawn() -> None:
    assert {product.handle for product in ALL} == set(LOOKS)
    assert {look.code for look in looks.LOOKS} == set(SCENES)


def test_the_first_lookbook_is_the_one_of_the_journeys() -> None:
    look = looks.LOOKS[0]
    prices = {variant.sku: variant.price.minor for draft in DRAFTS.values() for variant in draft.variants}
    handles = {variant.sku: handle for handle, draft in DRAFTS.items() for variant in draft.variants}
    named = [handles[item.sku] if item.sku else item.product_handle for item in look.items]
    assert (look.code, look.title["de"]) == ("LB7", "Herbst in Grau")
    assert named == ["basic-tee", "chino", "overshirt", "belt"]
    assert [DRAFTS[handle or ""].title["de"] for handle in named] == ["Basic-Tee", "Chino", "Overshirt", "Gürtel"]
    assert (prices["LL-TEE-GRY-M"], prices["LL-CHI-3232"], prices["LL-OVS-M"]) == (2490, 5990, 7990)
    assert all(STOCK[variant.sku] == 0 for variant in DRAFTS["belt"].variants)
    assert all(STOCK[sku] >= 10 for sku in ("LL-TEE-GRY-M", "LL-CHI-3232", "LL-CHI-3230", "LL-CHI-3234", "LL-CHI-3132"))


def test_every_place_in_a_lookbook_is_sold_here() -> None:
    for look in looks.LOOKS:
        for item in look.items:
            assert item.sku in STOCK or item.product_handle in DRAFTS
            assert 0 < item.x < 1
            assert 0 < item.y < 1


def test_stock_is_plausible_with_a_few_sold_out() -> None:
    sold_out = [sku for sku, units in STOCK.items() if units == 0]
    assert 8 <= len(sold_out) <= len(STOCK) // 8
    assert all(0 <= units <= 60 for units in STOCK.values())


def test_the_journeys_cart_is_shipped_free() -> None:
    standard = settings.settings().shipping[0]
    assert {"DE", "AT"} <= set(standard.countries)
    assert standard.price.minor == 490
    assert standard.free_from is not None
    assert standard.free_from.minor <= 4980


@pytest.mark.parametrize("locale", ["de", "en"])
def test_the_legal_texts_say_what_the_law_asks_for(locale: str) -> None:
    legal = settings.settings().legal
    withdrawal = legal.withdrawal[locale]
    words = {
        "de": [
            "vierzehn Tage",
            "Muster-Widerrufsformular",
            "Vertrag widerrufen",
            "Eingangsbestätigung",
            "Unterschrift",
        ],
        "en": [
            "fourteen days",
            "Model withdrawal form",
            "Withdraw from contract",
            "acknowledgement of receipt",
            "Signature",
        ],
    }
    assert all(word in withdrawal for word in words[locale])
    for texts in (legal.terms, legal.privacy, legal.imprint):
        assert len(texts[locale]) > 100
    assert settings.settings().persona.greeting[locale].count("{privacy}") == 1
