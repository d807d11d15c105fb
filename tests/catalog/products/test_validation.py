"""What a draft must be: every fault with its JSON pointer."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.kernel.money import Money
from catalog.products.validation import Rules, faults_of, valid_gtin
from catalog.products.values import ImageDraft
from tests.catalog.products.factories import make_draft, make_variant

RULES = Rules(currency="EUR", default_locale="de", locales=("de", "en"))
PICTURE = "a" * 64


def pointers(**changes: Any) -> list[str]:  # noqa: ANN401 - any field
    return [fault.pointer for fault in faults_of(make_draft(**changes), RULES)]


def variant_pointers(**changes: Any) -> list[str]:  # noqa: ANN401 - any field
    return pointers(variants=(make_variant(**changes),))


def test_a_good_draft_has_no_faults() -> None:
    assert pointers() == []


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"handle": "Basic Tee"}, "/handle"),
        ({"handle": ""}, "/handle"),
        ({"title": {"en": "Tee"}}, "/title/de"),
        ({"title": {"de": "  "}}, "/title/de"),
        ({"title": {"de": "Tee", "en": "a\0b"}}, "/title/en"),
        ({"title": {"de": "Tee", "english": "Tee"}}, "/title/english"),
        ({"title": {"de": "x" * 301}}, "/title/de"),
        ({"category": "Women/Dresses"}, "/category"),
        ({"category": "a//b"}, "/category"),
        ({"tags": ("ok", " ")}, "/tags/1"),
        ({"status": "sold"}, "/status"),
        ({"options": ("size", "Size"), "variants": (), "status": "draft"}, "/options"),
        ({"variants": ()}, "/variants"),
        ({"attributes": {"a/b": ["x", "\ud800"]}}, "/attributes/a~1b/1"),
        ({"attributes": {"a": [[[[[[[[[1]]]]]]]]]}}, "/attributes/a/0/0/0/0/0/0/0/0"),
        ({"attributes": {"option_titles": "oak"}}, "/attributes/option_titles"),
        ({"attributes": {"option_titles": {"oak": "Eiche"}}}, "/attributes/option_titles/oak"),
        ({"attributes": {"option_titles": {"oak": {"de": 1}}}}, "/attributes/option_titles/oak"),
        ({"images": (ImageDraft(image_id="nothing"),)}, "/images/0"),
        ({"images": (ImageDraft(image_id=PICTURE, option={"shade": "x"}),)}, "/images/0/option/shade"),
        ({"images": (ImageDraft(image_id=PICTURE, option={"colour": "red"}),)}, "/images/0/option/colour"),
        ({"images": (ImageDraft(image_id=PICTURE),) * 101}, "/images"),
        ({"tags": ("t",) * 101}, "/tags"),
        ({"options": tuple("abcdef"), "variants": (), "status": "draft"}, "/options"),
    ],
)
def test_a_fault_of_the_product(changes: dict[str, Any], pointer: str) -> None:
    assert pointers(**changes) == [pointer]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"sku": " x"}, "/variants/0/sku"),
        ({"sku": ""}, "/variants/0/sku"),
        ({"sku": "x" * 101}, "/variants/0/sku"),
        ({"price": Money(-1, "EUR")}, "/variants/0/price/minor"),
        ({"price": Money(10**13, "EUR")}, "/variants/0/price/minor"),
        ({"price": Money(100, "USD")}, "/variants/0/price/currency"),
        ({"compare_at_price": Money(2490, "EUR")}, "/variants/0/compare_at_price"),
        ({"gtin": "4006381333932"}, "/variants/0/gtin"),
        ({"weight_g": -1}, "/variants/0/weight_g"),
        ({"content": "3 oz"}, "/variants/0/content"),
        ({"content": "0 ml"}, "/variants/0/content"),
        ({"content": "750 ml", "unit_price_base": "1 kg"}, "/variants/0/unit_price_base"),
        ({"unit_price_base": "1 l"}, "/variants/0/unit_price_base"),
        ({"stock": 2**31}, "/variants/0/stock"),
        ({"options": {"colour": "grey"}}, "/variants/0/options"),
        ({"options": {"colour": "grey", "size": "M", "fit": "slim"}}, "/variants/0/options"),
        ({"options": {"colour": "", "size": "M"}}, "/variants/0/options/colour"),
    ],
)
def test_a_fault_of_a_variant(changes: dict[str, Any], pointer: str) -> None:
    assert variant_pointers(**changes) == [pointer]


def test_the_same_sku_or_the_same_options_twice() -> None:
    assert pointers(variants=(make_variant("A"), make_variant("A", options={"colour": "red", "size": "M"}))) == [
        "/variants/1/sku"
    ]
    assert pointers(variants=(make_variant("A"), make_variant("B", options={"colour": "Grey", "size": "m"}))) == [
        "/variants/1/options"
    ]


def test_at_most_a_hundred_variants() -> None:
    many = tuple(make_variant(f"S{n}", options={"colour": "grey", "size": str(n)}) for n in range(101))
    assert pointers(variants=many[:100]) == []
    assert pointers(variants=many) == ["/variants"]


def test_all_faults_are_told_at_once() -> None:
    assert len(pointers(handle="!", title={}, status="x", variants=(make_variant(" ", gtin="1"),))) == 5


@pytest.mark.parametrize("gtin", ["4006381333931", "73513537", "036000291452", "10614141000415"])
def test_gtins_of_every_length_are_known_by_their_check_digit(gtin: str) -> None:
    assert valid_gtin(gtin)


@given(st.from_regex(r"[0-9]{13}", fullmatch=True))
def test_exactly_one_check_digit_fits(digits: str) -> None:
    assert sum(valid_gtin(digits[:12] + str(last)) for last in range(10)) == 1


@given(st.text(max_size=20))
def test_any_text_is_judged_without_an_error(text: str) -> None:
    faults_of(
        make_draft(
            text,
            title={"de": text},
            category=text,
            brand=text,
            tags=(text,),
            attributes={text: text},
            options=(text,),
            variants=(make_variant(text, options={text: text}, gtin=text),),
        ),
        RULES,
    )
