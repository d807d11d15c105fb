"""Faults of drafts that only the others can tell: handles and SKUs that are taken, pictures that are not there."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from catalog.kernel.unit_of_work import UnitOfWork
from catalog.products.plans import StoredProduct
from catalog.products.validation import Rules, faults_of
from catalog.products.values import Fault, ProductDraft


async def all_faults(
    uow: UnitOfWork, drafts: Sequence[ProductDraft], rules: Rules, stored: Mapping[str, StoredProduct]
) -> list[list[Fault]]:
    """Faults of each draft: by itself, against the others of this call, and against the rest of the shop."""
    faults = [faults_of(draft, rules) for draft in drafts]
    storable = [draft for draft, found in zip(drafts, faults, strict=True) if not found]
    owners = await _sku_owners(uow, storable)
    pictures = await _pictures(uow, storable)
    handles: set[str] = set()
    for draft, found in zip(drafts, faults, strict=True):
        if draft.handle in handles:
            found.append(Fault(pointer="/handle", detail=f"handle {draft.handle!r} is here twice", value=draft.handle))
        if found:
            continue
        own = stored.get(draft.handle)
        found.extend(_taken_skus(draft, owners, own.id if own else None))
        found.extend(
            Fault(pointer=f"/images/{index}", detail="no such picture; upload it first", value=image.image_id)
            for index, image in enumerate(draft.images)
            if image.image_id not in pictures
        )
        if not found:
            handles.add(draft.handle)
            owners.update({variant.sku: (own.id if own else draft.handle, draft.handle) for variant in draft.variants})
    return faults


def _taken_skus(draft: ProductDraft, owners: Mapping[str, tuple[object, str]], own: UUID | None) -> list[Fault]:
    return [
        Fault(
            pointer=f"/variants/{index}/sku",
            detail=f"SKU {variant.sku!r} belongs to the product {owners[variant.sku][1]!r}",
            value=variant.sku,
        )
        for index, variant in enumerate(draft.variants)
        if variant.sku in owners and owners[variant.sku][0] not in (own, draft.handle)
    ]


async def _sku_owners(uow: UnitOfWork, drafts: Sequence[ProductDraft]) -> dict[str, tuple[object, str]]:
    rows = await uow.fetch(
        """SELECT v.sku, v.product_id, p.handle FROM variant v JOIN product p ON p.id = v.product_id
           WHERE v.shop_id = $1 AND v.retired_at IS NULL AND v.sku = ANY($2)""",
        uow.shop_id, [variant.sku for draft in drafts for variant in draft.variants],
    )  # fmt: skip
    return {row["sku"]: (row["product_id"], row["handle"]) for row in rows}


async def _pictures(uow: UnitOfWork, drafts: Sequence[ProductDraft]) -> set[str]:
    wanted = {image.image_id for draft in drafts for image in draft.images}
    if not wanted:
        return set()
    rows = await uow.fetch(
        "SELECT id FROM image WHERE shop_id = $1 AND id = ANY($2) AND NOT received", uow.shop_id, list(wanted)
    )
    return {row["id"] for row in rows}
