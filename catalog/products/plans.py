"""What writing a draft would change: what is stored of it, under which id and revision it will be, what is answered."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

import msgspec
from asyncpg import Record

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
    """A product as it is stored, the variants it sells by SKU."""

    id: UUID
    digest: str
    revision: int
    variants: dict[str, StoredVariant] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """A draft that will be written: under which id and revision, and what was there.

    `known` are its SKUs' variants: those it sells, and for others the one that was sold last, whatever product had it.
    """

    draft: ProductDraft
    product_id: UUID
    revision: int
    digest: str
    stored: StoredProduct | None
    known: Mapping[str, StoredVariant]


def planned(
    draft: ProductDraft, stored: StoredProduct | None, fresh: UUID, retired: Mapping[str, StoredVariant]
) -> Plan:
    """What the draft becomes when it is written; a product that is new takes the fresh id."""
    bare = replace(draft, variants=tuple(replace(variant, stock=None) for variant in draft.variants))
    digest = hashlib.sha256(msgspec.json.encode(bare, order="deterministic")).hexdigest()
    if stored is None:
        return Plan(draft, fresh, 1, digest, None, retired)
    return Plan(draft, stored.id, stored.revision + 1, digest, stored, {**retired, **stored.variants})


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
        """SELECT id, product_id, sku, price_minor, compare_at_minor, lowest_30d_minor
           FROM variant WHERE shop_id = $1 AND product_id = ANY($2) AND retired_at IS NULL""",
        uow.shop_id, list(found),
    )  # fmt: skip
    for row in variants:
        found[row["product_id"]].variants[row["sku"]] = _variant(row, retired=False)
    return {by_id.get(row["id"], row["handle"]): found[row["id"]] for row in products}


async def find_retired(uow: UnitOfWork, drafts: Sequence[ProductDraft]) -> dict[str, StoredVariant]:
    """For each SKU of the drafts the variant that was retired last; sold again it keeps its stock, holds and prices."""
    rows = await uow.fetch(
        """SELECT DISTINCT ON (sku) id, product_id, sku, price_minor, compare_at_minor, lowest_30d_minor
           FROM variant WHERE shop_id = $1 AND sku = ANY($2) AND retired_at IS NOT NULL
           ORDER BY sku, retired_at DESC, id DESC""",
        uow.shop_id, [variant.sku for draft in drafts for variant in draft.variants],
    )  # fmt: skip
    return {row["sku"]: _variant(row, retired=True) for row in rows}


def _variant(row: Record, *, retired: bool) -> StoredVariant:
    return StoredVariant(
        row["id"], row["product_id"], row["price_minor"], row["compare_at_minor"], row["lowest_30d_minor"], retired
    )
