"""Outlines: smooth curves through points, mirrored halves, strokes that taper."""

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

Point = tuple[float, float]
Mark = tuple[float, ...]  # x and y; a third member marks a corner
MIDDLE = 500.0
_STEPS = 10


def closed(marks: Sequence[Mark]) -> list[Point]:
    """A closed outline: smooth through plain points, sharp at corners."""
    corners = [index for index, mark in enumerate(marks) if len(mark) > 2]  # noqa: PLR2004 - marked as a corner
    points = [(mark[0], mark[1]) for mark in marks]
    if not corners:
        count = len(points)
        ring = [points[-1], *points, points[0], points[1]]
        return [point for index in range(count) for point in _span(*(ring[index + step] for step in range(4)))]
    start = corners[0]
    turned = points[start:] + points[:start] + [points[start]]
    stops = sorted({(corner - start) % len(points) for corner in corners} | {len(points)})
    outline: list[Point] = []
    for first, last in pairwise(stops):
        outline += curve(turned[first : last + 1])[:-1]
    return outline


def curve(points: Sequence[Point]) -> list[Point]:
    """An open smooth line through the points."""
    if len(points) <= 2:  # noqa: PLR2004 - nothing to bend
        return list(points)
    first = (2 * points[0][0] - points[1][0], 2 * points[0][1] - points[1][1])
    last = (2 * points[-1][0] - points[-2][0], 2 * points[-1][1] - points[-2][1])
    ring = [first, *points, last]
    line: list[Point] = []
    for index in range(len(points) - 1):
        line += _span(*(ring[index + step] for step in range(4)))
    return [*line, points[-1]]


def mirrored(half: Sequence[Mark]) -> list[Point]:
    """A symmetric outline from its right half, given as distances from the middle, from top to bottom."""
    right: list[Mark] = [(MIDDLE + mark[0], *mark[1:]) for mark in half]
    left: list[Mark] = [(MIDDLE - mark[0], *mark[1:]) for mark in reversed(half) if mark[0]]
    return closed([*right, *left])


def both(marks: Sequence[Mark]) -> tuple[list[Point], list[Point]]:
    """A right part, given as distances from the middle, and its mirror image."""
    right: list[Mark] = [(MIDDLE + mark[0], *mark[1:]) for mark in marks]
    left: list[Mark] = [(MIDDLE - mark[0], *mark[1:]) for mark in marks]
    return closed(right), closed(left)


def flipped(points: Iterable[Point]) -> list[Point]:
    """Mirrored about the middle."""
    return [(2 * MIDDLE - x, y) for x, y in points]


def right(points: Iterable[Point]) -> list[Point]:
    """Points given as distances from the middle."""
    return [(MIDDLE + x, y) for x, y in points]


def ellipse(x: float, y: float, rx: float, ry: float, *, turn: float = 0.0) -> list[Point]:
    """An ellipse; `turn` in degrees, clockwise."""
    cosine, sine = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    return [
        (
            x + rx * math.cos(angle) * cosine - ry * math.sin(angle) * sine,
            y + rx * math.cos(angle) * sine + ry * math.sin(angle) * cosine,
        )
        for angle in (step * math.tau / 48 for step in range(48))
    ]


def rectangle(left: float, top: float, wide: float, high: float, *, radius: float = 4.0) -> list[Point]:
    """A rectangle with rounded corners."""
    out: list[Point] = []
    for x, y, start in (
        (left + wide - radius, top + radius, -90),
        (left + wide - radius, top + high - radius, 0),
        (left + radius, top + high - radius, 90),
        (left + radius, top + radius, 180),
    ):
        out += [
            (
                x + radius * math.cos(math.radians(start + step * 15)),
                y + radius * math.sin(math.radians(start + step * 15)),
            )
            for step in range(7)
        ]
    return out


def ribbon(line: Sequence[Point], wide: float, *, taper: bool = False) -> list[Point]:
    """A band along a line; tapering to nothing at both ends when asked."""
    left: list[Point] = []
    rights: list[Point] = []
    last = len(line) - 1
    for index, (x, y) in enumerate(line):
        before, after = line[max(0, index - 1)], line[min(last, index + 1)]
        dx, dy = after[0] - before[0], after[1] - before[1]
        length = math.hypot(dx, dy) or 1.0
        reach = wide / 2 * (math.sin(math.pi * (index + 0.02) / (last + 0.04)) if taper else 1.0)
        left.append((x - dy / length * reach, y + dx / length * reach))
        rights.append((x + dy / length * reach, y - dx / length * reach))
    return left + rights[::-1]


def along(line: Sequence[Point], spacing: float, *, start: float = 0.0) -> list[tuple[Point, float]]:
    """Points every `spacing` units on a line, each with the line's direction in degrees."""
    found: list[tuple[Point, float]] = []
    want, gone = start, 0.0
    for (x0, y0), (x1, y1) in pairwise(line):
        length = math.hypot(x1 - x0, y1 - y0)
        while length and want <= gone + length:
            share = (want - gone) / length
            found.append(((x0 + (x1 - x0) * share, y0 + (y1 - y0) * share), math.degrees(math.atan2(y1 - y0, x1 - x0))))
            want += spacing
        gone += length
    return found


def moved(points: Iterable[Point], dx: float, dy: float) -> list[Point]:
    """Shifted."""
    return [(x + dx, y + dy) for x, y in points]


def turned(points: Iterable[Point], degrees: float, about: Point, *, scale: float = 1.0) -> list[Point]:
    """Turned clockwise about a point, and scaled."""
    cosine, sine = math.cos(math.radians(degrees)) * scale, math.sin(math.radians(degrees)) * scale
    ox, oy = about
    return [(ox + (x - ox) * cosine - (y - oy) * sine, oy + (x - ox) * sine + (y - oy) * cosine) for x, y in points]


@lru_cache(maxsize=1 << 15)
def _span(a: Point, b: Point, c: Point, d: Point) -> tuple[Point, ...]:
    """Catmull-Rom from b to c, centripetal, so that it neither loops nor overshoots."""

    def knot(start: float, p: Point, q: Point) -> float:
        return start + math.sqrt(max(1e-4, math.hypot(q[0] - p[0], q[1] - p[1])))

    t0, t1 = 0.0, knot(0.0, a, b)
    t2 = knot(t1, b, c)
    t3 = knot(t2, c, d)
    out: list[Point] = []
    for step in range(_STEPS):
        t = t1 + (t2 - t1) * step / _STEPS
        x, y = (_blend((a, b, c, d), (t0, t1, t2, t3), t, axis) for axis in (0, 1))
        out.append((x, y))
    return tuple(out)


def _blend(points: Sequence[Point], knots: Sequence[float], t: float, axis: int) -> float:
    """Barry and Goldman's pyramid: blend neighbours until one value is left."""
    (a, b, c, d), (t0, t1, t2, t3) = points, knots
    a1 = (t1 - t) / (t1 - t0) * a[axis] + (t - t0) / (t1 - t0) * b[axis]
    a2 = (t2 - t) / (t2 - t1) * b[axis] + (t - t1) / (t2 - t1) * c[axis]
    a3 = (t3 - t) / (t3 - t2) * c[axis] + (t - t2) / (t3 - t2) * d[axis]
    b1 = (t2 - t) / (t2 - t0) * a1 + (t - t0) / (t2 - t0) * a2
    b2 = (t3 - t) / (t3 - t1) * a2 + (t - t1) / (t3 - t1) * a3
    return (t2 - t) / (t2 - t1) * b1 + (t - t1) / (t2 - t1) * b2
