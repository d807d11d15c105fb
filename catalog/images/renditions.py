"""The sizes a picture is given out in, as data, and how one is made.

Limits are the channels' own: WhatsApp 5 MB JPEG or PNG, Messenger and Instagram 8 MB and 1.91:1 cards, Viber 1 MB
(iOS) with thumbnails of 100 KB, LINE previews 1 MB, RCS thumbnails 100 KB, WeChat thumbnails 64 KB, Apple PNG of
200 KB in interactive messages. One JPEG under 1 MB fits them all.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from PIL import Image, ImageOps

from catalog.images.errors import UnknownPicture
from catalog.images.transform import background_of, decode, encode_jpeg, encode_png, encode_webp, flatten

_KB = 1024
_MB = 1024 * 1024


class Fit(StrEnum):
    """How a picture meets the size wanted."""

    INSIDE = "inside"  # keeps its shape, never grows
    PAD = "pad"  # exactly this size, the rest filled with the picture's own background
    COVER = "cover"  # exactly this shape, edges cut, never grows


@dataclass(frozen=True, slots=True)
class Rendition:
    """One size and format. A picture that is too heavy is saved with less quality, then smaller."""

    name: str
    mime: str
    width: int
    height: int
    fit: Fit
    max_bytes: int


_JPEG, _PNG, _WEBP = "image/jpeg", "image/png", "image/webp"

RENDITIONS: Mapping[str, Rendition] = {
    rendition.name: rendition
    for rendition in (
        Rendition("chat.jpg", _JPEG, 1080, 1920, Fit.INSIDE, 900 * _KB),
        Rendition("square.jpg", _JPEG, 1080, 1080, Fit.PAD, 900 * _KB),
        Rendition("wide.jpg", _JPEG, 1200, 628, Fit.PAD, 900 * _KB),
        Rendition("thumb.jpg", _JPEG, 200, 200, Fit.INSIDE, 60 * _KB),
        Rendition("thumb.webp", _WEBP, 200, 200, Fit.INSIDE, 60 * _KB),
        Rendition("card.webp", _WEBP, 360, 450, Fit.COVER, 200 * _KB),
        Rendition("card@2x.webp", _WEBP, 720, 900, Fit.COVER, 500 * _KB),
        Rendition("card.jpg", _JPEG, 720, 900, Fit.COVER, 500 * _KB),
        Rendition("full.webp", _WEBP, 1600, 2400, Fit.INSIDE, 2 * _MB),
        Rendition("small.png", _PNG, 720, 900, Fit.INSIDE, 195 * _KB),
        Rendition("icon.png", _PNG, 180, 180, Fit.PAD, 60 * _KB),
        Rendition("photo.jpg", _JPEG, 2560, 2560, Fit.INSIDE, 4 * _MB),
    )
}

_QUALITIES = (84, 70, 54, 42)
_PALETTES = (256, 64)
_SMALLEST_STEP, _LARGEST_STEP = 0.3, 0.9


def named(name: str) -> Rendition:
    """The rendition of that name. Raises UnknownPicture."""
    found = RENDITIONS.get(name)
    if found is None:
        raise UnknownPicture(f"there is no rendition {name!r}; there are {', '.join(RENDITIONS)}", name=name)
    return found


def make(original: bytes, rendition: Rendition) -> bytes:
    """The picture in that size and format, within its limit of bytes. Takes tens of milliseconds."""
    picture = _sized(decode(original), rendition)
    if rendition.mime == _JPEG:
        picture = flatten(picture)
    while True:
        data = b""
        for data in _attempts(picture, rendition.mime):
            if len(data) <= rendition.max_bytes:
                return data
        # The last attempt tells how far off we are; bytes go with the area.
        share = max(_SMALLEST_STEP, min(_LARGEST_STEP, math.sqrt(rendition.max_bytes / len(data)) * 0.97))
        size = (max(1, round(picture.width * share)), max(1, round(picture.height * share)))
        picture = picture.resize(size, Image.Resampling.LANCZOS)


def _attempts(picture: Image.Image, mime: str) -> Iterator[bytes]:
    if mime == _PNG:
        yield encode_png(picture)
        for colours in _PALETTES:
            yield encode_png(picture, colours=colours)
        return
    for quality in _QUALITIES:
        yield encode_jpeg(picture, quality=quality) if mime == _JPEG else encode_webp(picture, quality=quality)


def _sized(picture: Image.Image, rendition: Rendition) -> Image.Image:
    size = (rendition.width, rendition.height)
    if rendition.fit is Fit.COVER:
        return _cover(picture, size)
    inside = picture.copy()
    inside.thumbnail(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    if rendition.fit is Fit.INSIDE:
        return inside
    scale = min(size[0] / picture.width, size[1] / picture.height)
    if scale > 1:
        enlarged = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
        inside = picture.resize(enlarged, Image.Resampling.LANCZOS)
    ground = Image.new("RGB", size, background_of(picture))
    place = ((size[0] - inside.width) // 2, (size[1] - inside.height) // 2)
    ground.paste(inside, place, inside.getchannel("A") if inside.mode == "RGBA" else None)
    return ground


def _cover(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    scale = min(1.0, picture.width / size[0], picture.height / size[1])
    target = (max(1, round(size[0] * scale)), max(1, round(size[1] * scale)))
    return ImageOps.fit(picture, target, Image.Resampling.LANCZOS)
