"""Valid drafts; a test states only what matters to it."""

from typing import Any

from catalog.kernel.money import Money
from catalog.products.values import ProductDraft, VariantDraft


def make_variant(sku: str = "TEE-GREY-M", **changes: Any) -> VariantDraft:  # noqa: ANN401 - any field
    values: dict[str, Any] = {"sku": sku, "price": Money(2490, "EUR"), "options": {"colour": "grey", "size": "M"}}
    return VariantDraft(**{**values, **changes})


def make_draft(handle: str = "basic-tee", **changes: Any) -> ProductDraft:  # noqa: ANN401 - any field
    """A grey T-shirt in M and L."""
    prefix = handle.upper()
    values: dict[str, Any] = {
        "handle": handle,
        "title": {"de": "Basic-Tee", "en": "Basic tee"},
        "description": {"de": "Weiches Shirt.", "en": "Soft shirt."},
        "category": "women/tees",
        "brand": "Linden",
        "tags": ("basic",),
        "options": ("colour", "size"),
        "variants": tuple(
            make_variant(f"{prefix}-GREY-{size}", options={"colour": "grey", "size": size}) for size in ("M", "L")
        ),
    }
    return ProductDraft(**{**values, **changes})


def plain_draft(handle: str, title: str, **changes: Any) -> ProductDraft:  # noqa: ANN401 - any field
    """A product with one variant and no options."""
    values: dict[str, Any] = {
        "options": (),
        "variants": (make_variant(handle.upper(), options={}),),
        "title": {"de": title, "en": title},
        "description": {},
        "category": "",
        "brand": "",
        "tags": (),
    }
    return make_draft(handle, **{**values, **changes})
