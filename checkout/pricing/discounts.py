"""What a discount code takes off, and when it does not. Pure: counts of former uses are given by the caller."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from catalog.kernel.money import Money, payable_step


class DiscountRefusal(StrEnum):
    """Why a code takes nothing off now."""

    UNKNOWN = "unknown"
    NOT_YET = "not_yet"
    OVER = "over"
    BELOW_MINIMUM = "below_minimum"
    USED_UP = "used_up"
    USED_BY_YOU = "used_by_you"


@dataclass(frozen=True, slots=True)
class DiscountRule:
    """Exactly one of `percent_bp` (1000 is 10 %) and `amount` is set."""

    code: str
    percent_bp: int | None = None
    amount: Money | None = None
    min_total: Money | None = None
    max_redemptions: int | None = None
    per_person: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Uses:
    """Orders that used the code and were not cancelled or expired: by anybody, and by this person."""

    all: int = 0
    person: int = 0


def refuse(rule: DiscountRule, *, items: Money, uses: Uses, now: datetime) -> DiscountRefusal | None:
    """The first reason against the code, None when it holds. It holds from `starts_at` and until before `ends_at`."""
    if rule.starts_at is not None and now < rule.starts_at:
        return DiscountRefusal.NOT_YET
    if rule.ends_at is not None and rule.ends_at <= now:
        return DiscountRefusal.OVER
    if rule.max_redemptions is not None and uses.all >= rule.max_redemptions:
        return DiscountRefusal.USED_UP
    if rule.per_person is not None and uses.person >= rule.per_person:
        return DiscountRefusal.USED_BY_YOU
    if rule.min_total is not None and items < rule.min_total:
        return DiscountRefusal.BELOW_MINIMUM
    return None


def reduction(rule: DiscountRule, items: Money) -> Money:
    """What the code takes off goods of that value: never more than they cost. Rounded once, by the one rule."""
    wanted = items.share(rule.percent_bp) if rule.percent_bp is not None else rule.amount or items * 0
    return min(wanted, items)


def spread(discount: Money, line_totals: Sequence[Money]) -> list[Money]:
    """The discount on each line, by value: shares sum to the discount, and none exceeds its line."""
    if not discount:
        return [discount for _ in line_totals]
    weights = [amount.minor for amount in line_totals]
    if any(weight % payable_step(discount.currency) for weight in weights):
        return discount.allocate(weights)
    return discount.allocate_payable(weights)
