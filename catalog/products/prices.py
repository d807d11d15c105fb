"""What a price was before: which variants are priced anew, and the lowest price before a reduction."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from catalog.kernel.unit_of_work import UnitOfWork
from catalog.products.plans import Plan, StoredVariant
from catalog.products.values import VariantDraft

_REDUCTION_WINDOW = timedelta(days=30)


async def prior_prices(uow: UnitOfWork, plans: Sequence[Plan]) -> dict[UUID, int]:
    """For every reduced variant, the lowest price of the 30 days before its reduction began.

    A reduction that only grows, without a pause, keeps the price before its first step (Art. 6a (5), § 11 (2) PAngV).
    """
    found: dict[UUID, int] = {}
    begins: list[UUID] = []
    for plan in plans:
        for variant in plan.draft.variants:
            known = plan.known.get(variant.sku)
            if known is None or known.retired or variant.compare_at_price is None:
                continue
            growing = known.compare_at_minor is not None and variant.price.minor <= known.price_minor
            if growing and known.lowest_30d_minor is not None:
                found[known.id] = known.lowest_30d_minor
            elif not growing:
                begins.append(known.id)
    if begins:
        rows = await uow.fetch(
            """SELECT variant_id, min(price_minor) AS lowest FROM (
                   SELECT variant_id, price_minor, changed_at,
                          lead(changed_at, 1, $3) OVER (PARTITION BY variant_id ORDER BY changed_at, id) AS until
                   FROM price_change WHERE shop_id = $1 AND variant_id = ANY($2)) AS spans
               WHERE until > $4 GROUP BY variant_id""",
            uow.shop_id, begins, uow.now, uow.now - _REDUCTION_WINDOW,
        )  # fmt: skip
        found.update({row["variant_id"]: row["lowest"] for row in rows})
    return found


def repriced(known: StoredVariant, variant: VariantDraft) -> bool:
    """Whether the draft asks another price than the one that is stored, or sells a retired variant again."""
    return (known.price_minor, known.compare_at_minor) != (
        variant.price.minor,
        compare_at(variant),
    ) or known.retired


def compare_at(variant: VariantDraft) -> int | None:
    """The price before a reduction, if there is one."""
    return variant.compare_at_price.minor if variant.compare_at_price else None
