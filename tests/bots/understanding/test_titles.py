"""Words that are one product's whole title mean that product, whatever of the same kind was looked at before."""

import pytest

from bots.understanding import Context, Lexicon, RuleReader
from bots.understanding.reading import Focus
from storefront.sample import goods

_GOODS = [
    {
        "id": one.handle,
        "title": one.title,
        "category": one.category,
        "colours": list(one.colours),
        "sizes": ["S", "M", "L", "32/32"],
        "price": one.price / 100,
        "material": one.material,
        "keywords": {locale: list(words) for locale, words in one.keywords.items()},
        "tags": list(one.tags),
    }
    for one in goods.all_goods()
]


@pytest.fixture(scope="module")
def reader() -> RuleReader:
    return RuleReader(Lexicon.from_catalogue_json({"products": _GOODS}))


def _after(product: str) -> Context:
    return Context(shown=(product,), focus=Focus(product=product))


@pytest.mark.parametrize(
    ("before", "text", "product"),
    [
        ("hoodie", "what is the sweatshirt made of?", "sweatshirt"),
        ("hoodie", "was kostet das Sweatshirt?", "sweatshirt"),
        ("hoodie", "ist der warm?", "hoodie"),
        ("slim-chino", "ist die Chino dehnbar?", "slim-chino"),  # a title of what was spoken of has the word as well
        ("rain-parka", "is the jacket waterproof?", "rain-parka"),
    ],
)
def test_a_title_asks_of_the_goods_called_so(reader: RuleReader, before: str, text: str, product: str) -> None:
    assert reader.read(text, _after(before)).product == product


@pytest.mark.parametrize(
    ("before", "text", "product"),
    [
        ("hoodie", "sweatshirt in grey M please", "sweatshirt"),
        ("hoodie", "nimm das Sweatshirt in Marine in L", "sweatshirt"),
        ("cord-overshirt", "take the overshirt in olive, L", "cord-overshirt"),
    ],
)
def test_a_title_puts_the_goods_called_so_into_the_cart(
    reader: RuleReader, before: str, text: str, product: str
) -> None:
    assert [op.product for op in reader.read(text, _after(before)).cart_ops] == [product]


@pytest.mark.parametrize(
    ("text", "goods_compared"),
    [
        ("compare the sweatshirt and the hoodie", ("sweatshirt", "hoodie")),
        ("was ist der Unterschied zum Blouson?", ("hoodie", "blouson")),
        ("how does it compare to the cardigan?", ("hoodie", "cardigan")),
    ],
)
def test_goods_are_compared_with_what_was_spoken_of_where_one_is_named(
    reader: RuleReader, text: str, goods_compared: tuple[str, ...]
) -> None:
    assert reader.read(text, _after("hoodie")).items == goods_compared
