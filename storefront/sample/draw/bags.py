"""Bags and small leather."""

from itertools import pairwise

from storefront.sample.draw import cloth as cloths
from storefront.sample.draw.canvas import Canvas, Fold
from storefront.sample.draw.geometry import MIDDLE, closed, curve, ellipse, mirrored, rectangle, ribbon, right


def tote(canvas: Canvas) -> None:
    """Draw a cotton tote bag."""
    for tone, lift in ((-16, 30), (0, 0)):
        handle = curve(
            right(
                [(-120, 520), (-116, 380), (-84, 232 - lift), (0, 186 - lift), (84, 232 - lift), (116, 380), (120, 520)]
            )
        )
        strap = canvas.part(ribbon(handle, 40), cloths.CANVAS, tone=tone, volume=0.2, roll=0.9, role="base")
        for shift in (-13, 13):
            canvas.stitches(
                [(x + (shift if x > MIDDLE else -shift), y + abs(shift) * 0.2) for x, y in handle],
                on=strap,
                spacing=9,
                wide=1.6,
            )
    bag = mirrored([(0, 440, 1), (160, 436), (300, 446, 1), (310, 700), (318, 1060, 1), (160, 1078), (0, 1084)])
    folds = [
        Fold(tuple(right([(-270, 480), (-220, 640), (-236, 820)])), 34, 15), Fold(tuple(right([(200, 500), (230, 680),
            (206, 900)])), 34, 14),
        Fold(tuple(right([(-300, 1040), (-160, 980), (-40, 1000)])), 28, 11), Fold(tuple(right([(310, 1030),
            (180, 960), (60, 990)])), 28, 12),
    ]  # fmt: skip
    body = canvas.part(bag, cloths.CANVAS, folds=folds, volume=1.0)
    canvas.stitches(right([(-300, 484), (0, 476), (300, 484)]), on=body, spacing=9, wide=1.6)
    canvas.ink(right([(-302, 490), (0, 482), (302, 490)]), amount=-16, wide=6, soft=2, on=body)
    for x in (-120, 120):
        end = canvas.part(rectangle(500 + x - 20, 440, 40, 96, radius=3), cloths.CANVAS, volume=0, roll=0.7, cast=0.8)
        canvas.stitches([(500 + x - 14, 452), (500 + x + 14, 526)], on=end, spacing=8, wide=1.6)
        canvas.stitches([(500 + x + 14, 452), (500 + x - 14, 526)], on=end, spacing=8, wide=1.6)
    # The house's sign: a linden leaf.
    leaf = closed(
        [(500, 640, 1), (560, 680), (586, 750), (560, 820), (500, 872, 1), (440, 820), (414, 750), (440, 680)]
    )
    canvas.patch(leaf, role="print", cloth=cloths.CANVAS, on=body, strength=0.92)
    canvas.patch(ribbon([(500, 860), (500, 930)], 7), role="print", cloth=cloths.CANVAS, on=body, strength=0.92)
    canvas.ink([(500, 650), (500, 866)], amount=46, wide=4, soft=0.6, on=body)
    for side in (-1, 1):
        for start, reach in ((740, 56), (800, 58)):
            canvas.ink([(500, start), (500 + side * reach, start - 33)], amount=46, wide=4, soft=0.6, on=body)


def weekender(canvas: Canvas) -> None:
    """Draw a travel bag of waxed canvas with leather trim."""
    for tone, lift in ((-18, 44), (0, 0)):
        handle = curve(
            right(
                [
                    (-150, 640),
                    (-146, 500),
                    (-110, 376 - lift),
                    (0, 336 - lift),
                    (110, 376 - lift),
                    (146, 500),
                    (150, 640),
                ]
            )
        )
        canvas.part(ribbon(handle, 34), cloths.LEATHER, role="trim", tone=tone, volume=0.3, roll=1.1)
    outline = mirrored(
        [(0, 500), (220, 504), (330, 540), (378, 640), (392, 800), (384, 930), (340, 962), (160, 976), (0, 978)]
    )
    folds = [Fold(tuple(right([(-330, 600), (-290, 760), (-310, 900)])), 34, 16), Fold(tuple(right([(300, 580),
        (330, 740), (300, 900)])), 34, 16),
             Fold(tuple(right([(-80, 540), (-60, 700), (-90, 860)])), 34, 9)]  # fmt: skip
    body = canvas.part(outline, cloths.CANVAS, folds=folds, volume=1.6, roll=1.2)
    for side in (1, -1):
        corner = closed(
            [(500 + side * x, y) for x, y in ((392, 800), (386, 930), (340, 966), (240, 976), (250, 900), (320, 850))]
        )
        part = canvas.part(corner, cloths.LEATHER, role="trim", volume=0.8, roll=0.6, cast=0.5)
        canvas.stitches(
            [(500 + side * 256, 966), (500 + side * 260, 904), (500 + side * 324, 858), (500 + side * 386, 808)],
            on=part,
            spacing=9,
            wide=1.8,
        )
        strap = canvas.part(
            rectangle(500 + side * 150 - 22, 610, 44, 362, radius=3),
            cloths.LEATHER,
            role="trim",
            volume=0.2,
            roll=0.9,
            cast=1.0,
        )
        for shift in (-14, 14):
            canvas.stitches(
                [(500 + side * 150 + shift, 616), (500 + side * 150 + shift, 966)], on=strap, spacing=9, wide=1.8
            )
        ring = ellipse(500 + side * 150, 634, 26, 20)
        canvas.part(ring, cloths.METAL, role="metal", volume=0, roll=1.0)
    zipper = canvas.part(
        ribbon(curve(right([(-330, 560), (-180, 522), (0, 516), (180, 522), (330, 560)])), 26),
        cloths.CANVAS,
        tone=-26,
        volume=0,
        roll=0.6,
        cast=0.5,
    )
    line = curve(right([(-320, 558), (-180, 522), (0, 516), (180, 522), (320, 558)]))
    for (x, y), (ax, ay) in pairwise(line):
        canvas.patch(ribbon([(x, y), ((x + ax) / 2, (y + ay) / 2)], 9), role="metal", cloth=cloths.METAL, on=zipper)
    canvas.part(rectangle(700, 540, 12, 52, radius=5), cloths.LEATHER, role="trim", volume=0, roll=0.9)
    canvas.part(rectangle(462, 700, 76, 48, radius=5), cloths.LEATHER, role="trim", volume=0, roll=0.8)
    del body


def backpack(canvas: Canvas) -> None:
    """Draw a roll-top backpack."""
    canvas.part(
        ribbon(curve(right([(-34, 250), (-30, 180), (0, 160), (30, 180), (34, 250)])), 18),
        cloths.CANVAS,
        role="strap",
        volume=0,
        roll=0.9,
    )
    for side in (1, -1):
        canvas.part(ribbon(curve([(500 + side * 200, 420), (500 + side * 290, 560), (500 + side * 300, 760),
            (500 + side * 240, 960)]), 54), cloths.CANVAS, role="strap",
                    tone=-14, volume=0.5)  # fmt: skip
    outline = mirrored(
        [(0, 300, 1), (220, 300, 1), (236, 460), (252, 700), (262, 960), (240, 1066), (160, 1092), (0, 1098)]
    )
    folds = [
        Fold(tuple(right([(-200, 420), (-160, 560), (-190, 700)])), 34, 15),
        Fold(tuple(right([(180, 400), (200, 520), (170, 640)])), 34, 15),
    ]
    canvas.part(outline, cloths.CANVAS, folds=folds, volume=1.4, roll=1.1)
    roll = canvas.part(
        mirrored([(0, 226, 1), (232, 222), (250, 262), (248, 330), (228, 356), (0, 362, 1)]),
        cloths.CANVAS,
        volume=0.9,
        roll=1.6,
        cast=1.4,
    )
    canvas.crease(Fold(tuple(right([(-240, 320), (0, 332), (240, 318)])), 14, 26), on=roll)
    pocket = canvas.part(
        mirrored([(0, 700, 1), (190, 700), (204, 720), (214, 980), (196, 1030), (0, 1040)]),
        cloths.CANVAS,
        volume=0.8,
        roll=1.0,
        cast=1.2,
    )
    canvas.ink(right([(-186, 746), (186, 746)]), amount=-52, wide=7, soft=1.4, on=pocket)
    canvas.part(rectangle(650, 744, 11, 50, radius=5), cloths.LEATHER, role="trim", volume=0, roll=0.9)
    canvas.stitches(right([(-196, 726), (0, 724), (196, 726)]), on=pocket, spacing=9, wide=1.8)
    strap = canvas.part(
        rectangle(480, 212, 40, 420, radius=4), cloths.LEATHER, role="trim", volume=0.2, roll=0.9, cast=1.2
    )
    for shift in (-13, 13):
        canvas.stitches([(500 + shift, 220), (500 + shift, 620)], on=strap, spacing=9, wide=1.8)
    outer, hollow = rectangle(466, 470, 68, 80, radius=10), rectangle(480, 486, 40, 48, radius=5)
    canvas.part(
        [*outer, outer[0], hollow[0], *reversed(hollow)], cloths.METAL, role="metal", volume=0, roll=1.0, cast=1.2
    )
    canvas.part(ribbon([(470, 510), (528, 510)], 9), cloths.METAL, role="metal", volume=0, roll=1.0)


def cardholder(canvas: Canvas) -> None:
    """Draw a slim card holder with two cards in it."""
    for x, y, tone, role in ((292, 424, -2, "card2"), (276, 448, 0, "card")):
        canvas.part(
            rectangle(x, y, 440, 300, radius=20), cloths.RUBBER, role=role, tone=tone, volume=0, roll=0.7, cast=0.9
        )
    back = canvas.part(rectangle(240, 500, 520, 360, radius=26), cloths.LEATHER, volume=0.7, roll=1.0, cast=1.2)
    canvas.stitches([(254, 514), (254, 846)], on=back, spacing=9, wide=2)
    for index, y in enumerate((560, 634)):
        slot = closed([(246, y, 1), (430, y), (560, y), (754, y, 1), (754, 836), (730, 858), (270, 858), (246, 836)])
        part = canvas.part(slot, cloths.LEATHER, tone=2 + index, volume=0.3, roll=0.7, cast=1.1)
        canvas.stitches([(258, y + 12), (742, y + 12)], on=part, spacing=9, wide=2)
    for line in ([(256, 516), (256, 846)], [(744, 516), (744, 846)], [(262, 848), (738, 848)]):
        canvas.stitches(line, spacing=9, wide=2)
    leaf = closed(
        [(500, 728, 1), (520, 742), (529, 766), (520, 790), (500, 808, 1), (480, 790), (471, 766), (480, 742)]
    )
    canvas.glow(leaf, -38, soft=0.8)
    canvas.ink([(500, 732), (500, 826)], amount=24, wide=2, soft=0.5)
