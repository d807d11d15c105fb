"""Slips in short words, in words among others and in the spaces between them; wishes beside the goods."""

import pytest

from catalog.kernel.money import Money
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.products import service as products
from catalog.search import index
from catalog.search.service import search
from catalog.search.wishes import Wishes, read
from tests.catalog.products.factories import make_draft, make_variant

pytestmark = pytest.mark.usefixtures("shop")


@pytest.fixture
async def gadgets(uow: UnitOfWork) -> None:
    titles = [
        *(f"Tischlüfter Fan USB {number}" for number in range(8)), *(f"USB Stick {number} GB" for number in range(8)),
        "Konsole PS4", "Tripod für Kameras", "Earbud kabellos", *(f"DVD Player {number}" for number in range(8)),
        *(f"Layer Board {number}" for number in range(4)), *(f"Sub Bass {number}" for number in range(12)),
        *(f"Smartwatch {number}" for number in range(4)),
        "Phone Stand Eiche", "Kopfhörer Phones", "Watch Band", "Smart TV", "Vitamin C", "CD Regal",
    ]  # fmt: skip
    await products.bulk_upsert(
        uow,
        [
            make_draft(
                f"p{number}", title={"de": title, "en": title}, brand="", category="", attributes={}, description={},
                tags=(), options=(), variants=(make_variant(f"P{number}", price=Money(1000, "EUR"), options={}),),
            )
            for number, title in enumerate(titles)
        ],
    )  # fmt: skip


@pytest.mark.usefixtures("gadgets")
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("fn", "fan"), ("afn", "fan"), ("gan", "fan"), ("p4s", "ps4"), ("pss4", "ps4"), ("tripd", "tripod"),
        ("ripod", "tripod"), ("eabruds", "earbud"), ("usb stck", "usb stick"), ("ubs stick", "usb stick"),
        ("us bfan", "usb fan"), ("dvd layer", "dvd player"), ("sub stick", "usb stick"), ("samrt watch", "smart watch"),
        ("phone sband", "phone stand"), ("c regal", "cd regal"),
    ],
)  # fmt: skip
async def test_a_slip_is_undone(uow: UnitOfWork, typed: str, meant: str) -> None:
    page = await search(uow, typed, locale="en", limit=3)
    assert (page.corrected, bool(page.items), page.partial) == (meant, True, False)


@pytest.mark.usefixtures("gadgets")
@pytest.mark.parametrize(
    "typed", ["fan", "usb stick", "ps4", "layer board", "usb fan", "dvd player", "sub bass", "smart watch", "vitamin c"]
)
async def test_right_words_stay_as_they_are(uow: UnitOfWork, typed: str) -> None:
    assert (await search(uow, typed, locale="en")).corrected is None


@pytest.mark.usefixtures("gadgets")
async def test_what_only_some_words_found_is_called_partial(uow: UnitOfWork) -> None:
    page = await search(uow, "tripod xylophone", locale="en")
    assert page.partial
    assert page.items


@pytest.mark.parametrize(
    ("said", "wished"),
    [
        ("usb fan", Wishes(words="usb fan")),
        ("Habt ihr graue Pullover unter 50 Euro?", Wishes(words="graue pullover", max_price=5000)),
        ("hoodies, die günstigsten zuerst", Wishes(words="hoodies", sort="price_asc")),
        ("cheapest t-shirts in size M", Wishes(words="t-shirts", sizes=("m",), sort="price_asc")),
        (
            "reduzierte Hosen zwischen 20 und 39,90 €",
            Wishes(words="hosen", min_price=2000, max_price=3990, reduced=True),
        ),
        ("jackets in stock over £80", Wishes(words="jackets", in_stock=True, min_price=8000)),
        ("iphone 7", Wishes(words="iphone 7")),
        ("", Wishes(words="")),
    ],
)
def test_wishes_are_taken_out_of_the_words(said: str, wished: Wishes) -> None:
    assert read(said, "EUR") == wished


def test_a_price_in_a_currency_without_decimals_is_read_whole() -> None:
    assert read("bags under 5000", "JPY").max_price == 5000


async def test_synonyms_are_listed(uow: UnitOfWork) -> None:
    await index.set_synonyms(uow, "de", "Buxe", ["Hose", "Jeans"])
    assert await index.synonyms(uow) == [index.Synonyms("de", "buxe", ("hose", "jeans"))]
