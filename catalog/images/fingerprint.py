"""What a picture looks like, in a few numbers: a perceptual hash and its dominant colours.

Two pictures whose hashes differ in up to about ten of 64 bits look alike (difference hash, Neal Krawetz 2013).
Colours are compared in CIE L*a*b* (D65), where a distance of about 2 is just seen and 50 is another colour.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from PIL import Image, ImageChops, ImageStat

_GRID = 8
_SMALL = 48
_EVEN = 10.0  # standard deviation per channel under which a border counts as one colour
_GROUND = 28  # up to this difference in a channel a pixel is background
_LEAST_THING = 0.03  # of the picture; less is no thing, but noise
_CENTRE = 0.7  # of a picture without an even background, where the thing is likely to be
_COLOURS = 5
_LINEAR = 0.04045
_CUBE = 216 / 24389
_WHITE = (0.95047, 1.0, 1.08883)


@dataclass(frozen=True, slots=True)
class Look:
    """The thing in a picture: the hash of its shape, and its colours, as L*, a*, b*, share in thousandths; repeated."""

    hash: int
    palette: tuple[int, ...]


def look(picture: Image.Image) -> Look:
    """The look of what stands before the background; `picture` is RGB. Pictures of the same thing look alike."""
    small = miniature(picture)
    box, mask = _thing(small, picture.size)
    return Look(perceptual_hash(picture.crop(box)), _palette(small, mask))


def miniature(picture: Image.Image) -> Image.Image:
    """What dominant and border colours are told by; a miniature's own is itself."""
    if picture.mode != "RGB":
        picture = picture.convert("RGB")
    return picture if picture.size == (_SMALL, _SMALL) else picture.resize((_SMALL, _SMALL), Image.Resampling.BOX)


def colour_distance(first: Sequence[int], second: Sequence[int]) -> float:
    """How far apart two palettes are: 0 is the same colours in other shares at most, 50 and more is unrelated."""
    one, other = list(_colours(first)), list(_colours(second))
    if not one or not other:
        return math.inf
    return (_one_way(one, other) + _one_way(other, one)) / 2


def perceptual_hash(picture: Image.Image) -> int:
    """64 bits, one for each pair of neighbours in a 9 × 8 grey miniature; steady under resizing and compression."""
    tiny = picture.convert("L").resize((_GRID + 1, _GRID), Image.Resampling.BOX)
    pixels = tiny.tobytes()
    value = 0
    for row in range(_GRID):
        for column in range(_GRID):
            left = pixels[row * (_GRID + 1) + column]
            value = value << 1 | (left > pixels[row * (_GRID + 1) + column + 1])
    return value


def dominant_colours(picture: Image.Image, *, count: int = 5) -> list[tuple[str, float]]:
    """The main colours as ('#rrggbb', share of the picture), greatest share first."""
    small = miniature(picture)
    reduced = small.quantize(count, Image.Quantize.MEDIANCUT)
    palette = reduced.getpalette() or [0, 0, 0]
    found = cast("list[tuple[int, int]]", reduced.getcolors() or [])
    ranked = sorted(found, key=lambda pair: (-pair[0], pair[1]))
    return [
        ("#{:02x}{:02x}{:02x}".format(*palette[index * 3 : index * 3 + 3]), pixels / (_SMALL * _SMALL))
        for pixels, index in ranked
    ]


def border_colour(picture: Image.Image) -> tuple[int, int, int] | None:
    """The colour of a picture's edge, or None where the edge is uneven."""
    small = miniature(picture)
    inner = Image.new("L", small.size, 255)
    inner.paste(0, (2, 2, _SMALL - 2, _SMALL - 2))
    stat = ImageStat.Stat(small, inner)
    if max(stat.stddev) > _EVEN:
        return None
    red, green, blue = (round(value) for value in stat.mean)
    return red, green, blue


def _thing(small: Image.Image, size: tuple[int, int]) -> tuple[tuple[int, int, int, int], Image.Image]:
    """Where the thing is: its box in a picture of this size, and a small mask of its pixels."""
    ground = border_colour(small)
    if ground is not None:
        apart = ImageChops.difference(small, Image.new("RGB", small.size, ground))
        red, green, blue = apart.split()
        most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
        mask = most.point([255 if level > _GROUND else 0 for level in range(256)])
        found = mask.getbbox()
        if found is not None and ImageStat.Stat(mask).mean[0] / 255 > _LEAST_THING:
            return _scaled(found, size), mask
    margin = round(_SMALL * (1 - _CENTRE) / 2)
    box = (margin, margin, _SMALL - margin, _SMALL - margin)
    mask = Image.new("L", small.size, 0)
    mask.paste(255, box)
    return (0, 0, *size), mask


def _scaled(box: tuple[int, int, int, int], size: tuple[int, int]) -> tuple[int, int, int, int]:
    width, height = size
    left, top, right, bottom = box
    return (
        left * width // _SMALL, top * height // _SMALL,
        max(right * width // _SMALL, left * width // _SMALL + 1),
        max(bottom * height // _SMALL, top * height // _SMALL + 1),
    )  # fmt: skip


def _palette(small: Image.Image, mask: Image.Image) -> tuple[int, ...]:
    levels = small.tobytes()
    pixels = b"".join(levels[3 * at : 3 * at + 3] for at, inside in enumerate(mask.tobytes()) if inside)
    row = Image.frombytes("RGB", (len(pixels) // 3, 1), pixels)
    reduced = row.quantize(_COLOURS, Image.Quantize.MEDIANCUT)
    table = reduced.getpalette() or [0, 0, 0]
    counted = sorted(cast("list[tuple[int, int]]", reduced.getcolors() or []), key=lambda pair: (-pair[0], pair[1]))
    return tuple(
        value
        for count, index in counted
        for value in (*_lab(*table[3 * index : 3 * index + 3]), round(1000 * count / row.width))
    )


def _lab(red: int, green: int, blue: int) -> tuple[int, int, int]:
    """Levels of sRGB as L*, a*, b*, rounded."""
    r, g, b = (
        level / 12.92 if level <= _LINEAR else ((level + 0.055) / 1.055) ** 2.4
        for level in (red / 255, green / 255, blue / 255)
    )
    x, y, z = (
        amount ** (1 / 3) if amount > _CUBE else (24389 / 27 * amount + 16) / 116
        for amount in (
            (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / _WHITE[0],
            (0.2126729 * r + 0.7151522 * g + 0.0721750 * b) / _WHITE[1],
            (0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / _WHITE[2],
        )
    )
    return round(116 * y - 16), round(500 * (x - y)), round(200 * (y - z))


def _colours(palette: Sequence[int]) -> Iterator[tuple[tuple[int, int, int], int]]:
    for at in range(0, len(palette) - 3, 4):
        yield (palette[at], palette[at + 1], palette[at + 2]), palette[at + 3]


def _one_way(
    one: Sequence[tuple[tuple[int, int, int], int]], other: Sequence[tuple[tuple[int, int, int], int]]
) -> float:
    total = sum(share for _, share in one) or 1
    return sum(share * min(math.dist(colour, near) for near, _ in other) for colour, share in one) / total
