"""The same motif is recognised, another is not."""

from PIL import Image, ImageOps

from catalog.images.fingerprint import border_colour, dominant_colours, perceptual_hash
from tests.catalog.images.pictures import encoded, halves, many_colours, opened


def test_a_smaller_copy_looks_alike() -> None:
    picture = many_colours((800, 1000))
    copy = opened(encoded(picture.resize((300, 375)), "JPEG", quality=50))
    assert (perceptual_hash(picture) ^ perceptual_hash(copy)).bit_count() <= 6


def test_another_motif_looks_different() -> None:
    other = ImageOps.flip(ImageOps.mirror(many_colours()))
    assert (perceptual_hash(many_colours()) ^ perceptual_hash(other)).bit_count() > 12


def test_dominant_colours_come_by_their_share() -> None:
    picture = Image.new("RGB", (100, 100), (40, 70, 55))
    picture.paste((230, 220, 205), (0, 0, 30, 100))
    colours = dominant_colours(picture, count=3)
    assert colours[0][0] == "#284637"
    assert abs(colours[0][1] - 0.7) < 0.03
    assert abs(sum(share for _, share in colours) - 1) < 1e-9


def test_an_even_border_is_found_and_an_uneven_one_is_not() -> None:
    picture = Image.new("RGB", (100, 100), (240, 238, 232))
    picture.paste((0, 0, 0), (30, 30, 70, 70))
    assert border_colour(picture) == (240, 238, 232)
    assert border_colour(halves()) is None
