"""Every rendition keeps its limits, whatever the original is."""

import os
from itertools import product

import pytest
from PIL import Image

from catalog.images.errors import UnknownPicture
from catalog.images.renditions import RENDITIONS, Fit, Rendition, make, named
from catalog.images.transform import normalise
from tests.catalog.images.pictures import encoded, halves, many_colours, near, opened

NOISE = Image.frombytes("RGB", (1400, 1750), os.urandom(1400 * 1750 * 3))
ORIGINALS = {
    "photo": normalise(encoded(many_colours((1080, 1350)), "JPEG")).data,
    "noise": normalise(encoded(NOISE)).data,
    "tiny": normalise(encoded(halves((3, 2)))).data,
    "banner": normalise(encoded(many_colours((3000, 120)))).data,
    "logo": normalise(encoded(halves((300, 300), "RGBA").rotate(30))).data,
}


@pytest.mark.parametrize(("rendition", "original"), list(product(RENDITIONS.values(), ORIGINALS)), ids=str)
def test_every_rendition_is_within_its_limits(rendition: Rendition, original: str) -> None:
    data = make(ORIGINALS[original], rendition)
    picture = opened(data)
    assert len(data) <= rendition.max_bytes
    assert Image.MIME[str(picture.format)] == rendition.mime
    assert picture.width <= rendition.width
    assert picture.height <= rendition.height
    if rendition.mime == "image/jpeg":
        assert picture.mode == "RGB"
    if rendition.fit is Fit.PAD and original != "noise":
        assert picture.size == (rendition.width, rendition.height)


def test_a_card_has_the_shape_of_a_card() -> None:
    picture = opened(make(ORIGINALS["photo"], named("card@2x.webp")))
    assert picture.size == (720, 900)


def test_padding_continues_an_even_background() -> None:
    picture = Image.new("RGB", (400, 500), (226, 220, 210))
    picture.paste((30, 60, 50), (120, 120, 280, 380))
    padded = opened(make(normalise(encoded(picture)).data, named("wide.jpg")))
    assert near(padded.getpixel((20, 300)), (226, 220, 210))


def test_an_unknown_rendition_names_the_known() -> None:
    with pytest.raises(UnknownPicture, match=r"chat\.jpg"):
        named("huge.tiff")
