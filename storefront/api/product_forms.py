"""Products as merchants write them: the bodies of requests."""

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from catalog.kernel.money import Money

Texts = dict[str, str]


class VariantForm(Struct, kw_only=True, forbid_unknown_fields=True):
    """A variant as written. `stock` sets the units on hand.

    `content` ("750 ml") is of goods sold by weight, volume, length or area: shoppers see the unit price beside the
    price. `unit_price_base` ("100 ml") is what it is the price of; without one 1 kg, 1 l, 1 m³, 1 m or 1 m².
    """

    sku: str
    price: Money
    options: dict[str, str] = {}
    compare_at_price: Money | None = None
    stock: int | None = None
    gtin: str | None = None
    weight_g: int | None = None
    content: Annotated[str | None, Meta(examples=["750 ml"])] = None
    unit_price_base: Annotated[str | None, Meta(examples=["1 l"])] = None


class ImageForm(Struct, kw_only=True, forbid_unknown_fields=True):
    """A picture: an upload of ours, or an address to fetch it from."""

    upload_id: str | None = None
    url: str | None = None
    image_id: str | None = None
    alt: Texts = {}
    option: dict[str, str] | None = None


class _Content(Struct, kw_only=True, forbid_unknown_fields=True):
    title: Texts
    description: Texts = {}
    category: str = ""
    brand: str = ""
    tags: list[str] = []
    attributes: dict[str, Any] = {}
    options: list[str] = []
    variants: list[VariantForm] = []
    images: list[ImageForm] = []
    status: str = "active"


class ProductForm(_Content, kw_only=True, forbid_unknown_fields=True):
    """A product as written, whole."""

    handle: str


class ProductBody(_Content, kw_only=True, forbid_unknown_fields=True):
    """A product addressed by its handle: the handle in the body may be left out."""

    handle: str | None = None


class ProductChange(Struct, kw_only=True, forbid_unknown_fields=True):
    """What a PATCH sets; lists change as a whole."""

    handle: str | UnsetType = UNSET
    title: Texts | UnsetType = UNSET
    description: Texts | UnsetType = UNSET
    category: str | UnsetType = UNSET
    brand: str | UnsetType = UNSET
    tags: list[str] | UnsetType = UNSET
    attributes: dict[str, Any] | UnsetType = UNSET
    options: list[str] | UnsetType = UNSET
    variants: list[VariantForm] | UnsetType = UNSET
    images: list[ImageForm] | UnsetType = UNSET
    status: str | UnsetType = UNSET


class Bulk(Struct, kw_only=True, forbid_unknown_fields=True):
    """Products to write in one request."""

    items: list[ProductForm]
