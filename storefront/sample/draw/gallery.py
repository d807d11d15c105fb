"""The pictures themselves, by name: `<handle>.<colour>.<view>` (views: front, detail), or the code of a lookbook."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image

from storefront.sample.draw import scenes
from storefront.sample.draw.canvas import (
    BASE,
    FRAME,
    Canvas,
    Drawing,
    Ruler,
    View,
    coloured,
    jpeg,
    on_paper,
    paper_under,
)
from storefront.sample.draw.cloth import Colour
from storefront.sample.draw.dyes import COLOURS, FIXED
from storefront.sample.draw.scenes import Laid
from storefront.sample.draw.wardrobe import EVEN, LOOKS, Draw

WIDTH = 960


@dataclass(frozen=True, slots=True)
class Scene:
    """A lookbook picture: surface, pieces (handle, colour, x, y, scale, turn) and loose leaves."""

    surface: str
    pieces: Sequence[tuple[str, str, float, float, float, float]]
    leaves: Sequence[tuple[float, float, float, float, Colour]] = ()


SCENES: Mapping[str, Scene] = {
    "LB7": Scene(
        "stone",
        (
            ("chino", "taupe", 276, 800, 0.70, 7),
            ("basic-tee", "grey", 318, 330, 0.60, -8),
            ("overshirt", "charcoal", 678, 452, 0.66, 6),
            ("belt", "dark brown", 720, 1000, 0.46, -10),
        ),
        ((915, 120, 0.13, 30, (178, 120, 56)), (72, 640, 0.12, -50, (164, 84, 48)), (505, 1160, 0.14, 110, (186, 140,
            66)), (905, 1180, 0.10, -20, (150, 92, 50))),
    ),
    "LB8": Scene(
        "boards",
        (
            ("jeans", "indigo", 268, 760, 0.72, 6),
            ("breton-shirt", "off white", 340, 330, 0.60, -7),
            ("rain-parka", "mustard", 716, 410, 0.58, 8),
            ("canvas-sneakers", "off white", 730, 1010, 0.44, -6),
            ("beanie", "navy", 600, 780, 0.30, 12),
        ),
    ),
    "LB9": Scene(
        "linen",
        (
            ("pleated-trousers", "dark grey", 262, 812, 0.70, 6),
            ("oxford-shirt", "light blue", 316, 330, 0.60, -8),
            ("merino-sweater", "burgundy", 690, 360, 0.60, 7),
            ("chelsea-boots", "dark brown", 720, 905, 0.46, 0),
            ("card-holder", "cognac", 520, 1110, 0.26, -14),
        ),
    ),
}  # fmt: skip


def draw(name: str, *, width: int = WIDTH) -> bytes:
    """The picture of that name as a JPEG; the same every time."""
    if name in SCENES:
        return jpeg(_scene(SCENES[name], width))
    handle, colour, view = name.split(".")
    drawing, paper = _drawing(handle, _shape(handle, colour), view, width)
    return jpeg(on_paper(coloured(drawing, _colours(handle, colour)), paper))


def draw_into(folder: Path, names: Sequence[str], *, width: int = WIDTH) -> None:
    """Draw what the folder does not hold yet. Written whole or not at all, so two may do it at once."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        target = folder / f"{name}.jpg"
        if not target.exists():
            part = target.with_suffix(f".{os.getpid()}")
            part.write_bytes(draw(name, width=width))
            part.replace(target)


def _scene(plan: Scene, width: int) -> Image.Image:
    pieces = [
        Laid(coloured(_drawing(handle, _shape(handle, colour), "whole", width)[0], _colours(handle, colour)), *place)
        for handle, colour, *place in plan.pieces
    ]
    return scenes.scene(width, plan.surface, pieces, plan.leaves)


def _shape(handle: str, colour: str) -> Draw:
    return LOOKS[handle].draw if colour == "grey" else EVEN.get(handle, LOOKS[handle].draw)


def _colours(handle: str, colour: str) -> Mapping[str, Colour]:
    look, base = LOOKS[handle], COLOURS[colour]
    return {**FIXED, BASE: base, **look.roles(base)}


@lru_cache(maxsize=2)
def _drawing(handle: str, shape: Draw, view: str, width: int) -> tuple[Drawing, Image.Image]:
    """A shape and the paper under it, kept for the product's next colourway."""
    x, y, zoom = LOOKS[handle].detail
    seen = View(zoom, x, y) if view == "detail" else _framed(shape) if view == "front" else View()
    sheet = Canvas(width, seen)
    shape(sheet)
    drawing = sheet.done()
    return drawing, paper_under(drawing)


def _framed(shape: Draw) -> View:
    """The piece in the middle, as large as the frame takes; small things are not blown up beyond belief."""
    ruler = Ruler()
    shape(ruler)
    left, top, right, bottom = ruler.bounds
    zoom = min(0.86 * FRAME[0] / (right - left), 0.84 * FRAME[1] / (bottom - top), 1.3)
    return View(zoom, (left + right) / 2, (top + bottom) / 2)
