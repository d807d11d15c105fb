"""Products as the chat shows them: one query per call, plain SQL, because it stands on the path of every turn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from asyncpg import Record

from catalog.kernel.money import Money
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.products import colours
from catalog.products.measures import UnitPrice, unit_price
from catalog.products.rows import (
    IMAGES_JSON,
    VARIANTS_JSON,
    ImageRow,
    VariantRow,
    decode_images,
    decode_object,
    decode_texts,
    decode_variants,
    in_order,
)
from catalog.products.texts import Texts, pick


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantListing:
    """A variant on show. `available` is 0 until `with_available` fills in what stock says."""

    variant_id: UUID
    sku: str
    options: Mapping[str, str]
    price: Money
    compare_at: Money | None
    lowest_price_30d: Money | None  # stands beside a reduced price
    unit_price: UnitPrice | None = None  # stands beside the price of goods sold by measure
    available: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageView:
    """A picture on show; `option` says which option value it is of, None: the product as such."""

    image_id: str
    alt: str
    width: int
    height: int
    option: Mapping[str, str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """An active product in one language, its variants and pictures in the merchant's order."""

    product_id: UUID
    handle: str
    title: str
    description: str
    category: str
    brand: str
    tags: tuple[str, ...]
    options: tuple[str, ...]
    variants: tuple[VariantListing, ...]
    images: tuple[ImageView, ...]
    attributes: str  # JSON text: decoded by the few who ask for material or care
    locale: str
    titles: Mapping[str, str]  # what the merchant calls option values in this language, where they said so

    @property
    def cheapest(self) -> VariantListing:
        """The variant whose price is the one 'from' which it is sold. A listed product has at least one."""
        return min(self.variants, key=lambda variant: variant.price.minor)

    @property
    def lowest_price(self) -> Money:
        """The price 'from' which it is sold."""
        return self.cheapest.price

    @property
    def has_price_range(self) -> bool:
        """Whether variants differ in price or unit price, so that 'from' is true."""
        return len({(variant.price.minor, variant.unit_price) for variant in self.variants}) > 1

    @property
    def available(self) -> int:
        """Units of all variants."""
        return sum(variant.available for variant in self.variants)

    def called(self, value: str) -> str:
        """An option's value for people."""
        return self.titles.get(value) or colours.display(value, self.locale)

    def variant(self, sku: str) -> VariantListing | None:
        """The variant with this SKU."""
        return next((variant for variant in self.variants if variant.sku == sku), None)

    def matching(self, chosen: Mapping[str, str]) -> tuple[VariantListing, ...]:
        """Variants that have every option value chosen so far, whatever its case."""
        wanted = {name: value.casefold() for name, value in chosen.items()}
        return tuple(
            variant
            for variant in self.variants
            if all(variant.options.get(name, "").casefold() == value for name, value in wanted.items())
        )


_SELECT = f"""
    SELECT p.id, p.handle, p.title, p.description, p.category_path, p.brand, p.tags, p.options, p.attributes,
        s.default_locale,
        {VARIANTS_JSON},
        {IMAGES_JSON}
    FROM product p JOIN shop s ON s.id = p.shop_id
    WHERE p.shop_id = $1 AND p.status = 'active' AND p.deleted_at IS NULL"""  # noqa: S608 - constants only
_BY_HANDLE = f"{_SELECT} AND p.handle = ANY($2)"
_BY_SKU = f"""{_SELECT} AND p.id IN (
    SELECT product_id FROM variant WHERE shop_id = $1 AND sku = ANY($2) AND retired_at IS NULL)"""  # noqa: S608 - constants only


async def listings(uow: UnitOfWork, handles: Sequence[str], locale: str) -> list[Listing]:
    """Active products by handle, in the order given; those not on sale are left out."""
    found = await _find(uow, _BY_HANDLE, list(handles), locale)
    by_handle = {listing.handle: listing for listing in found}
    return [by_handle[handle] for handle in handles if handle in by_handle]


async def by_sku(uow: UnitOfWork, skus: Sequence[str], locale: str) -> dict[str, Listing]:
    """For each SKU on sale, the active product that it is a variant of."""
    found = await _find(uow, _BY_SKU, list(skus), locale)
    by_code = {variant.sku: listing for listing in found for variant in listing.variants}
    return {sku: by_code[sku] for sku in skus if sku in by_code}


def with_available(listing: Listing, available: Mapping[UUID, int]) -> Listing:
    """The listing with units available by variant id; a variant that is not named has none."""
    variants = tuple(replace(variant, available=available.get(variant.variant_id, 0)) for variant in listing.variants)
    return replace(listing, variants=variants)


def options_of(listing: Listing) -> dict[str, tuple[str, ...]]:
    """Every option with its values, in the order in which variants first show them."""
    return {
        name: tuple(dict.fromkeys(variant.options[name] for variant in listing.variants if name in variant.options))
        for name in listing.options
    }


def image_for(listing: Listing, chosen: Mapping[str, str]) -> ImageView | None:
    """The best picture for option values: one of such a value, else one of the product as such, else the first."""
    wanted = {name: value.casefold() for name, value in chosen.items()}
    general: ImageView | None = None
    for image in listing.images:
        if not image.option:
            general = general or image
        elif all(wanted.get(name) == value.casefold() for name, value in image.option.items()):
            return image
    return general or next(iter(listing.images), None)


def images_for(listing: Listing, chosen: Mapping[str, str]) -> tuple[ImageView, ...]:
    """All pictures that suit option values, the value's own first; never pictures of another value."""
    wanted = {name: value.casefold() for name, value in chosen.items()}
    own = [image for image in listing.images if image.option and _suits(image.option, wanted)]
    return (*own, *(image for image in listing.images if not image.option))


def option_kind(name: str) -> str:
    """'colour' or 'size' for an option that is one, in either language's words; else the name itself."""
    return _KINDS.get(name.strip().casefold(), name)


_KINDS = {
    **dict.fromkeys(("colour", "color", "farbe", "colours", "farbton"), "colour"),
    **dict.fromkeys(("size", "größe", "groesse", "grösse", "sizes", "konfektionsgröße"), "size"),
}


def _suits(option: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    return all(name not in wanted or wanted[name] == value.casefold() for name, value in option.items())


async def _find(uow: UnitOfWork, sql: str, keys: Sequence[object], locale: str) -> list[Listing]:
    rows = await uow.fetch(sql, uow.shop_id, keys) if keys else []
    return [listing for row in rows if (listing := _listing(row, locale)).variants]


def _listing(row: Record, locale: str) -> Listing:
    default = row["default_locale"]
    return Listing(
        product_id=row["id"],
        handle=row["handle"],
        title=pick(decode_texts(row["title"]), locale, default),
        description=pick(decode_texts(row["description"]), locale, default),
        category=row["category_path"],
        brand=row["brand"],
        tags=tuple(row["tags"]),
        options=tuple(row["options"]),
        variants=tuple(_variant(variant, row["options"]) for variant in decode_variants(row["variants"])),
        images=tuple(_image(image, locale, default) for image in decode_images(row["images"])),
        attributes=row["attributes"],
        locale=locale,
        titles={value: pick(texts, locale, default) for value, texts in _option_titles(row["attributes"]).items()},
    )


def _option_titles(attributes: str) -> Mapping[str, Texts]:
    titles: Mapping[str, Texts] = decode_object(attributes)["option_titles"] if '"option_titles"' in attributes else {}
    return titles


def _variant(row: VariantRow, options: Sequence[str]) -> VariantListing:
    price = Money(row.price, row.currency)
    return VariantListing(
        variant_id=row.id,
        sku=row.sku,
        options=in_order(row.options, options),
        price=price,
        compare_at=row.money(row.compare_at),
        lowest_price_30d=row.money(row.lowest),
        unit_price=unit_price(price, row.content, row.unit_price_base),
    )


def _image(row: ImageRow, locale: str, default: str) -> ImageView:
    return ImageView(
        image_id=row.image_id,
        alt=pick(row.alt, locale, default),
        width=row.width,
        height=row.height,
        option=row.option,
    )
