"""The rows below a product, variants and pictures, as JSON in one query: a page of products costs one round trip."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from catalog.kernel.money import Money

VARIANTS_JSON = """
    (SELECT coalesce(json_agg(json_build_object('id', v.id, 'sku', v.sku, 'options', v.options, 'price', v.price_minor,
                'compare_at', v.compare_at_minor, 'lowest', v.lowest_30d_minor, 'currency', v.currency,
                'gtin', v.gtin, 'weight_g', v.weight_g, 'content', v.content,
                'unit_price_base', v.unit_price_base) ORDER BY v.position), '[]')
     FROM variant v WHERE v.product_id = p.id AND v.shop_id = p.shop_id AND v.retired_at IS NULL) AS variants"""
IMAGES_JSON = """
    (SELECT coalesce(json_agg(json_build_object('image_id', i.image_id, 'alt', i.alt, 'option', i.option,
                'width', m.width, 'height', m.height) ORDER BY i.position), '[]')
     FROM product_image i JOIN image m ON m.id = i.image_id AND m.shop_id = i.shop_id
     WHERE i.product_id = p.id AND i.shop_id = p.shop_id) AS images"""


class VariantRow(msgspec.Struct, frozen=True):
    """A variant inside the JSON of VARIANTS_JSON."""

    id: UUID
    sku: str
    options: dict[str, str]
    price: int
    compare_at: int | None
    lowest: int | None
    currency: str
    gtin: str | None = None
    weight_g: int | None = None
    content: str | None = None
    unit_price_base: str | None = None

    def money(self, minor: int | None) -> Money | None:
        """An amount in the variant's currency."""
        return None if minor is None else Money(minor, self.currency)


class ImageRow(msgspec.Struct, frozen=True):
    """A picture inside the JSON of IMAGES_JSON."""

    image_id: str
    alt: dict[str, str]
    option: dict[str, str] | None
    width: int
    height: int


decode_variants = msgspec.json.Decoder(list[VariantRow]).decode
decode_images = msgspec.json.Decoder(list[ImageRow]).decode
decode_texts = msgspec.json.Decoder(dict[str, str]).decode
decode_object = msgspec.json.Decoder(dict[str, Any]).decode


def in_order(chosen: Mapping[str, str], options: Sequence[str]) -> dict[str, str]:
    """A variant's option values in the order of the product's options, which jsonb does not keep."""
    return {name: chosen[name] for name in options if name in chosen}
