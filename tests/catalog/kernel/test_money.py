"""Money: exact, never of two currencies, and split without a cent lost or made."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.kernel.errors import Invalid
from catalog.kernel.money import CurrencyMismatch, Money, divide, exponent, parse_money, total

EURO, DOLLAR = Money(100, "EUR"), Money(100, "USD")
weights = st.lists(st.integers(0, 10**6), min_size=1, max_size=8).filter(any)


@pytest.mark.parametrize(
    "act",
    [
        lambda: EURO + DOLLAR, lambda: EURO - DOLLAR, lambda: EURO < DOLLAR, lambda: EURO <= DOLLAR,
        lambda: total([DOLLAR], "EUR"),
    ],
)  # fmt: skip
def test_two_currencies_never_meet_in_a_sum_or_an_order(act: Callable[[], object]) -> None:
    with pytest.raises(CurrencyMismatch, match="EUR and USD do not add"):
        act()


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"), [(5, 10, 1), (4, 10, 0), (-5, 10, -1), (-4, 10, 0), (15, 10, 2), (0, 3, 0)]
)
def test_half_a_unit_is_rounded_away_from_zero(numerator: int, denominator: int, rounded: int) -> None:
    assert divide(numerator, denominator) == rounded


@given(minor=st.integers(-(10**9), 10**9), weights=weights, currency=st.sampled_from(["EUR", "JPY", "KWD"]))
def test_shares_sum_to_the_whole_and_mirror(minor: int, weights: list[int], currency: str) -> None:
    for whole in (Money(minor, currency), Money(minor * 10, currency)):
        for shares, mirror in (
            (whole.allocate(weights), (-whole).allocate(weights)),
            (whole.allocate_payable(weights), (-whole).allocate_payable(weights)),
        ):
            assert total(shares, currency) == whole
            assert shares == [-share for share in mirror]
            assert all(not share for share, weight in zip(shares, weights, strict=True) if not weight)


def test_the_largest_rest_comes_first_and_of_equal_ones_the_earlier_share() -> None:
    assert Money(100, "EUR").allocate([1, 1, 1]) == [Money(34, "EUR"), Money(33, "EUR"), Money(33, "EUR")]
    assert Money(10, "EUR").allocate([1, 2, 6]) == [Money(1, "EUR"), Money(2, "EUR"), Money(7, "EUR")]


def test_what_can_be_paid_is_split_into_what_can_be_paid() -> None:
    assert Money(100, "KWD").allocate_payable([1, 2]) == [Money(30, "KWD"), Money(70, "KWD")]
    assert Money(101, "KWD").allocate_payable([1, 2]) == [Money(34, "KWD"), Money(67, "KWD")]


@pytest.mark.parametrize("weights", [[], [0], [0, 0], [1, -1], [2, -1]])
def test_no_weight_or_one_below_nothing_is_refused(weights: list[int]) -> None:
    with pytest.raises(Invalid, match="weights"):
        EURO.allocate(weights)


@pytest.mark.parametrize("code", ["eur", "EURO", "XXX", ""])
def test_a_code_that_is_no_currency_is_refused(code: str) -> None:
    with pytest.raises(Invalid) as refused:
        exponent(code)
    assert refused.value.pointer == "/currency"


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("24,90", "EUR", 2490), ("24.9", "EUR", 2490), ("1.234,50 €", "EUR", 123450), ("1,234.50", "EUR", 123450),
        ("1.234", "EUR", 123400), (",50", "EUR", 50), ("EUR 7", "EUR", 700), ("1'234.50", "CHF", 123450),
        ("1.234", "JPY", 1234), ("0,001", "KWD", 1), ("-3,00", "EUR", -300),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_people_write_it(text: str, currency: str, minor: int) -> None:
    assert parse_money(text, currency) == Money(minor, currency)


@pytest.mark.parametrize("text", ["viel", "", "-"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="is no amount"):
        parse_money(text, "EUR")


@pytest.mark.parametrize(("text", "currency"), [("24,90", "JPY"), ("1,2345", "EUR"), ("NaN", "EUR")])
def test_more_decimals_than_the_currency_has_are_refused(text: str, currency: str) -> None:
    with pytest.raises(Invalid, match=f"more decimals than {currency} allows"):
        parse_money(text, currency)
