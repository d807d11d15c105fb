"""Which drawing shows which product, in which colours; and the pictures themselves, by name.

A picture's name is `<handle>.<colour>.<view>` (views: front, detail) or the code of a lookbook.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from PIL import Image

from storefront.sample.draw import accessories, cloth, scenes, shirts, shoes, tops, trousers
from storefront.sample.draw.canvas import BASE, FRAME, Canvas, Drawing, Ruler, View, coloured, jpeg, on_paper, paper_under
from storefront.sample.draw.cloth import Cloth, Colour
from storefront.sample.draw.scenes import Laid
from storefront.sample.draw.shirts import Shirt
from storefront.sample.draw.tops import Top
from storefront.sample.draw.trousers import Trousers

WIDTH = 960

COLOURS: Mapping[str, Colour] = {
    "grey": (150, 151, 153), "white": (241, 239, 235), "black": (38, 38, 40), "navy": (40, 49, 76), "off white": (231, 223, 206),
    "olive": (94, 96, 66), "sage": (165, 176, 152), "rust": (164, 84, 48), "light blue": (178, 200, 224), "burgundy": (104, 36, 50),
    "charcoal": (70, 72, 75), "dark green": (38, 70, 55), "beige": (204, 186, 158), "sand": (214, 198, 168), "natural": (228, 218, 198),
    "petrol": (36, 84, 96), "indigo": (48, 60, 92), "blue": (74, 104, 144), "mustard": (196, 150, 58), "brown": (112, 76, 50),
    "dark brown": (74, 52, 40), "cognac": (154, 96, 54), "taupe": (168, 158, 144), "dark grey": (104, 105, 108), "tan": (188, 148, 104),
}  # fmt: skip

_FIXED: Mapping[str, Colour] = {
    "label": (238, 233, 222), "metal": (186, 184, 178), "trim": (122, 76, 46), "cord": (234, 230, 222), "thread": (204, 150, 88),
    "rivet": (176, 122, 80), "lining": (196, 188, 174), "sole": (240, 237, 230), "eyelet": (126, 126, 126), "lace": (245, 243, 238),
    "hole": (34, 28, 24), "strap": (52, 54, 56), "print": (38, 70, 55),
}  # fmt: skip

Draw = Callable[[Canvas], None]
Roles = Callable[[Colour], Mapping[str, Colour]]


def _toward(colour: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(colour, other, strict=True))
    return red, green, blue


def _plain(colour: Colour) -> Mapping[str, Colour]:
    """Buttons are horn on light cloth and near the cloth's own colour on dark."""
    dark = sum(colour) < 360  # noqa: PLR2004 - of 765
    button = _toward(colour, (30, 28, 26), 0.45) if dark else (232, 224, 206)
    return {"button": button}


def _horn(colour: Colour) -> Mapping[str, Colour]:
    del colour
    return {"button": (92, 66, 46)}


@dataclass(frozen=True, slots=True)
class Look:
    """How a product is drawn: what, closer where (x, y, zoom), and the colours of its other roles."""

    draw: Draw
    detail: tuple[float, float, float]
    roles: Roles = _plain
    extra: Mapping[str, Colour] = field(default_factory=dict)


def _top(kind: Top) -> Draw:
    return lambda sheet: tops.top(sheet, kind)


def _shirt(kind: Shirt) -> Draw:
    return lambda sheet: shirts.shirt(sheet, kind)


def _trousers(kind: Trousers) -> Draw:
    return lambda sheet: trousers.trousers(sheet, kind)


def _shoe(draw: Callable[[Canvas, Cloth], None], material: Cloth) -> Draw:
    return lambda sheet: draw(sheet, material)


_NECK, _CHEST, _WAIST = (520.0, 400.0, 2.4), (570.0, 440.0, 2.3), (560.0, 330.0, 2.3)
_GREEN, _RUST, _INK = COLOURS["dark green"], COLOURS["rust"], (40, 40, 42)

LOOKS: Mapping[str, Look] = {
    "basic-tee": Look(_top(Top(cloth.MELANGE)), _NECK),
    "heavy-tee": Look(_top(Top(cloth.SWEAT, boxy=16)), _NECK),
    "pocket-tee": Look(_top(Top(cloth.JERSEY, pocket=True)), _CHEST),
    "breton-shirt": Look(_top(Top(cloth.JERSEY, long=True, stripes=True)), (430.0, 430.0, 2.2), lambda c: {"stripe": (40, 49, 76) if sum(c) > 400 else (231, 223, 206)}),
    "longsleeve": Look(_top(Top(cloth.JERSEY, long=True)), _NECK),
    "henley": Look(_top(Top(cloth.RIB, long=True, neck="henley")), (510.0, 420.0, 2.3), _horn),
    "pique-polo": Look(_top(Top(cloth.PIQUE, neck="polo")), (510.0, 400.0, 2.4)),
    "sweatshirt": Look(_top(Top(cloth.SWEAT, long=True, ribbed=True)), _NECK),
    "hoodie": Look(_top(Top(cloth.SWEAT, long=True, ribbed=True, neck="hood", boxy=10)), (500.0, 360.0, 2.0)),
    "half-zip": Look(_top(Top(cloth.KNIT, long=True, ribbed=True, neck="zip")), (500.0, 370.0, 2.2)),
    "merino-sweater": Look(_top(Top(cloth.KNIT, long=True, ribbed=True)), _NECK),
    "cable-sweater": Look(_top(Top(cloth.CHUNKY, long=True, ribbed=True, cables=True)), (440.0, 420.0, 2.1)),
    "rollneck": Look(_top(Top(cloth.KNIT, long=True, ribbed=True, neck="roll")), (510.0, 340.0, 2.2)),
    "cardigan": Look(_top(Top(cloth.KNIT, long=True, ribbed=True, neck="open")), (520.0, 800.0, 2.1), _horn),
    "knit-vest": Look(_top(Top(cloth.KNIT, neck="vee", sleeveless=True, ribbed=True)), (500.0, 420.0, 2.2)),
    "oxford-shirt": Look(_shirt(Shirt(cloth.OXFORD)), (550.0, 390.0, 2.3)),
    "linen-shirt": Look(_shirt(Shirt(cloth.LINEN, collar="band", pockets="none")), (520.0, 400.0, 2.4)),
    "flannel-shirt": Look(_shirt(Shirt(cloth.FLANNEL, checks=True, pockets="flaps")), (540.0, 400.0, 2.1),
                          lambda c: {"check": _toward(c, (28, 30, 34), 0.62), "check2": (214, 202, 180), "button": (60, 50, 44)}),  # fmt: skip
    "denim-shirt": Look(_shirt(Shirt(cloth.DENIM, pockets="flaps", front="snaps", thread="thread")), (560.0, 420.0, 2.2)),
    "overshirt": Look(_shirt(Shirt(cloth.TWILL, pockets="flaps", hem="straight", wide=10, buttons=13)), (560.0, 430.0, 2.1)),
    "cord-overshirt": Look(_shirt(Shirt(cloth.CORD, pockets="flaps", hem="straight", wide=10, buttons=13)), (560.0, 430.0, 2.1), _horn),
    "chore-jacket": Look(_shirt(Shirt(cloth.CANVAS, pockets="patch", hem="straight", wide=16, buttons=14)), (590.0, 820.0, 2.0)),
    "quilted-vest": Look(_shirt(Shirt(cloth.NYLON, pockets="welt", hem="straight", wide=6, front="zip", collar="stand", quilted=True, sleeveless=True)), (500.0, 330.0, 2.1)),
    "blouson": Look(_shirt(Shirt(cloth.NYLON, pockets="welt", hem="ribbed", wide=14, front="zip", collar="bomber", yoke=False)), (500.0, 330.0, 2.1),
                    lambda c: {"rib": _toward(c, _INK, 0.35)}),  # fmt: skip
    "rain-parka": Look(_shirt(Shirt(cloth.NYLON, pockets="welt", hem="straight", wide=22, long=96, collar="hood", front="hidden")), (500.0, 300.0, 1.9),
                       lambda c: {"lining": _toward(c, (30, 30, 32), 0.5)}),  # fmt: skip
    "wool-coat": Look(_shirt(Shirt(cloth.WOOL, pockets="welt", hem="straight", wide=14, long=140, collar="lapel", buttons=18)), (520.0, 430.0, 1.9),
                      lambda c: {"lining": (92, 88, 84) if sum(c) > 330 else (60, 62, 66), "button": _toward(c, (40, 30, 24), 0.6)}),  # fmt: skip
    "denim-jacket": Look(_shirt(Shirt(cloth.DENIM, pockets="flaps", hem="straight", long=-110, wide=8, front="snaps", thread="thread", buttons=13)), (560.0, 430.0, 2.1),
                         lambda _: {"metal": (176, 122, 80)}),  # fmt: skip
    "chino": Look(_trousers(Trousers(hem=84)), _WAIST, _horn),
    "slim-chino": Look(_trousers(Trousers(hem=72)), _WAIST, _horn),
    "cord-trousers": Look(_trousers(Trousers(cloth.CORD, hem=88)), _WAIST, _horn),
    "jeans": Look(_trousers(Trousers(cloth.DENIM, "jeans", hem=84, thread="thread")), _WAIST, lambda c: {"thread": (204, 150, 88) if sum(c) > 150 else (70, 70, 72)}),  # noqa: PLR2004
    "pleated-trousers": Look(_trousers(Trousers(cloth.WOOL, "pleated", hem=92)), _WAIST),
    "joggers": Look(_trousers(Trousers(cloth.SWEAT, "jogger", hem=78)), (520.0, 320.0, 2.2)),
    "linen-shorts": Look(_trousers(Trousers(cloth.LINEN, "shorts")), (560.0, 330.0, 2.2), _horn),
    "leather-sneakers": Look(_shoe(shoes.sneakers, cloth.LEATHER), (470.0, 640.0, 2.0),
                             lambda c: {"heel": _GREEN if sum(c) > 600 else c, "sole": (240, 237, 230), "lace": (245, 243, 238) if sum(c) > 600 else (60, 60, 62)}),  # fmt: skip  # noqa: PLR2004
    "canvas-sneakers": Look(_shoe(shoes.sneakers, cloth.CANVAS), (470.0, 640.0, 2.0), lambda c: {"heel": c}),
    "chelsea-boots": Look(_shoe(shoes.boots, cloth.SUEDE), (540.0, 590.0, 1.9), lambda c: {"elastic": _toward(c, (24, 22, 22), 0.6), "tab": _toward(c, (24, 22, 22), 0.5), "sole": (46, 38, 34)}),
    "belt": Look(lambda sheet: accessories.belt(sheet, cloth.LEATHER), (500.0, 860.0, 2.8), lambda c: {"inside": _toward(c, (168, 128, 92), 0.45)}),
    "woven-belt": Look(lambda sheet: accessories.belt(sheet, cloth.CANVAS, woven=True), (500.0, 860.0, 2.8), lambda c: {"inside": _toward(c, (40, 30, 24), 0.3)}),
    "beanie": Look(accessories.beanie, (560.0, 720.0, 2.1)),
    "wool-scarf": Look(lambda sheet: accessories.scarf(sheet, checks=True), (560.0, 860.0, 2.0), lambda c: {"check": _toward(c, (36, 38, 42), 0.6), "check2": (150, 48, 44)}),
    "merino-scarf": Look(accessories.scarf, (560.0, 860.0, 2.0)),
    "socks": Look(lambda sheet: accessories.socks(sheet, cloth.KNIT), (430.0, 860.0, 2.0), lambda c: {"accent": _RUST, "second": _toward(c, (150, 160, 176), 0.35)}),
    "wool-socks": Look(lambda sheet: accessories.socks(sheet, cloth.CHUNKY, stripes=True), (470.0, 420.0, 2.0), lambda c: {"accent": _GREEN if sum(c) > 400 else _RUST, "second": c}),  # noqa: PLR2004
    "gloves": Look(accessories.gloves, (690.0, 760.0, 1.9)),
    "boxer-briefs": Look(trousers.boxers, (540.0, 570.0, 1.7), lambda c: {"second": _toward(c, (110, 116, 128), 0.45), "band": _toward(c, (20, 20, 22), 0.3)}),
    "tote-bag": Look(accessories.tote, (500.0, 700.0, 2.0), lambda c: {"print": _GREEN if sum(c) > 400 else (228, 218, 198)}),  # noqa: PLR2004
    "weekender": Look(accessories.weekender, (420.0, 720.0, 2.0)),
    "backpack": Look(accessories.backpack, (520.0, 500.0, 2.0)),
    "card-holder": Look(accessories.cardholder, (520.0, 640.0, 2.0), lambda _: {"card": _GREEN, "card2": (214, 204, 190)}),
}  # fmt: skip

# Two weights of melange: only what is sold as grey is mixed yarn, plain colours are even.
_EVEN = {"basic-tee": _top(Top(cloth.JERSEY))}


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
        ((915, 120, 0.13, 30, (178, 120, 56)), (72, 640, 0.12, -50, (164, 84, 48)), (505, 1160, 0.14, 110, (186, 140, 66)), (905, 1180, 0.10, -20, (150, 92, 50))),
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
    drawing, paper = _drawing(handle, colour == "grey", view, width)
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
        Laid(coloured(_drawing(handle, colour == "grey", "whole", width)[0], _colours(handle, colour)), x, y, scale, turn)
        for handle, colour, x, y, scale, turn in plan.pieces
    ]
    return scenes.scene(width, plan.surface, pieces, plan.leaves)


def _colours(handle: str, colour: str) -> Mapping[str, Colour]:
    look, base = LOOKS[handle], COLOURS[colour]
    return {**_FIXED, BASE: base, **look.roles(base), **look.extra}


@lru_cache(maxsize=2)
def _drawing(handle: str, mixed: bool, view: str, width: int) -> tuple[Drawing, Image.Image]:  # noqa: FBT001 - part of the cache's key
    """A shape and the paper under it, kept for the product's next colourway."""
    shape = LOOKS[handle].draw if mixed or handle not in _EVEN else _EVEN[handle]
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

