"""The drawn pictures: the same every time, true to their colours, well framed."""

import pytest
from PIL import Image, ImageChops

from storefront.sample import goods
from storefront.sample.draw import gallery
from storefront.sample.draw.dyes import COLOURS
from storefront.sample.draw.wardrobe import LOOKS
from tests.catalog.images.pictures import opened

WIDTH = 160


@pytest.mark.parametrize("product", goods.all_goods(), ids=lambda product: product.handle)
def test_every_product_is_framed_in_the_middle(product: goods.Goods) -> None:
    picture = opened(gallery.draw(f"{product.handle}.{product.colours[0]}.front", width=WIDTH))
    assert picture.size == (WIDTH, WIDTH * 5 // 4)
    view = gallery._framed(LOOKS[product.handle].draw)
    assert 0.7 <= view.zoom <= 1.3
    drawing, _ = gallery._drawing(product.handle, LOOKS[product.handle].draw, "front", WIDTH)
    box = drawing.alpha.getbbox()
    assert box is not None
    assert box[0] >= WIDTH * 0.04
    assert box[2] <= WIDTH * 0.96
    assert abs((box[1] + box[3]) / 2 - picture.height / 2) <= picture.height * 0.03


@pytest.mark.parametrize("colour", ["white", "black", "navy"])
def test_a_colourway_has_the_colour_of_its_name(colour: str) -> None:
    picture = opened(gallery.draw(f"basic-tee.{colour}.front", width=WIDTH))
    middle = picture.crop((64, 80, 96, 130)).resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    assert isinstance(middle, tuple)
    assert max(abs(a - b) for a, b in zip(middle, COLOURS[colour], strict=True)) <= 14


def test_a_picture_is_the_same_every_time() -> None:
    first = gallery.draw("hoodie.black.detail", width=WIDTH)
    gallery._drawing.cache_clear()
    assert gallery.draw("hoodie.black.detail", width=WIDTH) == first


@pytest.mark.parametrize("code", list(gallery.SCENES))
def test_every_scene_shows_all_its_pieces(code: str) -> None:
    scene = gallery.SCENES[code]
    whole = opened(gallery.draw(code, width=WIDTH))
    for index in range(len(scene.pieces)):
        others = gallery.Scene(scene.surface, [*scene.pieces[:index], *scene.pieces[index + 1 :]], scene.leaves)
        assert ImageChops.difference(whole, gallery._scene(others, WIDTH)).getbbox() is not None
