"""What writing a draft would change: what is stored of it, under which id and revision it will be, what is answered."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

import msgspec

from catalog.kernel.unit_of_work import UnitOfWork
from catalog.products.values import ProductDraft, Written


@dataclass(frozen=True, slots=True)
class StoredVariant:
    """A variant as it is stored, on sale or retired."""

    id: UUID
    product_id: UUID
    price_minor: int
    compare_at_minor: int | None
    lowest_30d_minor: int | None
    retired: bool


@dataclass(frozen=True, slots=True)
class StoredProduct:
    """A product as it is stored, its variants by SKU."""

    id: UUID
    digest: str
    revision: int
    variants: dict[str, StoredVariant] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """A draft that will be written: under which id and revision, and what was there."""

    draft: ProductDraft
    product_id: UUID
    revision: int
    digest: str
    stored: StoredProduct | None


def planned(draft: ProductDraft, stored: StoredProduct | None, fresh: UUID) -> Plan:
    """What the draft becomes when it is written; a product that is new takes the fresh id."""
    bare = replace(draft, variants=tuple(replace(variant, stock=None) for variant in draft.variants))
    digest = hashlib.sha256(msgspec.json.encode(bare, order="deterministic")).hexdigest()
    if stored is None:
        return Plan(draft, fresh, 1, digest, None)
    return Plan(draft, stored.id, stored.revision + 1, digest, stored)


def outcome_of(plan: Plan) -> Written:
    """What the caller is told of the plan; what is there already has not changed."""
    changed = plan.stored is None or plan.stored.digest != plan.digest
    return Written(
        product_id=plan.product_id,
        handle=plan.draft.handle,
        revision=plan.revision if changed else plan.revision - 1,
        created=plan.stored is None,
        changed=changed,
    )


async def find_stored(
    uow: UnitOfWork, drafts: Sequence[ProductDraft], product_ids: Mapping[str, UUID]
) -> dict[str, StoredProduct]:
    """What is stored of the drafts, by their handles: found by handle, or by the id that is given for it."""
    by_id = {product_id: handle for handle, product_id in product_ids.items()}
    products = await uow.fetch(
        """SELECT id, handle, digest, revision FROM product
           WHERE shop_id = $1 AND deleted_at IS NULL AND (handle = ANY($2) OR id = ANY($3))""",
        uow.shop_id, [draft.handle for draft in drafts if draft.handle not in product_ids], list(by_id),
    )  # fmt: skip
    found = {row["id"]: StoredProduct(row["id"], row["digest"], row["revision"]) for row in products}
    variants = await uow.fetch(
        """SELECT id, product_id, sku, price_minor, compare_at_minor, lowest_30d_minor,
                  retired_at IS NOT NULL AS retired
           FROM variant WHERE shop_id = $1 AND product_id = ANY($2) ORDER BY retired_at NULLS LAST""",
        uow.shop_id, list(found),
    )  # fmt: skip
    for row in variants:
        found[row["product_id"]].variants[row["sku"]] = StoredVariant(
            row["id"], row["product_id"], row["price_minor"], row["compare_at_minor"], row["lowest_30d_minor"],
            row["retired"],
        )  # fmt: skip
    return {by_id.get(row["id"], row["handle"]): found[row["id"]] for row in products}
