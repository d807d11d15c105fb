"""What a picture looks like, in a few numbers: a perceptual hash and its dominant colours.

Two pictures whose hashes differ in up to about ten of 64 bits look alike (difference hash, Neal Krawetz 2013).
"""

from typing import cast

from PIL import Image, ImageStat

_GRID = 8
_SMALL = 48
_EVEN = 10.0  # standard deviation per channel under which a border counts as one colour


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


def distance(first: int, second: int) -> int:
    """Bits in which two hashes differ: 0 is alike, 32 is unrelated."""
    return (first ^ second).bit_count()


def dominant_colours(picture: Image.Image, *, count: int = 5) -> list[tuple[str, float]]:
    """The main colours as ('#rrggbb', share of the picture), greatest share first."""
    small = picture.convert("RGB").resize((_SMALL, _SMALL), Image.Resampling.BOX)
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
    small = picture.convert("RGB").resize((_SMALL, _SMALL), Image.Resampling.BOX)
    inner = Image.new("L", small.size, 255)
    inner.paste(0, (2, 2, _SMALL - 2, _SMALL - 2))
    stat = ImageStat.Stat(small, inner)
    if max(stat.stddev) > _EVEN:
        return None
    red, green, blue = (round(value) for value in stat.mean)
    return red, green, blue
