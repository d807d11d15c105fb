"""Shoes, seen from the side, as pairs."""

from collections.abc import Callable, Sequence

from storefront.sample.draw import cloth as cloths
from storefront.sample.draw.canvas import Canvas, Fold, Part
from storefront.sample.draw.cloth import Cloth
from storefront.sample.draw.geometry import Point, closed, curve, ellipse, ribbon

Place = Callable[[Sequence[Point]], list[Point]]


def sneakers(canvas: Canvas, cloth: Cloth) -> None:
    """Draw a pair of low sneakers."""
    for place, tone in _PAIR:
        _sneaker(canvas, cloth, place, tone)


def boots(canvas: Canvas, cloth: Cloth) -> None:
    """Draw a pair of Chelsea boots."""
    for place, tone in _PAIR:
        _boot(canvas, cloth, place, tone)


def _sneaker(canvas: Canvas, cloth: Cloth, place: Place, tone: float) -> None:
    body = _upper(canvas, cloth, place, tone)
    _laces(canvas, cloth, place, tone)
    canvas.stitches(place([(524, 484), (584, 520), (652, 514), (720, 476), (744, 456)]), on=body, spacing=8, wide=1.6)
    _sole(canvas, place, tone)


def _upper(canvas: Canvas, cloth: Cloth, place: Place, tone: float) -> Part:
    # The mouth of the shoe first: its far side and the lining.
    mouth = place([(486, 470), (560, 470), (660, 450), (760, 426), (770, 452), (700, 492), (600, 512), (520, 510)])
    canvas.part(closed(mouth), cloths.CANVAS, role="lining", tone=tone - 34, volume=0.4)
    tongue = place([(376, 540), (430, 462), (470, 400), (512, 396), (530, 430), (508, 520), (440, 572)])
    canvas.part(closed(tongue), cloth, tone=tone - 8, volume=0.6)
    upper = place([
        (150, 724), (152, 676), (186, 632), (250, 602), (330, 580), (388, 546), (450, 488), (496, 452), (520, 470),
        (580, 506), (650, 500), (716, 462), (770, 420), (800, 434), (812, 500), (816, 610), (812, 724),
    ])  # fmt: skip
    shape = closed([*upper[:7], (*upper[7], 1), *upper[8:13], (*upper[13], 1), *upper[14:16], (*upper[16], 1)])
    folds = [
        Fold(tuple(place([(250, 640), (300, 622), (350, 590)])), 14, 15),
        Fold(tuple(place([(280, 660), (340, 640), (392, 600)])), 12, 11),
    ]
    body = canvas.part(shape, cloth, tone=tone, folds=folds, volume=1.1, roll=0.9, cast=0.6)
    canvas.seam(place([(206, 724), (214, 664), (262, 622), (330, 590)]), deep=34, on=body)
    quarter = place([(330, 590), (362, 640), (420, 690), (440, 724)])
    canvas.seam(quarter, deep=34, on=body)
    canvas.stitches([(x + 7, y) for x, y in quarter], on=body, spacing=8, wide=1.6)
    heel = place([(812, 724), (816, 610), (808, 470), (770, 422), (736, 448), (744, 560), (724, 724)])
    canvas.part(closed(heel), cloth, role="heel", tone=tone, volume=0.8, roll=0.6, cast=0.5)
    return body


def _laces(canvas: Canvas, cloth: Cloth, place: Place, tone: float) -> None:
    stay = place([(318, 596), (392, 544), (452, 490), (494, 456), (520, 480), (470, 540), (404, 596), (350, 630)])
    eyestay = canvas.part(closed(stay), cloth, tone=tone + 3, volume=0.3, roll=0.7, cast=0.8)
    canvas.stitches(place([(352, 624), (404, 588), (466, 534), (510, 482)]), on=eyestay, spacing=8, wide=1.6)
    for step in range(5):
        x, y = 352 + step * 34, 594 - step * 29
        lace = ribbon(curve(place([(x + 10, y + 10), (x - 14, y - 18), (x - 34, y - 44)])), 13)
        canvas.part(lace, cloths.CANVAS, role="lace", tone=tone, volume=0, roll=0.9, cast=1.0)
        canvas.button(*place([(x + 8, y + 10)])[0], 6, role="eyelet", holes=0)
    for loop in (
        [(452, 446), (420, 416), (396, 424), (410, 452), (452, 448)],
        [(452, 446), (470, 404), (502, 392), (508, 420), (456, 448)],
    ):
        bow = ribbon(curve(place(loop)), 10)
        canvas.part(bow, cloths.CANVAS, role="lace", tone=tone + 4, volume=0, roll=0.9, cast=1.2)


def _sole(canvas: Canvas, place: Place, tone: float) -> None:
    sole = place([
        (146, 716), (480, 724), (822, 712), (836, 742), (826, 786), (790, 796), (480, 798), (190, 798), (150, 788),
        (138, 752),
    ])  # fmt: skip
    shape = closed([(*sole[0], 1), sole[1], (*sole[2], 1), *sole[3:]])
    part = canvas.part(shape, cloths.RUBBER, role="sole", tone=tone + 2, volume=0.5, roll=0.9, cast=0.5)
    canvas.ink(curve(place([(142, 742), (480, 748), (830, 738)])), amount=-26, wide=3, soft=0.8, on=part)
    canvas.stitches(place([(146, 730), (480, 737), (828, 726)]), on=part, spacing=9, wide=1.8)


def _boot(canvas: Canvas, cloth: Cloth, place: Place, tone: float) -> None:
    canvas.part(ellipse(*place([(592, 292)])[0], 116, 22), cloths.SUEDE, role="lining", tone=tone - 46, volume=0.3)
    upper = place([(142, 738), (146, 690), (180, 646), (250, 616), (340, 596), (420, 556), (464, 490), (478, 400),
        (480, 286), (540, 304), (640, 304), (706, 286),
                   (710, 400), (716, 520), (742, 620), (748, 738)])  # fmt: skip
    shape = closed(
        [(*upper[0], 1), *upper[1:8], (*upper[8], 1), *upper[9:11], (*upper[11], 1), *upper[12:15], (*upper[15], 1)]
    )
    folds = [
        Fold(tuple(place([(330, 624), (380, 640), (440, 610)])), 16, 14),
        Fold(tuple(place([(440, 540), (480, 560), (540, 552)])), 16, 12),
        Fold(tuple(place([(700, 560), (660, 590), (600, 596)])), 18, 14),
        Fold(tuple(place([(250, 650), (300, 636), (340, 610)])), 14, 10),
    ]
    body = canvas.part(shape, cloth, tone=tone, folds=folds, volume=1.3, roll=0.9, cast=0.6)
    canvas.glow(place([(190, 660), (280, 626), (330, 616), (260, 660), (190, 690)]), 22, soft=14, on=body)
    goring = place([(536, 304), (648, 304), (636, 420), (606, 556), (582, 560), (552, 430)])
    elastic = canvas.part(closed([(*point, 1) if index in {0, 1} else point for index, point in enumerate(goring)]),
        cloths.RIB, role="elastic", tone=tone,
                          volume=0.5, roll=0.7, cast=0.3)  # fmt: skip
    for step in range(14):
        x = 540 + step * 8
        canvas.ink(place([(x, 306), (x * 0.45 + 594 * 0.55, 552)]), amount=-22, wide=3, soft=0.8, on=elastic)
    for line in ([(528, 306), (544, 432), (576, 566)], [(656, 306), (644, 422), (612, 562)]):
        canvas.stitches(place(line), on=body, spacing=8, wide=1.6)
    canvas.part(
        ribbon(curve(place([(694, 302), (697, 264), (708, 254), (718, 266), (716, 304)])), 12),
        cloths.CANVAS,
        role="tab",
        tone=tone,
        volume=0,
        roll=0.9,
    )
    sole = place([(136, 734), (400, 742), (752, 734), (756, 762), (600, 768), (400, 768), (170, 766), (138, 756)])
    canvas.part(
        closed([(*sole[0], 1), sole[1], (*sole[2], 1), (*sole[3], 1), *sole[4:]]),
        cloths.RUBBER,
        role="sole",
        tone=tone,
        volume=0.2,
        roll=0.9,
        cast=0.4,
    )
    block = place([(572, 762), (756, 758), (752, 808), (584, 808)])
    canvas.part(
        closed([(*point, 1) for point in block]),
        cloths.RUBBER,
        role="sole",
        tone=tone - 6,
        volume=0.2,
        roll=0.9,
        cast=0.2,
    )
    canvas.stitches(place([(142, 742), (400, 750), (752, 742)]), spacing=9, wide=1.8)


def _front(points: Sequence[Point]) -> list[Point]:
    return [(x - 24, y + 62) for x, y in points]


def _behind(points: Sequence[Point]) -> list[Point]:
    return [(500 + (x - 500) * 0.95 + 66, 600 + (y - 600) * 0.95 - 128) for x, y in points]


_PAIR: tuple[tuple[Place, float], ...] = ((_behind, -9.0), (_front, 0.0))
