"""The unit price of goods sold by measure: what is read, what it is the price of, how it is rounded."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.kernel.errors import Invalid
from catalog.kernel.money import Money
from catalog.products.measures import UNITS, base_of, faults, measure, unit_price

WEIGHTS = [unit for unit in UNITS if measure(f"1 {unit}").dimension == "weight"]


@pytest.mark.parametrize(
    ("price", "content", "base", "per", "of"),
    [
        (2490, "750 ml", None, 3320, "1 l"),
        (249, "330 ml", None, 755, "1 l"),
        (890, "250 g", None, 3560, "1 kg"),
        (890, "0.25 kg", None, 3560, "1 kg"),
        (599, "500000 mg", None, 1198, "1 kg"),
        (1299, "75 cl", None, 1732, "1 l"),
        (4999, "2 m3", None, 2500, "1 m3"),
        (4999, "40 l", "1 m3", 124975, "1 m3"),
        (1999, "1.4 m", None, 1428, "1 m"),
        (399, "150 cm", None, 266, "1 m"),
        (5990, "2.5 m2", None, 2396, "1 m2"),
        (1290, "50 ml", "100 ml", 2580, "100 ml"),
        (1290, "50 ml", "10 cl", 2580, "10 cl"),
        (3, "2 kg", None, 2, "1 kg"),
        (0, "250 g", None, 0, "1 kg"),
    ],
)
def test_a_unit_price_is_that_of_the_base_measure(
    price: int, content: str, base: str | None, per: int, of: str
) -> None:
    found = unit_price(Money(price, "EUR"), content, base)
    assert found is not None
    assert (found.amount, str(found.base)) == (Money(per, "EUR"), of)


@pytest.mark.parametrize(
    ("content", "base"), [(None, None), ("1 kg", None), ("1000 g", None), ("1000 ml", "1 l"), ("100 g", "100 g")]
)
def test_a_unit_price_that_is_the_price_is_not_told(content: str | None, base: str | None) -> None:
    assert unit_price(Money(990, "EUR"), content, base) is None


amounts = st.decimals(min_value=Decimal("0.001"), max_value=Decimal(99_999), places=3)


@given(minor=st.integers(0, 10**9), amount=amounts, unit=st.sampled_from(WEIGHTS), base=st.sampled_from(WEIGHTS))
def test_it_is_within_half_a_cent_of_the_truth(minor: int, amount: Decimal, unit: str, base: str) -> None:
    found = unit_price(Money(minor, "EUR"), f"{amount:f} {unit}", f"1 {base}")
    if found is not None:
        true = Fraction(minor) * measure(f"1 {base}").size / measure(f"{amount:f} {unit}").size
        assert abs(found.amount.minor - true) <= Fraction(1, 2)


@given(minor=st.integers(0, 10**9), grams=st.integers(1, 10**6))
def test_every_spelling_of_a_content_has_the_same_unit_price(minor: int, grams: int) -> None:
    price = Money(minor, "EUR")
    in_kilograms = f"{Decimal(grams) / 1000:f} kg"
    assert unit_price(price, f"{grams} g", None) == unit_price(price, in_kilograms, None)


@given(amount=amounts, unit=st.sampled_from(sorted(UNITS)))
def test_a_measure_reads_what_it_writes(amount: Decimal, unit: str) -> None:
    written = measure(f"{amount:f} {unit}")
    assert measure(str(written)) == written
    assert base_of(written).dimension == written.dimension


@pytest.mark.parametrize(
    "text", ["", "750", "ml", "750ml ", "750  ml", "-1 l", "1,5 l", "1e3 g", "0 ml", "0.000 kg", "3 oz", "٣ kg", "1 L"]
)
def test_what_is_no_measure_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        measure(text)


@pytest.mark.parametrize(
    ("content", "base", "fields"),
    [
        (None, None, []),
        ("750 ml", None, []),
        ("750 ml", "1 l", []),
        ("40 l", "1 m3", []),
        ("3 oz", None, ["content"]),
        ("0 ml", "0 l", ["content", "unit_price_base"]),
        ("750 ml", "1 kg", ["unit_price_base"]),
        ("750 ml", "0.5 l", ["unit_price_base"]),
        (None, "1 l", ["unit_price_base"]),
    ],
)
def test_faults_are_told_at_their_field(content: str | None, base: str | None, fields: list[str]) -> None:
    assert [field for field, _ in faults(content, base)] == fields
