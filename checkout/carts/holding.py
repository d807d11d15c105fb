"""Which holds a new version of a cart needs: a pure decision over its lines and the holds it has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from checkout.carts.changes import Line
from checkout.carts.viewing import Reading

_FRESH = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Holding:
    """Units to hold anew and variants to let go of, by variant; and all holds as they are afterwards."""

    anew: dict[UUID, int]
    released: list[UUID]
    after: dict[UUID, tuple[int, datetime]]


def decide(reading: Reading, lines: Sequence[Line], until: datetime) -> Holding:
    """Hold these lines until then. A hold never gets shorter.

    One of as many units that was made a moment ago stays as it is, unless it is an order's: so each of a minute's
    changes writes what it changes, and not every hold of the cart.
    """
    wanted = {line.variant_id: units for line in lines if (units := _units(line, reading))}
    kept = {
        variant_id: (units, ends)
        for variant_id, (units, ends) in reading.holds.items()
        if wanted.get(variant_id) == units and ends > until - _FRESH and reading.ordered_version is None
    }
    anew = {variant_id: units for variant_id, units in wanted.items() if variant_id not in kept}
    return Holding(
        anew=anew,
        released=[variant_id for variant_id in reading.holds if variant_id not in wanted],
        after=kept | {found: (units, max(until, _end(reading, found, until))) for found, units in anew.items()},
    )


def _units(line: Line, reading: Reading) -> int:
    """As many as there are, and never fewer than are held: a hold is a promise, even after stock was corrected."""
    goods = reading.goods[line.variant_id]
    return min(line.quantity, max(goods.free, reading.holds.get(line.variant_id, (0, None))[0])) if goods.is_sold else 0


def _end(reading: Reading, variant_id: UUID, until: datetime) -> datetime:
    return reading.holds.get(variant_id, (0, until))[1]
