"""What the chat shows of products, and what the language reader learns of them."""

from dataclasses import replace

import pytest

from catalog.kernel.money import Money
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.products import service
from catalog.products.lexicon import lexicon_rows
from catalog.products.listing import (
    by_sku,
    image_for,
    images_for,
    listings,
    option_kind,
    options_of,
    with_available,
)
from catalog.products.measures import unit_price
from catalog.products.options import called
from catalog.products.texts import pick
from catalog.products.values import ImageDraft, ProductDraft, ProductPatch
from tests.catalog.products.factories import make_draft, make_variant, plain_draft

pytestmark = pytest.mark.usefixtures("shop")
GREY, NAVY, SCENE = "1" * 64, "2" * 64, "3" * 64


@pytest.fixture(autouse=True)
async def pictures(uow: UnitOfWork, shop: object) -> None:
    await uow.executemany(
        """INSERT INTO image (shop_id, id, mime, width, height, bytes, colour, fingerprint, created_at)
           VALUES ($1, $2, 'image/jpeg', 800, 1000, 9, '#aabbcc', 0, $3)""",
        [(uow.shop_id, image_id, uow.now) for image_id in (GREY, NAVY, SCENE)],
    )


def tee() -> ProductDraft:
    variants = tuple(
        make_variant(f"TEE-{colour}-{size}", options={"colour": colour, "size": size}, price=Money(price, "EUR"))
        for colour, price in (("grey", 2490), ("navy", 2690))
        for size in ("M", "L")
    )
    images = (
        ImageDraft(image_id=SCENE, alt={"en": "On a chair"}),
        ImageDraft(image_id=GREY, alt={"de": "grau", "en": "grey"}, option={"colour": "grey"}),
        ImageDraft(image_id=NAVY, option={"colour": "navy"}),
    )
    attributes = {"gender": "women", "material": "cotton", "keywords": {"de": ["Shirt"]}}
    return make_draft("tee", variants=variants, images=images, attributes=attributes)


async def test_a_listing_speaks_one_language(uow: UnitOfWork) -> None:
    await service.upsert_product(uow, tee())
    (german,) = await listings(uow, ["tee"], "de-AT")
    (english,) = await listings(uow, ["tee"], "en")
    assert (german.title, english.title) == ("Basic-Tee", "Basic tee")
    assert (german.images[0].alt, german.images[1].alt) == ("On a chair", "grau")
    assert (german.images[1].width, german.images[1].height) == (800, 1000)


async def test_the_order_asked_for_is_kept_and_what_is_not_on_sale_is_left_out(uow: UnitOfWork) -> None:
    ids = {}
    for handle in ("a", "b", "c"):
        ids[handle] = (await service.upsert_product(uow, plain_draft(handle, handle))).id
    await service.patch_product(uow, ids["b"], ProductPatch(status="archived"))
    assert [listing.handle for listing in await listings(uow, ["c", "b", "nothing", "a"], "de")] == ["c", "a"]
    assert await listings(uow, [], "de") == []


async def test_products_are_found_by_sku_in_the_order_asked_for(uow: UnitOfWork) -> None:
    await service.upsert_product(uow, tee())
    found = await by_sku(uow, ["TEE-navy-L", "nothing", "TEE-grey-M"], "de")
    assert list(found) == ["TEE-navy-L", "TEE-grey-M"]
    variant = found["TEE-navy-L"].variant("TEE-navy-L")
    assert variant is not None
    assert list(variant.options.items()) == [("colour", "navy"), ("size", "L")]


async def test_prices_options_and_stock_of_a_listing(uow: UnitOfWork) -> None:
    await service.upsert_product(uow, tee())
    (listing,) = await listings(uow, ["tee"], "de")
    assert (listing.lowest_price, listing.has_price_range) == (Money(2490, "EUR"), True)
    assert options_of(listing) == {"colour": ("grey", "navy"), "size": ("M", "L")}
    assert [variant.sku for variant in listing.matching({"size": "m"})] == ["TEE-grey-M", "TEE-navy-M"]
    assert listing.available == 0
    stocked = with_available(listing, {listing.variants[0].variant_id: 4})
    assert (stocked.available, stocked.variants[0].available, stocked.variants[1].available) == (4, 4, 0)


async def test_what_measures_of_a_listing_cost(uow: UnitOfWork) -> None:
    small = make_variant("S", price=Money(890, "EUR"), options={"size": "250 g"}, content="250 g")
    large = make_variant("L", price=Money(1590, "EUR"), options={"size": "500 g"}, content="500 g")
    mixed = make_variant("X", price=Money(890, "EUR"), options={"size": "200 g"}, content="200 g")
    for handle, variants in (("tea", (large, small)), ("same", (replace(small, sku="A"), replace(mixed, sku="B")))):
        await service.upsert_product(uow, make_draft(handle, options=("size",), variants=variants))
    tea, same = await listings(uow, ["tea", "same"], "de")
    assert tea.cheapest.unit_price == unit_price(Money(890, "EUR"), "250 g", None)
    assert (tea.has_price_range, same.has_price_range) == (True, True)


async def test_the_picture_of_an_option_value(uow: UnitOfWork) -> None:
    await service.upsert_product(uow, tee())
    (listing,) = await listings(uow, ["tee"], "de")

    def shown(**chosen: str) -> str | None:
        image = image_for(listing, chosen)
        return image.image_id if image else None

    assert (shown(colour="navy", size="M"), shown(colour="red"), shown()) == (NAVY, SCENE, SCENE)
    assert [image.image_id for image in images_for(listing, {"colour": "grey"})] == [GREY, SCENE]
    assert image_for(replace(listing, images=()), {}) is None


async def test_what_the_language_reader_learns(uow: UnitOfWork) -> None:
    await service.upsert_product(uow, tee())
    await service.upsert_product(uow, plain_draft("mug", "Tasse", attributes={"colour": "red", "keywords": "Becher"}))
    await service.upsert_product(uow, plain_draft("draft", "Entwurf", status="draft"))
    first, second = [row async for row in lexicon_rows(uow)]
    assert (first.handle, first.colours, first.sizes) == ("tee", ("grey", "navy"), ("M", "L"))
    assert (first.gender, first.material, first.keywords) == ("women", "cotton", {"de": ("Shirt",)})
    assert (first.category, first.price) == ("women/tees", Money(2490, "EUR"))
    assert first.variants[0] == ("TEE-grey-M", {"colour": "grey", "size": "M"})
    assert (second.handle, second.colours, second.sizes, second.keywords) == ("mug", ("red",), (), {"": ("Becher",)})


def test_option_values_are_said_in_the_readers_language() -> None:
    said = [
        [called(value, {}, locale=locale, default_locale="de") for value in ("light blue", "M")]
        for locale in ("de", "en")
    ]
    assert said == [["hellblau", "M"], ["light blue", "M"]]


async def test_a_value_is_called_what_the_merchant_calls_it(uow: UnitOfWork, shop: object) -> None:
    titles = {"navy": {"de": "Nachtblau", "en": "Midnight"}, "L": {"de": "groß"}}
    await service.upsert_product(uow, replace(tee(), attributes={"option_titles": titles}))
    for locale, words in (("de", ["Nachtblau", "grau", "groß", "M"]), ("en", ["Midnight", "grey", "groß", "M"])):
        (listing,) = await listings(uow, ["tee"], locale)
        assert [listing.called(value) for value in ("navy", "grey", "L", "M")] == words


@pytest.mark.parametrize(
    ("name", "kind"), [("Farbe", "colour"), ("COLOR", "colour"), ("Größe", "size"), ("length", "length")]
)
def test_option_names_in_either_language(name: str, kind: str) -> None:
    assert option_kind(name) == kind


def test_a_text_that_a_language_lacks_is_shown_in_another() -> None:
    assert pick({"de": "a", "en": "b"}, "en-GB", "de") == "b"
    assert pick({"de": "a", "en": "b"}, "fr", "de") == "a"
    assert pick({"it": "c"}, "fr", "de") == "c"
    assert pick({}, "fr", "de") == ""
