"""Pictures of one thing are found by each other; the sample pictures find their own product in other shots."""

import io
from functools import cache
from uuid import UUID

import pytest
from PIL import Image, ImageEnhance

from catalog.images import service as images
from catalog.images.fingerprint import colour_distance, look
from catalog.images.store import MediaStore
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.products import service as products
from catalog.products.values import ImageDraft
from catalog.search.similar import similar
from storefront.sample.draw.gallery import draw
from tests.catalog.products.factories import make_draft, make_variant

pytestmark = pytest.mark.usefixtures("shop")


def jpeg(picture: Image.Image, quality: int = 80) -> bytes:
    raw = io.BytesIO()
    picture.save(raw, "JPEG", quality=quality)
    return raw.getvalue()


def on_ground(
    colour: tuple[int, int, int], box: tuple[int, int, int, int], ground: tuple[int, int, int] = (245, 244, 240)
) -> Image.Image:
    picture = Image.new("RGB", (400, 500), ground)
    picture.paste(colour, box)
    return picture


async def shelve(uow: UnitOfWork, handle: str, raw: bytes) -> UUID:
    view = await images.keep(uow, await images.prepare(MediaStore.open("memory://"), raw))
    draft = make_draft(
        handle, variants=(make_variant(handle.upper()),), images=(ImageDraft(image_id=view.image_id, alt={}),)
    )
    return (await products.upsert_product(uow, draft)).id


async def test_the_colour_of_the_thing_counts_not_its_background(uow: UnitOfWork) -> None:
    await shelve(uow, "red", jpeg(on_ground((190, 30, 35), (100, 80, 300, 420))))
    await shelve(uow, "blue", jpeg(on_ground((40, 60, 160), (100, 80, 300, 420))))
    shot = look(on_ground((180, 40, 45), (60, 40, 260, 380), ground=(120, 150, 120)))
    found = await similar(uow, shot)
    assert [one.handle for one in found] == ["red", "blue"]
    assert found[0].likeness > 0.85
    assert found[1].likeness < 0.6


async def test_nothing_is_similar_below_the_least(uow: UnitOfWork) -> None:
    await shelve(uow, "blue", jpeg(on_ground((40, 60, 160), (100, 80, 300, 420))))
    assert not await similar(uow, look(on_ground((250, 200, 20), (0, 0, 400, 100))), least=0.6)


async def test_products_that_are_not_on_sale_are_not_shown(uow: UnitOfWork) -> None:
    product_id = await shelve(uow, "red", jpeg(on_ground((190, 30, 35), (100, 80, 300, 420))))
    await products.delete_product(uow, product_id)
    assert not await similar(uow, look(on_ground((190, 30, 35), (100, 80, 300, 420))))


def test_white_on_white_has_a_look_too() -> None:
    blank = look(Image.new("RGB", (50, 50), (255, 255, 255)))
    assert blank.palette[3] == 1000
    assert colour_distance(blank.palette, blank.palette) == 0


NAMES = (
    "basic-tee.grey.front", "basic-tee.black.front", "heavy-tee.rust.front", "breton-shirt.navy.front",
    "pique-polo.dark green.front", "oxford-shirt.white.front", "linen-shirt.sage.front", "denim-shirt.blue.front",
)  # fmt: skip


@cache
def drawn(name: str) -> Image.Image:
    return Image.open(io.BytesIO(draw(name, width=320))).convert("RGB")


@pytest.mark.parametrize("change", ["smaller", "cropped", "darker", "photographed"])
async def test_a_changed_sample_picture_finds_its_product(uow: UnitOfWork, change: str) -> None:
    for number, name in enumerate(NAMES):
        await shelve(uow, f"p{number}", jpeg(drawn(name)))
    for number, name in enumerate(NAMES):
        found = await similar(uow, look(_changed(drawn(name), change)), 2, least=0.6)
        assert f"p{number}" in [one.handle for one in found], name


def _changed(picture: Image.Image, change: str) -> Image.Image:
    width, height = picture.size
    match change:
        case "smaller":
            return Image.open(io.BytesIO(jpeg(picture.resize((width // 3, height // 3)), 40))).convert("RGB")
        case "cropped":
            return picture.crop((width // 16, height // 16, width * 15 // 16, height * 15 // 16))
        case "darker":
            return ImageEnhance.Brightness(picture).enhance(0.85)
        case _:
            table = Image.new("RGB", (width * 5 // 4, height * 5 // 4), picture.getpixel((2, 2)))
            table.paste(picture, (width // 8, height // 8))
            return ImageEnhance.Color(table).enhance(0.9)
