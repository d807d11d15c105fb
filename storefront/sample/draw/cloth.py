"""Cloth: what a surface looks like close by (a tile of light and dark about 128) and how a colour takes light."""

import random
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw, ImageFilter

Colour = tuple[int, int, int]
_CLOSE = 1.6  # pixels a unit from which single threads show
TILE = 480  # units; a tile repeats after so much


@dataclass(frozen=True, slots=True)
class Cloth:
    """A surface: the kind of weave, how strong it shows, and how far light and shade reach on it."""

    weave: str
    grain: float = 1.0
    gloss: float = 0.68  # how far highlights go towards white
    depth: float = 1.0  # how far shadows go towards black


JERSEY = Cloth("jersey")
MELANGE = Cloth("melange", 0.8)
SWEAT = Cloth("sweat")
TWILL = Cloth("twill")
DENIM = Cloth("denim", 1.1)
OXFORD = Cloth("oxford")
PIQUE = Cloth("pique")
LINEN = Cloth("linen", 0.75)
FLANNEL = Cloth("flannel")
CORD = Cloth("cord")
KNIT = Cloth("knit")
CHUNKY = Cloth("chunky")
RIB = Cloth("rib")
WOOL = Cloth("wool", 0.65)
NYLON = Cloth("nylon", 1.0, 0.8, 1.05)
LEATHER = Cloth("leather", 0.42, 0.75, 1.05)
SUEDE = Cloth("suede", 1.0, 0.5)
CANVAS = Cloth("canvas", 0.75)
RUBBER = Cloth("plain", 1.0, 0.6)
METAL = Cloth("plain", 1.0, 0.9, 1.2)


@lru_cache(maxsize=512)
def tints(colour: Colour, cloth: Cloth) -> list[list[int]]:
    """Three tables, one a channel, from shade (128 is the colour itself) to what is seen."""
    lightness = (0.3 * colour[0] + 0.59 * colour[1] + 0.11 * colour[2]) / 255
    depth = (0.62 + 0.4 * (1 - lightness)) * cloth.depth
    gloss = cloth.gloss * (0.62 + 0.5 * lightness)
    tables: list[list[int]] = []
    for channel, cool in zip(colour, (1.01, 1.0, 0.985), strict=True):
        table: list[int] = []
        for shade in range(256):
            t = (shade - 128) / 128
            value = channel * max(0.0, 1 + t * depth * cool) if t < 0 else channel + (255 - channel) * t * gloss
            table.append(min(255, max(0, round(value))))
        tables.append(table)
    return tables


@lru_cache(maxsize=64)
def tile(weave: str, pixels: float) -> Image.Image:
    """A tile of the weave at so many pixels a unit; it repeats without a seam, near enough."""
    edge = max(64, round(TILE * pixels))
    return _WEAVES[weave](edge, pixels)


def _noise(edge: int, seed: int, *, soft: float = 0.0, wide: int = 1, high: int = 1) -> Image.Image:
    """Even noise, stretched by whole factors, softened, spread again to its full range."""
    size = (max(4, edge // wide), max(4, edge // high))
    raw = Image.frombytes("L", size, random.Random(seed).randbytes(size[0] * size[1]))  # noqa: S311 - a texture
    if soft:
        raw = raw.filter(ImageFilter.GaussianBlur(soft))
    grown = raw.resize((edge, edge), Image.Resampling.BICUBIC)
    low, high_value = grown.resize((64, 64)).getextrema()
    spread = max(1, min(128 - int(low), int(high_value) - 128))  # type: ignore[arg-type]  # one band
    return grown.point(lambda value: 128 + (value - 128) * 100 / spread)


def _scaled(picture: Image.Image, amount: float) -> Image.Image:
    return picture.point(lambda value: 128 + (value - 128) * amount / 100)


def _sum(*pictures: Image.Image) -> Image.Image:
    total = pictures[0]
    for picture in pictures[1:]:
        total = ImageChops.add(total, picture, 1, -128)
    return total


def _waves(edge: int, count: int, *, diagonal: bool = False, sharp: float = 1.0) -> Image.Image:
    """Vertical waves, `count` of them in the tile; diagonal ones lean by 45 degrees or so."""
    period = edge / count
    row = bytes(
        round(128 + 100 * max(-1.0, min(1.0, sharp * (1 - 4 * abs((x / period) % 1.0 - 0.5))))) for x in range(edge)
    )
    flat = Image.frombytes("L", (edge, 1), row).resize((edge, edge))
    if not diagonal:
        return flat
    return _sheared(flat)


def _sheared(flat: Image.Image) -> Image.Image:
    edge = flat.width
    double = Image.new("L", (edge * 2, edge))
    double.paste(flat, (0, 0))
    double.paste(flat, (edge, 0))
    return double.transform((edge, edge), Image.Transform.AFFINE, (1, 1, 0, 0, 1, 0), Image.Resampling.BILINEAR)


def _jersey(edge: int, pixels: float) -> Image.Image:
    return _sum(_scaled(_noise(edge, 1, soft=0.6), 4), _scaled(_waves(edge, 120), 3 if pixels > _CLOSE else 1))


def _melange(edge: int, _pixels: float) -> Image.Image:
    return _sum(
        _scaled(_noise(edge, 2, high=5), 15),
        _scaled(_noise(edge, 3, soft=0.7), 12),
        _scaled(_noise(edge, 4, wide=12, high=12), 5),
    )


def _sweat(edge: int, _pixels: float) -> Image.Image:
    return _sum(_scaled(_noise(edge, 5, soft=0.8), 9), _scaled(_noise(edge, 6, high=4, wide=2), 6))


def _twill(edge: int, pixels: float) -> Image.Image:
    return _sum(
        _scaled(_waves(edge, 110, diagonal=True), 9 if pixels > _CLOSE else 5), _scaled(_noise(edge, 7, soft=0.6), 7)
    )


def _denim(edge: int, pixels: float) -> Image.Image:
    return _sum(
        _scaled(_waves(edge, 96, diagonal=True), 11 if pixels > _CLOSE else 6),
        _scaled(_noise(edge, 8, high=8), 13),
        _scaled(_noise(edge, 9, soft=0.5), 11),
    )


def _oxford(edge: int, pixels: float) -> Image.Image:
    basket = _sum(_waves(edge, 120), _waves(edge, 120).rotate(90))
    return _sum(_scaled(basket, 5 if pixels > _CLOSE else 2), _scaled(_noise(edge, 10, soft=0.5), 8))


def _pique(edge: int, pixels: float) -> Image.Image:
    cells = ImageChops.multiply(_waves(edge, 80), _waves(edge, 80).rotate(90)).point(lambda value: 64 + value)
    return _sum(_scaled(cells, 12 if pixels > _CLOSE else 8), _scaled(_noise(edge, 11, soft=0.6), 6))


def _linen(edge: int, _pixels: float) -> Image.Image:
    return _sum(
        _scaled(_noise(edge, 12, wide=14), 9),
        _scaled(_noise(edge, 13, high=14), 9),
        _scaled(_noise(edge, 14, soft=0.5), 6),
    )


def _flannel(edge: int, _pixels: float) -> Image.Image:
    return _sum(_scaled(_noise(edge, 15, soft=1.0), 10), _scaled(_noise(edge, 16, wide=6, high=6), 6))


def _cord(edge: int, _pixels: float) -> Image.Image:
    return _sum(_scaled(_waves(edge, 44, sharp=1.5), 21), _scaled(_noise(edge, 17, high=4), 8))


def _rib(edge: int, _pixels: float) -> Image.Image:
    return _sum(_scaled(_waves(edge, 40, sharp=1.4), 24), _scaled(_noise(edge, 18, soft=0.6), 7))


def _knit(edge: int, pixels: float) -> Image.Image:
    return _sum(_stitches(edge, 84, 12 if pixels > _CLOSE else 9), _scaled(_noise(edge, 19, soft=0.6), 7))


def _chunky(edge: int, _pixels: float) -> Image.Image:
    return _sum(_stitches(edge, 38, 26), _scaled(_noise(edge, 20, soft=0.8), 8))


def _stitches(edge: int, columns: int, amount: float) -> Image.Image:
    """Knitted stitches: columns of leaning ovals, two to a stitch, like the letter V."""
    factor = 4
    wide = max(4, round(edge / columns)) * factor
    high = max(3, round(edge / columns * 0.8)) * factor
    cell = Image.new("L", (wide, high * 3), 70)
    pen = ImageDraw.Draw(cell)
    for step in range(-1, 5):
        for side in (-1, 1):
            middle, reach = wide / 2, wide * 0.40
            points = [
                (middle + side * wide * 0.02, step * high + high * 0.95),
                (middle + side * reach * 0.6, step * high + high * 0.30),
                (middle + side * reach * 1.2, step * high - high * 0.25),
                (middle + side * reach * 1.15, step * high + high * 0.25),
                (middle + side * reach * 0.55, step * high + high * 0.95),
                (middle + side * wide * 0.05, step * high + high * 1.45),
            ]
            pen.polygon(points, fill=190 if side < 0 else 176)
    one = cell.crop((0, high, wide, high * 2)).filter(ImageFilter.GaussianBlur(factor * 0.5)).reduce(factor)
    sheet = Image.new("L", (edge, edge))
    for y in range(0, edge, one.height):
        for x in range(0, edge, one.width):
            sheet.paste(one, (x, y))
    return sheet.point(lambda value: 128 + (value - 140) * amount / 60)


def _wool(edge: int, _pixels: float) -> Image.Image:
    return _sum(_scaled(_noise(edge, 21, soft=0.9), 13), _scaled(_noise(edge, 22, wide=7, high=7), 7))


def _nylon(edge: int, _pixels: float) -> Image.Image:
    return _sum(_scaled(_noise(edge, 23, soft=0.5), 4), _scaled(_noise(edge, 24, wide=30, high=30), 5))


def _leather(edge: int, _pixels: float) -> Image.Image:
    return _sum(
        _scaled(_noise(edge, 25, wide=4, high=4), 7),
        _scaled(_noise(edge, 26, soft=0.8), 6),
        _scaled(_noise(edge, 27, wide=40, high=40), 7),
    )


def _suede(edge: int, _pixels: float) -> Image.Image:
    return _sum(_scaled(_noise(edge, 28, soft=0.7), 12), _scaled(_noise(edge, 29, wide=24, high=24), 7))


def _canvas(edge: int, pixels: float) -> Image.Image:
    grid = _sum(_waves(edge, 96), _waves(edge, 96).rotate(90))
    return _sum(_scaled(grid, 9 if pixels > _CLOSE else 6), _scaled(_noise(edge, 30, soft=0.5), 8))


def _plain(edge: int, _pixels: float) -> Image.Image:
    return _scaled(_noise(edge, 31, soft=0.6), 3)


_WEAVES = {
    "jersey": _jersey, "melange": _melange, "sweat": _sweat, "twill": _twill, "denim": _denim, "oxford": _oxford,
    "pique": _pique, "linen": _linen, "flannel": _flannel, "cord": _cord, "rib": _rib, "knit": _knit,
    "chunky": _chunky, "wool": _wool, "nylon": _nylon, "leather": _leather, "suede": _suede, "canvas": _canvas,
    "plain": _plain,
}  # fmt: skip
