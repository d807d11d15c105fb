"""Which goods words mean: those called by a title, those named beside what was spoken of, the other one of two."""

import pytest

from bots.understanding import Context, Lexicon, RuleReader
from bots.understanding.reading import CartLine, Focus, Pending
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


@pytest.mark.parametrize("text", ["can i get the tote", "i'll take the tote too"])
def test_a_word_of_one_title_alone_means_the_goods_called_so(reader: RuleReader, text: str) -> None:
    bag = CartLine(line=1, product="backpack", colour="mustard")
    bags = Context(
        cart=(bag,), shown=("tote-bag", "weekender", "backpack"), last_search={"category": "accessories/bags"},
        focus=Focus(product="backpack", colour="mustard", line=1),
    )  # fmt: skip
    assert [op.product for op in reader.read(text, bags).cart_ops] == ["tote-bag"]
    assert reader.read("how much is the tote?", bags).product == "tote-bag"


@pytest.mark.parametrize("text", ["add a heavy one too, black M", "no, a cable one in navy M please"])
def test_such_a_one_is_never_what_was_spoken_of(reader: RuleReader, text: str) -> None:
    ops = reader.read(text, _after("hoodie")).cart_ops
    assert "hoodie" not in [op.product for op in ops]


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("ich such ein geschenk für meine oma", {"tag": "gift", "gender": "women"}),
        ("gift ideas under 50", {"tag": "gift", "max_price": 50}),
        ("need a present for a colleague", {"tag": "gift"}),
    ],
)
def test_presents_are_what_the_shop_marks_as_such(reader: RuleReader, text: str, filters: dict[str, object]) -> None:
    found = reader.read(text, Context()).search
    assert found is not None
    assert found.filters == filters
    assert set(found.products) <= {"tote-bag", "weekender", "card-holder"}


def test_how_old_somebody_turns_is_no_size() -> None:
    shoes = next(one for one in _GOODS if one["id"] == "leather-sneakers") | {"sizes": ["39", "40", "41"]}
    bag = next(one for one in _GOODS if one["id"] == "weekender")
    shop = RuleReader(Lexicon.from_catalogue_json({"products": [shoes, bag]}))
    found = shop.read("Hallo, ich brauch ein Geschenk für meinen Nachbarn, er wird 40", Context()).search
    assert found is not None
    assert found.products == ("weekender",)


def test_goods_that_are_called_by_a_word_are_of_its_kind(reader: RuleReader) -> None:
    looked_at = Context(shown=("blouson",), focus=Focus(product="blouson"), last_search={"colour": "black"})
    found = reader.read("nee dann doch den parka in navy, M oder L bin mir unsicher", looked_at).search
    assert found is not None
    assert found.products == ("rain-parka",)


def test_a_search_without_a_material_goes_on_within_its_kinds(reader: RuleReader) -> None:
    first = reader.read("habt ihr pullis ohne wolle?", Context()).search
    assert first is not None
    second = reader.read("und unter 65?", Context(shown=first.products, last_search=first.filters)).search
    assert second is not None
    assert second.products == ("sweatshirt",)


@pytest.mark.parametrize(
    "text",
    ["ok the oxford then, do you have it in L", "dann das Oxford, gibt es das in L?", "the oxford, is it warm?"],
)
def test_it_is_what_the_message_named_before(reader: RuleReader, text: str) -> None:
    of_two = Context(shown=("oxford-shirt", "linen-shirt"), focus=Focus(product="linen-shirt"))
    assert reader.read(text, of_two).product == "oxford-shirt"


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


@pytest.mark.parametrize("text", ["doch den anderen", "Hmm actually, the other one", "nein, die anderen"])
def test_the_other_of_two_is_the_one_that_was_not_asked_of(reader: RuleReader, text: str) -> None:
    asked = Pending(op="add", product="canvas-sneakers", size="M", quantity=1, missing=("colour",))
    reading = reader.read(text, Context(shown=("leather-sneakers", "canvas-sneakers"), pending=asked))
    assert reading.product == "leather-sneakers"
    assert reading.cart_ops == ()


def test_both_colours_of_goods_with_three_are_asked_for(reader: RuleReader) -> None:
    (wanted,) = reader.read("both colours in M please", _after("hoodie")).cart_ops
    assert wanted.colour is None


@pytest.mark.parametrize("text", ["I mean sweaters", "ich meine Pullover"])
def test_what_is_ruled_out_still_is_where_the_wish_is_made_clearer(reader: RuleReader, text: str) -> None:
    found = reader.read(text, Context(last_search={"not_material": "wool"})).search
    assert found is not None
    assert found.products
    assert "merino-sweater" not in found.products
