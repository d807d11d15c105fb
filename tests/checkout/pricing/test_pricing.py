"""Pricing: pure rules, exact to the cent. docs/pricing.md says in words what stands here in numbers."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.kernel.countries import EU
from catalog.kernel.errors import Invalid
from catalog.kernel.money import Money, total, zero
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.shops.settings import ShippingMethod
from checkout.pricing import service as pricing
from checkout.pricing.discounts import DiscountRefusal, DiscountRule, Uses, reduction, refuse, spread
from checkout.pricing.errors import DiscountExists
from checkout.pricing.lines import PricedLine
from checkout.pricing.shipping import Shipping, choose, cost, delivery_days
from checkout.pricing.tax import known_countries, rate_bp, tax_country
from checkout.pricing.totals import price

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TODAY = NOW.date()
CLASSES = ("standard", "books", "food", "children_clothing", "nonsense")


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


amounts = st.integers(0, 500_000).map(eur)
lines = st.lists(
    st.builds(PricedLine, st.text("AB", min_size=1), st.integers(1, 99), amounts, st.sampled_from(CLASSES)), max_size=8
)


class TestTotals:
    def test_tax_is_the_part_that_a_gross_total_holds(self) -> None:
        bought = [PricedLine("TEE", 1, eur(2490)), PricedLine("CHINO", 1, eur(5990))]
        priced = price(bought, currency="EUR", country="DE", on=TODAY, discount=eur(0), shipping=eur(0))
        assert (priced.totals.total, priced.totals.tax) == (eur(8480), eur(1354))

    def test_shipping_takes_the_rates_of_its_goods(self) -> None:
        bought = [PricedLine("TEE", 1, eur(3000)), PricedLine("BOOK", 1, eur(1000), "books")]
        priced = price(bought, currency="EUR", country="DE", on=TODAY, discount=eur(0), shipping=eur(400))
        assert [(share.rate_bp, share.gross) for share in priced.taxes] == [(1900, eur(3300)), (700, eur(1100))]

    @given(lines, st.sampled_from(sorted(known_countries() | {"US"})), st.integers(0, 10_000), amounts)
    def test_shares_of_discount_and_tax_sum_to_the_totals(
        self, bought: list[PricedLine], country: str, percent: int, shipping: Money
    ) -> None:
        items = total([line.gross for line in bought], "EUR")
        off = items.share(percent)
        priced = price(bought, currency="EUR", country=country, on=TODAY, discount=off, shipping=shipping)
        totals = priced.totals
        assert totals.total == totals.items - totals.discount + totals.shipping
        assert total([share.discount for share in priced.lines], "EUR") == off
        assert total([share.gross for share in priced.taxes], "EUR") == totals.total
        assert total([share.tax for share in priced.taxes], "EUR") == totals.tax
        assert zero("EUR") <= totals.tax <= totals.total
        assert all(zero("EUR") <= share.discount <= share.gross for share in priced.lines)


class TestTax:
    def test_every_country_of_the_union_has_a_rate(self) -> None:
        assert len(EU) == 27
        assert EU | {"GB", "CH", "NO"} == known_countries()
        assert all(1500 <= rate_bp(country, TODAY) <= 2700 for country in EU)

    def test_rates_have_their_days(self) -> None:
        assert rate_bp("DE", date(2020, 8, 1)) == 1600
        assert [rate_bp("EE", day) for day in (date(2025, 6, 30), date(2025, 7, 1))] == [2200, 2400]
        assert [rate_bp("FI", day) for day in (date(2024, 8, 31), date(2024, 9, 1))] == [2400, 2550]

    def test_an_unknown_class_pays_the_standard_rate(self) -> None:
        assert rate_bp("DE", TODAY, tax_class="nonsense") == 1900
        assert rate_bp("DE", TODAY, tax_class="books") == 700

    def test_a_country_without_rates_has_no_tax_inside_its_prices(self) -> None:
        assert "US" not in known_countries()
        assert (rate_bp("US", TODAY), rate_bp("US", TODAY, tax_class="books")) == (0, 0)

    @pytest.mark.parametrize(
        ("destination", "oss", "country"),
        [("FR", True, "FR"), ("FR", False, "DE"), ("US", True, "DE"), ("CH", True, "DE"), (None, True, "DE")],
    )
    def test_with_oss_the_destinations_tax_applies_in_the_eu(
        self,
        destination: str | None,
        oss: bool,  # noqa: FBT001 - a table
        country: str,
    ) -> None:
        assert tax_country(shop="DE", destination=destination, oss=oss) == country


class TestShipping:
    standard = ShippingMethod(
        code="standard", name={}, price=eur(490), free_from=eur(5000), countries=("DE", "AT")
    )  # fmt: skip
    express = ShippingMethod(code="express", name={}, price=eur(990), countries=("DE",))

    def test_the_cheapest_way_is_chosen_unless_another_is_wanted(self) -> None:
        ways = [self.express, self.standard]
        assert choose(ways, country="DE", goods=eur(100)) == Shipping("standard", eur(490))
        assert choose(ways, country="DE", goods=eur(100), code="express") == Shipping("express", eur(990))
        assert choose(ways, country="AT", goods=eur(100), code="express") == Shipping("standard", eur(490))

    def test_the_threshold_is_reached_by_its_very_amount(self) -> None:
        assert cost(self.standard, eur(4999)) == eur(490)
        assert cost(self.standard, eur(5000)) == eur(0)

    def test_where_nothing_goes_there_is_no_way(self) -> None:
        assert choose([self.standard], country="FR", goods=eur(1)) is None

    def test_a_shop_that_has_set_no_way_names_none(self) -> None:
        assert choose([], country="FR", goods=eur(1)) is None

    def test_weekends_bring_nothing(self) -> None:
        # Monday 23 November 2026 and three days, as in the journey: by Thursday, 26.11.
        assert delivery_days(date(2026, 11, 23), (2, 3)) == (date(2026, 11, 25), date(2026, 11, 26))
        assert delivery_days(date(2026, 11, 27), (1, 2)) == (date(2026, 11, 30), date(2026, 12, 1))


class TestDiscounts:
    rule = DiscountRule("X", percent_bp=1000)

    @pytest.mark.parametrize(
        ("rule", "uses", "refusal"),
        [
            (DiscountRule("X", percent_bp=1000), Uses(), None),
            (DiscountRule("X", percent_bp=1000, starts_at=NOW), Uses(), None),
            (DiscountRule("X", percent_bp=1000, starts_at=NOW + timedelta(1)), Uses(), DiscountRefusal.NOT_YET),
            (DiscountRule("X", percent_bp=1000, ends_at=NOW), Uses(), DiscountRefusal.OVER),
            (DiscountRule("X", percent_bp=1000, max_redemptions=2), Uses(2, 0), DiscountRefusal.USED_UP),
            (DiscountRule("X", percent_bp=1000, per_person=1), Uses(1, 1), DiscountRefusal.USED_BY_YOU),
            (DiscountRule("X", percent_bp=1000, min_total=eur(1000)), Uses(), None),
            (DiscountRule("X", percent_bp=1000, min_total=eur(1001)), Uses(), DiscountRefusal.BELOW_MINIMUM),
        ],
    )
    def test_a_code_holds_within_its_time_its_uses_and_its_minimum(
        self, rule: DiscountRule, uses: Uses, refusal: DiscountRefusal | None
    ) -> None:
        assert refuse(rule, items=eur(1000), uses=uses, now=NOW) is refusal

    def test_it_never_takes_off_more_than_the_goods_cost(self) -> None:
        assert reduction(DiscountRule("X", amount=eur(5000)), eur(1000)) == eur(1000)
        assert reduction(self.rule, eur(2495)) == eur(250)

    @pytest.mark.parametrize(("currency", "step"), [("KWD", 10), ("MGA", 100), ("JPY", 1)])
    def test_it_leaves_what_the_currency_can_pay(self, currency: str, step: int) -> None:
        gross = [Money(minor * step, currency) for minor in (501, 167, 3)]
        off = reduction(self.rule, total(gross, currency))
        assert off.minor == 67 * step  # 67.1 of its steps
        shares = spread(off, gross)
        assert total(shares, currency) == off
        assert all(share.minor % step == 0 <= share.minor for share in shares)

    def test_prices_finer_than_that_are_still_split_within_their_lines(self) -> None:
        gross = [Money(minor, "KWD") for minor in (3, 4, 13)]
        shares = spread(Money(20, "KWD"), gross)
        assert shares == gross

    @given(st.lists(amounts, min_size=1, max_size=9), st.integers(0, 10_000))
    def test_its_shares_sum_and_stay_within_their_lines(self, gross: list[Money], percent: int) -> None:
        off = total(gross, "EUR").share(percent)
        shares = spread(off, gross)
        assert total(shares, "EUR") == off
        assert all(zero("EUR") <= share <= line for share, line in zip(shares, gross, strict=True))

    async def test_a_code_is_kept_once_in_capitals(self, uow: UnitOfWork, shop: object) -> None:
        await pricing.create_discount(uow, DiscountRule(" her bst", percent_bp=1000))
        assert [rule.code for rule in await pricing.list_discounts(uow)] == ["HERBST"]
        with pytest.raises(DiscountExists):
            await pricing.create_discount(uow, DiscountRule("herbst", amount=eur(100)))

    async def test_an_amount_that_the_currency_cannot_pay_is_refused(self, uow: UnitOfWork, shop: object) -> None:
        await uow.execute(
            "UPDATE shop SET currency = 'KWD', revision = revision + 1 WHERE id = $1 /* shop_id */", uow.shop_id
        )
        with pytest.raises(Invalid, match="in steps of 10") as refused:
            await pricing.create_discount(uow, DiscountRule("X", amount=Money(1005, "KWD")))
        assert refused.value.pointer == "/amount"

    @pytest.mark.parametrize(
        ("rule", "pointer"),
        [
            (DiscountRule("", percent_bp=1), "/code"),
            (DiscountRule("X"), "/percent_bp"),
            (DiscountRule("X", percent_bp=1, amount=eur(1)), "/percent_bp"),
            (DiscountRule("X", percent_bp=10_001), "/percent_bp"),
            (DiscountRule("X", amount=eur(0)), "/amount"),
            (DiscountRule("X", amount=Money(5, "USD")), "/amount"),
            (DiscountRule("X", percent_bp=1, min_total=eur(-1)), "/min_total"),
            (DiscountRule("X", percent_bp=1, max_redemptions=0), "/max_redemptions"),
            (DiscountRule("X", percent_bp=1, per_person=0), "/per_person"),
            (DiscountRule("X", percent_bp=1, starts_at=NOW, ends_at=NOW), "/ends_at"),
            (DiscountRule("X", percent_bp=1, starts_at=NOW.replace(tzinfo=None)), "/starts_at"),
        ],
    )
    async def test_a_senseless_code_is_refused_at_its_field(
        self, uow: UnitOfWork, shop: object, rule: DiscountRule, pointer: str
    ) -> None:
        with pytest.raises(Invalid) as refused:
            await pricing.create_discount(uow, rule)
        assert refused.value.pointer == pointer
