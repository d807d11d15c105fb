"""Which drawing shows which product: what, where a closer look is worth it, and how its other parts are coloured."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from storefront.sample.draw import accessories, bags, cloth, dyes, shirts, shoes, tops, trousers
from storefront.sample.draw.canvas import Canvas
from storefront.sample.draw.cloth import Cloth, Colour
from storefront.sample.draw.dyes import Dyed
from storefront.sample.draw.shirts import Shirt
from storefront.sample.draw.tops import Top
from storefront.sample.draw.trousers import Trousers

Draw = Callable[[Canvas], None]


@dataclass(frozen=True, slots=True)
class Look:
    """How a product is drawn; `detail` is a point and how far to magnify about it."""

    draw: Draw
    detail: tuple[float, float, float]
    roles: Callable[[Colour], Dyed] = dyes.plain


def _top(kind: Top) -> Draw:
    return lambda sheet: tops.top(sheet, kind)


def _knit(material: Cloth = cloth.KNIT, neck: str = "crew", *, cables: bool = False) -> Draw:
    return _top(Top(material, long=True, ribbed=True, neck=neck, cables=cables))


def _shirt(kind: Shirt) -> Draw:
    return lambda sheet: shirts.shirt(sheet, kind)


def _over(material: Cloth) -> Draw:
    return _shirt(Shirt(material, pockets="flaps", hem="straight", wide=10, buttons=13))


def _trousers(kind: Trousers) -> Draw:
    return lambda sheet: trousers.trousers(sheet, kind)


def _shoe(draw: Callable[[Canvas, Cloth], None], material: Cloth) -> Draw:
    return lambda sheet: draw(sheet, material)


_QUILTED = Shirt(
    cloth.NYLON, pockets="welt", hem="straight", wide=6, front="zip", collar="stand", quilted=True, sleeveless=True
)
_BLOUSON = Shirt(cloth.NYLON, pockets="welt", hem="ribbed", wide=14, front="zip", collar="bomber", yoke=False)
_PARKA = Shirt(cloth.NYLON, pockets="welt", hem="straight", wide=22, long=96, collar="hood", front="hidden")
_COAT = Shirt(cloth.WOOL, pockets="welt", hem="straight", wide=14, long=140, collar="lapel", buttons=18)
_TRUCKER = Shirt(
    cloth.DENIM, pockets="flaps", hem="straight", long=-110, wide=8, front="snaps", thread="thread", buttons=13
)

_NECK, _CHEST, _WAIST = (520.0, 400.0, 2.4), (570.0, 440.0, 2.3), (560.0, 330.0, 2.3)

LOOKS: Mapping[str, Look] = {
    "basic-tee": Look(_top(Top(cloth.MELANGE)), _NECK),
    "heavy-tee": Look(_top(Top(cloth.SWEAT, boxy=16)), _NECK),
    "pocket-tee": Look(_top(Top(cloth.JERSEY, pocket=True)), _CHEST),
    "breton-shirt": Look(_top(Top(cloth.JERSEY, long=True, stripes=True)), (430.0, 430.0, 2.2), dyes.breton),
    "longsleeve": Look(_top(Top(cloth.JERSEY, long=True)), _NECK),
    "henley": Look(_top(Top(cloth.RIB, long=True, neck="henley")), (510.0, 420.0, 2.3), dyes.horn),
    "pique-polo": Look(_top(Top(cloth.PIQUE, neck="polo")), (510.0, 400.0, 2.4)),
    "sweatshirt": Look(_knit(cloth.SWEAT), _NECK),
    "hoodie": Look(_top(Top(cloth.SWEAT, long=True, ribbed=True, neck="hood", boxy=10)), (500.0, 360.0, 2.0)),
    "half-zip": Look(_knit(neck="zip"), (500.0, 370.0, 2.2)),
    "merino-sweater": Look(_knit(), _NECK),
    "cable-sweater": Look(_knit(cloth.CHUNKY, cables=True), (440.0, 420.0, 2.1)),
    "rollneck": Look(_knit(neck="roll"), (510.0, 340.0, 2.2)),
    "cardigan": Look(_knit(neck="open"), (520.0, 800.0, 2.1), dyes.horn),
    "knit-vest": Look(_top(Top(cloth.KNIT, neck="vee", sleeveless=True, ribbed=True)), (500.0, 420.0, 2.2)),
    "oxford-shirt": Look(_shirt(Shirt(cloth.OXFORD)), (550.0, 390.0, 2.3)),
    "linen-shirt": Look(_shirt(Shirt(cloth.LINEN, collar="band", pockets="none")), (520.0, 400.0, 2.4)),
    "flannel-shirt": Look(
        _shirt(Shirt(cloth.FLANNEL, checks=True, pockets="flaps")), (540.0, 400.0, 2.1), dyes.flannel
    ),
    "denim-shirt": Look(
        _shirt(Shirt(cloth.DENIM, pockets="flaps", front="snaps", thread="thread")), (560.0, 420.0, 2.2)
    ),
    "overshirt": Look(_over(cloth.TWILL), (560.0, 430.0, 2.1)),
    "cord-overshirt": Look(_over(cloth.CORD), (560.0, 430.0, 2.1), dyes.horn),
    "chore-jacket": Look(
        _shirt(Shirt(cloth.CANVAS, pockets="patch", hem="straight", wide=16, buttons=14)), (590.0, 820.0, 2.0)
    ),
    "quilted-vest": Look(_shirt(_QUILTED), (500.0, 330.0, 2.1)),
    "blouson": Look(_shirt(_BLOUSON), (500.0, 330.0, 2.1), dyes.bomber),
    "rain-parka": Look(_shirt(_PARKA), (500.0, 300.0, 1.9), dyes.parka),
    "wool-coat": Look(_shirt(_COAT), (520.0, 430.0, 1.9), dyes.coat),
    "denim-jacket": Look(_shirt(_TRUCKER), (560.0, 430.0, 2.1), dyes.copper),
    "chino": Look(_trousers(Trousers(hem=84)), _WAIST, dyes.horn),
    "slim-chino": Look(_trousers(Trousers(hem=72)), _WAIST, dyes.horn),
    "cord-trousers": Look(_trousers(Trousers(cloth.CORD, hem=88)), _WAIST, dyes.horn),
    "jeans": Look(_trousers(Trousers(cloth.DENIM, "jeans", hem=84, thread="thread")), _WAIST, dyes.jeans),
    "pleated-trousers": Look(_trousers(Trousers(cloth.WOOL, "pleated", hem=92)), _WAIST),
    "joggers": Look(_trousers(Trousers(cloth.SWEAT, "jogger", hem=78)), (520.0, 320.0, 2.2)),
    "linen-shorts": Look(_trousers(Trousers(cloth.LINEN, "shorts")), (560.0, 330.0, 2.2), dyes.horn),
    "leather-sneakers": Look(_shoe(shoes.sneakers, cloth.LEATHER), (470.0, 640.0, 2.0), dyes.leather_shoe),
    "canvas-sneakers": Look(_shoe(shoes.sneakers, cloth.CANVAS), (470.0, 640.0, 2.0), dyes.canvas_shoe),
    "chelsea-boots": Look(_shoe(shoes.boots, cloth.SUEDE), (540.0, 590.0, 1.9), dyes.boot),
    "belt": Look(lambda sheet: accessories.belt(sheet, cloth.LEATHER), (500.0, 860.0, 2.8), dyes.belt),
    "woven-belt": Look(
        lambda sheet: accessories.belt(sheet, cloth.CANVAS, woven=True), (500.0, 860.0, 2.8), dyes.woven_belt
    ),
    "beanie": Look(accessories.beanie, (560.0, 720.0, 2.1)),
    "wool-scarf": Look(lambda sheet: accessories.scarf(sheet, checks=True), (560.0, 860.0, 2.0), dyes.plaid),
    "merino-scarf": Look(accessories.scarf, (560.0, 860.0, 2.0)),
    "socks": Look(lambda sheet: accessories.socks(sheet, cloth.KNIT), (430.0, 860.0, 2.0), dyes.socks),
    "wool-socks": Look(
        lambda sheet: accessories.socks(sheet, cloth.CHUNKY, stripes=True), (470.0, 420.0, 2.0), dyes.wool_socks
    ),
    "gloves": Look(accessories.gloves, (690.0, 760.0, 1.9)),
    "boxer-briefs": Look(trousers.boxers, (540.0, 570.0, 1.7), dyes.boxers),
    "tote-bag": Look(bags.tote, (500.0, 700.0, 2.0), dyes.tote),
    "weekender": Look(bags.weekender, (420.0, 720.0, 2.0)),
    "backpack": Look(bags.backpack, (520.0, 500.0, 2.0)),
    "card-holder": Look(bags.cardholder, (520.0, 640.0, 2.0), dyes.cards),
}

# What is sold as grey is mixed yarn; the other colours of the same product are even.
EVEN: Mapping[str, Draw] = {"basic-tee": _top(Top(cloth.JERSEY))}
