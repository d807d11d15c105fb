"""Discount codes as the merchant makes them and orders use them."""

from datetime import datetime
from uuid import UUID

from catalog.kernel.errors import Invalid
from catalog.kernel.ids import new_id
from catalog.kernel.money import Money, payable_step
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.shops import profile as profiles
from checkout.pricing import repository
from checkout.pricing.discounts import DiscountRule, Uses, refuse
from checkout.pricing.errors import DiscountExists, DiscountUsedUp

_LONGEST_CODE = 40
_FULL_BP = 10_000


def normal_code(code: str) -> str:
    """A code as it is stored: people may write it in small letters and with spaces around."""
    return "".join(code.split()).upper()


async def create_discount(uow: UnitOfWork, rule: DiscountRule) -> DiscountRule:
    """Give out a code. Raises Invalid for a rule that says nothing or too much, DiscountExists for a code in use."""
    rule = _normal(rule)
    currency = (await profiles.get(uow)).currency
    _check(rule, currency)
    if not await repository.insert(uow, new_id(), rule, currency):
        raise DiscountExists(f"the code {rule.code} exists already; choose another", discount=rule.code)
    return rule


async def list_discounts(uow: UnitOfWork, *, after: str = "", limit: int = 100) -> list[DiscountRule]:
    """Codes in alphabetical order, after one."""
    return [repository.rule_of(row) for row in await repository.page(uow, after=after, limit=limit)]


async def rule_and_uses(
    uow: UnitOfWork, code: str, customer_id: UUID, *, cart_id: UUID | None
) -> tuple[DiscountRule | None, Uses]:
    """A code's rule (None when the shop has no such code) and how often it was used, but for an order of the cart.

    That order waits for its payment: ordering the cart again gives the use back, or is that order.
    """
    row = await repository.find(uow, normal_code(code))
    if row is None:
        return None, Uses()
    return repository.rule_of(row), await repository.uses(uow, row["id"], customer_id, cart_id=cart_id)


async def redeem(uow: UnitOfWork, code: str, *, order_id: UUID, customer_id: UUID, cart_id: UUID, items: Money) -> None:
    """An order takes a use of the code, under the code's lock. Raises DiscountUsedUp when it holds no more."""
    row = await repository.lock(uow, normal_code(code))
    if row is None:
        raise DiscountUsedUp(f"the code {code} is not valid any more", discount=code)
    uses = await repository.uses(uow, row["id"], customer_id, cart_id=None)
    if refusal := refuse(repository.rule_of(row), items=items, uses=uses, now=uow.now):
        raise DiscountUsedUp(f"the code {code} is not valid any more", discount=code, reason=str(refusal))
    await repository.insert_use(uow, row["id"], order_id=order_id, customer_id=customer_id, cart_id=cart_id)


async def give_back(uow: UnitOfWork, order_id: UUID) -> None:
    """The order ended unpaid: its use of a code counts no more."""
    await repository.release_use(uow, order_id)


async def keep(uow: UnitOfWork, order_id: UUID) -> None:
    """The order has its money, or that is on its way: its use counts.

    Also one that an order which ran out had given back, and above the limit, for it was promised.
    """
    await repository.keep_use(uow, order_id)


def _normal(rule: DiscountRule) -> DiscountRule:
    return DiscountRule(
        code=normal_code(rule.code), percent_bp=rule.percent_bp, amount=rule.amount, min_total=rule.min_total,
        max_redemptions=rule.max_redemptions, per_person=rule.per_person, starts_at=rule.starts_at,
        ends_at=rule.ends_at,
    )  # fmt: skip


def _check(rule: DiscountRule, currency: str) -> None:
    if not rule.code or len(rule.code) > _LONGEST_CODE:
        raise Invalid(f"a code has 1 to {_LONGEST_CODE} characters", pointer="/code")
    if (rule.percent_bp is None) == (rule.amount is None):
        raise Invalid("a discount takes off either percent_bp or an amount", pointer="/percent_bp")
    if rule.percent_bp is not None and not 1 <= rule.percent_bp <= _FULL_BP:
        raise Invalid("percent_bp is between 1 and 10000 (1000 is 10 %)", pointer="/percent_bp")
    for pointer, amount in (("/amount", rule.amount), ("/min_total", rule.min_total)):
        if amount is not None and (amount.currency != currency or amount.minor < 0):
            raise Invalid(f"the amount must be positive and in {currency}, the shop's currency", pointer=pointer)
    if rule.amount is not None and not rule.amount:
        raise Invalid("an amount of nothing takes nothing off", pointer="/amount")
    if rule.amount is not None and rule.amount.minor % payable_step(currency):
        raise Invalid(f"{currency} is paid in steps of {payable_step(currency)} of its units", pointer="/amount")
    for pointer, limit in (("/max_redemptions", rule.max_redemptions), ("/per_person", rule.per_person)):
        if limit is not None and not 1 <= limit <= 2**31 - 1:
            raise Invalid("a limit is at least 1; leave it out for none", pointer=pointer)
    _check_dates(rule.starts_at, rule.ends_at)


def _check_dates(starts_at: datetime | None, ends_at: datetime | None) -> None:
    for pointer, instant in (("/starts_at", starts_at), ("/ends_at", ends_at)):
        if instant is not None and instant.tzinfo is None:
            raise Invalid("an instant needs a time zone, as 2026-11-27T00:00:00Z", pointer=pointer)
    if starts_at is not None and ends_at is not None and ends_at <= starts_at:
        raise Invalid("the discount ends before it starts", pointer="/ends_at")
