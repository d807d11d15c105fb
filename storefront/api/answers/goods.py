"""Answers about goods: products, categories, stock, pictures, lookbooks, search."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, TypedDict
from uuid import UUID

from catalog.kernel.money import Money
from catalog.lookbooks.values import HotspotView
from catalog.products.values import Refused, Written

Texts = Mapping[str, str]


class Variant(TypedDict):
    """A variant with its units on hand. `title`: what shoppers read for it beside the product's."""

    id: UUID
    sku: str
    title: Texts
    options: Mapping[str, str]
    price: Money
    compare_at_price: Money | None
    lowest_price_30d: Money | None
    stock: int
    gtin: str | None
    weight_g: int | None
    content: str | None
    unit_price_base: str | None


class ProductImage(TypedDict):
    """A picture of a product; width and height are the original's pixels."""

    image_id: str
    alt: Texts
    option: Mapping[str, str] | None
    width: int
    height: int


class Product(TypedDict):
    """A product with all that belongs to it. `revision` is its ETag."""

    id: UUID
    handle: str
    title: Texts
    description: Texts
    category: str
    category_title: Texts
    brand: str
    tags: list[str]
    attributes: Mapping[str, Any]
    options: list[str]
    variants: list[Variant]
    images: list[ProductImage]
    status: Literal["draft", "active", "archived"]
    revision: int
    created_at: datetime
    updated_at: datetime


class BulkResult(TypedDict):
    """What became of each product, in the order sent."""

    results: list[Written | Refused]


class Category(TypedDict):
    """What shoppers read for a category."""

    path: str
    title: Texts


class ListedCategory(Category):
    """A category with the number of active products in it or below."""

    products: int


class Stock(TypedDict):
    """Units of a SKU: on the shelf, held by carts and open orders, and what can be bought."""

    sku: str
    on_hand: int
    reserved: int
    available: int


class Upload(TypedDict):
    """An uploaded picture, as it is kept: upright, its width and height in pixels."""

    upload_id: UUID
    image_id: str
    width: int
    height: int
    mime: str
    url: str


class Scene(TypedDict):
    """The picture of a lookbook."""

    image_id: str
    alt: Texts
    width: int
    height: int


class LookbookLink(TypedDict):
    """An address that opens a lookbook in one channel's chat. `channel_id` also names its QR code (`?channel=`)."""

    channel_id: UUID
    kind: str
    name: str
    url: str


class Lookbook(TypedDict):
    """A lookbook. `revision` is its ETag.

    `url` opens the shop's chat at it: the web chat, or else the bot or number of the channel that `opens` names. When
    `opens` is null the shop has no chat that a link can open, and the page says so: connect a channel. `links` are the
    same for each chat that a link can open, for posters that lead to a certain one.
    """

    id: UUID
    code: str
    title: Texts
    image: Scene
    items: list[HotspotView]
    revision: int
    created_at: datetime
    updated_at: datetime
    url: str
    opens: str | None
    links: list[LookbookLink]


class Hit(TypedDict):
    """A found product; scores of different searches do not compare."""

    product_id: UUID
    handle: str
    score: float


class Facets(TypedDict):
    """How many of the best matches have which value, the most frequent first; prices in the smallest unit."""

    category: Mapping[str, int]
    brand: Mapping[str, int]
    colour: Mapping[str, int]
    size: Mapping[str, int]
    lowest_price: int | None
    highest_price: int | None


class Found(TypedDict):
    """The best matches. `corrected` is the query as it was understood, when that is not what was sent."""

    items: list[Hit]
    total: int
    corrected: str | None
    partial: bool
    facets: Facets
    next_cursor: None


class Synonyms(TypedDict):
    """A word, and what else searching for it finds."""

    locale: str
    word: str
    synonyms: list[str]
