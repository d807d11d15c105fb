"""Products whose pictures look like another one: by the colours of what they show, and by its shape."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from catalog.images.fingerprint import Look, colour_distance
from catalog.images.service import signed
from catalog.kernel.unit_of_work import UnitOfWork

_LOOKED_AT = 400
_OTHER_COLOUR = 60.0
_OTHER_SHAPE = 32
_COLOUR_COUNTS, _SHAPE_COUNTS = 0.65, 0.35
_SAME = 8  # bits of the hash up to which it is the same picture

# The nearest by main colour and hash; these are compared by all their colours afterwards.
_NEAREST = f"""
SELECT p.id, p.handle, g.image_id, g.option, i.palette, bit_count((i.fingerprint # $2)::bit(64)) AS bits
FROM product_image g
JOIN image i ON i.shop_id = g.shop_id AND i.id = g.image_id
JOIN product p ON p.id = g.product_id AND p.shop_id = g.shop_id
WHERE g.shop_id = $1 AND p.status = 'active' AND p.deleted_at IS NULL AND cardinality(i.palette) >= 4
ORDER BY {_COLOUR_COUNTS} * least(1, sqrt((i.palette[1] - $3::int) ^ 2 + (i.palette[2] - $4::int) ^ 2
                                          + (i.palette[3] - $5::int) ^ 2) / {_OTHER_COLOUR})
         + {_SHAPE_COUNTS} * least(1, bit_count((i.fingerprint # $2)::bit(64)) / {_OTHER_SHAPE}.0), p.id, g.position
LIMIT {_LOOKED_AT}
"""  # noqa: S608 - constants only


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookalike:
    """A product and its picture that looks like the one shown; 1 is the same picture, 0 nothing alike.

    `option` names the option value which the picture shows ({"colour": "grey"}), where it shows one.
    """

    product_id: UUID
    handle: str
    image_id: str
    option: dict[str, Any] | None
    likeness: float


async def similar(uow: UnitOfWork, look: Look, limit: int = 10, *, least: float = 0.0) -> list[Lookalike]:
    """Active products by their likest picture, the likest first; those under `least` are left out."""
    if len(look.palette) < 4:  # noqa: PLR2004 - one colour: L*, a*, b*, share
        return []
    rows = await uow.fetch(_NEAREST, uow.shop_id, signed(look.hash), *look.palette[:3])
    found: dict[UUID, Lookalike] = {}
    for row in rows:
        likeness = _likeness(colour_distance(look.palette, row["palette"]), row["bits"])
        before = found.get(row["id"])
        if likeness >= least and (before is None or likeness > before.likeness):
            found[row["id"]] = Lookalike(
                product_id=row["id"], handle=row["handle"], image_id=row["image_id"],
                option=msgspec.json.decode(row["option"]) if row["option"] else None, likeness=likeness,
            )  # fmt: skip
    return sorted(found.values(), key=lambda one: (-one.likeness, one.product_id))[:limit]


def _likeness(colours: float, bits: int) -> float:
    if bits <= _SAME and colours < _OTHER_COLOUR / 2:
        return round(1 - bits / 200 - colours / 1000, 4)
    apart = _COLOUR_COUNTS * min(1.0, colours / _OTHER_COLOUR) + _SHAPE_COUNTS * min(1.0, bits / _OTHER_SHAPE)
    return round(1 - apart, 4)
