"""Shirts, overshirts, jackets and coats: whatever has a placket and a collar."""

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
    flipped,
    mirrored,
    rectangle,
    ribbon,
    right,
)

Side = Callable[[Sequence[Point]], list[Point]]


@dataclass(frozen=True, slots=True)
class Shirt:
    """What sets one shirt or jacket apart from another."""

    cloth: Cloth = cloths.OXFORD
    collar: str = "shirt"  # shirt, band, lapel, stand, bomber, hood
    hem: str = "tail"  # tail, straight, ribbed
    long: float = 0.0  # units longer than a shirt
    wide: float = 0.0
    pockets: str = "chest"  # none, chest, flaps, patch, welt
    front: str = "buttons"  # buttons, snaps, zip, hidden
    buttons: float = 11.0
    checks: bool = False
    quilted: bool = False
    sleeveless: bool = False
    yoke: bool = True
    thread: str | None = None  # role of contrast stitching


def shirt(canvas: Canvas, kind: Shirt) -> None:
    """Draw a shirt or a jacket, front view, closed."""
    if kind.collar == "hood":
        _hood_behind(canvas, kind)
    canvas.part(mirrored([(0, 172), (60, 174), (94, 188, 1), (92, 230), (0, 300, 1)]), kind.cloth, tone=-44, volume=0.6)
    canvas.part(
        rectangle(474, 204, 52, 32, radius=3), cloths.CANVAS, role="label", tone=-8, volume=0, roll=0.6, cast=0.5
    )
    if not kind.sleeveless:
        _sleeves(canvas, kind)
    body = _body(canvas, kind)
    if kind.quilted:
        _quilting(canvas, body, kind)
    if kind.checks:
        _checks(canvas, body)
    _front(canvas, kind, body)
    _POCKETS[kind.pockets](canvas, kind, body)
    _COLLARS[kind.collar](canvas, kind)


def _hem_line(kind: Shirt) -> float:
    return 1006 + kind.long - (52 if kind.hem == "ribbed" else 0)


def _body(canvas: Canvas, kind: Shirt) -> Part:
    w, hem = kind.wide, _hem_line(kind)
    if kind.hem == "tail":
        lower: list[Mark] = [
            (240 + w, 800),
            (240 + w, hem - 92),
            (226 + w, hem - 48),
            (160, hem),
            (84, hem + 26),
            (0, hem + 32),
        ]
    else:
        lower = [(240 + w, 800), (250 + w + kind.long * 0.06, hem, 1), (120, hem + 10), (0, hem + 12)]
    if kind.sleeveless:
        shoulder: list[Mark] = [
            (104, 196, 1),
            (176, 226),
            (204, 240, 1),
            (192, 320),
            (214, 430),
            (244 + w, 478, 1),
        ]
    else:
        shoulder = [(104, 196, 1), (160, 212), (214, 236, 1), (208, 330), (238 + w, 456, 1)]
    if kind.hem == "ribbed":
        band = mirrored(
            [(0, hem - 20, 1), (248 + w, hem - 30, 1), (244 + w, hem + 30), (222 + w, hem + 70, 1), (0, hem + 78)]
        )
        part = canvas.part(band, cloths.RIB, tone=-6, volume=0.6)
        del part
    folds = [
        Fold(tuple(right([(236 + w, 480), (190, 540), (156, 620), (146, 700)])), 22, 17),
        Fold(tuple(right([(238 + w, 660), (196, 720), (170, 800)])), 20, 12),
        Fold(tuple(right([(128, hem), (106, hem - 130), (98, hem - 280)])), 26, 12),
        Fold(tuple(right([(206, 350), (168, 386), (130, 398)])), 14, 11),
        Fold(tuple(right([(60, hem), (48, hem - 110), (54, hem - 220)])), 22, 9),
    ]
    folds += [Fold(tuple(flipped(fold.line)), fold.wide, fold.deep * 0.8) for fold in folds]
    outline = mirrored([(0, 262, 1), (70, 240), *shoulder, (240 + w, 640), *lower])
    body = canvas.part(outline, kind.cloth, folds=folds, cast=0.45, roll=0.75, volume=0.8)
    if kind.yoke and not kind.quilted:
        for line in ([(102, 232), (160, 252), (211, 290)], [(-102, 232), (-160, 252), (-211, 290)]):
            canvas.seam(right(line), deep=20, wide=1.8, on=body)
    if not kind.sleeveless:
        for side in _SIDES:
            canvas.seam(side([(214, 236), (208, 330), (238 + w, 456)]), deep=26, wide=2.0)
            canvas.stitches(
                side([(207, 240), (200, 330), (230 + w, 452)]), on=body, role=kind.thread, spacing=8, wide=1.5
            )
    _hem_stitches(canvas, kind, body, hem)
    return body


def _hem_stitches(canvas: Canvas, kind: Shirt, body: Part, hem: float) -> None:
    w = kind.wide
    if kind.hem == "tail":
        line = [(-230 - w, hem - 110), (-216 - w, hem - 64), (-155, hem - 14), (-80, hem + 12), (0, hem + 18),
            (80, hem + 12),
                (155, hem - 14), (216 + w, hem - 64), (230 + w, hem - 110)]  # fmt: skip
    else:
        line = [(-246 - w, hem - 18), (-120, hem - 8), (0, hem - 6), (120, hem - 8), (246 + w, hem - 18)]
    canvas.stitches(right(line), on=body, role=kind.thread, spacing=8, wide=1.5)


def _sleeves(canvas: Canvas, kind: Shirt) -> None:
    w = kind.wide
    marks = ((120, 216, 1), (214, 232), (268 + w * 0.5, 264), (316 + w * 0.6, 350), (362 + w * 0.7, 560),
        (402 + w * 0.7, 790),
             (432 + w * 0.6, 950, 1), (390, 972), (338, 972, 1), (314, 800), (286, 630), (250, 474),
                 (180, 480, 1))  # fmt: skip
    for index, outline in enumerate(both(marks)):
        side = _SIDES[index]
        folds = [
            Fold(tuple(side([(240, 340), (292, 470), (312, 600)])), 24, 16),
            Fold(tuple(side([(308, 650), (346, 672), (386, 656)])), 18, 20),
            Fold(tuple(side([(312, 730), (350, 746), (396, 724)])), 16, 15),
            Fold(tuple(side([(330, 880), (366, 892), (414, 868)])), 18, 18),
            Fold(tuple(side([(290, 540), (324, 580), (338, 650)])), 14, 10),
        ]
        cuff = side(
            [(433 + w * 0.6, 940), (336, 966), (342, 1044), (349, 1051), (421 + w * 0.5, 1034), (427 + w * 0.5, 1026)]
        )
        shape = closed([(*cuff[0], 1), (*cuff[1], 1), cuff[2], (*cuff[3], 1), (*cuff[4], 1), cuff[5]])
        sleeve = canvas.part(outline, kind.cloth, tone=-2 if index else -8, folds=folds, cast=0.4,
                             grain_turn=-12 if index == 0 else 12, volume=1.0)  # fmt: skip
        if kind.quilted:
            for y in range(300, 960, 62):
                canvas.seam(side([(210 + (y - 300) * 0.18, y + 30), (300 + (y - 300) * 0.2, y)]), deep=24, on=sleeve)
        if kind.checks:
            _checks_on_sleeve(canvas, sleeve, side)
        ribbed = kind.hem == "ribbed"
        part = canvas.part(
            shape, cloths.RIB if ribbed else kind.cloth, tone=0 if index else -6, volume=0.3, roll=0.7, cast=0.6
        )
        if not ribbed:
            canvas.stitches(side([(428 + w * 0.5, 950), (340, 974)]), on=part, role=kind.thread, spacing=8, wide=1.5)
            canvas.stitches(side([(424 + w * 0.5, 1034), (350, 1052)]), on=part, role=kind.thread, spacing=8, wide=1.5)
            spot = side([(356, 1012)])[0]
            if kind.front in {"buttons", "snaps"}:
                canvas.button(*spot, kind.buttons * 0.85)
        if kind.checks:
            _checks_on_sleeve(canvas, part, side)


def _front(canvas: Canvas, kind: Shirt, body: Part) -> None:
    bottom = _hem_line(kind) + (30 if kind.hem == "tail" else 12) + (62 if kind.hem == "ribbed" else 0)
    if kind.front == "zip":
        strip = canvas.part(
            rectangle(487, 236, 26, bottom - 238, radius=2), kind.cloth, tone=-22, volume=0, roll=0.7, cast=0.6
        )
        for step in range(int((bottom - 250) / 7)):
            canvas.patch(rectangle(495.5, 244 + step * 7, 9, 4, radius=1), role="metal", cloth=cloths.METAL, on=strip)
        canvas.part(rectangle(492, 270, 16, 24, radius=4), cloths.METAL, role="metal", volume=0, roll=0.8)
        canvas.part(rectangle(495, 290, 10, 44, radius=4), cloths.LEATHER, role="trim", volume=0, roll=0.8)
        return
    wide = 54 if kind.front != "hidden" else 78
    strip = canvas.part(
        closed([(500 - wide * 0.5, 238, 1), (500 + wide * 0.5, 238, 1), (500 + wide * 0.5, bottom - 2, 1),
            (500 - wide * 0.5, bottom - 2, 1)]),
        kind.cloth, volume=0, roll=0.55, cast=0.8,
    )  # fmt: skip
    if kind.checks:
        _checks(canvas, strip)
    for edge in (-wide / 2 + 6, wide / 2 - 6):
        canvas.stitches([(500 + edge, 250), (500 + edge, bottom - 10)], on=strip, role=kind.thread, spacing=8, wide=1.5)
    if kind.front == "hidden":
        return
    count = 6 if kind.collar != "lapel" else 3
    first, last = (348, bottom - 130) if kind.collar != "lapel" else (600, 860)
    for step in range(count):
        canvas.button(500, first + (last - first) * step / (count - 1), kind.buttons,
            role="metal" if kind.front == "snaps" else "button",
                      holes=0 if kind.front == "snaps" else 4)  # fmt: skip
    del body


def _no_pockets(canvas: Canvas, kind: Shirt, body: Part) -> None:
    del canvas, kind, body


def _pocket(canvas: Canvas, kind: Shirt, x: float, y: float, wide: float, high: float, *, point: float = 22) -> Part:
    shape = closed(
        [
            (x, y, 1),
            (x + wide, y, 1),
            (x + wide, y + high - point, 1),
            (x + wide / 2, y + high, 1),
            (x, y + high - point, 1),
        ]
    )
    part = canvas.part(shape, kind.cloth, volume=0.25, roll=0.6, cast=0.9)
    if kind.checks:
        _checks(canvas, part)
    inset = 6
    canvas.stitches([(x + inset, y + 18), (x + wide - inset, y + 18)], on=part, role=kind.thread, spacing=8, wide=1.5)
    canvas.stitches([(x + inset, y), (x + inset, y + high - point - 3)], on=part, role=kind.thread, spacing=8, wide=1.5)
    canvas.stitches(
        [(x + wide - inset, y), (x + wide - inset, y + high - point - 3)],
        on=part,
        role=kind.thread,
        spacing=8,
        wide=1.5,
    )
    canvas.stitches(
        [(x + inset, y + high - point - 3), (x + wide / 2, y + high - 7)],
        on=part,
        role=kind.thread,
        spacing=8,
        wide=1.5,
    )
    canvas.stitches(
        [(x + wide / 2, y + high - 7), (x + wide - inset, y + high - point - 3)],
        on=part,
        role=kind.thread,
        spacing=8,
        wide=1.5,
    )
    return part


def _flap(canvas: Canvas, kind: Shirt, x: float, y: float, wide: float, high: float) -> None:
    shape = closed(
        [
            (x - 4, y, 1),
            (x + wide + 4, y, 1),
            (x + wide + 4, y + high - 16, 1),
            (x + wide / 2, y + high, 1),
            (x - 4, y + high - 16, 1),
        ]
    )
    part = canvas.part(shape, kind.cloth, volume=0.2, roll=0.7, cast=1.2, tone=2)
    if kind.checks:
        _checks(canvas, part)
    canvas.stitches([(x + 2, y + 6), (x + wide - 2, y + 6)], on=part, role=kind.thread, spacing=8, wide=1.5)
    canvas.stitches(
        [(x + 2, y + high - 20), (x + wide / 2, y + high - 6)], on=part, role=kind.thread, spacing=8, wide=1.5
    )
    canvas.stitches(
        [(x + wide / 2, y + high - 6), (x + wide - 2, y + high - 20)], on=part, role=kind.thread, spacing=8, wide=1.5
    )
    canvas.button(x + wide / 2, y + high - 22, kind.buttons * 0.9, role="metal" if kind.front == "snaps" else "button")


def _chest(canvas: Canvas, kind: Shirt, body: Part) -> None:
    del body
    _pocket(canvas, kind, 568, 410, 116, 138)


def _flaps(canvas: Canvas, kind: Shirt, body: Part) -> None:
    del body
    for x in (564, 316):
        _pocket(canvas, kind, x, 412, 120, 150)
        _flap(canvas, kind, x, 404, 120, 58)


def _patch(canvas: Canvas, kind: Shirt, body: Part) -> None:
    del body
    _pocket(canvas, kind, 570, 410, 108, 124, point=10)
    hem = _hem_line(kind)
    for x in (562, 278):
        _pocket(canvas, kind, x, hem - 268, 160, 190, point=14)


def _welt(canvas: Canvas, kind: Shirt, body: Part) -> None:
    hem = _hem_line(kind)
    y = hem - 250 - kind.long * 0.45
    for side in _SIDES:
        slot = closed([(*point, 1) for point in side([(112, y), (140, y - 8), (188, y + 128), (160, y + 136)])])
        canvas.part(slot, kind.cloth, volume=0.2, roll=0.8, cast=0.9, tone=3)
        canvas.ink(side([(138, y - 4), (186, y + 128)]), amount=-46, wide=4, soft=1.4, on=body)


def _shirt_collar(canvas: Canvas, kind: Shirt) -> None:
    back = right([(-90, 178), (-56, 170), (0, 166), (56, 170), (90, 178)])
    stand = canvas.part(ribbon(curve(back), 40), kind.cloth, tone=-14, volume=0.2, roll=0.8, cast=0.8)
    if kind.checks:
        _checks(canvas, stand)
    leaves = both(((98, 156, 1), (116, 184), (136, 246), (134, 318, 1), (72, 296), (6, 262, 1), (44, 236), (80, 200)))
    for index, leaf in enumerate(leaves):
        part = canvas.part(
            leaf, kind.cloth, volume=0.4, roll=0.9, cast=1.4, tone=4 if index else 0, grain_turn=28 if index else -28
        )
        if kind.checks:
            _checks_on_sleeve(canvas, part, _SIDES[index], from_x=0)
        canvas.stitches(
            _SIDES[index]([(122, 206), (129, 250), (127, 306)]), on=part, role=kind.thread, spacing=7, wide=1.4
        )
        canvas.stitches(
            _SIDES[index]([(125, 305), (74, 287), (16, 258)]), on=part, role=kind.thread, spacing=7, wide=1.4
        )
    canvas.button(500, 272, kind.buttons * 0.8, role="metal" if kind.front == "snaps" else "button")


def _band_collar(canvas: Canvas, kind: Shirt) -> None:
    back = right([(-86, 194), (-52, 184), (0, 180), (52, 184), (86, 194)])
    canvas.part(ribbon(curve(back), 28), kind.cloth, tone=-16, volume=0.2, roll=0.8, cast=0.8)
    front = right([(-102, 188), (-96, 218), (-64, 250), (0, 268), (64, 250), (96, 218), (102, 188)])
    part = canvas.part(ribbon(curve(front), 38), kind.cloth, volume=0.2, roll=0.8, cast=1.0)
    canvas.stitches(right([(-88, 196), (-76, 222), (-40, 244)]), on=part, spacing=7, wide=1.4)
    canvas.button(500, 266, kind.buttons * 0.9)


def _stand(canvas: Canvas, kind: Shirt) -> None:
    canvas.part(mirrored([(0, 140), (64, 140), (102, 152, 1), (60, 180), (0, 186)]), kind.cloth, tone=-44, volume=0.4)
    collar = canvas.part(mirrored([(0, 168, 1), (60, 158), (106, 146, 1), (122, 200), (116, 244), (60, 272),
        (0, 280, 1)]), kind.cloth,
                         volume=0.8, cast=1.0)  # fmt: skip
    if kind.quilted:
        for y in (192, 224):
            canvas.seam(right([(-114, y - 4), (0, y + 22), (114, y - 4)]), deep=24, on=collar)
    canvas.ink([(500, 168), (500, 282)], amount=-46, wide=4, soft=1.2)
    if kind.front == "zip":
        canvas.part(rectangle(492, 172, 16, 26, radius=4), cloths.METAL, role="metal", volume=0, roll=0.8)


def _bomber(canvas: Canvas, kind: Shirt) -> None:
    del kind
    canvas.part(
        mirrored([(0, 158), (62, 152), (106, 148, 1), (92, 214), (40, 262), (0, 268)]), cloths.RIB, tone=-40, volume=0.4
    )
    for leaf in both(
        ((4, 262, 1), (60, 240), (92, 200), (104, 150, 1), (124, 196), (116, 248), (70, 284), (4, 296, 1))
    ):
        canvas.part(leaf, cloths.RIB, volume=0.6, roll=1.0, cast=1.0, role="rib")


def _lapel(canvas: Canvas, kind: Shirt) -> None:
    canvas.part(
        mirrored([(0, 176), (60, 176), (100, 186, 1), (60, 330), (0, 520, 1)]),
        cloths.KNIT,
        role="lining",
        tone=-14,
        volume=0.6,
        cast=0,
    )
    back = right([(-86, 176), (-50, 166), (0, 162), (50, 166), (86, 176)])
    canvas.part(ribbon(curve(back), 48), kind.cloth, tone=-8, volume=0.3, roll=0.9)
    lapels = both(
        ((104, 214, 1), (186, 322, 1), (150, 344, 1), (164, 372), (110, 470), (-4, 560, 1), (30, 470), (70, 330))
    )
    uppers = both(((92, 150, 1), (128, 190), (168, 270), (178, 316, 1), (128, 336, 1), (88, 262), (70, 214)))
    for index in (0, 1):
        canvas.part(lapels[index], kind.cloth, volume=0.4, roll=0.9, cast=1.3, tone=3 if index else 0)
        canvas.part(
            uppers[index],
            kind.cloth,
            volume=0.4,
            roll=0.9,
            cast=1.1,
            tone=6 if index else 2,
            grain_turn=30 if index else -30,
        )


def _hood_behind(canvas: Canvas, kind: Shirt) -> None:
    back = mirrored([(0, 52), (94, 62), (156, 120), (172, 206), (126, 262), (0, 286)])
    canvas.part(
        back, kind.cloth, tone=-6, volume=1.2, folds=[Fold(tuple(right([(70, 70), (112, 130), (112, 220)])), 26, 18)]
    )


def _hood(canvas: Canvas, kind: Shirt) -> None:
    canvas.part(
        mirrored([(0, 108), (60, 114), (96, 158), (98, 220), (60, 276), (0, 300)]),
        cloths.NYLON,
        role="lining",
        tone=-36,
        volume=1.2,
        cast=0,
    )
    flaps = both(
        (
            (4, 92, 1),
            (74, 94),
            (128, 138),
            (152, 212),
            (128, 284),
            (70, 318),
            (4, 326, 1),
            (4, 300, 1),
            (60, 262),
            (84, 220),
            (86, 172),
            (54, 126),
        )
    )
    for index, flap in enumerate(flaps):
        part = canvas.part(flap, kind.cloth, volume=0.9, roll=1.0, cast=1.1, tone=2 if index else -3)
        canvas.stitches(
            _SIDES[index]([(60, 112), (96, 160), (98, 226), (70, 270), (10, 308)]), on=part, spacing=8, wide=1.5
        )


def _quilting(canvas: Canvas, body: Part, kind: Shirt) -> None:
    """Diamonds, each a little puffed."""
    hem = _hem_line(kind)
    for step in range(-9, 18):
        x = 500 - 460 + step * 74
        canvas.ink([(x, 190), (x + (hem - 190) * 0.7, hem + 20)], amount=-22, wide=11, soft=4, on=body)
        canvas.ink([(x, 190), (x + (hem - 190) * 0.7, hem + 20)], amount=-30, wide=2, soft=0.6, on=body)
        canvas.ink([(1000 - x, 190), (1000 - x - (hem - 190) * 0.7, hem + 20)], amount=-22, wide=11, soft=4, on=body)
        canvas.ink([(1000 - x, 190), (1000 - x - (hem - 190) * 0.7, hem + 20)], amount=-30, wide=2, soft=0.6, on=body)


def _checks(canvas: Canvas, part: Part) -> None:
    for x in range(254, 760, 78):
        canvas.patch(ribbon([(x, 180), (x, 1060)], 30), role="check", cloth=cloths.FLANNEL, on=part, strength=0.5)
        canvas.patch(
            ribbon([(x + 39, 180), (x + 39, 1060)], 5), role="check2", cloth=cloths.FLANNEL, on=part, strength=0.7
        )
    for y in range(216, 1060, 78):
        line = curve(right([(-280, y - 4), (0, y + 5), (280, y - 4)]))
        canvas.patch(ribbon(line, 30), role="check", cloth=cloths.FLANNEL, on=part, strength=0.5)
        canvas.patch(
            ribbon([(x, v + 39) for x, v in line], 5), role="check2", cloth=cloths.FLANNEL, on=part, strength=0.7
        )


def _checks_on_sleeve(canvas: Canvas, part: Part, side: Side, *, from_x: float = 196) -> None:
    for step in range(-1, 4):
        shift = step * 62 + from_x - 196
        canvas.patch(
            ribbon(side([(196 + shift, 210), (300 + shift, 980)]), 26),
            role="check",
            cloth=cloths.FLANNEL,
            on=part,
            strength=0.5,
        )
        canvas.patch(
            ribbon(side([(227 + shift, 210), (331 + shift, 980)]), 4),
            role="check2",
            cloth=cloths.FLANNEL,
            on=part,
            strength=0.7,
        )
    for y in range(250, 1010, 78):
        canvas.patch(
            ribbon(side([(150, y + 36), (460, y - 30)]), 28), role="check", cloth=cloths.FLANNEL, on=part, strength=0.5
        )
        canvas.patch(
            ribbon(side([(150, y + 75), (460, y + 9)]), 4), role="check2", cloth=cloths.FLANNEL, on=part, strength=0.7
        )


def _mirror_side(points: Sequence[Point]) -> list[Point]:
    return flipped(right(points))


_SIDES: tuple[Side, Side] = (right, _mirror_side)
_POCKETS = {"none": _no_pockets, "chest": _chest, "flaps": _flaps, "patch": _patch, "welt": _welt}
_COLLARS = {
    "shirt": _shirt_collar,
    "band": _band_collar,
    "lapel": _lapel,
    "stand": _stand,
    "bomber": _bomber,
    "hood": _hood,
}
