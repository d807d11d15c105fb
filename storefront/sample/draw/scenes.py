"""Lookbook scenes: several pieces laid out on one surface, in one light."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageFilter

from storefront.sample.draw import cloth as cloths
from storefront.sample.draw.canvas import FRAME, Canvas, View, coloured, lay_shadow
from storefront.sample.draw.cloth import Colour
from storefront.sample.draw.geometry import closed, curve, ribbon


@dataclass(frozen=True, slots=True)
class Laid:
    """A piece in a scene: where its middle is, in units of the frame, how large and how turned (degrees clockwise)."""

    piece: Image.Image
    x: float
    y: float
    scale: float
    turn: float = 0.0


def scene(
    width: int, surface: str, pieces: Sequence[Laid], leaves: Sequence[tuple[float, float, float, float, Colour]]
) -> Image.Image:
    """Lay the pieces in their order; leaves (x, y, scale, turn, colour) first."""
    ground = _SURFACES[surface]((width, width * FRAME[1] // FRAME[0]))
    for x, y, scale, turn, colour in leaves:
        _lay(ground, Laid(_leaf(width, colour), x, y, scale, turn), lift=0.5)
    for laid in pieces:
        _lay(ground, laid, lift=1.0)
    return _vignette(ground)


def _lay(ground: Image.Image, laid: Laid, *, lift: float) -> None:
    unit = ground.width / FRAME[0]
    box = laid.piece.getchannel("A").getbbox()
    if box is None:
        return
    middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    size = (max(1, round(laid.piece.width * laid.scale)), max(1, round(laid.piece.height * laid.scale)))
    small = laid.piece.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    turned = small.rotate(-laid.turn, Image.Resampling.BICUBIC, expand=True)
    dx, dy = (middle[0] - laid.piece.width / 2) * laid.scale, (middle[1] - laid.piece.height / 2) * laid.scale
    angle = math.radians(laid.turn)
    shift = (dx * math.cos(angle) - dy * math.sin(angle), dx * math.sin(angle) + dy * math.cos(angle))
    at = (round(laid.x * unit - turned.width / 2 - shift[0]), round(laid.y * unit - turned.height / 2 - shift[1]))
    alpha = turned.getchannel("A")
    lay_shadow(ground, alpha, at, strength=1.15 * lift, scale=unit * 0.9)
    ground.paste(turned, at, alpha)


def _leaf(width: int, colour: Colour) -> Image.Image:
    """A linden leaf in autumn."""
    canvas = Canvas(width, View())
    canvas.part(ribbon(curve([(500, 760), (508, 860), (540, 960)]), 12), cloths.LEATHER, tone=-18, volume=0, roll=0.8)
    outline = closed(
        [
            (500, 300, 1),
            (560, 400),
            (650, 500),
            (690, 620),
            (640, 740),
            (560, 790),
            (500, 764, 1),
            (430, 796),
            (350, 740),
            (312, 610),
            (356, 490),
            (444, 396),
        ]
    )
    leaf = canvas.part(outline, cloths.LEATHER, volume=1.3, roll=0.7)
    canvas.ink(curve([(500, 770), (502, 560), (500, 320)]), amount=-30, wide=7, soft=1.5, on=leaf)
    for side in (1, -1):
        for start, reach in ((720, 150), (640, 170), (560, 140), (480, 100)):
            canvas.ink(
                curve([(501, start), (500 + side * reach * 0.5, start - 46), (500 + side * reach, start - 110)]),
                amount=-20,
                wide=4,
                soft=1.2,
                on=leaf,
            )
    return coloured(canvas.done(), {"base": colour})


def _stone(size: tuple[int, int]) -> Image.Image:
    return _surface(size, (206, 203, 198), (("wool", 3.0, 0.16), ("suede", 1.0, 0.45)))


def _linen(size: tuple[int, int]) -> Image.Image:
    return _surface(size, (196, 198, 186), (("linen", 1.4, 0.75),))


def _boards(size: tuple[int, int]) -> Image.Image:
    ground = _surface(size, (214, 192, 162), (("plain", 1.0, 1.0),))
    grain = (
        cloths.tile("linen", 1.0)
        .resize((5, size[1] // 5))
        .resize(size, Image.Resampling.BICUBIC)
        .point(lambda value: 128 + (value - 128) * 2.2)
    )
    fine = (
        cloths.tile("suede", 1.0)
        .resize((24, size[1] // 2))
        .resize(size, Image.Resampling.BICUBIC)
        .point(lambda value: 128 + (value - 128) * 1.6)
    )
    boards = 5
    high = size[1] // boards + 1
    joints = Image.new("L", size, 128)
    for index in range(boards):
        top = index * high
        tone = (128, 121, 133, 124, 130)[index]
        joints.paste(tone, (0, top, size[0], top + high))
        joints.paste(78, (0, top, size[0], top + max(2, size[0] // 360)))
        joints.paste(146, (0, top + max(2, size[0] // 360), size[0], top + max(4, size[0] // 180)))
    joints = joints.filter(ImageFilter.GaussianBlur(0.8))
    change = ImageChops.add(ImageChops.add(grain, fine, 1, -128), joints, 1, -128)
    return Image.merge("RGB", [ImageChops.add(band, change, 1, -128) for band in ground.split()])


def _surface(size: tuple[int, int], colour: Colour, weaves: Sequence[tuple[str, float, float]]) -> Image.Image:
    change = Image.new("L", size, 128)
    for weave, spread, amount in weaves:
        tile = cloths.tile(weave, 1.0)
        sheet = Image.new("L", (round(size[0] / spread) + 1, round(size[1] / spread) + 1))
        for y in range(0, sheet.height, tile.height):
            for x in range(0, sheet.width, tile.width):
                sheet.paste(tile, (x, y))
        spread_out = sheet.resize(size, Image.Resampling.BICUBIC).point(lambda value, a=amount: 128 + (value - 128) * a)
        change = ImageChops.add(change, spread_out, 1, -128)
    return Image.merge(
        "RGB", [change.point([max(0, min(255, band + value - 128)) for value in range(256)]) for band in colour]
    )


def _vignette(picture: Image.Image) -> Image.Image:
    """Window light from the upper left."""
    across = Image.linear_gradient("L").rotate(90)
    slope = Image.blend(across, Image.linear_gradient("L"), 0.5).resize(picture.size, Image.Resampling.BICUBIC)
    light = slope.point(lambda value: 128 + 16 - value * 0.20)
    return Image.merge("RGB", [ImageChops.add(band, light, 1, -128) for band in picture.split()])


_SURFACES = {"stone": _stone, "linen": _linen, "boards": _boards}
