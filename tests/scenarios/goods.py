"""A small shop for conversations: the four pieces of the lookbook LB7 and a few more, with stock."""

import io

from PIL import Image

from catalog.images import service as images
from catalog.images.store import MediaStore
from catalog.kernel.money import Money
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.lookbooks import service as lookbooks
from catalog.lookbooks.values import HotspotDraft, LookbookDraft
from catalog.products import service as products
from catalog.products.values import ImageDraft, ProductDraft, VariantDraft
from checkout.inventory import service as inventory


def euro(minor: int) -> Money:
    """An amount of EUR in cents."""
    return Money(minor, "EUR")


def _variants(prefix: str, price: int, colours: tuple[str, ...], sizes: tuple[str, ...]) -> tuple[VariantDraft, ...]:
    return tuple(
        VariantDraft(
            sku=f"{prefix}-{colour[:3].upper()}-{size.replace('/', 'x')}",
            price=euro(price),
            options={"colour": colour, "size": size},
        )
        for colour in colours
        for size in sizes
    )


_LENGTHS = ("31/32", "32/30", "32/32", "32/34", "33/32")

DRAFTS = (
    ProductDraft(
        handle="basic-tee",
        title={"de": "Basic-Tee", "en": "Basic Tee"},
        category="tops/t-shirts",
        attributes={
            "gender": "unisex",
            "material": {"de": "Bio-Baumwolle", "en": "organic cotton"},
            "keywords": {"de": ["T-Shirt", "Shirt"], "en": ["t-shirt", "shirt"]},
        },
        options=("colour", "size"),
        variants=_variants("TEE", 2490, ("grey", "white", "navy"), ("S", "M", "L")),
    ),
    ProductDraft(
        handle="chino",
        title={"de": "Chino", "en": "Chinos"},
        category="bottoms/trousers",
        attributes={"gender": "men", "keywords": {"de": ["Hose"], "en": ["trousers", "pants"]}},
        options=("colour", "size"),
        variants=_variants("CHI", 5990, ("beige",), _LENGTHS),
    ),
    ProductDraft(
        handle="overshirt",
        title={"de": "Overshirt", "en": "Overshirt"},
        category="tops/shirts",
        options=("colour", "size"),
        variants=_variants("OVE", 7990, ("grey",), ("M", "L")),
    ),
    ProductDraft(
        handle="guertel",
        title={"de": "Gürtel", "en": "Belt"},
        category="accessories/belts",
        options=("colour", "size"),
        variants=_variants("BEL", 3990, ("brown",), ("85", "95")),
    ),
)

TEA = ProductDraft(
    handle="assam",
    title={"de": "Assam-Tee", "en": "Assam tea"},
    category="tea/black",
    attributes={"keywords": {"de": ["Tee", "Schwarztee"], "en": ["tea", "black tea"]}},
    options=("size",),
    variants=(
        VariantDraft(sku="ASS-250", price=euro(890), options={"size": "250 g"}, content="250 g"),
        VariantDraft(sku="ASS-500", price=euro(1590), options={"size": "500 g"}, content="500 g"),
    ),
)


def picture(colour: tuple[int, int, int] = (120, 120, 120), size: tuple[int, int] = (400, 500)) -> bytes:
    """A plain JPEG."""
    raw = io.BytesIO()
    Image.new("RGB", size, colour).save(raw, "JPEG")
    return raw.getvalue()


async def fill(uow: UnitOfWork, store: MediaStore, *, stock: int = 20) -> None:
    """Put the goods on the shelf; the belt is sold out."""
    view = await images.keep(uow, await images.prepare(store, picture()))
    for draft in DRAFTS:
        with_picture = ProductDraft(
            **{
                **{name: getattr(draft, name) for name in draft.__slots__},
                "images": (ImageDraft(image_id=view.image_id, alt=draft.title),),
            }
        )
        await products.upsert_product(uow, with_picture)
        count = 0 if draft.handle == "guertel" else stock
        await inventory.set_many(uow, {variant.sku: count for variant in draft.variants})
    scene = await images.keep(uow, await images.prepare(store, picture((200, 198, 190), (900, 700))))
    await lookbooks.upsert_lookbook(
        uow,
        LookbookDraft(
            code="LB7",
            title={"de": "Herbst in Grau", "en": "Autumn in grey"},
            image_id=scene.image_id,
            items=(
                HotspotDraft(x=0.2, y=0.3, sku="TEE-GRE-M"),
                HotspotDraft(x=0.4, y=0.6, product_handle="chino"),
                HotspotDraft(x=0.6, y=0.3, product_handle="overshirt"),
                HotspotDraft(x=0.8, y=0.5, product_handle="guertel"),
            ),
        ),
    )


async def fill_by_measure(uow: UnitOfWork, store: MediaStore) -> None:
    """Put goods that are sold by weight beside them, and into a lookbook of their own."""
    await products.upsert_product(uow, TEA)
    await inventory.set_many(uow, {variant.sku: 20 for variant in TEA.variants})
    scene = await images.keep(uow, await images.prepare(store, picture((90, 60, 40), (900, 700))))
    items = (HotspotDraft(x=0.5, y=0.5, product_handle=TEA.handle),)
    title = {"de": "Teezeit", "en": "Tea time"}
    await lookbooks.upsert_lookbook(uow, LookbookDraft(code="LB8", title=title, image_id=scene.image_id, items=items))
