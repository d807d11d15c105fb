"""T-shirts, sweatshirts and knitwear."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from storefront.sample.draw import cloth as cloths
from storefront.sample.draw.canvas import Canvas, Fold, Part
from storefront.sample.draw.cloth import Cloth
from storefront.sample.draw.geometry import (
    Mark,
    Point,
    both,
    closed,
    curve,
    ellipse,
    flipped,
    mirrored,
    rectangle,
    ribbon,
    right,
)

Side = Callable[[Sequence[Point]], list[Point]]

_SHORT_SLEEVE = (
    (120, 214, 1), (212, 229), (268, 258), (334, 330), (404, 442, 1), (366, 478), (308, 506, 1), (242, 446),
        (180, 470, 1),
)  # fmt: skip
_LONG_SLEEVE = (
    (120, 214, 1), (212, 229), (262, 258), (304, 330), (346, 520), (392, 780), (424, 966, 1), (388, 980), (336, 984, 1),
    (308, 800), (280, 620), (244, 462), (180, 470, 1),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Top:
    """What sets one top apart from another."""

    cloth: Cloth = cloths.JERSEY
    long: bool = False
    neck: str = "crew"  # crew, vee, roll, henley, polo, zip, hood, open
    ribbed: bool = False  # ribs at hem and cuffs
    pocket: bool = False
    stripes: bool = False
    cables: bool = False
    boxy: float = 0.0
    sleeveless: bool = False


def top(canvas: Canvas, kind: Top) -> None:
    """Draw a top, front view."""
    rib = cloths.RIB if kind.cloth in {cloths.KNIT, cloths.CHUNKY, cloths.RIB, cloths.WOOL} else cloths.JERSEY
    if kind.neck == "hood":
        _hood_behind(canvas, kind)
    _neck_inside(canvas, kind)
    if not kind.sleeveless:
        _sleeves(canvas, kind)
    body = _body(canvas, kind, rib)
    if kind.stripes:
        _stripes_on_body(canvas, body)
    if kind.cables:
        _cables(canvas, body)
    _NECKS[kind.neck](canvas, kind, body, rib)
    if kind.pocket:
        _chest_pocket(canvas, kind)


def _body(canvas: Canvas, kind: Top, rib: Cloth) -> Part:
    wide = kind.boxy
    hem = 960 if kind.ribbed else 1010
    depth = {"vee": 430, "open": 640, "roll": 262, "hood": 300}.get(kind.neck, 278)
    neck = 96 if kind.neck != "hood" else 108
    throat: list[Mark] = (
        [(0, depth, 1), (neck, 196, 1)]
        if kind.neck in {"vee", "open"}
        else [(0, depth), (neck * 0.55, depth - 12), (neck * 0.9, depth - 46), (neck, 196, 1)]
    )
    shoulder: list[Mark] = (
        [(168, 220), (190, 232, 1), (176, 320), (204, 420), (240, 462, 1)]
        if kind.sleeveless
        else [(160, 208), (212, 232, 1), (206, 330), (238 + wide / 2, 446, 1)]
    )
    outline = mirrored([
        *throat, *shoulder, (236 + wide, 640), (236 + wide, 840), (242 + wide, hem, 1), (120, hem + 12), (0, hem + 16),
    ])  # fmt: skip
    if kind.ribbed:
        _hem_rib(canvas, kind, rib, wide, hem)
    folds = _body_folds(wide, hem)
    body = canvas.part(outline, kind.cloth, folds=folds, cast=0.45, roll=0.75, volume=0.8)
    if kind.ribbed:
        canvas.ink(curve(right([(-240 - wide, hem - 2), (-120, hem + 11), (0, hem + 14), (120, hem + 11),
            (240 + wide, hem - 2)])),
                   amount=-44, wide=4, soft=1.6)  # fmt: skip
    else:
        line = right(
            [(-240 - wide, hem - 26), (-120, hem - 15), (0, hem - 11), (120, hem - 15), (240 + wide, hem - 26)]
        )
        canvas.stitches(line, on=body, spacing=8, wide=1.5)
        canvas.stitches([(x, y + 6) for x, y in line], on=body, spacing=8, wide=1.5)
    if not kind.sleeveless:
        for side in _SIDES:
            canvas.seam(side([(212, 234), (204, 330), (236 + wide / 2, 446)]), deep=20, wide=1.8)
    return body


def _body_folds(wide: float, hem: float) -> list[Fold]:
    right_side = [
        Fold(tuple(right([(232 + wide, 470), (186, 520), (150, 590), (138, 660)])), 22, 17),
        Fold(tuple(right([(236 + wide, 640), (190, 690), (160, 770)])), 18, 10),
        Fold(tuple(right([(120, hem), (96, hem - 120), (88, hem - 260)])), 26, 13),
        Fold(tuple(right([(206, 340), (160, 372), (118, 384)])), 14, 10),
    ]
    left_side = [Fold(tuple(flipped(fold.line)), fold.wide, fold.deep * 0.8) for fold in right_side]
    middle = [Fold(tuple(right([(18, hem), (10, hem - 150), (24, hem - 320)])), 30, 9)]
    return [*right_side, *left_side, *middle]


def _hem_rib(canvas: Canvas, kind: Top, rib: Cloth, wide: float, hem: float) -> None:
    band = mirrored([
        (0, hem - 30, 1), (240 + wide, hem - 44, 1), (238 + wide, hem + 20), (226 + wide, hem + 66, 1),
            (110, hem + 76), (0, hem + 80),
    ])  # fmt: skip
    canvas.part(band, cloths.RIB if kind.cloth is not cloths.MELANGE else rib, tone=-5, volume=0.6)
    if kind.cloth in {cloths.SWEAT, cloths.MELANGE, cloths.JERSEY}:
        for step in range(-21, 22):
            x = step * (11 + wide / 40)
            canvas.ink(right([(x * 1.0, hem + 10), (x * 0.965, hem + 78)]), amount=-17, wide=2.4, soft=0.9)


def _sleeves(canvas: Canvas, kind: Top) -> None:
    marks = _LONG_SLEEVE if kind.long else _SHORT_SLEEVE
    for index, outline in enumerate(both(marks)):
        side = _SIDES[index]
        folds = _long_folds(side) if kind.long else _short_folds(side)
        if kind.long:
            cuff = side([(424, 955), (336, 975), (344, 1064), (352, 1072), (412, 1060), (420, 1050)])
            shape = closed([(*cuff[0], 1), (*cuff[1], 1), cuff[2], (*cuff[3], 1), (*cuff[4], 1), cuff[5]])
            if kind.ribbed:
                canvas.part(shape, cloths.RIB, tone=-6 if index else -12, volume=0.7)
                if kind.cloth in {cloths.SWEAT, cloths.MELANGE}:
                    for step in range(1, 8):
                        x = 338 + step * 11
                        canvas.ink(side([(x, 985), (x + 2, 1062)]), amount=-17, wide=2.4, soft=0.9)
        sleeve = canvas.part(outline, kind.cloth, tone=-3 if index else -9, folds=folds,
            grain_turn=-14 if index == 0 else 14,
                             cast=0.5)  # fmt: skip
        if kind.stripes:
            _stripes_on_sleeve(canvas, sleeve, side, long=kind.long)
        if kind.long and kind.ribbed:
            canvas.ink(curve(side([(426, 962), (384, 976), (334, 981)])), amount=-44, wide=4, soft=1.6)
        elif kind.long:
            canvas.stitches(side([(422, 946), (384, 958), (330, 963)]), on=sleeve, spacing=8, wide=1.5)
        else:
            canvas.stitches(side([(394, 428), (352, 460), (294, 488)]), on=sleeve, spacing=8, wide=1.5)


def _short_folds(side: Side) -> list[Fold]:
    return [
        Fold(tuple(side([(236, 300), (276, 380), (300, 470)])), 20, 16),
        Fold(tuple(side([(238, 420), (276, 440), (320, 452)])), 14, 12),
    ]


def _long_folds(side: Side) -> list[Fold]:
    return [
        Fold(tuple(side([(236, 330), (282, 460), (300, 600)])), 22, 16),
        Fold(tuple(side([(300, 640), (338, 660), (376, 648)])), 18, 19),
        Fold(tuple(side([(306, 720), (342, 734), (386, 716)])), 16, 15),
        Fold(tuple(side([(318, 860), (352, 870), (400, 852)])), 16, 17),
        Fold(tuple(side([(326, 920), (360, 930), (412, 916)])), 14, 16),
        Fold(tuple(side([(280, 520), (316, 560), (330, 630)])), 14, 10),
    ]


def _neck_inside(canvas: Canvas, kind: Top) -> None:
    if kind.neck == "roll":
        return
    depth = {"vee": 440, "open": 655, "hood": 300}.get(kind.neck, 290)
    inside = mirrored([(0, 192), (60, 191), (95, 195, 1), (98, 230), (70, depth - 40), (0, depth)])
    if kind.neck in {"vee", "open"}:
        inside = mirrored([(0, 190), (60, 188), (98, 190, 1), (96, 240), (0, depth, 1)])
    canvas.part(inside, kind.cloth, tone=-46, volume=0.8, roll=0.4)
    canvas.ink(curve(right([(-90, 204), (-50, 216), (0, 220), (50, 216), (90, 204)])), amount=-16, wide=14, soft=2)
    canvas.part(
        rectangle(476, 222, 48, 30, radius=3), cloths.CANVAS, role="label", tone=-8, volume=0, roll=0.6, cast=0.5
    )


def _band(
    canvas: Canvas, line: Sequence[Point], wide: float, cloth: Cloth, *, tone: float = 0.0, role: str = "base"
) -> Part:
    return canvas.part(ribbon(curve(line), wide), cloth, tone=tone, volume=0.3, roll=0.8, cast=0.7, role=role)


def _crew(canvas: Canvas, kind: Top, _body_part: Part, rib: Cloth) -> None:
    wide = 26 if kind.ribbed else 20
    _band(canvas, right([(-90, 200), (-56, 206), (0, 210), (56, 206), (90, 200)]), wide * 0.8, rib, tone=-20)
    front = right([(-97, 199), (-88, 236), (-54, 272), (0, 288), (54, 272), (88, 236), (97, 199)])
    _band(canvas, front, wide, rib)
    if kind.ribbed or kind.cloth is cloths.KNIT:
        line = curve(front)
        for index in range(2, len(line) - 2, 2):
            (x, y), (ax, ay) = line[index], line[index + 1]
            canvas.ink([(x - (ay - y), y + (ax - x)), (x + (ay - y), y - (ax - x))], amount=-15, wide=2.2, soft=0.8)
    outer = right([(-112, 194), (-99, 242), (-60, 284), (0, 301), (60, 284), (99, 242), (112, 194)])
    canvas.stitches(outer, spacing=7, wide=1.4)


def _vee(canvas: Canvas, _kind: Top, _body_part: Part, rib: Cloth) -> None:
    _band(canvas, right([(-90, 199), (-56, 206), (0, 210), (56, 206), (90, 199)]), 20, rib, tone=-20)
    for line in ([(98, 199), (84, 252), (46, 350), (0, 436)], [(-98, 199), (-84, 252), (-46, 350), (0, 436)]):
        _band(canvas, right(line), 25, cloths.RIB, tone=0)
    canvas.ink(right([(0, 424), (0, 450)]), amount=-38, wide=3, soft=1)


def _roll(canvas: Canvas, _kind: Top, _body_part: Part, _rib: Cloth) -> None:
    stand = mirrored([(0, 128), (66, 130), (104, 146), (112, 190), (106, 250), (60, 280), (0, 288)])
    canvas.part(mirrored([(0, 118), (60, 120), (96, 140, 1), (60, 158), (0, 162)]), cloths.RIB, tone=-46, volume=0.4)
    collar = canvas.part(stand, cloths.RIB, volume=1.3, roll=1.2)
    for step in range(-9, 10):
        canvas.ink(right([(step * 11.4, 150), (step * 11, 276)]), amount=-14, wide=3, soft=1.2, on=collar)
    canvas.crease(Fold(tuple(right([(-104, 252), (-50, 274), (0, 280), (50, 274), (104, 252)])), 18, 26), on=collar)


def _henley(canvas: Canvas, kind: Top, body: Part, rib: Cloth) -> None:
    _placket(canvas, kind, 286, 486, 50)
    _crew(canvas, kind, body, rib)
    for y in (326, 386, 446):
        canvas.button(500, y, 11)


def _placket(canvas: Canvas, kind: Top, start: float, end: float, wide: float) -> None:
    strip = rectangle(500 - wide / 2, start, wide, end - start, radius=3)
    part = canvas.part(strip, kind.cloth, volume=0, roll=0.7, cast=0.9)
    canvas.stitches([(500 - wide / 2 + 5, start), (500 - wide / 2 + 5, end - 5)], on=part, spacing=8, wide=1.5)
    canvas.stitches([(500 + wide / 2 - 5, start), (500 + wide / 2 - 5, end - 5)], on=part, spacing=8, wide=1.5)
    canvas.stitches([(500 - wide / 2 + 3, end - 12), (500 + wide / 2 - 3, end - 12)], on=part, spacing=8, wide=1.5)


def _polo(canvas: Canvas, kind: Top, _body_part: Part, _rib: Cloth) -> None:
    _placket(canvas, kind, 262, 470, 52)
    canvas.button(500, 372, 11)
    canvas.button(500, 436, 11)
    _band(canvas, right([(-92, 184), (-56, 192), (0, 196), (56, 192), (92, 184)]), 30, cloths.RIB, tone=-14)
    for leaf in both(
        ((98, 168, 1), (114, 186), (132, 250), (128, 306, 1), (66, 290), (14, 284, 1), (52, 250), (88, 206))
    ):
        part = canvas.part(leaf, cloths.RIB, volume=0.5, roll=1.1, cast=1.3, grain_turn=20)
        canvas.ink(leaf[len(leaf) // 4 : len(leaf) // 2], amount=10, wide=4, soft=1.5, on=part)


def _zip(canvas: Canvas, kind: Top, body: Part, rib: Cloth) -> None:
    del body, rib
    stand = mirrored([(0, 150, 1), (60, 146), (104, 150, 1), (116, 200), (110, 236), (60, 282), (0, 300, 1)])
    canvas.part(mirrored([(0, 140), (60, 138), (102, 150, 1), (60, 176), (0, 182)]), cloths.RIB, tone=-44, volume=0.4)
    collar = canvas.part(stand, cloths.RIB, volume=0.9)
    for step in range(-9, 10):
        canvas.ink(right([(step * 11.4, 152), (step * 11.6, 292)]), amount=-12, wide=3, soft=1.2, on=collar)
    strip = canvas.part(rectangle(488, 152, 24, 340, radius=3), kind.cloth, tone=-24, volume=0, roll=0.8, cast=0.6)
    for y in range(160, 486, 7):
        canvas.patch(rectangle(495, y, 10, 4, radius=1), role="metal", cloth=cloths.METAL, on=strip)
    canvas.part(rectangle(493, 178, 14, 22, radius=4), cloths.METAL, role="metal", volume=0, roll=1.4)
    canvas.part(rectangle(495, 196, 10, 40, radius=4), cloths.LEATHER, role="trim", volume=0, roll=1.2)


def _hood_behind(canvas: Canvas, kind: Top) -> None:
    back = mirrored([(0, 58), (92, 66), (158, 124), (176, 210), (128, 262), (0, 286)])
    canvas.part(back, kind.cloth, tone=-8, volume=1.3,
                folds=[Fold(tuple(right([(-60, 70), (-100, 130), (-96, 220)])), 26, 15),
                       Fold(tuple(right([(70, 74), (112, 130), (112, 220)])), 26, 18)])  # fmt: skip


def _hood(canvas: Canvas, kind: Top, body: Part, rib: Cloth) -> None:
    del rib
    inside = mirrored([(0, 112), (60, 118), (96, 160), (98, 220), (60, 286), (0, 318)])
    canvas.part(inside, cloths.JERSEY, tone=-52, volume=1.2, cast=0)
    canvas.part(
        rectangle(474, 236, 52, 30, radius=3), cloths.CANVAS, role="label", tone=-14, volume=0, roll=0.6, cast=0.5
    )
    for index, flap in enumerate(
        both(
            (
                (6, 96, 1),
                (74, 98),
                (126, 140),
                (152, 214),
                (124, 280),
                (60, 330),
                (-8, 352, 1),
                (40, 300),
                (84, 238),
                (86, 176),
                (54, 130),
            )
        )
    ):
        canvas.part(flap, kind.cloth, volume=1.0, roll=1.2, cast=1.1, tone=2 if index else -3)
    for side, long in ((_SIDES[0], 520), (_SIDES[1], 560)):
        cord = side([(26, 322), (40, 380), (36, 450), (44, long)])
        canvas.part(ribbon(curve(cord), 9), cloths.CANVAS, role="cord", volume=0, roll=1.4, cast=1.3)
        end = side([(44, long - 2), (45, long + 26)])
        canvas.part(ribbon(end, 12), cloths.METAL, role="metal", volume=0, roll=1.3)
        eyelet = side([(25, 318)])[0]
        canvas.button(eyelet[0], eyelet[1], 9, role="metal", holes=0)
    pouch = mirrored([(0, 700, 1), (112, 700, 1), (196, 860, 1), (190, 944, 1), (0, 956)])
    part = canvas.part(pouch, kind.cloth, volume=0.3, roll=0.9, cast=0.9)
    for line in ([(108, 706), (188, 862)], [(-108, 706), (-188, 862)], [(-104, 708), (104, 708)]):
        canvas.stitches(right(line), on=part, spacing=8, wide=1.6)
    canvas.seam(right([(112, 700), (196, 860)]), deep=26, on=body)


def _open(canvas: Canvas, kind: Top, body: Part, rib: Cloth) -> None:
    """A cardigan: the button band runs from the hem up around the neck."""
    del body, rib
    hem = 1038
    canvas.ink(right([(0, 640), (0, hem)]), amount=-50, wide=6, soft=2)
    line = [(0, hem), (0, 640), (52, 430), (90, 262), (100, 198)]
    _band(canvas, right([(-88, 196), (-56, 205), (0, 209), (56, 205), (88, 196)]), 30, cloths.RIB, tone=-16)
    _band(canvas, flipped(right([(x + 6, y) for x, y in line])), 38, cloths.RIB, tone=-4)
    _band(canvas, right([(x - 2, y) for x, y in line]), 38, cloths.RIB, tone=3)
    for y in (672, 756, 840, 924, 1008):
        canvas.button(499, y, 14)
    for side in (-1, 1):
        x = 500 + side * 130 - 62
        pocket = canvas.part(rectangle(x, 800, 124, 140, radius=4), kind.cloth, volume=0.2, roll=0.8, cast=0.8)
        canvas.part(rectangle(x, 800, 124, 26, radius=4), cloths.RIB, volume=0, roll=0.9, cast=0.5)
        canvas.ink([(x, 828), (x + 124, 828)], amount=-22, wide=3, soft=1, on=pocket)


def _chest_pocket(canvas: Canvas, kind: Top) -> None:
    shape = closed([(556, 396, 1), (664, 396, 1), (664, 490, 1), (610, 518, 1), (556, 490, 1)])
    part = canvas.part(shape, kind.cloth, volume=0.2, roll=0.7, cast=0.8)
    canvas.stitches([(560, 414), (660, 414)], on=part, spacing=8, wide=1.5)
    canvas.stitches([(561, 400), (561, 487), (610, 512), (659, 487), (659, 400)], on=part, spacing=8, wide=1.5)


def _stripes_on_body(canvas: Canvas, body: Part) -> None:
    for y in range(322, 1000, 44):
        sag = [(-270, y - 7), (-130, y + 3), (0, y + 7), (130, y + 3), (270, y - 7)]
        canvas.patch(ribbon(curve(right(sag)), 19), role="stripe", cloth=cloths.JERSEY, on=body)


def _stripes_on_sleeve(canvas: Canvas, sleeve: Part, side: Side, *, long: bool) -> None:
    steps = 15 if long else 4
    for step in range(1, steps):
        share = step / steps if long else step / 4.6
        start = (
            (222 + (336 - 222) * share, 330 + (984 - 330) * share) if long else (236 + 70 * share, 400 + 106 * share)
        )
        end = (
            (300 + (424 - 300) * share + 20, 290 + (966 - 290) * share)
            if long
            else (276 + 140 * share, 262 + 200 * share)
        )
        middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2 + 10)
        canvas.patch(ribbon(curve(side([(start[0] - 30, start[1] + 8), middle, (end[0] + 30, end[1] - 12)])), 19),
            role="stripe", cloth=cloths.JERSEY, on=sleeve)  # fmt: skip


def _cables(canvas: Canvas, body: Part) -> None:
    """Two-stranded ropes: lobes that lean one way, each laid over the last."""
    for x in (-138, 0, 138):
        first = 356 if x == 0 else 262
        for edge in (-40, 40):
            canvas.ink(right([(x + edge, first - 30), (x + edge, 950)]), amount=-30, wide=7, soft=2.4, on=body)
        for index in range((938 - first) // 34):
            y = first + index * 34
            canvas.part(ellipse(500 + x, y, 14, 37, turn=46), cloths.CHUNKY, volume=0, roll=0.8, cast=0.7, tone=4)
    for x in (-69, 69):
        for step in range(19):
            y = 330 + step * 32
            canvas.ink(curve(right([(x - 20, y), (x, y + 18), (x + 20, y)])), amount=-13, wide=4, soft=1.6, on=body)


def _mirror_side(points: Sequence[Point]) -> list[Point]:
    return flipped(right(points))


_SIDES: tuple[Side, Side] = (right, _mirror_side)
_NECKS = {
    "crew": _crew, "vee": _vee, "roll": _roll, "henley": _henley, "polo": _polo, "zip": _zip, "hood": _hood,
        "open": _open,
}  # fmt: skip
