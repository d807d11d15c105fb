"""Composed pictures say the same thing on a phone as in the database."""

import math

import pytest
from PIL import Image, ImageChops

from catalog.images import compose
from catalog.images.compose import GridItem, Hotspot, LookbookScene, ProductGrid, font
from catalog.images.transform import normalise
from tests.catalog.images.pictures import encoded, many_colours, opened

SCENE = normalise(encoded(many_colours((960, 1200)), "JPEG")).data
PHONE = 360


def scene(*spots: Hotspot) -> LookbookScene:
    return LookbookScene(scene="a" * 64, width=960, height=1200, hotspots=spots, sold_out_label="ausverkauft")


def grid(count: int) -> ProductGrid:
    return ProductGrid(
        items=tuple(
            GridItem(
                number=n, image="a" * 64 if n % 2 else None, title="Rollkragenpullover aus Lammwolle", price="119,90 €"
            )
            for n in range(1, count + 1)
        )
    )


def luminance(pixel: object) -> float:
    assert isinstance(pixel, tuple)
    channels = [value / 255 / 12.92 if value <= 10 else math.pow((value / 255 + 0.055) / 1.055, 2.4) for value in pixel]
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]


def contrast(one: object, other: object) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_a_unit_price_is_drawn_to_its_end() -> None:
    def drawn(price: str) -> bytes:
        items = tuple(GridItem(number=n, image=None, title="Assam", price=price) for n in range(1, 7))
        return compose.draw(ProductGrid(items=items), {})

    assert drawn("ab 8,90 € (35,60 €/kg)") != drawn("ab 8,90 € (35,60 €/kl)")
    assert drawn("8,90 € (3,56 €/100 g) statt 9,90 €") != drawn("8,90 € (3,56 €/100 l) statt 9,90 €")


@pytest.mark.parametrize("letter", "€äöüÄÖÜßéñçłøåΩЖ–’„“·0123456789")
def test_the_letters_have_the_signs_that_shops_need(letter: str) -> None:
    nothing = font(40).getmask("\uffff")
    drawn = font(40).getmask(letter)
    assert (drawn.size, bytes(drawn)) != (nothing.size, bytes(nothing))


@pytest.mark.parametrize("sold_out", [False, True])
@pytest.mark.parametrize("place", [(0.5, 0.5), (0.0, 0.0), (1.0, 1.0), (0.99, 0.02)])
def test_a_number_is_readable_on_a_phone(place: tuple[float, float], sold_out: bool) -> None:  # noqa: FBT001
    picture = opened(compose.draw(scene(Hotspot(8, *place, "24,90 €", sold_out)), {"a" * 64: SCENE}))
    small = picture.resize((PHONE, PHONE * picture.height // picture.width), Image.Resampling.LANCZOS)
    reach = compose.DISC / 2 + 12
    x = min(max(place[0] * picture.width, reach), picture.width - reach) / 3
    y = min(max(place[1] * picture.height, reach), picture.height - reach) / 3
    disc = small.crop((round(x) - 9, round(y) - 9, round(x) + 9, round(y) + 9))
    pixels = sorted((pixel for _, pixel in disc.getcolors(400) or []), key=luminance)
    assert contrast(pixels[0], pixels[-1]) >= 4.5
    inked = font(52).getbbox("8")
    assert (inked[3] - inked[1]) / 3 >= 11


def test_every_number_is_another_picture() -> None:
    drawn = {compose.draw(scene(Hotspot(n, 0.5, 0.5, "")), {"a" * 64: SCENE}) for n in range(1, 13)}
    assert len(drawn) == 12


def test_price_tags_do_not_cover_each_other() -> None:
    taken: list[tuple[float, float, float, float]] = []
    picture = Image.new("RGB", (1080, 1350))
    for _ in range(4):
        compose._tag(picture, (500, 500), "1.119,90 €", muted=False, taken=taken)
    for index, (left, top, right, bottom) in enumerate(taken):
        for other_left, other_top, other_right, other_bottom in taken[index + 1 :]:
            apart = right <= other_left or other_right <= left or bottom <= other_top or other_bottom <= top
            assert apart


def test_a_sold_out_piece_is_grey() -> None:
    picture = opened(compose.draw(scene(Hotspot(1, 0.5, 0.5, "", sold_out=True)), {"a" * 64: SCENE}))
    saturation = picture.crop((620, 640, 660, 700)).convert("HSV").getchannel("S")
    assert max(saturation.tobytes()) < 60
    plain = opened(compose.draw(scene(), {"a" * 64: SCENE}))
    assert ImageChops.difference(picture.crop((0, 0, 200, 200)), plain.crop((0, 0, 200, 200))).getbbox() is None


@pytest.mark.parametrize("count", range(1, 13))
def test_a_grid_has_the_size_that_was_promised(count: int) -> None:
    picture = opened(compose.draw(grid(count), {"a" * 64: SCENE}))
    assert picture.size == compose.size(grid(count))
    assert picture.width == compose.WIDTH


def test_a_long_title_is_shortened_with_a_sign() -> None:
    shortened = compose._shortened("Rollkragenpullover aus Lammwolle", font(38), 200)
    assert shortened.endswith("…")
    assert font(38).getlength(shortened) <= 200


def test_a_changed_price_is_another_picture_and_the_same_price_the_same() -> None:
    first, second = scene(Hotspot(1, 0.5, 0.5, "24,90 €")), scene(Hotspot(1, 0.5, 0.5, "19,90 €"))
    assert compose.key(first)[0] == compose.key(scene(Hotspot(1, 0.5, 0.5, "24,90 €")))[0]
    assert compose.key(first)[0] != compose.key(second)[0]
    assert compose.read(compose.key(first)[1]) == first
    assert compose.draw(first, {"a" * 64: SCENE}) == compose.draw(first, {"a" * 64: SCENE})
