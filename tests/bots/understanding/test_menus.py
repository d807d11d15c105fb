"""Orders against a menu that no set knows: everything comes from its file."""

from bots.understanding.menus import MenuReader

MENU = {
    "menu_id": "bakery",
    "groups": [
        {
            "group": "cake",
            "nouns": ["cake", "cakes"],
            "items": [],
            "options": [
                {
                    "name": "size",
                    "values": [{"id": "small", "aliases": ["small"]}, {"id": "large", "aliases": ["large"]}],
                },
                {
                    "name": "filling",
                    "can_be_excluded": True,
                    "values": [
                        {"id": "strawberry_jam", "aliases": ["strawberry jam", "jam"]},
                        {"id": "dark_chocolate", "aliases": ["dark chocolate"]},
                        {"id": "white_chocolate", "aliases": ["white chocolate"]},
                        {"id": "almonds", "aliases": ["almond", "almonds"]},
                    ],
                    "ambiguous_aliases": [{"alias": "chocolate", "any_of": ["dark_chocolate", "white_chocolate"]}],
                },
            ],
        },
        {
            "group": "drink",
            "nouns": ["drink", "drinks"],
            "items": [{"id": "tea", "aliases": ["tea", "teas"]}, {"id": "flat_white", "aliases": ["flat white"]}],
            "options": [],
        },
    ],
    "amount_words": {"extra": ["extra", "lots of"], "light": ["a little", "light on the"]},
    "negation_words": ["no", "without", "hold the"],
    "number_words": {"1": ["a", "an", "one"], "2": ["two"], "3": ["three"]},
}
READER = MenuReader(MENU)


def _cake(
    quantity: int, options: list[dict[str, object]], excluded: list[dict[str, object]] | None = None
) -> dict[str, object]:
    return {"group": "cake", "item": None, "quantity": quantity, "options": options, "excluded": excluded or []}


def test_an_order_of_several_lines() -> None:
    assert READER.read("two large almond cakes with extra jam but no chocolate and three flat whites please") == [
        _cake(
            2,
            [
                {"name": "size", "value": "large"},
                {"name": "filling", "value": "almonds"},
                {"name": "filling", "value": "strawberry_jam", "amount": "extra"},
            ],
            [{"name": "filling", "any_of": ["dark_chocolate", "white_chocolate"]}],
        ),
        {"group": "drink", "item": "flat_white", "quantity": 3, "options": [], "excluded": []},
    ]


def test_typing_errors_and_parts_of_names_are_understood() -> None:
    assert READER.read("a smal cake with strawbery and a tea") == [
        _cake(1, [{"name": "size", "value": "small"}, {"name": "filling", "value": "strawberry_jam"}]),
        {"group": "drink", "item": "tea", "quantity": 1, "options": [], "excluded": []},
    ]


def test_nothing_of_the_menu_is_no_order() -> None:
    assert READER.read("what a lovely day") == []
    assert READER.read("") == []
    assert READER.read("no drinks please") == []


def test_goods_may_be_named_once_for_two_lines() -> None:
    lines = READER.read("three cakes, one with almonds")
    assert lines[0]["quantity"] == 3


def test_64_kilobytes_are_no_trouble() -> None:
    assert READER.read("a cake with jam " * 5000)
