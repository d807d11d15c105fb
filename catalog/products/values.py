"""What goes in and out of the catalogue: drafts as merchants write them, views as they are stored.

Field names are the outside contract's, so that an edge can convert a request's JSON straight into a draft.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import UNSET, UnsetType

from catalog.kernel.money import Money
from catalog.products.texts import Texts

DRAFT, ACTIVE, ARCHIVED = "draft", "active", "archived"
STATUSES = (DRAFT, ACTIVE, ARCHIVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantDraft:
    """A variant to write. `stock` is carried through for the caller, who owns stock; the catalogue ignores it.

    `content` ('750 ml') is of goods sold by measure, whose unit price is told beside the price; `unit_price_base` is
    what that one is the price of, where it is not 1 kg, 1 l, 1 m³, 1 m or 1 m².
    """

    sku: str
    price: Money
    options: Mapping[str, str] = field(default_factory=dict)
    compare_at_price: Money | None = None
    stock: int | None = None
    gtin: str | None = None
    weight_g: int | None = None
    content: str | None = None
    unit_price_base: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageDraft:
    """A stored picture of a product; `option` ({"colour": "grey"}) ties it to one option value."""

    image_id: str
    alt: Texts = field(default_factory=dict)
    option: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductDraft:
    """A product to write, whole: what it does not name is removed.

    Well-known attributes: `gender`, `material`, `care`, `fit`, `colour`, `keywords` ({"de": […], "en": […]}) and
    `option_titles` ({"light blue": {"de": "hellblau"}}); any other is kept and searched.
    """

    handle: str
    title: Texts
    description: Texts = field(default_factory=dict)
    category: str = ""
    brand: str = ""
    tags: tuple[str, ...] = ()
    attributes: Mapping[str, Any] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    variants: tuple[VariantDraft, ...] = ()
    images: tuple[ImageDraft, ...] = ()
    status: str = ACTIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductPatch:
    """Changes to a product: only what is set here changes, and lists change as a whole."""

    handle: str | UnsetType = UNSET
    title: Texts | UnsetType = UNSET
    description: Texts | UnsetType = UNSET
    category: str | UnsetType = UNSET
    brand: str | UnsetType = UNSET
    tags: tuple[str, ...] | UnsetType = UNSET
    attributes: Mapping[str, Any] | UnsetType = UNSET
    options: tuple[str, ...] | UnsetType = UNSET
    variants: tuple[VariantDraft, ...] | UnsetType = UNSET
    images: tuple[ImageDraft, ...] | UnsetType = UNSET
    status: str | UnsetType = UNSET


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantView:
    """A variant as stored. `lowest_price_30d` must stand beside a reduced price (see models.Variant)."""

    id: UUID
    sku: str
    options: Mapping[str, str]
    price: Money
    compare_at_price: Money | None
    lowest_price_30d: Money | None
    gtin: str | None
    weight_g: int | None
    content: str | None
    unit_price_base: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductImageView:
    """A picture of a product as stored; width and height are the original's pixels."""

    image_id: str
    alt: Texts
    option: Mapping[str, str] | None
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductView:
    """A product as stored. `revision` grows with every change and makes its ETag."""

    id: UUID
    handle: str
    title: Texts
    description: Texts
    category: str
    category_title: Texts
    brand: str
    tags: tuple[str, ...]
    attributes: Mapping[str, Any]
    options: tuple[str, ...]
    variants: tuple[VariantView, ...]
    images: tuple[ProductImageView, ...]
    status: str
    revision: int
    created_at: datetime
    updated_at: datetime

    def draft(self) -> ProductDraft:
        """The draft that would write this product again."""
        return ProductDraft(
            handle=self.handle,
            title=self.title,
            description=self.description,
            category=self.category,
            brand=self.brand,
            tags=self.tags,
            attributes=self.attributes,
            options=self.options,
            variants=tuple(
                VariantDraft(
                    sku=variant.sku,
                    price=variant.price,
                    options=variant.options,
                    compare_at_price=variant.compare_at_price,
                    gtin=variant.gtin,
                    weight_g=variant.weight_g,
                    content=variant.content,
                    unit_price_base=variant.unit_price_base,
                )
                for variant in self.variants
            ),
            images=tuple(
                ImageDraft(image_id=image.image_id, alt=image.alt, option=image.option) for image in self.images
            ),
            status=self.status,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with one field of a draft: where (JSON pointer), why and what to do, and the value found."""

    pointer: str
    detail: str
    value: object = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A draft that was written. `changed` is false when it says what was there already."""

    product_id: UUID
    handle: str
    revision: int
    created: bool
    changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A draft that was not written, with all that is wrong about it."""

    handle: str
    faults: tuple[Fault, ...]
