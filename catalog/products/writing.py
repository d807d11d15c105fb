"""Writes any number of drafts in a handful of statements: products, variants, pictures, prices, categories, words.

Writers of one shop's catalogue take turns (they lock the shop's row first), so that what was checked is still so when
it is written, and `catalog_revision` counts commits in their order.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from catalog.kernel.errors import NotFound
from catalog.kernel.ids import new_id
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.products import categories, words
from catalog.products.events import ProductsChanged
from catalog.products.validation import Rules, faults_of
from catalog.products.values import Fault, ProductDraft, Refused, VariantDraft, Written
from catalog.search import index

_REDUCTION_WINDOW = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class _StoredVariant:
    id: UUID
    product_id: UUID
    price_minor: int
    compare_at_minor: int | None
    lowest_30d_minor: int | None
    retired: bool


@dataclass(frozen=True, slots=True)
class _StoredProduct:
    id: UUID
    digest: str
    revision: int
    variants: dict[str, _StoredVariant] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Plan:
    """A draft that will be written: under which id and revision, and what was there."""

    draft: ProductDraft
    product_id: UUID
    revision: int
    digest: str
    stored: _StoredProduct | None


async def lock_catalogue(uow: UnitOfWork) -> Rules:
    """Wait for this shop's other writers; what the shop demands of its drafts."""
    await uow.execute("SELECT 1 FROM shop WHERE id = $1 /* shop_id */ FOR NO KEY UPDATE", uow.shop_id)
    return await rules_of(uow)


async def rules_of(uow: UnitOfWork) -> Rules:
    """What the shop demands of its drafts."""
    row = await uow.fetchrow(
        "SELECT currency, default_locale, locales FROM shop WHERE id = $1 /* shop_id */", uow.shop_id
    )
    if row is None:
        raise NotFound("this shop does not exist any more", shop_id=str(uow.shop_id))
    locales = tuple(dict.fromkeys((row["default_locale"], *row["locales"])))
    return Rules(currency=row["currency"], default_locale=row["default_locale"], locales=locales)


async def bump(uow: UnitOfWork) -> int:
    """The catalogue changed: the new revision, in this same transaction."""
    revision: int = await uow.fetchval(
        "UPDATE shop SET catalog_revision = catalog_revision + 1"
        " WHERE id = $1 /* shop_id */ RETURNING catalog_revision",
        uow.shop_id,
    )
    return revision


async def judge(uow: UnitOfWork, drafts: Sequence[ProductDraft]) -> list[Written | Refused]:
    """What `write` would answer, without writing; ids of products that do not exist yet are not theirs."""
    rules = await rules_of(uow)
    stored = await _stored(uow, drafts, {})
    faults = await _all_faults(uow, drafts, rules, stored)
    return [
        Refused(handle=draft.handle, faults=tuple(found))
        if found
        else _outcome(_plan(draft, stored.get(draft.handle), new_id()))
        for draft, found in zip(drafts, faults, strict=True)
    ]


async def write(
    uow: UnitOfWork, drafts: Sequence[ProductDraft], *, product_ids: Mapping[str, UUID] | None = None
) -> list[Written | Refused]:
    """Write each draft whole or not at all; outcomes in the order of the drafts.

    A draft is found by its handle, or by the id that `product_ids` gives for its handle (a product that changes its
    handle). Writing what is there already changes nothing and bumps no revision.
    """
    rules = await lock_catalogue(uow)
    stored = await _stored(uow, drafts, product_ids or {})
    faults = await _all_faults(uow, drafts, rules, stored)
    outcomes: list[Written | Refused] = []
    plans: list[_Plan] = []
    ids = iter(sorted(new_id() for _ in drafts))  # products of one call stay in its order
    for draft, found in zip(drafts, faults, strict=True):
        if found:
            outcomes.append(Refused(handle=draft.handle, faults=tuple(found)))
            continue
        plan = _plan(draft, stored.get(draft.handle), next(ids))
        outcome = _outcome(plan)
        if outcome.changed:
            plans.append(plan)
        outcomes.append(outcome)
    if plans:
        await _store(uow, plans, rules)
    return outcomes


def _outcome(plan: _Plan) -> Written:
    changed = plan.stored is None or plan.stored.digest != plan.digest
    return Written(
        product_id=plan.product_id,
        handle=plan.draft.handle,
        revision=plan.revision if changed else plan.revision - 1,
        created=plan.stored is None,
        changed=changed,
    )


def _plan(draft: ProductDraft, stored: _StoredProduct | None, fresh: UUID) -> _Plan:
    bare = replace(draft, variants=tuple(replace(variant, stock=None) for variant in draft.variants))
    digest = hashlib.sha256(msgspec.json.encode(bare, order="deterministic")).hexdigest()
    if stored is None:
        return _Plan(draft, fresh, 1, digest, None)
    return _Plan(draft, stored.id, stored.revision + 1, digest, stored)


async def _stored(
    uow: UnitOfWork, drafts: Sequence[ProductDraft], product_ids: Mapping[str, UUID]
) -> dict[str, _StoredProduct]:
    by_id = {product_id: handle for handle, product_id in product_ids.items()}
    products = await uow.fetch(
        """SELECT id, handle, digest, revision FROM product
           WHERE shop_id = $1 AND deleted_at IS NULL AND (handle = ANY($2) OR id = ANY($3))""",
        uow.shop_id, [draft.handle for draft in drafts if draft.handle not in product_ids], list(by_id),
    )  # fmt: skip
    found = {row["id"]: _StoredProduct(row["id"], row["digest"], row["revision"]) for row in products}
    variants = await uow.fetch(
        """SELECT id, product_id, sku, price_minor, compare_at_minor, lowest_30d_minor,
                  retired_at IS NOT NULL AS retired
           FROM variant WHERE shop_id = $1 AND product_id = ANY($2) ORDER BY retired_at NULLS LAST""",
        uow.shop_id, list(found),
    )  # fmt: skip
    for row in variants:
        found[row["product_id"]].variants[row["sku"]] = _StoredVariant(
            row["id"], row["product_id"], row["price_minor"], row["compare_at_minor"], row["lowest_30d_minor"],
            row["retired"],
        )  # fmt: skip
    return {by_id.get(row["id"], row["handle"]): found[row["id"]] for row in products}


async def _all_faults(
    uow: UnitOfWork, drafts: Sequence[ProductDraft], rules: Rules, stored: Mapping[str, _StoredProduct]
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
    rows = await uow.fetch("SELECT id FROM image WHERE shop_id = $1 AND id = ANY($2)", uow.shop_id, list(wanted))
    return {row["id"] for row in rows}


async def _store(uow: UnitOfWork, plans: Sequence[_Plan], rules: Rules) -> None:
    await _store_categories(uow, plans)
    await _store_products(uow, plans)
    await _store_variants(uow, plans)
    await _store_images(uow, plans)
    await _index(uow, [(plan.product_id, plan.draft) for plan in plans], rules)
    revision = await bump(uow)
    uow.record(ProductsChanged(product_ids=tuple(plan.product_id for plan in plans), catalog_revision=revision))


async def _store_categories(uow: UnitOfWork, plans: Sequence[_Plan]) -> None:
    paths = sorted({prefix for plan in plans for prefix in categories.prefixes(plan.draft.category)})
    if paths:
        await uow.execute(
            """INSERT INTO category (shop_id, path, title) SELECT $1, * FROM unnest($2::text[], $3::jsonb[])
               ON CONFLICT (shop_id, path) DO NOTHING""",
            uow.shop_id, paths, [to_json(categories.title_of(path)) for path in paths],
        )  # fmt: skip


async def index_again(uow: UnitOfWork, goods: Sequence[tuple[UUID, ProductDraft]]) -> None:
    """Write the search documents of products as they are stored."""
    await _index(uow, goods, await rules_of(uow))


async def _index(uow: UnitOfWork, goods: Sequence[tuple[UUID, ProductDraft]], rules: Rules) -> None:
    paths = {prefix for _, draft in goods for prefix in categories.prefixes(draft.category)}
    rows = await uow.fetch(
        "SELECT path, title FROM category WHERE shop_id = $1 AND path = ANY($2)", uow.shop_id, list(paths)
    )
    titles = {row["path"]: msgspec.json.decode(row["title"], type=dict[str, str]) for row in rows}
    await index.write(uow, [words.document(product_id, draft, titles, rules) for product_id, draft in goods])


async def _store_products(uow: UnitOfWork, plans: Sequence[_Plan]) -> None:
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


async def _store_variants(uow: UnitOfWork, plans: Sequence[_Plan]) -> None:
    kept = [
        known.id
        for plan in plans
        if plan.stored
        for variant in plan.draft.variants
        if (known := plan.stored.variants.get(variant.sku))
    ]
    changed_products = [plan.product_id for plan in plans if plan.stored]
    if changed_products:
        await uow.execute(
            """UPDATE variant SET retired_at = $4
               WHERE shop_id = $1 AND product_id = ANY($2) AND retired_at IS NULL AND NOT id = ANY($3)""",
            uow.shop_id, changed_products, kept, uow.now,
        )  # fmt: skip
    lowest = await _prior_prices(uow, plans)
    rows: list[dict[str, Any]] = []
    prices: list[tuple[UUID, int, int | None, str]] = []
    for plan in plans:
        for position, variant in enumerate(plan.draft.variants):
            known = plan.stored.variants.get(variant.sku) if plan.stored else None
            variant_id = known.id if known else new_id()
            rows.append(_variant_row(plan, variant, variant_id, position) | {"lowest": lowest.get(variant_id)})
            if known is None or _repriced(known, variant):
                prices.append((variant_id, variant.price.minor, _compare_at(variant), variant.price.currency))
    await uow.execute(
        """INSERT INTO variant (id, shop_id, product_id, sku, options, price_minor, compare_at_minor, lowest_30d_minor,
                                currency, gtin, weight_g, position)
           SELECT r.id, $1, r.product_id, r.sku, r.options, r.price, r.compare_at, r.lowest, r.currency, r.gtin,
                  r.weight_g, r.position
           FROM jsonb_to_recordset($2) AS r(id uuid, product_id uuid, sku text, options jsonb, price bigint,
                compare_at bigint, lowest bigint, currency text, gtin text, weight_g bigint, position int)
           ON CONFLICT (id) DO UPDATE SET options = excluded.options, price_minor = excluded.price_minor,
                compare_at_minor = excluded.compare_at_minor, lowest_30d_minor = excluded.lowest_30d_minor,
                currency = excluded.currency, gtin = excluded.gtin, weight_g = excluded.weight_g,
                position = excluded.position, retired_at = NULL
           WHERE variant.shop_id = excluded.shop_id""",
        uow.shop_id, to_json(rows),
    )  # fmt: skip
    if prices:
        await uow.execute(
            """INSERT INTO price_change (shop_id, variant_id, price_minor, compare_at_minor, currency, changed_at)
               SELECT $1, *, $6 FROM unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::text[])""",
            uow.shop_id, *(list(column) for column in zip(*prices, strict=True)), uow.now,
        )  # fmt: skip


def _variant_row(plan: _Plan, variant: VariantDraft, variant_id: UUID, position: int) -> dict[str, Any]:
    return {
        "id": variant_id, "product_id": plan.product_id, "sku": variant.sku, "options": variant.options,
        "price": variant.price.minor, "compare_at": _compare_at(variant), "currency": variant.price.currency,
        "gtin": variant.gtin, "weight_g": variant.weight_g, "position": position,
    }  # fmt: skip


async def _prior_prices(uow: UnitOfWork, plans: Sequence[_Plan]) -> dict[UUID, int]:
    """For every reduced variant, the lowest price of the 30 days before its reduction began.

    A reduction that only grows, without a pause, keeps the price before its first step (Art. 6a (5), § 11 (2) PAngV).
    """
    found: dict[UUID, int] = {}
    begins: list[UUID] = []
    for plan in plans:
        for variant in plan.draft.variants:
            known = plan.stored.variants.get(variant.sku) if plan.stored else None
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


def _repriced(known: _StoredVariant, variant: VariantDraft) -> bool:
    return (known.price_minor, known.compare_at_minor) != (
        variant.price.minor,
        _compare_at(variant),
    ) or known.retired


def _compare_at(variant: VariantDraft) -> int | None:
    return variant.compare_at_price.minor if variant.compare_at_price else None


async def _store_images(uow: UnitOfWork, plans: Sequence[_Plan]) -> None:
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


def to_json(value: object) -> str:
    """JSON text for a jsonb parameter."""
    return msgspec.json.encode(value).decode()
