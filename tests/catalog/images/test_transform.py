"""Whatever comes in, one clean original comes out, or a refusal that says why."""

import struct
import zlib
from contextlib import suppress

import pytest
from PIL import Image, ImageCms

from catalog.images.errors import BrokenPicture, PictureRefused, PictureTooLarge, UnsupportedPicture
from catalog.images.transform import MAX_EDGE, normalise
from tests.catalog.images.pictures import LEFT, RIGHT, encoded, halves, many_colours, near, opened, with_exif

GPS, ORIENTATION = 0x8825, 0x0112


def test_a_sideways_photo_is_turned_upright() -> None:
    original = normalise(with_exif(lambda exif: exif.__setitem__(ORIENTATION, 6)))
    assert (original.width, original.height) == (48, 64)
    assert near(opened(original.data).convert("RGB").getpixel((24, 8)), LEFT, 30)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_gives_a_picture_without_orientation(orientation: int) -> None:
    original = normalise(with_exif(lambda exif: exif.__setitem__(ORIENTATION, orientation)))
    assert opened(original.data).getexif().get(ORIENTATION) is None
    assert (original.width < original.height) == (orientation >= 5)


def test_the_place_where_a_photo_was_taken_is_gone() -> None:
    def fill(exif: Image.Exif) -> None:
        exif[0x010F] = "SECRETCAMERA"
        exif.get_ifd(GPS).update({1: "N", 2: (52.0, 30.0, 0.0)})

    raw = with_exif(fill)
    assert b"SECRETCAMERA" in raw
    original = normalise(raw)
    assert b"SECRETCAMERA" not in original.data
    assert b"Exif" not in original.data
    assert not opened(original.data).getexif()


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "CMYK", "YCbCr", "LAB", "I;16", "F"])
def test_every_kind_of_pixel_becomes_srgb(mode: str) -> None:
    source = halves().convert("L").convert("I;16") if mode == "I;16" else None
    if mode == "LAB":
        profiles = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
        source = ImageCms.profileToProfile(halves(), *profiles, outputMode="LAB")
    picture = source or halves(mode=mode)
    kind = "JPEG" if mode in {"CMYK", "YCbCr"} else "TIFF" if mode in {"F", "LAB"} else "PNG"
    assert opened(normalise(encoded(picture, kind)).data).mode == "RGB"


def test_sixteen_bits_are_scaled_not_clipped() -> None:
    picture = Image.frombytes("I;16", (2, 1), struct.pack("<HH", 0x4000, 0xC000)).resize((40, 20), 0)
    grey = opened(normalise(encoded(picture)).data)
    assert near(grey.getpixel((5, 10)), (0x40,) * 3)
    assert near(grey.getpixel((35, 10)), (0xC0,) * 3)


def test_a_cmyk_jpeg_keeps_its_colours() -> None:
    picture = opened(normalise(encoded(halves(mode="CMYK"), "JPEG", quality=95)).data).convert("RGB")
    assert near(picture.getpixel((8, 24)), LEFT, 30)
    assert near(picture.getpixel((56, 24)), RIGHT, 30)


def test_an_embedded_profile_is_applied_and_removed() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    original = normalise(encoded(halves(), "JPEG", quality=95, icc_profile=profile))
    assert "icc_profile" not in opened(original.data).info
    assert near(opened(original.data).convert("RGB").getpixel((8, 24)), LEFT, 20)


def test_a_nonsense_profile_is_passed_over() -> None:
    original = normalise(encoded(halves(), "JPEG", quality=95, icc_profile=b"nonsense" * 20))
    assert "icc_profile" not in opened(original.data).info


def test_transparency_is_kept_without_loss() -> None:
    picture = halves(mode="RGBA")
    picture.putalpha(Image.linear_gradient("L").resize(picture.size))
    original = normalise(encoded(picture))
    assert original.mime == "image/webp"
    assert opened(original.data).mode == "RGBA"


def test_an_unused_alpha_channel_is_dropped() -> None:
    assert opened(normalise(encoded(many_colours().convert("RGBA"))).data).mode == "RGB"


def test_a_palette_with_transparency_stays_transparent() -> None:
    picture = halves(mode="P")
    assert opened(normalise(encoded(picture, "GIF", transparency=picture.getpixel((0, 0)))).data).mode == "RGBA"


def test_of_an_animation_the_first_frame_is_taken() -> None:
    frames = [Image.new("RGB", (30, 30), colour) for colour in (LEFT, RIGHT)]
    raw = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert near(opened(normalise(raw).data).convert("RGB").getpixel((5, 5)), LEFT)


def test_a_large_picture_is_reduced() -> None:
    original = normalise(encoded(many_colours((6000, 3000)), "JPEG"))
    assert (original.width, original.height) == (MAX_EDGE, MAX_EDGE // 2)


def test_the_same_bytes_give_the_same_original() -> None:
    raw = encoded(many_colours(), "JPEG")
    assert normalise(raw) == normalise(raw)


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "SVG"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (b"%PDF-1.7", "PDF"),
        (b"", "empty"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "HEIC"),
        (b"GIMP nonsense" * 40, "another kind"),
    ],
)
def test_other_files_are_refused_by_name(raw: bytes, what: str) -> None:
    with pytest.raises(UnsupportedPicture, match=what):
        normalise(raw)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "AVIF"])
@pytest.mark.parametrize("share", [0.3, 0.7, 0.95])
def test_a_cut_off_file_is_refused_or_whole(kind: str, share: float) -> None:
    raw = encoded(many_colours(), kind)
    with pytest.raises((BrokenPicture, UnsupportedPicture)):
        normalise(raw[: int(len(raw) * share)])


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "AVIF"])
@pytest.mark.parametrize("share", [0.1, 0.3, 0.7, 0.95])
def test_damage_in_the_middle_is_refused_or_does_no_harm(kind: str, share: float) -> None:
    raw = encoded(many_colours(), kind)
    at = int(len(raw) * share)
    with suppress(PictureRefused):
        assert normalise(raw[:at] + bytes(byte ^ 0xFF for byte in raw[at : at + 40]) + raw[at + 40 :]).width == 600


@pytest.mark.parametrize("edge", [12_000, 200_000])
def test_a_bomb_is_refused_before_it_is_decoded(edge: int) -> None:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", edge, edge, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000)))
    with pytest.raises(PictureTooLarge, match=str(edge)):
        normalise(bomb + chunk(b"IEND", b""))


def test_too_many_bytes_are_refused() -> None:
    with pytest.raises(PictureTooLarge, match="MB"):
        normalise(encoded(halves()) + bytes(31 * 1024 * 1024))


def test_what_hides_behind_a_picture_is_left_behind() -> None:
    original = normalise(encoded(many_colours(), "JPEG") + b"<script>alert(1)</script>PK\x03\x04")
    assert b"<script>" not in original.data
    assert b"PK\x03\x04" not in original.data
