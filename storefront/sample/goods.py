"""The sample shop's goods: `data/products.json` as product drafts, with SKUs, GTINs, weights and stock worked out.

Everything derived is a function of its SKU or place, so that every install has the same shop.
"""

import zlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import msgspec

from catalog.kernel.money import Money
from catalog.products import colours
from catalog.products.values import ImageDraft, ProductDraft, VariantDraft

CURRENCY = "EUR"
VIEWS = ("front", "detail")

_FILE = Path(__file__).with_name("data") / "products.json"
# GS1 keeps prefixes 20 to 29 for use inside a company: valid numbers that are nobody else's goods.
_GTIN_PREFIX = "2941042"
_LETTERS = {"S": -0.06, "M": 0.0, "L": 0.06, "XL": 0.12, "XXL": 0.18}
_SCARCE = {"LL-TEE-NAV-XL": 0, "LL-HOO-GRE-M": 2, "LL-COA-TAN-S": 0, "LL-SNE-WHI-43": 3, "LL-CAB-OFF-L": 1}
_SOLD_OUT = frozenset({"belt"})
_PLENTY = {"LL-TEE-GRY": 48, "LL-CHI": 24, "LL-OVS": 18}
_ALT = {
    "front": {"de": "{title} in {colour}, Vorderansicht", "en": "{title} in {colour}, front view"},
    "detail": {
        "de": "{title} in {colour}, Stoff und Verarbeitung aus der Nähe",
        "en": "{title} in {colour}, fabric and details up close",
    },
}

Texts = dict[str, str]


class Goods(msgspec.Struct, frozen=True, kw_only=True):
    """One product as the data file tells it; sizes name a row of sizes."""

    handle: str
    code: str
    title: Texts
    category: str
    price: int
    compare_at: int | None = None
    colours: tuple[str, ...]
    one_colour: bool = False  # sold in one colour only, which is then no option
    sizes: str
    gender: str
    material: Texts
    care: str
    fit: Texts
    weight_g: int
    tags: tuple[str, ...]
    keywords: dict[str, tuple[str, ...]]
    description: Texts


class _Sheet(msgspec.Struct, frozen=True):
    brand: str
    sizes: dict[str, tuple[str, ...]]
    care: dict[str, Texts]
    products: tuple[Goods, ...]


@lru_cache(maxsize=1)
def _sheet() -> _Sheet:
    return msgspec.json.decode(_FILE.read_bytes(), type=_Sheet)


def all_goods() -> tuple[Goods, ...]:
    """Every product, in the order of the shop."""
    return _sheet().products


def picture_names(goods: Goods) -> list[str]:
    """Names of its pictures (draw/gallery.py), colour by colour."""
    return [f"{goods.handle}.{colour}.{view}" for colour in goods.colours for view in VIEWS]


def draft(goods: Goods, images: Mapping[str, str]) -> ProductDraft:
    """The product to write. `images`: image ids by picture name."""
    return ProductDraft(
        handle=goods.handle,
        title=goods.title,
        description=goods.description,
        category=goods.category,
        brand=_sheet().brand,
        tags=goods.tags,
        attributes=_attributes(goods),
        options=tuple(
            name for name, there in (("colour", not goods.one_colour), ("size", bool(_sizes(goods)))) if there
        ),
        variants=_variants(goods),
        images=tuple(
            ImageDraft(
                image_id=images[f"{goods.handle}.{colour}.{view}"],
                alt=_alt(goods, colour, view),
                option=None if goods.one_colour else {"colour": colour},
            )
            for colour in goods.colours
            for view in VIEWS
        ),
    )


def stock() -> dict[str, int]:
    """Units on hand by SKU: plenty of the middle sizes, few of the outer ones, some sold out."""
    return {
        variant.sku: _on_hand(goods, variant.sku, place, len(variants))
        for goods in all_goods()
        for variants in (_variants(goods),)
        for place, variant in enumerate(variants)
    }


def sku_of(goods: Goods, colour: str, size: str | None) -> str:
    """'LL-TEE-GRY-M': house, product, colour unless there is one only, size unless there is none."""
    parts = ["LL", goods.code]
    if not goods.one_colour:
        parts.append(_colour_code(colour))
    if size:
        parts.append(size.replace("/", ""))
    return "-".join(parts)


def _variants(goods: Goods) -> tuple[VariantDraft, ...]:
    sizes: tuple[str | None, ...] = _sizes(goods) or (None,)
    drafts: list[VariantDraft] = []
    for colour in goods.colours:
        for size in sizes:
            sku = sku_of(goods, colour, size)
            drafts.append(
                VariantDraft(
                    sku=sku,
                    price=Money(goods.price, CURRENCY),
                    compare_at_price=Money(goods.compare_at, CURRENCY) if goods.compare_at else None,
                    options={
                        **({} if goods.one_colour else {"colour": colour}),
                        **({"size": size} if size else {}),
                    },
                    gtin=_gtin(sku),
                    weight_g=round(goods.weight_g * (1 + _LETTERS.get(size or "", 0.0)) / 5) * 5,
                )
            )
    return tuple(drafts)


def _attributes(goods: Goods) -> dict[str, object]:
    return {
        "gender": goods.gender,
        "material": goods.material,
        "care": _sheet().care[goods.care],
        "fit": goods.fit,
        "keywords": {locale: list(words) for locale, words in goods.keywords.items()},
        **({"colour": goods.colours[0]} if goods.one_colour else {}),
    }


def _alt(goods: Goods, colour: str, view: str) -> Texts:
    return {
        locale: _ALT[view][locale].format(title=goods.title[locale], colour=colours.display(colour, locale))
        for locale in ("de", "en")
    }


def _sizes(goods: Goods) -> tuple[str, ...]:
    return _sheet().sizes[goods.sizes]


def _colour_code(colour: str) -> str:
    special = {"grey": "GRY", "dark green": "GRE", "dark grey": "DGR", "dark brown": "DBR", "light blue": "LBL"}
    return special.get(colour) or colour.replace(" ", "")[:3].upper()


def _on_hand(goods: Goods, sku: str, place: int, count: int) -> int:
    if goods.handle in _SOLD_OUT:
        return 0
    if sku in _SCARCE:
        return _SCARCE[sku]
    for head, units in _PLENTY.items():
        if sku.startswith(head):
            return units
    chance = zlib.crc32(sku.encode())
    middle = 1.0 - abs((place + 0.5) / count - 0.5)
    return 0 if chance % 23 == 0 else round((4 + chance % 15) * middle) + 1


def _gtin(sku: str) -> str:
    body = _GTIN_PREFIX + f"{_numbers()[sku]:05d}"
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return f"{body}{-weighted % 10}"


@lru_cache(maxsize=1)
def _numbers() -> dict[str, int]:
    skus = [
        sku_of(goods, colour, size)
        for goods in all_goods()
        for colour in goods.colours
        for size in (_sizes(goods) or (None,))
    ]
    return {sku: number for number, sku in enumerate(skus, start=1)}
