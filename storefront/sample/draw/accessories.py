"""Belts, hats, scarves, gloves and socks."""

from collections.abc import Sequence

from storefront.sample.draw import cloth as cloths
from storefront.sample.draw.canvas import Canvas, Fold
from storefront.sample.draw.cloth import Cloth
from storefront.sample.draw.geometry import Point, along, closed, curve, ellipse, mirrored, rectangle, ribbon, right


def belt(canvas: Canvas, cloth: Cloth, *, woven: bool = False) -> None:
    """Draw a buckled belt, lying as a ring."""
    far = curve([(140, 640), (180, 540), (320, 462), (500, 440), (680, 462), (820, 540), (860, 640)])
    inner = canvas.part([*far, *_lowered(far, 84)], cloth, role="inside", tone=-14, volume=0.3, roll=0.8)
    canvas.stitches([(x, y + 14) for x, y in far[3:-3]], on=inner, spacing=9, wide=1.8)
    front = curve([(140, 682), (180, 786), (320, 862), (500, 884), (680, 862), (820, 786), (860, 682)])
    top = [(x, y - 42) for x, y in front]
    strap = canvas.part([*top, *_lowered(top, 84)], cloth, volume=0.4, roll=0.9, cast=0.7)
    if woven:
        for index in range(2, len(front) - 4, 2):
            (x, y), (ax, ay) = front[index], front[index + 2]
            for shift in (-26, 0, 26):
                canvas.ink([(x, y + shift - 14), (ax, ay + shift + 14)], amount=-40, wide=5, soft=1.6, on=strap)
                canvas.ink([(x, y + shift + 14), (ax, ay + shift - 14)], amount=22, wide=6, soft=2, on=strap)
    else:
        for shift in (-32, 32):
            canvas.stitches([(x, y + shift) for x, y in front[2:-2]], on=strap, spacing=9, wide=1.9)
    for (x, y), _ in along(front, 42, start=468)[:5]:
        if not woven:
            canvas.part(ellipse(x, y, 6, 7), cloths.RUBBER, role="hole", tone=-50, volume=0, roll=0.3, cast=0)
    loop = rectangle(556, 828, 26, 102, radius=6)
    canvas.part(loop, cloths.LEATHER, role="inside" if woven else "base", tone=5, volume=0, roll=1.0, cast=1.2)
    outer, hollow = rectangle(398, 816, 116, 132, radius=22), rectangle(421, 839, 68, 86, radius=10)
    canvas.part(
        [*outer, outer[0], hollow[0], *reversed(hollow)], cloths.METAL, role="metal", volume=0, roll=1.0, cast=1.3
    )
    canvas.part(ribbon([(408, 882), (508, 882)], 13), cloths.METAL, role="metal", tone=6, volume=0, roll=1.0, cast=1.1)


def _lowered(edge: Sequence[Point], high: float) -> list[Point]:
    return [(x, y + high) for x, y in reversed(edge)]


def beanie(canvas: Canvas) -> None:
    """Draw a ribbed beanie with a turned-up cuff."""
    dome = mirrored([(0, 300), (120, 318), (226, 400), (282, 540), (294, 700, 1), (0, 730)])
    part = canvas.part(dome, cloths.KNIT, volume=1.5)
    for step in range(-9, 10):
        x = step * 32
        canvas.ink(
            curve(right([(x * 0.14, 306), (x * 0.72, 430), (x * 0.96, 570), (x, 720)])),
            amount=-32,
            wide=11,
            soft=4,
            on=part,
        )
        canvas.ink(
            curve(right([(x * 0.14 - 6, 306), (x * 0.72 - 12, 430), (x * 0.96 - 14, 570), (x - 14, 720)])),
            amount=13,
            wide=9,
            soft=3,
            on=part,
        )
    cuff = mirrored([(0, 672, 1), (160, 662), (306, 640, 1), (316, 740), (308, 846, 1), (160, 872), (0, 880, 1)])
    band = canvas.part(cuff, cloths.KNIT, volume=1.1, roll=1.2, cast=1.3)
    for step in range(-10, 11):
        x = step * 31
        canvas.ink(right([(x, 652), (x * 1.01, 876)]), amount=-34, wide=11, soft=4, on=band)
        canvas.ink(right([(x - 14, 652), (x * 1.01 - 14, 876)]), amount=14, wide=9, soft=3, on=band)
    tag = canvas.part(rectangle(600, 748, 66, 42, radius=4), cloths.LEATHER, role="label", volume=0, roll=0.8, cast=0.8)
    canvas.stitches([(606, 754), (660, 754), (660, 754)], on=tag, spacing=7, wide=1.3)


def scarf(canvas: Canvas, *, checks: bool = False) -> None:
    """Draw a scarf, folded and laid over itself."""
    back = closed([(474, 250, 1), (700, 236, 1), (716, 640), (726, 1000, 1), (506, 1012, 1), (492, 640)])
    front = closed([(300, 236, 1), (560, 232, 1), (548, 600), (540, 930, 1), (296, 944, 1), (296, 600)])
    for outline, base, tone in ((back, (506, 726, 1006), -8), (front, (296, 540, 938), 0)):
        left, end, y = base
        for step in range(int((end - left) / 13)):
            x = left + 6 + step * 13
            sway = 5 if step % 3 else -4
            canvas.part(
                ribbon(curve([(x, y - 8), (x + sway, y + 40), (x + sway * 0.4, y + 84)]), 7),
                cloths.WOOL,
                tone=tone - 4,
                volume=0,
                roll=0.7,
                cast=0.5,
            )
        folds = [
            Fold(((left + 70, 300), (left + 84, 560), (left + 74, 880)), 34, 14),
            Fold(((left + 160, 260), (left + 148, 500), (left + 158, 760)), 30, 11),
        ]
        part = canvas.part(outline, cloths.WOOL, tone=tone, folds=folds, cast=1.2)
        if checks:
            for index in range(5):
                x = left + 20 + index * 54
                canvas.patch(
                    ribbon([(x, 230), (x + 4, 1010)], 22), role="check", cloth=cloths.WOOL, on=part, strength=0.5
                )
                canvas.patch(
                    ribbon([(x + 26, 230), (x + 30, 1010)], 4), role="check2", cloth=cloths.WOOL, on=part, strength=0.8
                )
            for line_y in range(270, 1000, 74):
                canvas.patch(
                    ribbon([(left - 40, line_y), (end + 40, line_y - 6)], 24),
                    role="check",
                    cloth=cloths.WOOL,
                    on=part,
                    strength=0.5,
                )
                canvas.patch(
                    ribbon([(left - 40, line_y + 38), (end + 40, line_y + 32)], 4),
                    role="check2",
                    cloth=cloths.WOOL,
                    on=part,
                    strength=0.8,
                )
    fold = canvas.part(
        closed([(296, 240, 1), (420, 206), (560, 200), (706, 236, 1), (700, 300), (560, 286), (420, 296), (298, 330)]),
        cloths.WOOL,
        volume=1.2,
        cast=1.2,
    )
    if checks:
        for index in range(8):
            canvas.patch(
                ribbon([(316 + index * 54, 190), (320 + index * 54, 340)], 22),
                role="check",
                cloth=cloths.WOOL,
                on=fold,
                strength=0.5,
            )
        canvas.patch(
            ribbon(curve([(290, 286), (420, 250), (560, 246), (710, 270)]), 24),
            role="check",
            cloth=cloths.WOOL,
            on=fold,
            strength=0.5,
        )
    canvas.part(rectangle(500, 876, 34, 44, radius=3), cloths.CANVAS, role="label", volume=0, roll=0.6, cast=0.6)


def socks(canvas: Canvas, cloth: Cloth, *, stripes: bool = False) -> None:
    """Draw a pair of socks, one upon the other."""
    for dx, dy, tone, role in ((108, -44, -9, "second"), (0, 0, 0, "base")):

        def at(points: Sequence[Point], dx: float = dx, dy: float = dy) -> list[Point]:
            return [(x + dx - 50, y + dy + 20) for x, y in points]

        leg = at([(430, 240), (620, 240), (616, 460), (628, 640), (650, 740), (640, 840), (580, 886), (480, 910),
            (360, 974), (260, 1000), (196, 960),
                  (190, 890), (250, 840), (360, 770), (420, 690), (432, 560)])  # fmt: skip
        outline = closed([(*leg[0], 1), (*leg[1], 1), *leg[2:]])
        folds = [
            Fold(tuple(at([(430, 700), (500, 740), (560, 730)])), 18, 16),
            Fold(tuple(at([(440, 660), (500, 690), (560, 680)])), 16, 12),
            Fold(tuple(at([(620, 560), (580, 590), (520, 596)])), 16, 10),
        ]
        sock = canvas.part(outline, cloth, role=role, tone=tone, folds=folds, volume=1.2)
        toe = closed(at([(300, 996), (240, 1010), (190, 970), (180, 890), (226, 850), (262, 900)]))
        heel = closed(at([(654, 700), (668, 790), (640, 860), (580, 880), (560, 800), (600, 730)]))
        for shape in (toe, heel):
            canvas.patch(shape, role="accent", cloth=cloth, on=sock)
        canvas.seam(at([(234, 846), (268, 900), (306, 990)]), deep=24, on=sock)
        if stripes:
            for y in (356, 396):
                canvas.patch(ribbon(at([(420, y), (630, y)]), 18), role="accent", cloth=cloth, on=sock)
        cuff = canvas.part(closed([(*point, 1) for point in at([(426, 226), (624, 226), (620, 326), (428, 326)])]),
            cloths.RIB, role="accent" if stripes else role,
                           tone=tone - 3, volume=0.8, roll=0.9, cast=0.6)  # fmt: skip
        for step in range(1, 17):
            x = 428 + step * 11.6
            canvas.ink(at([(x, 228), (x, 324)]), amount=-15, wide=3, soft=1, on=cuff)


def gloves(canvas: Canvas) -> None:
    """Draw a pair of knitted gloves."""
    for sign, tone in ((1, -3), (-1, 0)):

        def at(points: Sequence[Point], sign: int = sign) -> list[Point]:
            tilt = 0.10
            return [(500 + sign * (205 + (x - 300) + (640 - y) * tilt), y) for x, y in points]

        fingers = (
            ((258, 600), (236, 440), (226, 330)),
            ((300, 590), (296, 400), (296, 280)),
            ((344, 600), (356, 430), (362, 320)),
            ((384, 620), (408, 500), (420, 410)),
        )
        canvas.part(
            ribbon(curve(at([(226, 780), (176, 680), (150, 590), (146, 540)])), 76),
            cloths.KNIT,
            tone=tone - 3,
            volume=0.9,
        )
        canvas.part(ellipse(*at([(146, 540)])[0], 37, 38), cloths.KNIT, tone=tone - 3, volume=0.4, roll=0.5, cast=0)
        for finger in fingers:
            line = curve(at(finger))
            tip = closed(
                [*ribbon(line, 66)[: len(line)], *_cap(line[-1], line[-2], 33), *ribbon(line, 66)[len(line) :]]
            )
            canvas.part(tip, cloths.KNIT, tone=tone, volume=0.9, cast=0.8)
        palm = closed(
            at(
                [
                    (222, 580),
                    (300, 560),
                    (380, 580),
                    (418, 620),
                    (412, 740),
                    (392, 850),
                    (300, 866),
                    (226, 850),
                    (206, 740),
                ]
            )
        )
        canvas.part(palm, cloths.KNIT, tone=tone, volume=1.2, roll=0.5, cast=0)
        cuff = canvas.part(
            closed([(*point, 1) for point in at([(216, 840), (402, 840), (396, 1010), (222, 1010)])]),
            cloths.RIB,
            tone=tone - 3,
            volume=1.0,
            cast=0.6,
        )
        for step in range(1, 14):
            x = 218 + step * 13.4
            canvas.ink(at([(x, 842), (x, 1008)]), amount=-26, wide=5, soft=1.8, on=cuff)


def _cap(end: Point, before: Point, radius: float) -> list[Point]:
    dx, dy = end[0] - before[0], end[1] - before[1]
    length = (dx * dx + dy * dy) ** 0.5 or 1.0
    ux, uy = dx / length, dy / length
    return [
        (end[0] + ux * radius * 0.72 - uy * radius * 0.7, end[1] + uy * radius * 0.72 + ux * radius * 0.7),
        (end[0] + ux * radius, end[1] + uy * radius),
        (end[0] + ux * radius * 0.72 + uy * radius * 0.7, end[1] + uy * radius * 0.72 - ux * radius * 0.7),
    ]
