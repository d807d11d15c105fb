"""The canvas: parts are laid one upon another in shades of grey, and coloured at the end.

So one drawing serves every colourway of a product: what is drawn is shade (128 is the colour itself) and, for each
role ('stripe', 'button', 'sole'), where it is. Parts are drawn at double size and reduced; soft light is worked out
at a fraction of the size. Light comes from the upper left.
"""

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from storefront.sample.draw import cloth as cloths
from storefront.sample.draw.cloth import Cloth, Colour
from storefront.sample.draw.geometry import Point, along, curve, ellipse, ribbon

FRAME = (1000, 1250)
BASE = "base"
_PAPER_LIGHT, _PAPER_SHADE = (246, 243, 238), (226, 221, 213)
_UMBRA = (64, 54, 44)
_MARGIN, _NARROW = 60, 16  # units of room around a part, for soft light; and around one with only its edge lit
_FADED = 20  # units from a part at which its shadow is gone
_SUPER = 3
_SMOOTH = Image.Resampling.BILINEAR

Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class View:
    """What of the frame is seen: magnified about a point."""

    zoom: float = 1.0
    x: float = 500.0
    y: float = 625.0


@dataclass(frozen=True, slots=True)
class Fold:
    """A soft crease: a line, how wide, how deep (negative lifts)."""

    line: tuple[Point, ...]
    wide: float = 16.0
    deep: float = 20.0


@dataclass(frozen=True, slots=True)
class Part:
    """A laid part, to be drawn upon."""

    mask: Image.Image
    box: Box


@dataclass(frozen=True, slots=True)
class Drawing:
    """A finished shape without colour."""

    shade: Image.Image
    alpha: Image.Image
    roles: Mapping[str, Image.Image]
    cloths: Mapping[str, Cloth]


class Canvas:
    """Parts upon parts."""

    def __init__(self, width: int, view: View | None = None) -> None:
        self.view = view or View()
        self.width = width
        self.height = width * FRAME[1] // FRAME[0]
        self.pixels = width / FRAME[0] * self.view.zoom  # pixels a unit
        self._shade = Image.new("L", (width, self.height), 128)
        self._alpha = Image.new("L", (width, self.height))
        self._roles: dict[str, Image.Image] = {}
        self._cloths: dict[str, Cloth] = {}

    def part(
        self,
        outline: Sequence[Point],
        cloth: Cloth,
        *,
        role: str = BASE,
        tone: float = 0.0,
        volume: float = 1.0,
        roll: float = 1.0,
        cast: float = 1.0,
        folds: Sequence[Fold] = (),
        grain_turn: float = 0.0,
    ) -> Part:
        """Lay a part. tone: darker or lighter as a whole; volume, roll: how round it and its edge are."""
        placed = self._placed(outline, room=_MARGIN if volume else _NARROW)
        seen = self._seen(*placed) if placed else None
        if placed is None or seen is None:
            return Part(Image.new("L", (1, 1)), (0, 0, 1, 1))
        mask, box = placed
        if cast:
            self._cast(mask, box, cast)
        shade = self._relief(mask, box, seen, tone=tone, volume=volume, roll=roll, folds=folds)
        shade = ImageChops.add(shade, self._texture(cloth, seen, grain_turn), 1, -128)
        mask = mask.crop(_within(seen, box))
        self._shade.paste(shade, seen[:2], mask)
        self._alpha.paste(255, seen[:2], mask)
        self._claim(role, mask, seen, cloth)
        return Part(mask, seen)

    def patch(
        self, *outlines: Sequence[Point], role: str, cloth: Cloth, on: Part | None = None, strength: float = 1.0
    ) -> None:
        """Another colour on a part, flat: a stripe, a check, a print. It keeps the part's light and weave."""
        placed = self._placed(*outlines, room=0)
        if placed is None:
            return
        mask, box = self._clipped(placed, on)
        if strength < 1:
            mask = mask.point(lambda value: value * strength)
        self._layer(role, cloth).paste(255, box[:2], mask)

    def seam(self, line: Sequence[Point], *, deep: float = 42.0, wide: float = 2.2, on: Part | None = None) -> None:
        """A sewn seam: a dark line with a light one beside it, softly puckered."""
        points = curve(line)
        self.ink(points, amount=-deep * 0.45, wide=wide * 4.5, soft=3.0, on=on)
        self.ink(points, amount=-deep, wide=wide, soft=0.6, on=on)
        self.ink([(x - 2.2, y - 2.2) for x, y in points], amount=deep * 0.35, wide=wide, soft=0.8, on=on)

    def ink(
        self, line: Sequence[Point], *, amount: float, wide: float, soft: float = 0.0, on: Part | None = None
    ) -> None:
        """Darken (negative) or lighten along a line."""
        self._tone(ribbon(line, wide), amount=amount, soft=soft, on=on)

    def crease(self, fold: Fold, *, on: Part | None = None) -> None:
        """A soft fold over whatever lies there."""
        line = curve(fold.line)
        self._tone(ribbon(line, fold.wide, taper=True), amount=-fold.deep, soft=fold.wide * 0.34, on=on)
        beside = [(x - fold.wide * 0.62, y - fold.wide * 0.45) for x, y in line]
        self._tone(ribbon(beside, fold.wide, taper=True), amount=fold.deep * 0.6, soft=fold.wide * 0.34, on=on)

    def glow(self, outline: Sequence[Point], amount: float, *, soft: float, on: Part | None = None) -> None:
        """Lighten or darken an area, softly."""
        self._tone(outline, amount=amount, soft=soft, on=on)

    def stitches(
        self,
        line: Sequence[Point],
        *,
        role: str | None = None,
        cloth: Cloth = cloths.RUBBER,
        spacing: float = 9.0,
        wide: float = 2.0,
        on: Part | None = None,
    ) -> None:
        """Topstitching: short dashes, pressed in; in a thread of its own colour when `role` is named."""
        path = curve(line)
        self.ink(path, amount=-16, wide=wide * 2.6, soft=1.4, on=on)
        starts = along(path, spacing, start=spacing * 0.4)
        ends = along(path, spacing, start=spacing * 0.98)
        dashes = [ribbon([start, end], wide) for (start, _), (end, _) in zip(starts, ends, strict=False)]
        if dashes and role is not None:
            self.patch(*dashes, role=role, cloth=cloth, on=on)
        elif dashes:
            self._tone(*dashes, amount=20, on=on)

    def button(self, x: float, y: float, radius: float, *, role: str = "button", holes: int = 4) -> None:
        """A sewn button."""
        self.part(ellipse(x, y, radius, radius), cloths.RUBBER, role=role, volume=0.0, roll=0.55, cast=0.7)
        self._tone(
            ribbon([*ellipse(x, y, radius * 0.66, radius * 0.66), (x + radius * 0.66, y)], radius * 0.14), amount=-26
        )
        reach = radius * 0.24
        places = [(-reach, -reach), (reach, -reach), (-reach, reach), (reach, reach)][:holes]
        if places:
            self._tone(*(ellipse(x + dx, y + dy, radius * 0.12, radius * 0.12) for dx, dy in places), amount=-80)

    def done(self) -> Drawing:
        """The finished shape, with the light of the room on it."""
        light = _room_light(self._shade.size)
        shade = ImageChops.add(self._shade, light, 1, -128)
        return Drawing(shade, self._alpha, dict(self._roles), dict(self._cloths))

    def _placed(self, *outlines: Sequence[Point], room: float) -> tuple[Image.Image, Box] | None:
        """The mask of outlines with room (units) around it, and where it lies; None when out of sight."""
        shapes = [[self._at(x, y) for x, y in outline] for outline in outlines]
        margin = round(room * self.pixels) + 2
        least_x, least_y = (int(min(point[axis] for points in shapes for point in points)) for axis in (0, 1))
        most_x, most_y = (int(max(point[axis] for points in shapes for point in points)) + 1 for axis in (0, 1))
        left, top = max(-margin, least_x - margin), max(-margin, least_y - margin)
        right, bottom = min(self.width + margin, most_x + margin), min(self.height + margin, most_y + margin)
        if right - left < 1 or bottom - top < 1:
            return None
        mask = Image.new("L", (right - left, bottom - top))
        # Drawn large only where the outlines are: the room around them is empty.
        x0, y0 = max(left, least_x - 1), max(top, least_y - 1)
        wide, high = min(right, most_x + 1) - x0, min(bottom, most_y + 1) - y0
        if wide > 0 and high > 0:
            large = Image.new("L", (wide * _SUPER, high * _SUPER))
            pen = ImageDraw.Draw(large)
            for points in shapes:
                pen.polygon([((x - x0) * _SUPER, (y - y0) * _SUPER) for x, y in points], fill=255)
            mask.paste(large.reduce(_SUPER), (x0 - left, y0 - top))
        return mask, (left, top, right, bottom)

    def _seen(self, mask: Image.Image, box: Box) -> Box | None:
        """Where the mask itself lies, without the room around it and what is out of the frame."""
        left, top, right, bottom = mask.getbbox() or (0, 0, 0, 0)
        at = (left + box[0], top + box[1], right + box[0], bottom + box[1])
        seen = _common(at, (0, 0, self.width, self.height))
        return seen if seen[0] < seen[2] and seen[1] < seen[3] else None

    def _at(self, x: float, y: float) -> Point:
        return (
            (x - self.view.x) * self.pixels + self.width / 2,
            (y - self.view.y) * self.pixels + self.height / 2,
        )

    def _relief(
        self, mask: Image.Image, box: Box, seen: Box, *, tone: float, volume: float, roll: float, folds: Sequence[Fold]
    ) -> Image.Image:
        factor = max(2, min(16, round(4 * self.pixels)))
        small = mask.reduce(factor)
        scale = self.pixels / factor
        shade = Image.new("L", small.size, max(0, min(255, round(128 + tone))))
        if roll:
            near = small.filter(ImageFilter.GaussianBlur(max(0.6, 7 * scale)))
            shade = _lit(shade, near, reach=max(1, round(5 * scale)), amount=40 * roll)
            shade = ImageChops.add(shade, near.point(lambda value: 128 - (255 - value) * 0.16 * roll), 1, -128)
        if volume:
            far = small.filter(ImageFilter.GaussianBlur(42 * scale))
            shade = _lit(shade, far, reach=max(1, round(22 * scale)), amount=34 * volume)
            shade = ImageChops.add(shade, far.point(lambda value: 128 - (255 - value) * 0.10 * volume), 1, -128)
        if folds:
            shade = self._folded(shade, box, factor, folds)
        return _grown(shade, factor, _within(seen, box))

    def _folded(self, shade: Image.Image, box: Box, factor: int, folds: Sequence[Fold]) -> Image.Image:
        dark, light = Image.new("L", shade.size), Image.new("L", shade.size)
        pens = ImageDraw.Draw(dark), ImageDraw.Draw(light)
        for fold in folds:
            line = curve(fold.line)
            shift = fold.wide * 0.5
            for pen, points, deep in (
                (pens[0], line, fold.deep),
                (pens[1], [(x - shift, y - shift * 0.8) for x, y in line], fold.deep * 0.7),
            ):
                band = [self._at(x, y) for x, y in ribbon(points, fold.wide, taper=True)]
                pen.polygon(
                    [((x - box[0]) / factor, (y - box[1]) / factor) for x, y in band],
                    fill=max(0, min(255, round(deep * 2))),
                )
        soft = ImageFilter.GaussianBlur(max(0.8, 6.5 * self.pixels / factor))
        shade = ImageChops.add(shade, light.filter(soft).point(lambda value: 128 + value / 2), 1, -128)
        return ImageChops.add(shade, dark.filter(soft).point(lambda value: 128 - value / 2), 1, -128)

    def _cast(self, mask: Image.Image, box: Box, strength: float) -> None:
        """The part's shadow on what lies beneath."""
        factor = max(2, min(16, round(4 * self.pixels)))
        small = mask.reduce(factor)
        soft = small.filter(ImageFilter.GaussianBlur(max(0.6, 6 * self.pixels / factor)))
        step = round(5 * self.pixels)
        left, top, right, bottom = mask.getbbox() or (0, 0, 0, 0)
        reach = round(_FADED * self.pixels)
        near = _common((left - reach, top - reach, right + reach, bottom + reach), (0, 0, *mask.size))
        shadow = _grown(soft, factor, near).point(lambda value: value * 0.34 * strength)
        self._shade.paste(34, (box[0] + near[0] + step, box[1] + near[1] + step), shadow)

    def _tone(self, *outlines: Sequence[Point], amount: float, soft: float = 0.0, on: Part | None = None) -> None:
        placed = self._placed(*outlines, room=soft * 2.6)
        if placed is None:
            return
        mask, box = placed
        if soft:
            factor = 1 if soft * self.pixels < 3 else 2 if soft * self.pixels < 8 else 4  # noqa: PLR2004 - pixels
            small = mask.reduce(factor).filter(ImageFilter.GaussianBlur(soft * self.pixels / factor))
            mask = small if factor == 1 else small.resize(mask.size, _SMOOTH)
        mask, box = self._clipped((mask, box), on)
        change = mask.point(list(_ramp(round(amount))))
        self._shade.paste(ImageChops.add(self._shade.crop(box), change, 1, -128), box[:2])

    @staticmethod
    def _clipped(placed: tuple[Image.Image, Box], on: Part | None) -> tuple[Image.Image, Box]:
        if on is None:
            return placed
        mask, box = placed
        under = Image.new("L", mask.size)
        under.paste(on.mask, (on.box[0] - box[0], on.box[1] - box[1]))
        return ImageChops.multiply(mask, under), box

    def _texture(self, cloth: Cloth, box: Box, turn: float) -> Image.Image:
        tile = cloths.tile(cloth.weave, _pitch(self.pixels))
        wide, high = box[2] - box[0], box[3] - box[1]
        if turn:
            edge = round((wide**2 + high**2) ** 0.5) + 2
            sheet = _tiled(tile, edge, edge, 0, 0)
            sheet = sheet.transform((wide, high), Image.Transform.AFFINE, _turned(turn, edge, wide, high), _SMOOTH)
        else:
            sheet = _tiled(tile, wide, high, box[0], box[1])
        return sheet if cloth.grain == 1 else sheet.point(lambda value: 128 + (value - 128) * cloth.grain)

    def _claim(self, role: str, mask: Image.Image, box: Box, cloth: Cloth) -> None:
        for name, layer in self._roles.items():
            if name != role:
                layer.paste(0, box[:2], mask)
        if role == BASE:
            self._cloths.setdefault(BASE, cloth)
        else:
            self._layer(role, cloth).paste(255, box[:2], mask)

    def _layer(self, role: str, cloth: Cloth) -> Image.Image:
        if role not in self._roles:
            self._roles[role] = Image.new("L", self._shade.size)
            self._cloths[role] = cloth
        return self._roles[role]


class Ruler(Canvas):
    """Draws nothing; only measures how far the parts reach."""

    def __init__(self) -> None:
        super().__init__(8)
        self.bounds = (float(FRAME[0]), float(FRAME[1]), 0.0, 0.0)

    def part(self, outline: Sequence[Point], cloth: Cloth, **how: Any) -> Part:  # noqa: ANN401 - as Canvas.part takes them
        """Note the part's bounds."""
        del cloth, how
        left, top, right, bottom = self.bounds
        xs, ys = [x for x, _ in outline], [y for _, y in outline]
        self.bounds = (min(left, *xs), min(top, *ys), max(right, *xs), max(bottom, *ys))
        return Part(Image.new("L", (1, 1)), (0, 0, 1, 1))

    def patch(self, *outlines: Sequence[Point], **how: Any) -> None:  # noqa: ANN401 - as above
        """Nothing to measure: a patch lies on a part."""

    def stitches(self, line: Sequence[Point], **how: Any) -> None:  # noqa: ANN401 - as above
        """Nothing to measure."""

    def ink(self, line: Sequence[Point], **how: Any) -> None:  # noqa: ANN401 - as above
        """Nothing to measure."""

    def crease(self, fold: Fold, **how: Any) -> None:  # noqa: ANN401 - as above
        """Nothing to measure."""

    def _tone(self, *outlines: Sequence[Point], **how: Any) -> None:  # noqa: ANN401 - as above
        """Nothing to measure."""


def coloured(drawing: Drawing, colours: Mapping[str, Colour]) -> Image.Image:
    """The drawing in a colourway, with a transparent ground. A role without a colour has the base's."""
    picture = Image.new("RGB", drawing.shade.size)
    seen = drawing.alpha.getbbox() or (0, 0, 1, 1)
    base = _dyed(drawing.shade.crop(seen), colours[BASE], drawing.cloths.get(BASE, cloths.JERSEY))
    picture.paste(base, seen[:2])
    for role, layer in drawing.roles.items():
        box = layer.getbbox() if role in colours else None
        if box:
            there = _dyed(drawing.shade.crop(box), colours[role], drawing.cloths[role])
            picture.paste(there, box[:2], layer.crop(box))
    picture.putalpha(drawing.alpha)
    return picture


def paper_under(drawing: Drawing) -> Image.Image:
    """Warm paper with the drawing's shadow on it; the same for all its colourways."""
    ground = _paper(drawing.alpha.size).copy()
    lay_shadow(ground, drawing.alpha, (0, 0), scale=drawing.alpha.width / FRAME[0])
    return ground


def on_paper(piece: Image.Image, paper: Image.Image) -> Image.Image:
    """The piece on its paper."""
    ground = paper.copy()
    ground.paste(piece, (0, 0), piece.getchannel("A"))
    return ground


def lay_shadow(
    ground: Image.Image, alpha: Image.Image, at: tuple[int, int], *, strength: float = 1.0, scale: float = 1.0
) -> None:
    """A wide soft shadow and a narrow one where the piece touches the ground, both to the lower right."""
    factor = 4
    pad = round(60 * scale / factor) * factor
    room = Image.new("L", (alpha.width + 2 * pad, alpha.height + 2 * pad))
    room.paste(alpha, (pad, pad))
    small = room.reduce(factor)
    both = Image.new("L", small.size)
    for reach, blur, amount in ((16, 20, 0.30), (5, 5, 0.30)):
        soft = small.filter(ImageFilter.GaussianBlur(blur * scale / factor))
        soft = soft.point(lambda value, share=amount * strength: value * share)
        moved = Image.new("L", small.size)
        moved.paste(soft, (round(reach * 0.7 * scale / factor), round(reach * scale / factor)))
        both = ImageChops.screen(both, moved)
    ground.paste(_UMBRA, (at[0] - pad, at[1] - pad), both.resize(room.size, _SMOOTH))


def jpeg(picture: Image.Image) -> bytes:
    """The picture as a file, for the shop to take in like any merchant's."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=92, subsampling=0)
    return out.getvalue()


def _pitch(pixels: float) -> float:
    """Pixels a unit, in few steps, so that a tile of cloth serves many drawings."""
    return max(0.25, round(pixels * 4) / 4) if pixels < 1.5 else round(pixels * 2) / 2  # noqa: PLR2004 - close up


@lru_cache(maxsize=256)
def _ramp(amount: int) -> tuple[int, ...]:
    return tuple(min(255, max(0, round(128 + value * amount / 255))) for value in range(256))


@lru_cache(maxsize=4)
def _paper(size: tuple[int, int]) -> Image.Image:
    slope = _slope(size)
    grain = _tiled(cloths.tile("plain", 1.0), *size, 0, 0)
    light = ImageChops.add(slope, grain.point(lambda value: 128 + (value - 128) * 0.5), 1, -128)
    return Image.merge(
        "RGB",
        [
            light.point([round(dark + (bright - dark) * value / 255) for value in range(256)])
            for bright, dark in zip(_PAPER_LIGHT, _PAPER_SHADE, strict=True)
        ],
    )


@lru_cache(maxsize=8)
def _room_light(size: tuple[int, int]) -> Image.Image:
    return _slope(size).point(lambda value: 128 + (value - 128) * 0.16)


def _slope(size: tuple[int, int]) -> Image.Image:
    """255 in the upper left to 0 in the lower right."""
    across = Image.linear_gradient("L").rotate(90)
    down = Image.linear_gradient("L")
    return ImageChops.invert(Image.blend(across, down, 0.55)).resize(size, Image.Resampling.BICUBIC)


def _dyed(shade: Image.Image, colour: Colour, cloth: Cloth) -> Image.Image:
    return Image.merge("RGB", [shade.point(table) for table in cloths.tints(colour, cloth)])


def _lit(shade: Image.Image, height: Image.Image, *, reach: int, amount: float) -> Image.Image:
    """Slopes towards the upper left are light, those away from it dark."""
    ahead, behind = ImageChops.offset(height, -reach, -reach), ImageChops.offset(height, reach, reach)
    slope = ImageChops.subtract(ahead, behind, 255 / max(1.0, amount * 2), 128)
    return ImageChops.add(shade, slope, 1, -128)


def _common(first: Box, second: Box) -> Box:
    """What two boxes share."""
    return max(first[0], second[0]), max(first[1], second[1]), min(first[2], second[2]), min(first[3], second[3])


def _within(inner: Box, outer: Box) -> Box:
    """The inner box as seen from the outer one's corner."""
    return inner[0] - outer[0], inner[1] - outer[1], inner[2] - outer[0], inner[3] - outer[1]


def _grown(small: Image.Image, factor: int, box: Box) -> Image.Image:
    """This box of what was reduced by the factor, at full size again."""
    left, top, right, bottom = (edge / factor for edge in box)
    return small.resize((box[2] - box[0], box[3] - box[1]), _SMOOTH, box=(left, top, right, bottom))


def _turned(degrees: float, edge: int, wide: int, high: int) -> tuple[float, ...]:
    """The affine map that looks into the middle of a square sheet, turned clockwise about its middle."""
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    middle, x, y = edge / 2, (edge - wide) // 2 - edge / 2, (edge - high) // 2 - edge / 2
    return cosine, sine, cosine * x + sine * y + middle, -sine, cosine, cosine * y - sine * x + middle


def _tiled(tile: Image.Image, wide: int, high: int, left: int, top: int) -> Image.Image:
    sheet = Image.new("L", (wide, high))
    for y in range(-(top % tile.height), high, tile.height):
        for x in range(-(left % tile.width), wide, tile.width):
            sheet.paste(tile, (x, y))
    return sheet
