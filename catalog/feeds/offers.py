"""Every variant on sale as one offer, streamed: what all feeds are made of."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from asyncpg import Record

from catalog.kernel.money import Money
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.products.listing import option_kind
from catalog.products.measures import Measure, measure
from catalog.products.options import called
from catalog.products.rows import (
    IMAGES_JSON,
    VARIANTS_JSON,
    ImageRow,
    decode_images,
    decode_object,
    decode_texts,
    decode_variants,
    in_order,
)
from catalog.products.texts import pick

# Units that can be bought, by variant id. Stock is known above the catalogue, so the caller says.
Available = Callable[[UnitOfWork, Sequence[UUID]], Awaitable[Mapping[UUID, int]]]
# A transaction of the shop, as often as asked.
Opened = Callable[[], AbstractAsyncContextManager[UnitOfWork]]
_PAGE = 500

_SELECT = f"""
    SELECT p.id, p.handle, p.title, p.description, p.category_path, p.brand, p.attributes, p.options, s.default_locale,
        (SELECT string_agg(coalesce(c.title ->> $3, c.title ->> s.default_locale, c.path), ' > ' ORDER BY c.path)
         FROM category c WHERE c.shop_id = p.shop_id AND p.category_path <> ''
              AND (c.path = p.category_path OR starts_with(p.category_path, c.path || '/'))) AS breadcrumb,
        {VARIANTS_JSON},
        {IMAGES_JSON}
    FROM product p JOIN shop s ON s.id = p.shop_id
    WHERE p.shop_id = $1 AND p.status = 'active' AND p.deleted_at IS NULL AND p.id > $2
    ORDER BY p.id LIMIT {_PAGE}"""  # noqa: S608 - constants only
_LONGEST_MATERIAL = 200  # Google Merchant Center, product data specification
_BEFORE_ALL = UUID(int=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A variant as shopping sites see it. `available` counts units; pictures are ids, the variant's own first."""

    sku: str
    handle: str
    group: str  # the handle again, for products with several variants
    title: str
    description: str
    price: Money
    former_price: Money | None
    available: int
    brand: str
    gtin: str
    category: str
    colour: str
    size: str
    gender: str
    material: str
    weight_g: int | None
    content: Measure | None
    unit_price_base: Measure | None
    image_ids: tuple[str, ...]


async def offers(opened: Opened, *, locale: str, available: Available) -> AsyncIterator[Offer]:
    """All offers, oldest product first, page by page: memory stays flat whatever the catalogue's size.

    Each page is read in a transaction of its own: however slowly a feed is taken, it holds no connection meanwhile.
    """
    last = _BEFORE_ALL
    while True:
        async with opened() as uow:
            rows = await uow.fetch(_SELECT, uow.shop_id, last, locale)
            units = await available(uow, [variant.id for row in rows for variant in decode_variants(row["variants"])])
        if not rows:
            return
        for row in rows:
            for offer in _offers_of(row, locale, units):
                yield offer
        last = rows[-1]["id"]


def _offers_of(row: Record, locale: str, units: Mapping[UUID, int]) -> list[Offer]:
    default = row["default_locale"]
    attributes = decode_object(row["attributes"])
    title = pick(decode_texts(row["title"]), locale, default)
    images = decode_images(row["images"])
    variants = decode_variants(row["variants"])
    say = partial(called, titles=attributes.get("option_titles", {}), locale=locale, default_locale=default)
    found: list[Offer] = []
    for variant in variants:
        kinds = {option_kind(name): value for name, value in variant.options.items()}
        chosen = in_order(variant.options, row["options"])
        shown = [say(value) for value in chosen.values()]
        found.append(
            Offer(
                sku=variant.sku,
                handle=row["handle"],
                group=row["handle"] if len(variants) > 1 else "",
                title=", ".join((title, *shown)) if len(variants) > 1 else title,
                description=pick(decode_texts(row["description"]), locale, default) or title,
                price=Money(variant.price, variant.currency),
                former_price=variant.money(variant.compare_at),
                available=max(0, units.get(variant.id, 0)),
                brand=row["brand"],
                gtin=variant.gtin or "",
                category=row["breadcrumb"] or "",
                colour=say(kinds.get("colour", _word(attributes.get("colour")))),
                size=kinds.get("size", ""),
                gender=_word(attributes.get("gender")),
                material=_text(attributes.get("material"), locale, default)[:_LONGEST_MATERIAL],
                weight_g=variant.weight_g,
                content=measure(variant.content) if variant.content else None,
                unit_price_base=measure(variant.unit_price_base) if variant.unit_price_base else None,
                image_ids=_pictures(images, variant.options),
            )
        )
    return found


def _pictures(images: Sequence[ImageRow], options: Mapping[str, str]) -> tuple[str, ...]:
    """The variant's own pictures first, then those of the product as such; never another variant's."""
    own = [image.image_id for image in images if image.option and image.option.items() <= options.items()]
    return tuple(dict.fromkeys((*own, *(image.image_id for image in images if not image.option))))


def _word(value: object) -> str:
    return value if isinstance(value, str) else ""


def _text(value: object, locale: str, default: str) -> str:
    """An attribute that is one text, or one by language."""
    return pick(value, locale, default) if isinstance(value, dict) else _word(value)
