"""Lookbooks as merchants write them and as the house reads them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from catalog.products.texts import Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class HotspotDraft:
    """A place in the scene, bound to a SKU or to a product by its handle; x and y from 0 to 1, from the top left."""

    x: float
    y: float
    sku: str | None = None
    product_handle: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LookbookDraft:
    """A lookbook to write, whole. Its items are numbered from 1 in their order."""

    code: str
    title: Texts
    image_id: str
    alt: Texts = field(default_factory=dict)
    items: tuple[HotspotDraft, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HotspotView:
    """A numbered place. `sku` and `options` are set when it shows one variant; `on_sale`: it can be bought at all."""

    number: int
    x: float
    y: float
    product_id: UUID
    product_handle: str
    variant_id: UUID | None
    sku: str | None
    options: Mapping[str, str]
    on_sale: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LookbookView:
    """A lookbook as stored; width and height are the scene's pixels."""

    id: UUID
    code: str
    title: Texts
    image_id: str
    alt: Texts
    width: int
    height: int
    items: tuple[HotspotView, ...]
    revision: int
    created_at: datetime
    updated_at: datetime
