"""Every read of products as merchants see them: whole views, one query per call."""

from collections import Counter
from collections.abc import Collection, Sequence
from uuid import UUID

from asyncpg import Record

from catalog.kernel.money import Money
from catalog.kernel.pages import Page, cut, read_cursor
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.products.categories import prefixes
from catalog.products.errors import ProductNotFound
from catalog.products.rows import (
    IMAGES_JSON,
    VARIANTS_JSON,
    VariantRow,
    decode_images,
    decode_object,
    decode_texts,
    decode_variants,
    in_order,
)
from catalog.products.texts import Texts
from catalog.products.values import ImageDraft, ProductImageView, ProductView, VariantView

MAX_PAGE = 200

_SELECT = f"""
    SELECT p.id, p.handle, p.title, p.description, p.category_path, p.brand, p.tags, p.attributes, p.options, p.status,
        p.revision, p.created_at, p.updated_at,
        (SELECT c.title FROM category c WHERE c.shop_id = p.shop_id AND c.path = p.category_path) AS category_title,
        {VARIANTS_JSON},
        {IMAGES_JSON}
    FROM product p"""  # noqa: S608 - constants only


async def get_product(uow: UnitOfWork, product_id: UUID) -> ProductView:
    """One product, whatever its status. Raises ProductNotFound."""
    row = await uow.fetchrow(
        f"{_SELECT} WHERE p.shop_id = $1 AND p.id = $2 AND p.deleted_at IS NULL", uow.shop_id, product_id
    )
    if row is None:
        raise ProductNotFound(product_id)
    return _view(row)


async def find_by_handle(uow: UnitOfWork, handle: str) -> ProductView | None:
    """One product by its handle, whatever its status."""
    row = await uow.fetchrow(
        f"{_SELECT} WHERE p.shop_id = $1 AND p.handle = $2 AND p.deleted_at IS NULL", uow.shop_id, stored(handle)
    )
    return _view(row) if row else None


async def get_products(uow: UnitOfWork, product_ids: Sequence[UUID]) -> list[ProductView]:
    """Products by id, in the order given; those that are not there are left out."""
    rows = await uow.fetch(
        f"{_SELECT} WHERE p.shop_id = $1 AND p.id = ANY($2) AND p.deleted_at IS NULL",
        uow.shop_id,
        list(product_ids),
    )
    by_id = {row["id"]: _view(row) for row in rows}
    return [by_id[product_id] for product_id in product_ids if product_id in by_id]


async def images_by_handle(uow: UnitOfWork, handles: Sequence[str]) -> dict[str, list[ImageDraft]]:
    """The pictures that products of these handles have, as drafts, in their order."""
    rows = await uow.fetch(
        """SELECT p.handle, i.image_id, i.alt, i.option FROM product p
           JOIN product_image i ON i.product_id = p.id AND i.shop_id = p.shop_id
           WHERE p.shop_id = $1 AND p.handle = ANY($2) AND p.deleted_at IS NULL ORDER BY p.id, i.position""",
        uow.shop_id,
        list(handles),
    )
    found: dict[str, list[ImageDraft]] = {}
    for row in rows:
        option = decode_texts(row["option"]) if row["option"] else None
        image = ImageDraft(image_id=row["image_id"], alt=decode_texts(row["alt"]), option=option)
        found.setdefault(row["handle"], []).append(image)
    return found


async def page_products(
    uow: UnitOfWork,
    *,
    cursor: str | None = None,
    limit: int = 50,
    status: str | None = None,
    category: str | None = None,
    q: str | None = None,
) -> Page[ProductView]:
    """Products, newest first. `category` includes what lies below it; `q` looks into handle, titles and SKUs.

    Raises Invalid for a foreign cursor.
    """
    size = max(1, min(limit, MAX_PAGE))
    rows = await uow.fetch(
        f"""{_SELECT}
        WHERE p.shop_id = $1 AND p.deleted_at IS NULL
          AND ($2::uuid IS NULL OR p.id < $2)
          AND ($3::text IS NULL OR p.status = $3)
          AND ($4::text IS NULL OR p.category_path = $4 OR p.category_path LIKE $5)
          AND ($6::text IS NULL OR p.handle ILIKE $6 OR p.title::text ILIKE $6 OR EXISTS (
               SELECT 1 FROM variant v WHERE v.product_id = p.id AND v.shop_id = p.shop_id
                  AND v.retired_at IS NULL AND v.sku ILIKE $6))
        ORDER BY p.id DESC LIMIT $7""",  # noqa: S608 - constants only
        uow.shop_id,
        read_cursor(cursor, UUID),
        stored(status),
        stored(category),
        f"{_literal(category)}/%" if category else None,
        f"%{_literal(q)}%" if q else None,
        size + 1,
    )
    return cut([_view(row) for row in rows], size, key=lambda product: product.id)


async def category_titles(uow: UnitOfWork, paths: Collection[str]) -> dict[str, Texts]:
    """Titles of categories by path; one that nobody named is left out."""
    rows = await uow.fetch(
        "SELECT path, title FROM category WHERE shop_id = $1 AND path = ANY($2)", uow.shop_id, list(paths)
    )
    return {row["path"]: decode_texts(row["title"]) for row in rows}


async def categories(uow: UnitOfWork) -> list[tuple[str, Texts, int]]:
    """(path, titles, number of active products in it or below) of every category, by path."""
    rows = await uow.fetch(
        """SELECT c.path, c.title, coalesce(n.products, 0) AS products FROM category c
           LEFT JOIN (SELECT category_path, count(*) AS products FROM product
                      WHERE shop_id = $1 AND status = 'active' AND deleted_at IS NULL GROUP BY category_path) n
             ON n.category_path = c.path
           WHERE c.shop_id = $1 ORDER BY c.path""",
        uow.shop_id,
    )
    counts: Counter[str] = Counter()
    for row in rows:
        counts.update(dict.fromkeys(prefixes(row["path"]), row["products"]))
    return [(row["path"], decode_texts(row["title"]), counts[row["path"]]) for row in rows]


def _view(row: Record) -> ProductView:
    return ProductView(
        id=row["id"],
        handle=row["handle"],
        title=decode_texts(row["title"]),
        description=decode_texts(row["description"]),
        category=row["category_path"],
        category_title=decode_texts(row["category_title"]) if row["category_title"] else {},
        brand=row["brand"],
        tags=tuple(row["tags"]),
        attributes=decode_object(row["attributes"]),
        options=tuple(row["options"]),
        variants=tuple(_variant(variant, row["options"]) for variant in decode_variants(row["variants"])),
        images=tuple(
            ProductImageView(
                image_id=image.image_id,
                alt=image.alt,
                option=image.option,
                width=image.width,
                height=image.height,
            )
            for image in decode_images(row["images"])
        ),
        status=row["status"],
        revision=row["revision"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


def _variant(row: VariantRow, options: Sequence[str]) -> VariantView:
    return VariantView(
        id=row.id,
        sku=row.sku,
        options=in_order(row.options, options),
        price=Money(row.price, row.currency),
        compare_at_price=row.money(row.compare_at),
        lowest_price_30d=row.money(row.lowest),
        gtin=row.gtin,
        weight_g=row.weight_g,
        content=row.content,
        unit_price_base=row.unit_price_base,
    )


def stored(text: str | None) -> str | None:
    """A text as it could be stored, to look for: PostgreSQL refuses NUL even in questions."""
    return text.replace("\0", "\ufffd") if text else text


def _literal(text: str) -> str:
    """A text for LIKE, in which it means itself."""
    return text.replace("\0", "").replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
