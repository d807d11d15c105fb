"""What one can ask of products. Every change bumps the shop's catalogue revision in the same transaction."""

from collections.abc import Sequence
from dataclasses import fields, replace
from uuid import UUID

from msgspec import UNSET

from catalog.kernel.errors import Invalid
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.products import reindexing, repository, storing, writing
from catalog.products.catalogue import bump, lock_catalogue, rules_of
from catalog.products.errors import HandleTaken, InvalidProduct, ProductNotFound, StaleRevision
from catalog.products.events import ProductDeleted, ProductsChanged
from catalog.products.repository import categories, category_titles, images_by_handle
from catalog.products.repository import get_product as get
from catalog.products.repository import page_products as page
from catalog.products.texts import Texts
from catalog.products.validation import category_faults
from catalog.products.values import (
    ProductDraft,
    ProductPatch,
    ProductView,
    Refused,
    Written,
)
from catalog.search import index

__all__ = [
    "bulk_upsert",
    "bump",
    "categories",
    "category_titles",
    "check",
    "create_product",
    "delete_product",
    "get",
    "get_by_handle",
    "images_by_handle",
    "lock_catalogue",
    "page",
    "patch_product",
    "rules_of",
    "set_category_title",
    "upsert_product",
]


async def create_product(uow: UnitOfWork, draft: ProductDraft) -> ProductView:
    """A new product. Raises InvalidProduct with every fault, HandleTaken when the handle is in use."""
    await lock_catalogue(uow)
    if await repository.find_by_handle(uow, draft.handle) is not None:
        raise HandleTaken(draft.handle)
    return await upsert_product(uow, draft)


async def upsert_product(uow: UnitOfWork, draft: ProductDraft, *, if_match: int | None = None) -> ProductView:
    """The product with this handle becomes the draft; variants keep their ids by SKU. A repeat changes nothing.

    Raises InvalidProduct with every fault, StaleRevision when `if_match` is not the present revision.
    """
    if if_match is not None:
        await lock_catalogue(uow)
        present = await repository.find_by_handle(uow, draft.handle)
        _check_revision(present.revision if present else 0, if_match)
    outcome = (await bulk_upsert(uow, [draft]))[0]
    if isinstance(outcome, Refused):
        raise InvalidProduct(outcome.faults)
    return await repository.get_product(uow, outcome.product_id)


async def bulk_upsert(uow: UnitOfWork, drafts: Sequence[ProductDraft]) -> list[Written | Refused]:
    """Write each draft whole or not at all; one outcome per draft, in their order. Raises for none of them."""
    return await writing.write(uow, drafts)


async def check(uow: UnitOfWork, drafts: Sequence[ProductDraft]) -> list[Written | Refused]:
    """What `bulk_upsert` would answer, without writing anything."""
    return await writing.judge(uow, drafts)


async def patch_product(
    uow: UnitOfWork, product_id: UUID, patch: ProductPatch, *, if_match: int | None = None
) -> ProductView:
    """Change what the patch sets. Raises ProductNotFound, StaleRevision, HandleTaken, InvalidProduct."""
    await lock_catalogue(uow)
    present = await repository.get_product(uow, product_id)
    _check_revision(present.revision, if_match)
    changes = {item.name: value for item in fields(patch) if (value := getattr(patch, item.name)) is not UNSET}
    draft = replace(present.draft(), **changes)
    if draft.handle != present.handle and await repository.find_by_handle(uow, draft.handle) is not None:
        raise HandleTaken(draft.handle)
    outcome = (await writing.write(uow, [draft], product_ids={draft.handle: product_id}))[0]
    if isinstance(outcome, Refused):
        raise InvalidProduct(outcome.faults)
    return await repository.get_product(uow, product_id)


async def delete_product(uow: UnitOfWork, product_id: UUID, *, if_match: int | None = None) -> None:
    """Remove the product: handle and SKUs are free again, variants stay for the orders that name them.

    Raises ProductNotFound, also the second time, and StaleRevision.
    """
    await lock_catalogue(uow)
    present = await repository.get_product(uow, product_id)
    _check_revision(present.revision, if_match)
    await uow.execute(
        """UPDATE product SET deleted_at = $3, status = 'archived', updated_at = $3, revision = revision + 1
           WHERE shop_id = $1 AND id = $2""",
        uow.shop_id, product_id, uow.now,
    )  # fmt: skip
    await uow.execute(
        "UPDATE variant SET retired_at = $3 WHERE shop_id = $1 AND product_id = $2 AND retired_at IS NULL",
        uow.shop_id, product_id, uow.now,
    )  # fmt: skip
    await index.remove(uow, [product_id])
    revision = await bump(uow)
    uow.record(ProductDeleted(product_id=product_id, handle=present.handle, catalog_revision=revision))


async def get_by_handle(uow: UnitOfWork, handle: str) -> ProductView:
    """One product by its handle, whatever its status. Raises ProductNotFound."""
    found = await repository.find_by_handle(uow, handle)
    if found is None:
        raise ProductNotFound(handle)
    return found


async def set_category_title(uow: UnitOfWork, path: str, title: Texts) -> None:
    """Name a category, which is made when it does not exist; a job teaches search the new words.

    Raises Invalid for what is no path of slugs, and for a title that cannot be shown.
    """
    for fault in category_faults(path, title):
        raise Invalid(fault.detail, pointer=fault.pointer, value=fault.value)
    await lock_catalogue(uow)
    await uow.execute(
        """INSERT INTO category (shop_id, path, title) VALUES ($1, $2, $3)
           ON CONFLICT (shop_id, path) DO UPDATE SET title = excluded.title""",
        uow.shop_id, path, storing.to_json(dict(title)),
    )  # fmt: skip
    await reindexing.begin(uow, category=path)
    revision = await bump(uow)
    uow.record(ProductsChanged(product_ids=(), catalog_revision=revision))


def _check_revision(present: int, if_match: int | None) -> None:
    if if_match is not None and if_match != present:
        raise StaleRevision(expected=if_match, present=present)
