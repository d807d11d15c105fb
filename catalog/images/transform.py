"""From whatever a merchant sends to one clean original: upright, sRGB, without metadata, at most 4096 px an edge.

Pure functions from bytes to bytes. They decode with Pillow and take tens of milliseconds: service.py calls them in
threads of its own. Every original is encoded anew, so nothing that was hidden in a file survives.
"""

import io
import struct
from dataclasses import dataclass
from typing import cast

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from catalog.images.errors import BrokenPicture, PictureTooLarge, UnsupportedPicture
from catalog.images.fingerprint import Look, border_colour, dominant_colours, look, miniature

MAX_BYTES = 30 * 1024 * 1024
MAX_EDGE = 4096
MAX_PIXELS = 40_000_000
# A JPEG is decoded at a half, quarter or eighth of its size where that is enough, so it may be larger.
MAX_JPEG_PIXELS = 160_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF", "TIFF", "BMP")
PAPER = (250, 249, 246)

_JPEG_QUALITY = 92
_FEW_COLOURS = 256
# What Pillow and its decoders raise over damaged files, found by damaging some: libavif speaks by RuntimeError.
_DAMAGED = (
    OSError, SyntaxError, ValueError, EOFError, LookupError, TypeError, ArithmeticError, MemoryError, RuntimeError,
    struct.error,
)  # fmt: skip
# Pillow only warns; _open refuses, and by its own limits.
Image.MAX_IMAGE_PIXELS = None

_SRGB = ImageCms.createProfile("sRGB")


@dataclass(frozen=True, slots=True)
class Original:
    """A clean picture, ready to be stored."""

    data: bytes
    mime: str
    width: int
    height: int
    colour: str  # '#rrggbb', the one to show while the picture loads
    look: Look  # what it shows, to find similar ones by


def normalise(raw: bytes) -> Original:
    """Clean a picture. Raises UnsupportedPicture, PictureTooLarge or BrokenPicture.

    Pictures with transparency or with few colours (logos, codes) stay lossless as WebP, all others become JPEG.
    """
    picture = _upright_srgb(_open(raw))
    picture.thumbnail((MAX_EDGE, MAX_EDGE), Image.Resampling.LANCZOS)
    lossless = picture.mode == "RGBA" or picture.getcolors(_FEW_COLOURS) is not None
    data = encode_webp(picture, lossless=True) if lossless else encode_jpeg(picture, quality=_JPEG_QUALITY, full=True)
    flat = flatten(picture)
    return Original(
        data=data,
        mime="image/webp" if lossless else "image/jpeg",
        width=picture.width,
        height=picture.height,
        colour=dominant_colours(miniature(flat), count=3)[0][0],
        look=look(flat),
    )


def decode(stored: bytes) -> Image.Image:
    """An original of ours as pixels, RGB or RGBA."""
    picture = Image.open(io.BytesIO(stored), formats=("JPEG", "WEBP", "PNG"))
    picture.load()
    return picture if picture.mode in {"RGB", "RGBA"} else picture.convert("RGB")


def flatten(picture: Image.Image) -> Image.Image:
    """Without transparency: laid on paper white."""
    if picture.mode == "RGB":
        return picture
    ground = Image.new("RGB", picture.size, PAPER)
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


def encode_jpeg(picture: Image.Image, *, quality: int, full: bool = False) -> bytes:
    """JPEG without metadata; `full` keeps colour at full resolution (4:4:4)."""
    out = io.BytesIO()
    flatten(picture).save(out, "JPEG", quality=quality, subsampling=0 if full else 2)
    return out.getvalue()


def encode_webp(picture: Image.Image, *, quality: int = 82, lossless: bool = False) -> bytes:
    """WebP without metadata."""
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=60 if lossless else quality, lossless=lossless, method=3, exact=False)
    return out.getvalue()


def encode_png(picture: Image.Image, *, colours: int = 0) -> bytes:
    """PNG; with `colours` as a palette picture of so many colours."""
    out = io.BytesIO()
    if colours:
        picture = picture.quantize(colours, Image.Quantize.FASTOCTREE if picture.mode == "RGBA" else None)
    picture.save(out, "PNG", compress_level=7)
    return out.getvalue()


def _open(raw: bytes) -> Image.Image:
    if len(raw) > MAX_BYTES:
        raise PictureTooLarge(
            f"the picture has {len(raw) / 1_048_576:.1f} MB, {MAX_BYTES // 1_048_576} MB are allowed; save it smaller",
            bytes=len(raw),
        )
    try:
        picture = Image.open(io.BytesIO(raw), formats=FORMATS)
    except UnidentifiedImageError as error:
        raise UnsupportedPicture(
            f"this is {_what(raw)}, no picture we can read; send JPEG, PNG, WebP, AVIF, GIF, TIFF or BMP"
        ) from error
    except _DAMAGED as error:
        raise BrokenPicture("the picture's head cannot be read; export it again and send that") from error
    limit = MAX_JPEG_PIXELS if picture.format in {"JPEG", "MPO"} else MAX_PIXELS
    if picture.width * picture.height > limit:
        raise PictureTooLarge(
            f"the picture has {picture.width} × {picture.height} pixels, {limit // 1_000_000} million are allowed;"
            " save it smaller",
            width=picture.width,
            height=picture.height,
        )
    return picture


def _upright_srgb(picture: Image.Image) -> Image.Image:
    """First frame, decoded, turned as its orientation says, in sRGB as RGB or RGBA."""
    if picture.format in {"JPEG", "MPO"}:
        picture.draft(None, (MAX_EDGE, MAX_EDGE))
    try:
        picture.seek(0)
        picture.load()
        profile = picture.info.get("icc_profile")
        ImageOps.exif_transpose(picture, in_place=True)
        ready = _to_rgb(_eight_bits(picture), profile)
    except _DAMAGED as error:
        raise BrokenPicture("the picture is damaged or cut off; export it again and send that") from error
    if ready.mode == "RGBA" and ready.getchannel("A").getextrema()[0] == 255:  # noqa: PLR2004 - opaque
        ready = ready.convert("RGB")
    clean = Image.new(ready.mode, ready.size, None)  # every pixel is pasted
    clean.paste(ready)
    return clean


def _eight_bits(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I;16") or picture.mode == "I":
        # Pillow would clip sixteen bits at 255 rather than scale them.
        return picture.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    if picture.mode == "F":
        highest = cast("float", picture.getextrema()[1])
        scale = 255.0 if highest <= 1 else 1.0
        return picture.point(lambda value: value * scale).convert("L")
    return picture


def _to_rgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    if picture.has_transparency_data:
        alpha = picture.convert("RGBA")
        if profile and alpha.mode == "RGBA" and picture.mode in {"RGB", "RGBA"}:
            mask = alpha.getchannel("A")
            alpha = _managed(alpha.convert("RGB"), profile)
            alpha.putalpha(mask)
        return alpha
    if profile and picture.mode in {"RGB", "CMYK", "L"}:
        return _managed(picture, profile)
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def _managed(picture: Image.Image, profile: bytes) -> Image.Image:
    """Into sRGB by the embedded profile; a profile that does not fit the pixels is passed over."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(picture, source, _SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture.convert("RGB")
    return converted if converted is not None else picture.convert("RGB")


def _what(raw: bytes) -> str:
    head = raw[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in head:
        return "an SVG drawing"
    if head.startswith((b"<!doctype", b"<html", b"<?xml", b"<script")):
        return "a web page"
    if head.startswith(b"%pdf"):
        return "a PDF"
    if raw[4:12] in {b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc"}:
        return "a HEIC photo"
    return "an empty file" if not raw else "another kind of file"


def background_of(picture: Image.Image) -> tuple[int, int, int]:
    """The colour to pad with: the picture's own border where that is even, else paper white."""
    return border_colour(flatten(picture)) or PAPER
