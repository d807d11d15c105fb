"""Pictures composed for chat: a lookbook scene with numbered pieces, and a grid of numbered products.

A composition is data. Its key is the hash of that data, so the same scene with the same prices is drawn once, and a
changed price is another picture under another name. Sizes are for a phone 360 px wide, which shows 1080 px threefold
reduced: a disc of 92 px is 31 px there, letters of 40 px are 13 px.
"""

import hashlib
import io
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec
from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFont, ImageOps

from catalog.images.transform import PAPER, decode, encode_jpeg, flatten

WIDTH = 1080
DISC = 92
INK = (28, 27, 25)
GREEN = (24, 66, 52)
GREY = (112, 108, 102)

_VERSION = 1  # part of every key: a new look gives new names
_FONT = Path(__file__).with_name("fonts") / "Inter-SemiBold.otf"
_QUALITY = 90
_GAP = 24
_MARGIN = 32
_PRICE_SIZES = (40, 34, 28, 24)
_CAPTION = 132
_FOUR = 4
_LESS = 0.45  # how much of a sold-out picture shows through the paper


class Hotspot(msgspec.Struct, frozen=True):
    """One numbered piece of a scene; x and y from 0 to 1, from the upper left."""

    number: int
    x: float
    y: float
    price: str  # as written on the tag, '24,90 €'; '' for none
    sold_out: bool = False


class LookbookScene(msgspec.Struct, frozen=True, tag="scene"):
    """A scene picture with discs and price tags burned in."""

    scene: str  # image id
    width: int  # of the scene, for the shape of the result
    height: int
    hotspots: tuple[Hotspot, ...]
    sold_out_label: str = ""  # 'ausverkauft', written on the tag in place of the price


class GridItem(msgspec.Struct, frozen=True):
    """One numbered product of a grid."""

    number: int
    image: str | None  # image id
    title: str
    price: str
    sold_out: bool = False


class ProductGrid(msgspec.Struct, frozen=True, tag="grid"):
    """Up to twelve products, two or three in a row, each with number, title and price."""

    items: tuple[GridItem, ...]
    sold_out_label: str = ""


Composition = LookbookScene | ProductGrid


def key(composition: Composition) -> tuple[str, bytes]:
    """The picture's id, and the data it is drawn from."""
    spec = msgspec.json.encode(composition)
    return hashlib.sha256(b"%d:" % _VERSION + spec).hexdigest(), spec


def read(spec: bytes) -> Composition:
    """The composition that `key` encoded."""
    return msgspec.json.decode(spec, type=Composition)  # type: ignore[no-any-return, unused-ignore]


def sources(composition: Composition) -> list[str]:
    """Image ids of the pictures it is made of."""
    if isinstance(composition, LookbookScene):
        return [composition.scene]
    return list(dict.fromkeys(item.image for item in composition.items if item.image))


def size(composition: Composition) -> tuple[int, int]:
    """Width and height of the drawn picture."""
    if isinstance(composition, LookbookScene):
        return WIDTH, max(1, round(composition.height * WIDTH / composition.width))
    cell, columns = _cell(composition)
    rows = -(-len(composition.items) // columns)
    return WIDTH, 2 * _MARGIN + rows * (cell * 5 // 4 + _CAPTION) + (rows - 1) * _GAP


def draw(composition: Composition, originals: Mapping[str, bytes]) -> bytes:
    """The composed JPEG. `originals` holds the bytes of every source. Takes about a tenth of a second."""
    if isinstance(composition, LookbookScene):
        picture = _scene(composition, originals[composition.scene])
    else:
        picture = _grid(composition, originals)
    return encode_jpeg(picture, quality=_QUALITY, full=True)


def _scene(composition: LookbookScene, original: bytes) -> Image.Image:
    picture = flatten(decode(original)).resize(size(composition), Image.Resampling.LANCZOS, reducing_gap=3.0)
    for spot in composition.hotspots:
        if spot.sold_out:
            picture = _fade_around(picture, spot.x * picture.width, spot.y * picture.height)
    taken: list[tuple[float, float, float, float]] = []
    for spot in composition.hotspots:
        centre = _inside(spot.x * picture.width, spot.y * picture.height, picture.size)
        label = (composition.sold_out_label if spot.sold_out else spot.price) or spot.price
        if label:
            _tag(picture, centre, label, muted=spot.sold_out, taken=taken)
    for spot in composition.hotspots:
        centre = _inside(spot.x * picture.width, spot.y * picture.height, picture.size)
        _disc(picture, centre, str(spot.number), muted=spot.sold_out)
    return picture


def _grid(composition: ProductGrid, originals: Mapping[str, bytes]) -> Image.Image:
    cell, columns = _cell(composition)
    height = cell * 5 // 4
    picture = Image.new("RGB", size(composition), PAPER)
    corners = _rounded((cell, height), radius=20)
    for index, item in enumerate(composition.items):
        left = _MARGIN + index % columns * (cell + _GAP)
        top = _MARGIN + index // columns * (height + _CAPTION + _GAP)
        shot = _shot(originals.get(item.image or ""), (cell, height))
        if item.sold_out:
            shot = Image.blend(Image.new("RGB", shot.size, PAPER), shot.convert("L").convert("RGB"), _LESS)
        picture.paste(shot, (left, top), corners)
        _disc(picture, (left + DISC * 0.68, top + DISC * 0.68), str(item.number), muted=item.sold_out)
        _caption(picture, (left, top + height + 16), cell, item, composition.sold_out_label)
    return picture


def _cell(composition: ProductGrid) -> tuple[int, int]:
    columns = 2 if len(composition.items) <= _FOUR else 3
    return (WIDTH - 2 * _MARGIN - (columns - 1) * _GAP) // columns, columns


def _shot(original: bytes | None, wanted: tuple[int, int]) -> Image.Image:
    if original is None:
        return Image.new("RGB", wanted, (236, 232, 225))
    picture = flatten(decode(original))
    return ImageOps.fit(picture, wanted, Image.Resampling.LANCZOS)


def _caption(picture: Image.Image, at: tuple[int, int], width: int, item: GridItem, sold_out_label: str) -> None:
    pen = ImageDraw.Draw(picture)
    colour = GREY if item.sold_out else INK
    pen.text(at, _shortened(item.title, font(38), width), font=font(38), fill=colour)
    price = (sold_out_label or item.price) if item.sold_out else item.price
    letters = _fitting(price[: price.rfind(")") + 1], width)
    pen.text(
        (at[0], at[1] + 52), _shortened(price, letters, width), font=letters, fill=GREY if item.sold_out else GREEN
    )


def _disc(picture: Image.Image, centre: tuple[float, float], label: str, *, muted: bool) -> None:
    """A numbered disc, drawn fourfold and reduced so that its edge is smooth; its shadow lifts it off any ground."""
    room, factor = DISC + 32, 4
    middle = room * factor // 2
    half = DISC * factor // 2
    mask = Image.new("L", (room * factor, room * factor))
    ImageDraw.Draw(mask).ellipse((middle - half, middle - half, middle + half, middle + half), fill=255)
    face = mask.reduce(factor)
    rim = Image.new("L", mask.size)
    inset = half - 4 * factor
    ImageDraw.Draw(rim).ellipse((middle - inset, middle - inset, middle + inset, middle + inset), fill=255)
    corner = (round(centre[0]) - room // 2, round(centre[1]) - room // 2)
    shadow = ImageChops.offset(face, 0, 3).resize((room // 8, room // 8), Image.Resampling.BOX)
    picture.paste(INK, corner, shadow.resize(face.size, Image.Resampling.BICUBIC).point(lambda value: value * 0.4))
    picture.paste((255, 255, 255), corner, face)
    picture.paste(GREY if muted else GREEN, corner, rim.reduce(factor))
    points = 52 if len(label) == 1 else 44
    ImageDraw.Draw(picture).text(centre, label, font=font(points), fill=(255, 255, 255), anchor="mm")


def _tag(
    picture: Image.Image,
    centre: tuple[float, float],
    label: str,
    *,
    muted: bool,
    taken: list[tuple[float, float, float, float]],
) -> None:
    """A price on a paper strip beside the disc, on the side with room, below an earlier tag in the way."""
    letters = font(40)
    width, height = letters.getlength(label) + DISC / 2 + 40, DISC - 20
    left = centre[0] if centre[0] + width < picture.width - 8 else centre[0] - width
    top = centre[1] - height / 2
    while any(left < r and left + width > l and top < b and top + height > t for l, t, r, b in taken):  # noqa: E741
        top += 8
    taken.append((left, top, left + width, top + height))
    strip = _rounded((round(width), round(height)), radius=round(height / 2))
    picture.paste((255, 255, 255), (round(left), round(top)), strip.point(lambda value: value * 0.94))
    start = left + DISC / 2 + 16 if left >= centre[0] else left + 24
    colour = GREY if muted else INK
    ImageDraw.Draw(picture).text((start, top + height / 2), label, font=letters, fill=colour, anchor="lm")


def _fade_around(picture: Image.Image, x: float, y: float) -> Image.Image:
    """Grey and pale around a sold-out piece, fading out to the others."""
    radius = picture.width * 0.2
    small = Image.new("L", (picture.width // 8, picture.height // 8))
    steps = 24
    pen = ImageDraw.Draw(small)
    for step in range(steps):
        reach = radius * (1 - step / steps * 0.55) / 8
        pen.ellipse((x / 8 - reach, y / 8 - reach, x / 8 + reach, y / 8 + reach), fill=round(230 * (step + 1) / steps))
    grey = ImageEnhance.Contrast(picture.convert("L").convert("RGB")).enhance(0.55)
    pale = Image.blend(grey, Image.new("RGB", picture.size, (214, 212, 208)), 0.35)
    return Image.composite(pale, picture, small.resize(picture.size, Image.Resampling.BICUBIC))


def _inside(x: float, y: float, frame: tuple[int, int]) -> tuple[float, float]:
    reach = DISC / 2 + 12
    return min(max(x, reach), frame[0] - reach), min(max(y, reach), frame[1] - reach)


def _rounded(frame: tuple[int, int], *, radius: int) -> Image.Image:
    mask = Image.new("L", (frame[0] * 3, frame[1] * 3))
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, mask.width - 1, mask.height - 1), radius * 3, fill=255)
    return mask.reduce(3)


def _fitting(told: str, width: float) -> ImageFont.FreeTypeFont:
    """The largest letters of a price line in which a price fits with the unit price that follows it in brackets."""
    found = (letters for points in _PRICE_SIZES if (letters := font(points)).getlength(told) <= width)
    return next(found, font(_PRICE_SIZES[-1]))


def _shortened(text: str, letters: ImageFont.FreeTypeFont, width: float) -> str:
    if letters.getlength(text) <= width:
        return text
    while text and letters.getlength(f"{text.rstrip()}…") > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


@cache
def _font_file() -> bytes:
    return _FONT.read_bytes()


@cache
def font(points: int) -> ImageFont.FreeTypeFont:
    """The letters of composed pictures. Pillow's own font has neither '€' nor 'ä', hence one of ours (fonts/OFL.txt).

    The basic layout is chosen by hand, so that pictures are alike with and without libraqm.
    """
    return ImageFont.truetype(io.BytesIO(_font_file()), points, layout_engine=ImageFont.Layout.BASIC)
