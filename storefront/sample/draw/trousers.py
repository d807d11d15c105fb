"""Trousers, jeans, joggers, shorts and underwear."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from storefront.sample.draw import cloth as cloths
from storefront.sample.draw.canvas import Canvas, Fold, Part
from storefront.sample.draw.cloth import Cloth
from storefront.sample.draw.geometry import Mark, Point, closed, curve, flipped, mirrored, rectangle, ribbon, right

Side = Callable[[Sequence[Point]], list[Point]]


@dataclass(frozen=True, slots=True)
class Trousers:
    """What sets one pair apart from another."""

    cloth: Cloth = cloths.TWILL
    kind: str = "chino"  # chino, jeans, jogger, pleated, shorts
    hem: float = 92.0  # half width of a leg at the hem
    thread: str | None = None
    button: str = "button"


def trousers(canvas: Canvas, kind: Trousers) -> None:
    """Draw a pair of trousers, front view."""
    short = kind.kind == "shorts"
    bottom = 700 if short else 1136
    canvas.part(
        mirrored([(0, 96), (150, 92), (168, 110, 1), (80, 140), (0, 146)]), kind.cloth, tone=-46, volume=0.4, roll=0.5
    )
    canvas.part(
        rectangle(472, 106, 56, 26, radius=3), cloths.CANVAS, role="label", tone=-6, volume=0, roll=0.6, cast=0.4
    )
    legs = [_leg(canvas, kind, index, bottom) for index in (1, 0)]
    _seams(canvas, kind, legs)
    if kind.kind == "jogger":
        _drawstring_waist(canvas, kind)
    else:
        _waistband(canvas, kind)


def _leg(canvas: Canvas, kind: Trousers, index: int, bottom: float) -> Part:
    side = _SIDES[index]
    short = kind.kind == "shorts"
    spread = 44 if short else 54
    hem = 150.0 if short else kind.hem
    middle = spread + hem * 0.94
    knee = (236 if not short else 252, 690)
    inner_knee = (48, 740)
    marks: list[Mark] = [(0, 150, 1), (166, 128, 1), (196, 230), (222, 380), (230, 470)]
    if short:
        marks += [(248, 600), (258, bottom - 10, 1), (middle, bottom + 8), (18, bottom + 12, 1), (6, 560), (0, 500, 1)]
    else:
        end = middle + hem
        marks += [
            (knee[0] - 4 - (92 - hem) * 0.5, knee[1]), (end + 6, 940), (end, bottom - 6, 1), (middle, bottom + 6),
                (middle - hem + 6, bottom + 8, 1),
            (inner_knee[0] + (92 - hem) * 0.5, inner_knee[1] + 120), (30, 660), (8, 540), (0, 506, 1),
        ]  # fmt: skip
    outline = closed([(*side([(mark[0], mark[1])])[0], *mark[2:]) for mark in marks])
    folds = [
        Fold(tuple(side([(8, 500), (70, 520), (130, 506)])), 22, 18),
        Fold(tuple(side([(6, 470), (60, 460), (120, 420)])), 20, 14),
        Fold(tuple(side([(14, 560), (60, 590), (110, 596)])), 18, 13),
    ]
    if not short:
        folds += [
            Fold(tuple(side([(48, 760), (110, 784), (180, 762)])), 18, 13),
            Fold(tuple(side([(70, 830), (130, 842), (206, 812)])), 16, 10),
            Fold(tuple(side([(226, 640), (190, 700), (176, 770)])), 18, 11),
            Fold(tuple(side([(90, bottom - 60), (140, bottom - 48), (220, bottom - 66)])), 18, 13),
        ]
    part = canvas.part(outline, kind.cloth, folds=folds, tone=-2 if index else -6, cast=0.8, volume=1.0, roll=0.8)
    if kind.kind == "jeans":
        canvas.glow(
            side([(120, 330), (160, 420), (166, 620), (150, 800), (120, 700), (100, 460)]), 26, soft=34, on=part
        )
        for y in (420, 446, 474):
            canvas.ink(curve(side([(40, y + 22), (90, y), (150, y - 26)])), amount=13, wide=10, soft=4, on=part)
    if kind.kind == "pleated":
        canvas.ink(
            curve(side([(86, 170), (116, 420), (132, 760), (142, bottom)])), amount=26, wide=5, soft=2.0, on=part
        )
        canvas.ink(
            curve(side([(91, 170), (121, 420), (137, 760), (147, bottom)])), amount=-30, wide=6, soft=2.4, on=part
        )
        canvas.crease(Fold(tuple(side([(58, 160), (64, 220), (84, 300)])), 18, 28), on=part)
    if kind.kind == "chino":
        canvas.ink(curve(side([(110, 320), (128, 560), (140, 800), (146, bottom)])), amount=-9, wide=8, soft=4, on=part)
    if kind.kind == "jogger":
        _cuff(canvas, kind, side, middle, hem, bottom, index)
    else:
        line = side([(middle + hem + 30, bottom - 30), (middle, bottom - 20), (middle - hem - 4, bottom - 18)])
        if short:
            line = side([(254, bottom - 40), (middle, bottom - 24), (18, bottom - 20)])
        canvas.stitches(line, on=part, role=kind.thread, spacing=8, wide=1.6)
        canvas.ink(curve(line), amount=-10, wide=5, soft=1.5, on=part)
    return part


def _cuff(canvas: Canvas, kind: Trousers, side: Side, middle: float, hem: float, bottom: float, index: int) -> None:
    band = side(
        [
            (middle + hem + 2, bottom - 24),
            (middle - hem + 2, bottom - 8),
            (middle - hem * 0.72, bottom + 60),
            (middle + hem * 0.76, bottom + 50),
        ]
    )
    canvas.part(closed([(*point, 1) for point in band]), cloths.RIB, tone=-2 if index else -8, volume=0.7, roll=0.8)
    for step in range(1, 12):
        share = step / 12
        top = (middle - hem + 2 * hem * share, bottom - 8 - 14 * share)
        low = (middle + hem * (-0.72 + 1.48 * share), bottom + 60 - 10 * share)
        canvas.ink(side([top, low]), amount=-16, wide=3, soft=1)
    del kind


def _seams(canvas: Canvas, kind: Trousers, legs: list[Part]) -> None:
    canvas.ink(curve(right([(0, 150), (2, 330), (0, 506)])), amount=-44, wide=3, soft=1.0)
    canvas.ink(curve(right([(-3, 160), (-1, 330), (-3, 500)])), amount=16, wide=3, soft=1.2)
    left_leg, right_leg = legs
    if kind.kind != "jogger":
        fly = right([(34, 172), (36, 320), (24, 376), (2, 402)])
        canvas.stitches(fly, on=right_leg, role=kind.thread, spacing=8, wide=1.6)
        if kind.kind == "jeans":
            canvas.stitches([(x - 7, y - 3) for x, y in fly], on=right_leg, role=kind.thread, spacing=8, wide=1.6)
    for index, leg in ((0, right_leg), (1, left_leg)):
        side = _SIDES[index]
        line = (
            [(104, 164), (116, 220), (160, 256), (206, 258)]
            if kind.kind == "jeans"
            else [(120, 162), (150, 230), (200, 316)]
        )
        canvas.ink(curve(side(line)), amount=-58, wide=4, soft=1.3, on=leg)
        canvas.ink(curve([(x, y + 5) for x, y in side(line)]), amount=12, wide=4, soft=1.5, on=leg)
        canvas.stitches(
            [(x - (4 if index == 0 else -4), y + 8) for x, y in side(line)],
            on=leg,
            role=kind.thread,
            spacing=8,
            wide=1.6,
        )
        if kind.kind == "jeans":
            canvas.stitches(
                [(x - (9 if index == 0 else -9), y + 15) for x, y in side(line)],
                on=leg,
                role=kind.thread,
                spacing=8,
                wide=1.6,
            )
            spot = side([(112, 176)])[0]
            canvas.button(*spot, 6, role="rivet", holes=0)
            spot = side([(196, 250)])[0]
            canvas.button(*spot, 6, role="rivet", holes=0)


def _waistband(canvas: Canvas, kind: Trousers) -> None:
    shape = mirrored([(0, 118, 1), (90, 112), (172, 96, 1), (176, 146, 1), (90, 164), (0, 168, 1)])
    band = canvas.part(shape, kind.cloth, volume=0.3, roll=0.8, cast=1.0, grain_turn=90)
    for shift in (7, -7):
        base = 118 if shift > 0 else 168
        canvas.stitches(right([(-172, base - 20 + shift), (-90, base - 5 + shift), (0, base + shift),
            (90, base - 5 + shift), (172, base - 20 + shift)]),
                        on=band, role=kind.thread, spacing=8, wide=1.6)  # fmt: skip
    canvas.ink([(494, 118), (494, 168)], amount=-34, wide=3, soft=1, on=band)
    for x, tilt in ((-122, 10), (-56, 4), (62, 4), (122, 10)):
        top = 106 - tilt * 0.6 + 4
        loop = canvas.part(rectangle(500 + x - 9, top, 18, 70, radius=3), kind.cloth, volume=0, roll=0.8, cast=1.0)
        for edge in (-4, 4):
            canvas.stitches(
                [(500 + x + edge, top + 3), (500 + x + edge, top + 67)], on=loop, role=kind.thread, spacing=7, wide=1.3
            )
    canvas.button(
        516, 143, 14, role="rivet" if kind.kind == "jeans" else kind.button, holes=0 if kind.kind == "jeans" else 4
    )


def _drawstring_waist(canvas: Canvas, kind: Trousers) -> None:
    band = canvas.part(
        mirrored([(0, 112, 1), (90, 108), (172, 96, 1), (178, 158, 1), (90, 176), (0, 180, 1)]),
        kind.cloth,
        volume=0.4,
        roll=0.9,
    )
    for step in range(-16, 17):
        x = step * 10.6
        canvas.ink(
            right([(x, 110 - abs(step) * 0.7), (x * 1.02, 178 - abs(step) * 0.9)]),
            amount=-18 if step % 2 else -10,
            wide=4,
            soft=1.6,
            on=band,
        )
    for side, end in ((right, 330), (_mirror_side, 366)):
        canvas.part(
            ribbon(curve(side([(18, 146), (34, 200), (26, 270), (36, end)])), 9),
            cloths.CANVAS,
            role="cord",
            volume=0,
            roll=0.9,
            cast=1.2,
        )
        spot = side([(18, 144)])[0]
        canvas.button(*spot, 8, role="metal", holes=0)


def boxers(canvas: Canvas) -> None:
    """Draw a pair of boxer briefs, with a second pair behind."""
    for shift, tone in ((46, -10), (0, 0)):
        dx, dy = shift, -shift * 1.1

        def at(points: Sequence[Point], dx: float = dx, dy: float = dy) -> list[Point]:
            return [(x + dx, y + dy) for x, y in points]

        outline = mirrored(
            [(0, 420, 1), (236, 404, 1), (262, 560), (276, 760, 1), (180, 792), (74, 806, 1), (40, 740), (0, 700, 1)]
        )
        folds = [
            Fold(tuple(at(right([(30, 690), (90, 650), (160, 640)]))), 20, 13),
            Fold(tuple(at(right([(-30, 690), (-90, 650), (-160, 640)]))), 20, 11),
        ]
        part = canvas.part(at(outline), cloths.JERSEY, folds=folds, tone=tone, role="base" if not shift else "second")
        for side in (1, -1):
            canvas.seam(at(right([(side * 60, 440), (side * 74, 560), (side * 40, 690), (0, 742)])), deep=22, on=part)
            canvas.stitches(
                at(right([(side * 268, 736), (side * 176, 768), (side * 76, 784)])), on=part, spacing=8, wide=1.5
            )
        canvas.seam(at(right([(0, 450), (0, 700)])), deep=16, on=part)
        band = canvas.part(
            at(mirrored([(0, 396, 1), (238, 378, 1), (242, 430, 1), (0, 450, 1)])),
            cloths.RIB,
            volume=0.3,
            roll=0.8,
            tone=tone,
            role="band",
        )
        canvas.ink(at(right([(-238, 425), (0, 443), (238, 425)])), amount=-24, wide=4, soft=1, on=band)


def _mirror_side(points: Sequence[Point]) -> list[Point]:
    return flipped(right(points))


_SIDES: tuple[Side, Side] = (right, _mirror_side)
