"""The canvas: parts are laid one upon another in shades of grey, and coloured at the end.

So one drawing serves every colourway of a product: what is drawn is shade (128 is the colour itself) and, for each
role ('stripe', 'button', 'sole'), where it is. Parts are drawn at double size and reduced; soft light is worked out
at a fraction of the size. Light comes from the upper left.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from storefront.sample.draw import cloth as cloths
from storefront.sample.draw.cloth import Cloth, Colour
from storefront.sample.draw.geometry import Point, along, curve, ellipse, ribbon

FRAME = (1000, 1250)
BASE = "base"
_PAPER_LIGHT, _PAPER_SHADE = (246, 243, 238), (226, 221, 213)
_UMBRA = (64, 54, 44)
_MARGIN = 70  # units of room around a part, for soft light
_SUPER = 3

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

    def part(  # noqa: PLR0913 - what a surface needs, all by name
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
        placed = self._placed(outline)
        if placed is None:
            return Part(Image.new("L", (1, 1)), (0, 0, 1, 1))
        mask, box = placed
        if cast:
            self._cast(mask, box, cast)
        shade = self._relief(mask, box, tone=tone, volume=volume, roll=roll, folds=folds)
        shade = ImageChops.add(shade, self._texture(cloth, box, grain_turn), 1, -128)
        self._shade.paste(shade, box[:2], mask)
        self._alpha.paste(255, box[:2], mask)
        self._claim(role, mask, box, cloth)
        return Part(mask, box)

    def patch(self, outline: Sequence[Point], role: str, cloth: Cloth, *, on: Part, strength: float = 1.0) -> None:
        """Another colour on a part, flat: a stripe, a check, a print. It keeps the part's light and weave."""
        placed = self._placed(outline)
        if placed is None:
            return
        mask, box = placed
        under = Image.new("L", mask.size)
        under.paste(on.mask, (on.box[0] - box[0], on.box[1] - box[1]))
        clipped = ImageChops.multiply(mask, under)
        if strength < 1:
            clipped = clipped.point(lambda value: value * strength)
        self._layer(role, cloth).paste(255, box[:2], clipped)

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
        self._tone(ribbon(line, wide), amount, soft=soft, on=on)

    def crease(self, fold: Fold, *, on: Part | None = None) -> None:
        """A soft fold over whatever lies there."""
        line = curve(fold.line)
        self._tone(ribbon(line, fold.wide, taper=True), -fold.deep, soft=fold.wide * 0.34, on=on)
        beside = [(x - fold.wide * 0.62, y - fold.wide * 0.45) for x, y in line]
        self._tone(ribbon(beside, fold.wide, taper=True), fold.deep * 0.6, soft=fold.wide * 0.34, on=on)

    def glow(self, outline: Sequence[Point], amount: float, *, soft: float, on: Part | None = None) -> None:
        """Lighten or darken an area, softly."""
        self._tone(outline, amount, soft=soft, on=on)

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
        dashes = along(path, spacing, start=spacing * 0.4)
        ends = along(path, spacing, start=spacing * 0.4 + spacing * 0.58)
        for ((x0, y0), _), ((x1, y1), _) in zip(dashes, ends, strict=False):
            dash = ribbon([(x0, y0), (x1, y1)], wide)
            if role is not None and on is not None:
                self.patch(dash, role, cloth, on=on)
            elif role is not None:
                self._dash(dash, role, cloth)
            else:
                self._tone(dash, 20, soft=0.0, on=on)

    def button(self, x: float, y: float, radius: float, *, role: str = "button", holes: int = 4) -> None:
        """A sewn button."""
        self.part(ellipse(x, y, radius, radius), cloths.RUBBER, role=role, volume=0.0, roll=0.55, cast=0.7)
        self._tone(ribbon([*ellipse(x, y, radius * 0.66, radius * 0.66), (x + radius * 0.66, y)], radius * 0.14), -26)
        reach = radius * 0.24
        places = [(-reach, -reach), (reach, -reach), (-reach, reach), (reach, reach)][:holes]
        for dx, dy in places:
            self._tone(ellipse(x + dx, y + dy, radius * 0.12, radius * 0.12), -80)

    def done(self) -> Drawing:
        """The finished shape, with the light of the room on it."""
        light = _room_light(self._shade.size)
        shade = ImageChops.add(self._shade, light, 1, -128)
        return Drawing(shade, self._alpha, dict(self._roles), dict(self._cloths))

    def _dash(self, outline: Sequence[Point], role: str, cloth: Cloth) -> None:
        placed = self._placed(outline)
        if placed is not None:
            self._layer(role, cloth).paste(255, placed[1][:2], placed[0])

    def _placed(self, outline: Sequence[Point]) -> tuple[Image.Image, Box] | None:
        """The mask of an outline with room around it, and where it lies; None when out of sight."""
        points = [self._at(x, y) for x, y in outline]
        room = round(_MARGIN * min(self.pixels, 1.6))
        left = max(-room, int(min(x for x, _ in points)) - room)
        top = max(-room, int(min(y for _, y in points)) - room)
        right = min(self.width + room, int(max(x for x, _ in points)) + room + 1)
        bottom = min(self.height + room, int(max(y for _, y in points)) + room + 1)
        if right - left < 1 or bottom - top < 1:
            return None
        large = Image.new("L", ((right - left) * _SUPER, (bottom - top) * _SUPER))
        ImageDraw.Draw(large).polygon([((x - left) * _SUPER, (y - top) * _SUPER) for x, y in points], fill=255)
        return large.reduce(_SUPER), (left, top, right, bottom)

    def _at(self, x: float, y: float) -> Point:
        return (
            (x - self.view.x) * self.pixels + self.width / 2,
            (y - self.view.y) * self.pixels + self.height / 2,
        )

    def _relief(
        self, mask: Image.Image, box: Box, *, tone: float, volume: float, roll: float, folds: Sequence[Fold]
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
        return shade.resize(mask.size, Image.Resampling.BICUBIC)

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
                    [((x - box[0]) / factor, (y - box[1]) / factor) for x, y in band], fill=max(0, min(255, round(deep * 2)))
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
        shadow = soft.resize(mask.size, Image.Resampling.BICUBIC).point(lambda value: value * 0.34 * strength)
        self._shade.paste(34, (box[0] + step, box[1] + step), shadow)

    def _tone(self, outline: Sequence[Point], amount: float, *, soft: float = 0.0, on: Part | None = None) -> None:
        placed = self._placed(outline)
        if placed is None:
            return
        mask, box = placed
        if soft:
            factor = 1 if soft * self.pixels < 3 else 2 if soft * self.pixels < 8 else 4  # noqa: PLR2004 - pixels
            small = mask.reduce(factor).filter(ImageFilter.GaussianBlur(soft * self.pixels / factor))
            mask = small if factor == 1 else small.resize(mask.size, Image.Resampling.BICUBIC)
        if on is not None:
            under = Image.new("L", mask.size)
            under.paste(on.mask, (on.box[0] - box[0], on.box[1] - box[1]))
            mask = ImageChops.multiply(mask, under)
        change = mask.point(lambda value: 128 + value * amount / 255)
        here = self._shade.crop(box)
        self._shade.paste(ImageChops.add(here, change, 1, -128), box[:2])

    def _texture(self, cloth: Cloth, box: Box, turn: float) -> Image.Image:
        tile = cloths.tile(cloth.weave, round(self.pixels, 3))
        wide, high = box[2] - box[0], box[3] - box[1]
        if turn:
            edge = round((wide**2 + high**2) ** 0.5) + 2
            sheet = _tiled(tile, edge, edge, 0, 0).rotate(-turn, Image.Resampling.BILINEAR)
            left, top = (edge - wide) // 2, (edge - high) // 2
            sheet = sheet.crop((left, top, left + wide, top + high))
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


def coloured(drawing: Drawing, colours: Mapping[str, Colour]) -> Image.Image:
    """The drawing in a colourway, with a transparent ground. A role without a colour has the base's."""
    base = colours[BASE]
    picture = _dyed(drawing.shade, base, drawing.cloths.get(BASE, cloths.JERSEY))
    for role, layer in drawing.roles.items():
        if role in colours:
            picture.paste(_dyed(drawing.shade, colours[role], drawing.cloths[role]), (0, 0), layer)
    picture.putalpha(drawing.alpha)
    return picture


def on_paper(piece: Image.Image, *, shadow: float = 1.0) -> Image.Image:
    """The piece on warm paper, with its shadow."""
    ground = _paper(piece.size).copy()
    alpha = piece.getchannel("A")
    lay_shadow(ground, alpha, (0, 0), strength=shadow, scale=piece.width / FRAME[0])
    ground.paste(piece, (0, 0), alpha)
    return ground


def lay_shadow(
    ground: Image.Image, alpha: Image.Image, at: tuple[int, int], *, strength: float = 1.0, scale: float = 1.0
) -> None:
    """A wide soft shadow and a narrow one where the piece touches the ground, both to the lower right."""
    for reach, blur, amount in ((16, 20, 0.30), (5, 5, 0.30)):
        factor = 8 if blur > 8 else 4  # noqa: PLR2004 - units
        pad = round(blur * 3 * scale / factor) * factor
        room = Image.new("L", (alpha.width + 2 * pad, alpha.height + 2 * pad))
        room.paste(alpha, (pad, pad))
        small = room.reduce(factor).filter(ImageFilter.GaussianBlur(blur * scale / factor))
        mask = small.resize(room.size, Image.Resampling.BICUBIC).point(lambda value, a=amount: value * a * strength)
        ground.paste(_UMBRA, (at[0] - pad + round(reach * 0.7 * scale), at[1] - pad + round(reach * scale)), mask)


def jpeg(picture: Image.Image) -> bytes:
    """The picture as a file, for the shop to take in like any merchant's."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=93, subsampling=0)
    return out.getvalue()


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


def _tiled(tile: Image.Image, wide: int, high: int, left: int, top: int) -> Image.Image:
    sheet = Image.new("L", (wide, high))
    for y in range(-(top % tile.height), high, tile.height):
        for x in range(-(left % tile.width), wide, tile.width):
            sheet.paste(tile, (x, y))
    return sheet
