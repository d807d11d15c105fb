"""Stores what is planned in a handful of statements: categories, products, variants, prices, pictures, words."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from catalog.kernel.ids import new_id
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.products import categories, words
from catalog.products.catalogue import bump, rules_of
from catalog.products.events import ProductsChanged
from catalog.products.plans import Plan
from catalog.products.prices import compare_at, prior_prices, repriced
from catalog.products.repository import category_titles
from catalog.products.validation import Rules
from catalog.products.values import ProductDraft, VariantDraft
from catalog.search import index


async def store(uow: UnitOfWork, plans: Sequence[Plan], rules: Rules) -> None:
    """Write everything of the plans, and announce it."""
    await _store_categories(uow, plans)
    await _store_products(uow, plans)
    await _retire_variants(uow, plans)
    await _store_variants(uow, plans)
    await _store_images(uow, plans)
    await _index(uow, [(plan.product_id, plan.draft) for plan in plans], rules)
    revision = await bump(uow)
    uow.record(ProductsChanged(product_ids=tuple(plan.product_id for plan in plans), catalog_revision=revision))


async def _store_categories(uow: UnitOfWork, plans: Sequence[Plan]) -> None:
    paths = sorted({prefix for plan in plans for prefix in categories.prefixes(plan.draft.category)})
    if paths:
        await uow.execute(
            """INSERT INTO category (shop_id, path, title) SELECT $1, * FROM unnest($2::text[], $3::jsonb[])
               ON CONFLICT (shop_id, path) DO NOTHING""",
            uow.shop_id, paths, [to_json(categories.title_of(path)) for path in paths],
        )  # fmt: skip


async def _store_products(uow: UnitOfWork, plans: Sequence[Plan]) -> None:
    rows = [
        {
            "id": plan.product_id, "handle": plan.draft.handle, "title": plan.draft.title,
            "description": plan.draft.description, "category_path": plan.draft.category, "brand": plan.draft.brand,
            "tags": plan.draft.tags, "attributes": plan.draft.attributes, "options": plan.draft.options,
            "status": plan.draft.status, "revision": plan.revision, "digest": plan.digest,
        }
        for plan in plans
    ]  # fmt: skip
    await uow.execute(
        """INSERT INTO product (id, shop_id, handle, title, description, category_path, brand, tags, attributes,
                                options, status, revision, digest, created_at, updated_at)
           SELECT r.id, $1, r.handle, r.title, r.description, r.category_path, r.brand, r.tags, r.attributes,
                  r.options, r.status, r.revision, r.digest, $3, $3
           FROM jsonb_to_recordset($2) AS r(id uuid, handle text, title jsonb, description jsonb, category_path text,
                brand text, tags text[], attributes jsonb, options text[], status text, revision int, digest text)
           ON CONFLICT (id) DO UPDATE SET handle = excluded.handle, title = excluded.title,
                description = excluded.description, category_path = excluded.category_path, brand = excluded.brand,
                tags = excluded.tags, attributes = excluded.attributes, options = excluded.options,
                status = excluded.status, revision = excluded.revision, digest = excluded.digest,
                updated_at = excluded.updated_at
           WHERE product.shop_id = excluded.shop_id""",
        uow.shop_id, to_json(rows), uow.now,
    )  # fmt: skip


async def _retire_variants(uow: UnitOfWork, plans: Sequence[Plan]) -> None:
    """What the products sold and the drafts do not name is sold no more."""
    kept = [
        known.id
        for plan in plans
        if plan.stored
        for variant in plan.draft.variants
        if (known := plan.known.get(variant.sku))
    ]
    changed_products = [plan.product_id for plan in plans if plan.stored]
    if changed_products:
        await uow.execute(
            """UPDATE variant SET retired_at = $4
               WHERE shop_id = $1 AND product_id = ANY($2) AND retired_at IS NULL AND NOT id = ANY($3)""",
            uow.shop_id, changed_products, kept, uow.now,
        )  # fmt: skip


async def _store_variants(uow: UnitOfWork, plans: Sequence[Plan]) -> None:
    lowest = await prior_prices(uow, plans)
    rows: list[dict[str, Any]] = []
    prices: list[tuple[UUID, int, int | None, str]] = []
    for plan in plans:
        for position, variant in enumerate(plan.draft.variants):
            known = plan.known.get(variant.sku)
            variant_id = known.id if known else new_id()
            rows.append(_variant_row(plan, variant, variant_id, position) | {"lowest": lowest.get(variant_id)})
            if known is None or repriced(known, variant):
                prices.append((variant_id, variant.price.minor, compare_at(variant), variant.price.currency))
    await uow.execute(
        """INSERT INTO variant (id, shop_id, product_id, sku, options, price_minor, compare_at_minor, lowest_30d_minor,
                                currency, gtin, weight_g, content, unit_price_base, position)
           SELECT r.id, $1, r.product_id, r.sku, r.options, r.price, r.compare_at, r.lowest, r.currency, r.gtin,
                  r.weight_g, r.content, r.unit_price_base, r.position
           FROM jsonb_to_recordset($2) AS r(id uuid, product_id uuid, sku text, options jsonb, price bigint,
                compare_at bigint, lowest bigint, currency text, gtin text, weight_g bigint,
                content text, unit_price_base text, position int)
           ON CONFLICT (id) DO UPDATE SET product_id = excluded.product_id, options = excluded.options,
                price_minor = excluded.price_minor,
                compare_at_minor = excluded.compare_at_minor, lowest_30d_minor = excluded.lowest_30d_minor,
                currency = excluded.currency, gtin = excluded.gtin, weight_g = excluded.weight_g,
                content = excluded.content, unit_price_base = excluded.unit_price_base, position = excluded.position,
                retired_at = NULL
           WHERE variant.shop_id = excluded.shop_id""",
        uow.shop_id, to_json(rows),
    )  # fmt: skip
    if prices:
        await uow.execute(
            """INSERT INTO price_change (shop_id, variant_id, price_minor, compare_at_minor, currency, changed_at)
               SELECT $1, *, $6 FROM unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::text[])""",
            uow.shop_id, *(list(column) for column in zip(*prices, strict=True)), uow.now,
        )  # fmt: skip


def _variant_row(plan: Plan, variant: VariantDraft, variant_id: UUID, position: int) -> dict[str, Any]:
    return {
        "id": variant_id, "product_id": plan.product_id, "sku": variant.sku, "options": variant.options,
        "price": variant.price.minor, "compare_at": compare_at(variant), "currency": variant.price.currency,
        "gtin": variant.gtin, "weight_g": variant.weight_g, "content": variant.content,
        "unit_price_base": variant.unit_price_base, "position": position,
    }  # fmt: skip


async def _store_images(uow: UnitOfWork, plans: Sequence[Plan]) -> None:
    if changed := [plan.product_id for plan in plans if plan.stored]:
        await uow.execute("DELETE FROM product_image WHERE shop_id = $1 AND product_id = ANY($2)", uow.shop_id, changed)
    rows = [
        {"product_id": plan.product_id, "position": position, "image_id": image.image_id, "alt": image.alt,
         "option": image.option or None}
        for plan in plans
        for position, image in enumerate(plan.draft.images)
    ]  # fmt: skip
    if rows:
        await uow.execute(
            """INSERT INTO product_image (product_id, position, shop_id, image_id, alt, option)
               SELECT r.product_id, r.position, $1, r.image_id, r.alt, nullif(r.option, 'null'::jsonb)
               FROM jsonb_to_recordset($2) AS r(product_id uuid, position int, image_id text, alt jsonb,
                    option jsonb)""",
            uow.shop_id, to_json(rows),
        )  # fmt: skip


async def index_again(uow: UnitOfWork, goods: Sequence[tuple[UUID, ProductDraft]]) -> None:
    """Write the search documents of products as they are stored."""
    await _index(uow, goods, await rules_of(uow))


async def _index(uow: UnitOfWork, goods: Sequence[tuple[UUID, ProductDraft]], rules: Rules) -> None:
    paths = {prefix for _, draft in goods for prefix in categories.prefixes(draft.category)}
    titles = await category_titles(uow, paths)
    await index.write(uow, [words.document(product_id, draft, titles, rules) for product_id, draft in goods])


def to_json(value: object) -> str:
    """JSON text for a jsonb parameter."""
    return msgspec.json.encode(value).decode()
