"""A price in words: the unit price stands beside the price that it is of."""

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast
from uuid import UUID

import pytest

from bots.replies import goods, prices
from bots.replies.phrases import PHRASES
from catalog.kernel.money import Money
from catalog.products.listing import Listing, VariantListing
from catalog.products.measures import unit_price

if TYPE_CHECKING:
    from bots.turns.turn import Turn


@pytest.mark.parametrize(
    ("price", "content", "base", "locale", "words"),
    [
        (Money(2490, "EUR"), None, None, "de", "24,90 €"),
        (Money(2490, "EUR"), "750 ml", None, "de", "24,90 € (33,20 €/l)"),
        (Money(2490, "EUR"), "750 ml", None, "en", "€24.90 (€33.20/l)"),
        (Money(1290, "EUR"), "50 ml", "100 ml", "de", "12,90 € (25,80 €/100 ml)"),
        (Money(5990, "EUR"), "2.5 m2", None, "en", "€59.90 (€23.96/m²)"),
        (Money(4900, "JPY"), "2 m3", None, "en", "¥4,900 (¥2,450/m³)"),
        (Money(1290, "EUR"), "1 kg", None, "de", "12,90 €"),
    ],
)
def test_a_price_is_said_with_its_unit_price_where_it_has_one(
    price: Money, content: str | None, base: str | None, locale: str, words: str
) -> None:
    assert prices.in_words(price, unit_price(price, content, base), locale).replace("\xa0", " ") == words


def listing(*variants: tuple[int, int | None, str | None]) -> Listing:
    return Listing(
        product_id=UUID(int=1), handle="tea", title="Assam", description="", category="", brand="", tags=(), options=(),
        variants=tuple(
            VariantListing(
                variant_id=UUID(int=number), sku=str(number), options={}, price=Money(minor, "EUR"),
                compare_at=None if before is None else Money(before, "EUR"), lowest_price_30d=None,
                unit_price=unit_price(Money(minor, "EUR"), content, None),
            )
            for number, (minor, before, content) in enumerate(variants)
        ),
        images=(), attributes="{}", locale="de", titles={},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("variants", "words"),
    [
        ([(2490, None, None), (2990, None, None)], "ab 24,90 €"),
        ([(1990, 2490, None)], "19,90 € statt 24,90 €"),
        ([(890, None, "250 g")], "8,90 € (35,60 €/kg)"),
        ([(1590, None, "500 g"), (890, None, "250 g")], "ab 8,90 € (35,60 €/kg)"),
        ([(790, 890, "250 g")], "7,90 € (31,60 €/kg) statt 8,90 €"),
        ([(890, None, "250 g"), (890, None, "200 g")], "ab 8,90 € (35,60 €/kg)"),
        ([(890, None, "250 g"), (1590, None, None)], "ab 8,90 € (35,60 €/kg)"),
    ],
)
def test_the_price_of_a_product(variants: list[tuple[int, int | None, str | None]], words: str) -> None:
    turn = SimpleNamespace(locale="de", say=lambda key, **values: PHRASES.say("de", key, **values))
    assert goods.price_of(cast("Turn", turn), listing(*variants)).replace("\xa0", " ") == words
