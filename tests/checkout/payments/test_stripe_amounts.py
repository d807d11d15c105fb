"""Stripe's units, and lines that always sum to the order's total."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.kernel.money import Money, exponent, payable_step
from checkout.payments import stripe_amounts
from checkout.payments.errors import AmountNotPayable
from checkout.payments.gateway import LineView
from checkout.payments.stripe_session import stripe_locale
from tests.checkout.payments.values import make_line, make_order

_CURRENCIES = ("EUR", "JPY", "KWD", "ISK", "UGX", "HUF", "TWD", "MGA", "GBP")


@pytest.mark.parametrize(
    ("minor", "currency", "units"),
    [
        (500, "JPY", 500),
        (1050, "USD", 1050),
        (5120, "KWD", 5120),
        (5, "ISK", 500),
        (5, "UGX", 500),
        (50_000, "HUF", 50_000),
        (300, "MGA", 3),
    ],
)
def test_amounts_are_counted_as_stripe_counts(minor: int, currency: str, units: int) -> None:
    assert stripe_amounts.to_units(Money(minor, currency)) == units
    assert stripe_amounts.from_units(units, currency.lower()) == Money(minor, currency)


@pytest.mark.parametrize("currency", _CURRENCIES)
def test_a_payable_step_is_the_least_that_stripe_counts(currency: str) -> None:
    step = payable_step(currency)
    assert stripe_amounts.to_units(Money(step, currency)) == stripe_amounts.grain(currency)


@pytest.mark.parametrize(("minor", "currency"), [(5124, "KWD"), (5001, "BHD"), (150, "MGA"), (100, "IQD")])
def test_what_stripe_cannot_count_is_refused(minor: int, currency: str) -> None:
    with pytest.raises(AmountNotPayable):
        stripe_amounts.to_units(Money(minor, currency))


@pytest.mark.parametrize(
    ("minor", "currency"), [(49, "EUR"), (29, "GBP"), (249, "DKK"), (49, "JPY"), (17499, "HUF"), (100_000_000, "EUR")]
)
def test_totals_outside_stripes_bounds_are_refused(minor: int, currency: str) -> None:
    with pytest.raises(AmountNotPayable):
        stripe_amounts.check_total(Money(minor, currency))


@pytest.mark.parametrize(("minor", "currency"), [(0, "EUR"), (50, "EUR"), (50, "JPY"), (99_999_999, "EUR")])
def test_totals_within_them_are_taken(minor: int, currency: str) -> None:
    stripe_amounts.check_total(Money(minor, currency))


def _lines(currency: str) -> st.SearchStrategy[list[LineView]]:
    step = 10 if exponent(currency) == 3 else 100 if currency == "MGA" else 1
    line = st.builds(
        lambda minor, quantity: make_line(minor * step, quantity=quantity, currency=currency),
        st.integers(0, 9_999),
        st.integers(1, 9),
    )
    return st.lists(line, min_size=1, max_size=6)


@given(data=st.data(), currency=st.sampled_from(_CURRENCIES))
def test_the_lines_always_sum_to_the_total(data: st.DataObject, currency: str) -> None:
    step = 10 if exponent(currency) == 3 else 100 if currency == "MGA" else 1
    lines = data.draw(_lines(currency))
    shipping = data.draw(st.integers(0, 900)) * step
    plain = sum(line.total.minor for line in lines) + shipping
    total = plain - data.draw(st.integers(0, plain // step)) * step
    order = make_order(*lines, shipping=shipping, total=total, currency=currency)
    made = stripe_amounts.priced_lines(order)
    assert sum(line.unit * line.quantity for line in made) == stripe_amounts.to_units(order.total)
    assert all(line.unit >= 0 and line.quantity >= 1 for line in made)
    assert 1 <= len(made) <= stripe_amounts.MAX_LINES


def test_without_a_discount_each_line_shows_its_own_price() -> None:
    made = stripe_amounts.priced_lines(make_order(make_line(2490, quantity=2), shipping=490))
    assert [(line.name, line.unit, line.quantity) for line in made] == [("Basic-Tee", 2490, 2), ("Versand", 490, 1)]


def test_a_discount_that_does_not_divide_makes_two_lines_a_cent_apart() -> None:
    made = stripe_amounts.priced_lines(make_order(make_line(1000, quantity=3), shipping=0, total=2000))
    assert [(line.unit, line.quantity) for line in made] == [(666, 1), (667, 2)]


def test_more_lines_than_stripe_takes_become_one() -> None:
    made = stripe_amounts.priced_lines(make_order(*[make_line(100, sku=f"S{n}") for n in range(120)], shipping=0))
    assert [(line.name, line.unit, line.quantity) for line in made] == [("K-1042", 24_000, 1)]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("de", "de"),
        ("de-AT", "de"),
        ("en_GB", "en-GB"),
        ("no", "nb"),
        ("zh-Hant", "zh-TW"),
        ("uk", "auto"),
        ("", "auto"),
    ],
)
def test_languages_are_called_as_stripe_calls_them(ours: str, theirs: str) -> None:
    assert stripe_locale(ours) == theirs
