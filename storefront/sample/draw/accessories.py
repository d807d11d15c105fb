"""Belts, hats, scarves, gloves, socks, bags and small leather."""

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
    canvas.part([*outer, outer[0], hollow[0], *reversed(hollow)], cloths.METAL, role="metal", volume=0, roll=1.0, cast=1.3)
    canvas.part(ribbon([(408, 882), (508, 882)], 13), cloths.METAL, role="metal", tone=6, volume=0, roll=1.0, cast=1.1)


def _lowered(edge: Sequence[Point], high: float) -> list[Point]:
    return [(x, y + high) for x, y in reversed(edge)]


def beanie(canvas: Canvas) -> None:
    """Draw a ribbed beanie with a turned-up cuff."""
    dome = mirrored([(0, 300), (120, 318), (226, 400), (282, 540), (294, 700, 1), (0, 730)])
    part = canvas.part(dome, cloths.KNIT, volume=1.5)
    for step in range(-9, 10):
        x = step * 32
        canvas.ink(curve(right([(x * 0.14, 306), (x * 0.72, 430), (x * 0.96, 570), (x, 720)])), amount=-32, wide=11, soft=4, on=part)
        canvas.ink(curve(right([(x * 0.14 - 6, 306), (x * 0.72 - 12, 430), (x * 0.96 - 14, 570), (x - 14, 720)])), amount=13, wide=9, soft=3, on=part)
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
            canvas.part(ribbon(curve([(x, y - 8), (x + sway, y + 40), (x + sway * 0.4, y + 84)]), 7), cloths.WOOL, tone=tone - 4, volume=0, roll=0.7, cast=0.5)
        folds = [Fold(((left + 70, 300), (left + 84, 560), (left + 74, 880)), 34, 14), Fold(((left + 160, 260), (left + 148, 500), (left + 158, 760)), 30, 11)]
        part = canvas.part(outline, cloths.WOOL, tone=tone, folds=folds, cast=1.2)
        if checks:
            for index in range(5):
                x = left + 20 + index * 54
                canvas.patch(ribbon([(x, 230), (x + 4, 1010)], 22), role="check", cloth=cloths.WOOL, on=part, strength=0.5)
                canvas.patch(ribbon([(x + 26, 230), (x + 30, 1010)], 4), role="check2", cloth=cloths.WOOL, on=part, strength=0.8)
            for line_y in range(270, 1000, 74):
                canvas.patch(ribbon([(left - 40, line_y), (end + 40, line_y - 6)], 24), role="check", cloth=cloths.WOOL, on=part, strength=0.5)
                canvas.patch(ribbon([(left - 40, line_y + 38), (end + 40, line_y + 32)], 4), role="check2", cloth=cloths.WOOL, on=part, strength=0.8)
    fold = canvas.part(closed([(296, 240, 1), (420, 206), (560, 200), (706, 236, 1), (700, 300), (560, 286), (420, 296), (298, 330)]), cloths.WOOL, volume=1.2, cast=1.2)
    if checks:
        for index in range(8):
            canvas.patch(ribbon([(316 + index * 54, 190), (320 + index * 54, 340)], 22), role="check", cloth=cloths.WOOL, on=fold, strength=0.5)
        canvas.patch(ribbon(curve([(290, 286), (420, 250), (560, 246), (710, 270)]), 24), role="check", cloth=cloths.WOOL, on=fold, strength=0.5)
    canvas.part(rectangle(500, 876, 34, 44, radius=3), cloths.CANVAS, role="label", volume=0, roll=0.6, cast=0.6)


def socks(canvas: Canvas, cloth: Cloth, *, stripes: bool = False) -> None:
    """Draw a pair of socks, one upon the other."""
    for dx, dy, tone, role in ((108, -44, -9, "second"), (0, 0, 0, "base")):

        def at(points: Sequence[Point], dx: float = dx, dy: float = dy) -> list[Point]:
            return [(x + dx - 50, y + dy + 20) for x, y in points]

        leg = at([(430, 240), (620, 240), (616, 460), (628, 640), (650, 740), (640, 840), (580, 886), (480, 910), (360, 974), (260, 1000), (196, 960),
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
        cuff = canvas.part(closed([(*point, 1) for point in at([(426, 226), (624, 226), (620, 326), (428, 326)])]), cloths.RIB, role="accent" if stripes else role,
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

        fingers = (((258, 600), (236, 440), (226, 330)), ((300, 590), (296, 400), (296, 280)), ((344, 600), (356, 430), (362, 320)), ((384, 620), (408, 500), (420, 410)))
        canvas.part(ribbon(curve(at([(226, 780), (176, 680), (150, 590), (146, 540)])), 76), cloths.KNIT, tone=tone - 3, volume=0.9)
        canvas.part(ellipse(*at([(146, 540)])[0], 37, 38), cloths.KNIT, tone=tone - 3, volume=0.4, roll=0.5, cast=0)
        for finger in fingers:
            line = curve(at(finger))
            tip = closed([*ribbon(line, 66)[: len(line)], *_cap(line[-1], line[-2], 33), *ribbon(line, 66)[len(line) :]])
            canvas.part(tip, cloths.KNIT, tone=tone, volume=0.9, cast=0.8)
        palm = closed(at([(222, 580), (300, 560), (380, 580), (418, 620), (412, 740), (392, 850), (300, 866), (226, 850), (206, 740)]))
        canvas.part(palm, cloths.KNIT, tone=tone, volume=1.2, roll=0.5, cast=0)
        cuff = canvas.part(closed([(*point, 1) for point in at([(216, 840), (402, 840), (396, 1010), (222, 1010)])]), cloths.RIB, tone=tone - 3, volume=1.0, cast=0.6)
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


def tote(canvas: Canvas) -> None:
    """Draw a cotton tote bag."""
    for tone, lift in ((-16, 30), (0, 0)):
        handle = curve(right([(-120, 520), (-116, 380), (-84, 232 - lift), (0, 186 - lift), (84, 232 - lift), (116, 380), (120, 520)]))
        strap = canvas.part(ribbon(handle, 40), cloths.CANVAS, tone=tone, volume=0.2, roll=0.9, role="base")
        for shift in (-13, 13):
            canvas.stitches([(x + (shift if x > 500 else -shift), y + abs(shift) * 0.2) for x, y in handle], on=strap, spacing=9, wide=1.6)
    bag = mirrored([(0, 440, 1), (160, 436), (300, 446, 1), (310, 700), (318, 1060, 1), (160, 1078), (0, 1084)])
    folds = [
        Fold(tuple(right([(-270, 480), (-220, 640), (-236, 820)])), 34, 15), Fold(tuple(right([(200, 500), (230, 680), (206, 900)])), 34, 14),
        Fold(tuple(right([(-300, 1040), (-160, 980), (-40, 1000)])), 28, 11), Fold(tuple(right([(310, 1030), (180, 960), (60, 990)])), 28, 12),
    ]  # fmt: skip
    body = canvas.part(bag, cloths.CANVAS, folds=folds, volume=1.0)
    canvas.stitches(right([(-300, 484), (0, 476), (300, 484)]), on=body, spacing=9, wide=1.6)
    canvas.ink(right([(-302, 490), (0, 482), (302, 490)]), amount=-16, wide=6, soft=2, on=body)
    for x in (-120, 120):
        end = canvas.part(rectangle(500 + x - 20, 440, 40, 96, radius=3), cloths.CANVAS, volume=0, roll=0.7, cast=0.8)
        canvas.stitches([(500 + x - 14, 452), (500 + x + 14, 526)], on=end, spacing=8, wide=1.6)
        canvas.stitches([(500 + x + 14, 452), (500 + x - 14, 526)], on=end, spacing=8, wide=1.6)
    # The house's sign: a linden leaf.
    leaf = closed([(500, 640, 1), (560, 680), (586, 750), (560, 820), (500, 872, 1), (440, 820), (414, 750), (440, 680)])
    canvas.patch(leaf, role="print", cloth=cloths.CANVAS, on=body, strength=0.92)
    for line in ([(500, 650), (500, 930)], [(500, 740), (556, 706)], [(500, 740), (444, 706)], [(500, 800), (558, 768)], [(500, 800), (442, 768)]):
        if line[0] == (500, 650):
            canvas.patch(ribbon([(500, 860), (500, 930)], 7), role="print", cloth=cloths.CANVAS, on=body, strength=0.92)
        canvas.ink(line if line[1][1] < 900 else [(500, 650), (500, 866)], amount=46, wide=4, soft=0.6, on=body)  # noqa: PLR2004


def weekender(canvas: Canvas) -> None:
    """Draw a travel bag of waxed canvas with leather trim."""
    for tone, lift in ((-18, 44), (0, 0)):
        handle = curve(right([(-150, 640), (-146, 500), (-110, 376 - lift), (0, 336 - lift), (110, 376 - lift), (146, 500), (150, 640)]))
        canvas.part(ribbon(handle, 34), cloths.LEATHER, role="trim", tone=tone, volume=0.3, roll=1.1)
    outline = mirrored([(0, 500), (220, 504), (330, 540), (378, 640), (392, 800), (384, 930), (340, 962), (160, 976), (0, 978)])
    folds = [Fold(tuple(right([(-330, 600), (-290, 760), (-310, 900)])), 34, 16), Fold(tuple(right([(300, 580), (330, 740), (300, 900)])), 34, 16),
             Fold(tuple(right([(-80, 540), (-60, 700), (-90, 860)])), 34, 9)]  # fmt: skip
    body = canvas.part(outline, cloths.CANVAS, folds=folds, volume=1.6, roll=1.2)
    for side in (1, -1):
        corner = closed([(500 + side * x, y) for x, y in ((392, 800), (386, 930), (340, 966), (240, 976), (250, 900), (320, 850))])
        part = canvas.part(corner, cloths.LEATHER, role="trim", volume=0.8, roll=0.6, cast=0.5)
        canvas.stitches([(500 + side * 256, 966), (500 + side * 260, 904), (500 + side * 324, 858), (500 + side * 386, 808)], on=part, spacing=9, wide=1.8)
        strap = canvas.part(rectangle(500 + side * 150 - 22, 610, 44, 362, radius=3), cloths.LEATHER, role="trim", volume=0.2, roll=0.9, cast=1.0)
        for shift in (-14, 14):
            canvas.stitches([(500 + side * 150 + shift, 616), (500 + side * 150 + shift, 966)], on=strap, spacing=9, wide=1.8)
        ring = ellipse(500 + side * 150, 634, 26, 20)
        canvas.part(ring, cloths.METAL, role="metal", volume=0, roll=1.0)
    zipper = canvas.part(ribbon(curve(right([(-330, 560), (-180, 522), (0, 516), (180, 522), (330, 560)])), 26), cloths.CANVAS, tone=-26, volume=0, roll=0.6, cast=0.5)
    line = curve(right([(-320, 558), (-180, 522), (0, 516), (180, 522), (320, 558)]))
    for (x, y), (ax, ay) in zip(line[::1], line[1:], strict=False):
        canvas.patch(ribbon([(x, y), ((x + ax) / 2, (y + ay) / 2)], 9), role="metal", cloth=cloths.METAL, on=zipper)
    canvas.part(rectangle(700, 540, 12, 52, radius=5), cloths.LEATHER, role="trim", volume=0, roll=0.9)
    canvas.part(rectangle(462, 700, 76, 48, radius=5), cloths.LEATHER, role="trim", volume=0, roll=0.8)
    del body


def backpack(canvas: Canvas) -> None:
    """Draw a roll-top backpack."""
    canvas.part(ribbon(curve(right([(-34, 250), (-30, 180), (0, 160), (30, 180), (34, 250)])), 18), cloths.CANVAS, role="strap", volume=0, roll=0.9)
    for side in (1, -1):
        canvas.part(ribbon(curve([(500 + side * 200, 420), (500 + side * 290, 560), (500 + side * 300, 760), (500 + side * 240, 960)]), 54), cloths.CANVAS, role="strap",
                    tone=-14, volume=0.5)  # fmt: skip
    outline = mirrored([(0, 300, 1), (220, 300, 1), (236, 460), (252, 700), (262, 960), (240, 1066), (160, 1092), (0, 1098)])
    folds = [Fold(tuple(right([(-200, 420), (-160, 560), (-190, 700)])), 34, 15), Fold(tuple(right([(180, 400), (200, 520), (170, 640)])), 34, 15)]
    canvas.part(outline, cloths.CANVAS, folds=folds, volume=1.4, roll=1.1)
    roll = canvas.part(mirrored([(0, 226, 1), (232, 222), (250, 262), (248, 330), (228, 356), (0, 362, 1)]), cloths.CANVAS, volume=0.9, roll=1.6, cast=1.4)
    canvas.crease(Fold(tuple(right([(-240, 320), (0, 332), (240, 318)])), 14, 26), on=roll)
    pocket = canvas.part(mirrored([(0, 700, 1), (190, 700), (204, 720), (214, 980), (196, 1030), (0, 1040)]), cloths.CANVAS, volume=0.8, roll=1.0, cast=1.2)
    canvas.ink(right([(-186, 746), (186, 746)]), amount=-52, wide=7, soft=1.4, on=pocket)
    canvas.part(rectangle(650, 744, 11, 50, radius=5), cloths.LEATHER, role="trim", volume=0, roll=0.9)
    canvas.stitches(right([(-196, 726), (0, 724), (196, 726)]), on=pocket, spacing=9, wide=1.8)
    strap = canvas.part(rectangle(480, 212, 40, 420, radius=4), cloths.LEATHER, role="trim", volume=0.2, roll=0.9, cast=1.2)
    for shift in (-13, 13):
        canvas.stitches([(500 + shift, 220), (500 + shift, 620)], on=strap, spacing=9, wide=1.8)
    outer, hollow = rectangle(466, 470, 68, 80, radius=10), rectangle(480, 486, 40, 48, radius=5)
    canvas.part([*outer, outer[0], hollow[0], *reversed(hollow)], cloths.METAL, role="metal", volume=0, roll=1.0, cast=1.2)
    canvas.part(ribbon([(470, 510), (528, 510)], 9), cloths.METAL, role="metal", volume=0, roll=1.0)


def cardholder(canvas: Canvas) -> None:
    """Draw a slim card holder with two cards in it."""
    for x, y, tone, role in ((292, 424, -2, "card2"), (276, 448, 0, "card")):
        canvas.part(rectangle(x, y, 440, 300, radius=20), cloths.RUBBER, role=role, tone=tone, volume=0, roll=0.7, cast=0.9)
    back = canvas.part(rectangle(240, 500, 520, 360, radius=26), cloths.LEATHER, volume=0.7, roll=1.0, cast=1.2)
    canvas.stitches([(254, 514), (254, 846)], on=back, spacing=9, wide=2)
    for index, y in enumerate((560, 634)):
        slot = closed([(246, y, 1), (430, y), (560, y), (754, y, 1), (754, 836), (730, 858), (270, 858), (246, 836)])
        part = canvas.part(slot, cloths.LEATHER, tone=2 + index, volume=0.3, roll=0.7, cast=1.1)
        canvas.stitches([(258, y + 12), (742, y + 12)], on=part, spacing=9, wide=2)
    for line in ([(256, 516), (256, 846)], [(744, 516), (744, 846)], [(262, 848), (738, 848)]):
        canvas.stitches(line, spacing=9, wide=2)
    leaf = closed([(500, 728, 1), (520, 742), (529, 766), (520, 790), (500, 808, 1), (480, 790), (471, 766), (480, 742)])
    canvas.glow(leaf, -38, soft=0.8)
    canvas.ink([(500, 732), (500, 826)], amount=24, wide=2, soft=0.5)

