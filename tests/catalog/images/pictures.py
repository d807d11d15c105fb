"""Pictures for tests, made on the spot."""

import io
from collections.abc import Callable

from PIL import Image, ImageDraw

LEFT, RIGHT = (200, 40, 40), (40, 40, 200)


def halves(size: tuple[int, int] = (64, 48), mode: str = "RGB") -> Image.Image:
    """Red on the left, blue on the right."""
    picture = Image.new("RGB", size, RIGHT)
    picture.paste(LEFT, (0, 0, size[0] // 2, size[1]))
    return picture.convert(mode)


def many_colours(size: tuple[int, int] = (600, 800)) -> Image.Image:
    """A picture with more than 256 colours and some edges, as a photo has."""
    ramp = Image.linear_gradient("L").resize(size)
    picture = Image.merge("RGB", (ramp, ramp.rotate(90).resize(size), ramp.rotate(180)))
    ImageDraw.Draw(picture).ellipse((size[0] // 4, size[1] // 4, size[0] * 3 // 4, size[1] * 3 // 4), fill=(30, 90, 60))
    return picture


def encoded(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    """The picture as a file."""
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def with_exif(fill: Callable[[Image.Exif], None]) -> bytes:
    """A JPEG of `halves` whose EXIF data the caller fills."""
    exif = Image.Exif()
    fill(exif)
    return encoded(halves(), "JPEG", quality=95, exif=exif.tobytes())


def opened(data: bytes) -> Image.Image:
    """The file as a picture."""
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def near(found: object, wanted: tuple[int, ...], slack: int = 12) -> bool:
    """Whether a pixel is about that colour."""
    assert isinstance(found, tuple)
    return all(abs(a - b) <= slack for a, b in zip(found, wanted, strict=False))
