"""What is available: pure decisions over levels and holds.

Available is what is on hand less every hold whose time is not over. A hold of one's own never stands in one's way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Level:
    """Stock of one SKU. `reserved` counts holds that are still good; it may exceed `on_hand` after a correction."""

    sku: str
    on_hand: int
    reserved: int

    @property
    def available(self) -> int:
        """Units that a new shopper could have."""
        return max(0, self.on_hand - self.reserved)


@dataclass(frozen=True, slots=True)
class StockLine:
    """So many units of one variant."""

    variant_id: UUID
    sku: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Held:
    """The units are kept until then."""

    sku: str
    quantity: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Short:
    """Not enough: how many were wanted and how many this shopper could have."""

    sku: str
    wanted: int
    available: int


@dataclass(frozen=True, slots=True)
class Shelf:
    """A variant's level as one cart sees it: its own good hold apart from everybody else's."""

    variant_id: UUID
    sku: str
    on_hand: int
    held_by_others: int
    own: int

    @property
    def free(self) -> int:
        """The most units this cart could hold, its own included."""
        return max(0, self.on_hand - self.held_by_others)

    def can_sell(self, quantity: int) -> bool:
        """Whether paid units may leave now.

        One's own good hold is enough even where a correction left more holds than goods: first paid, first served.
        """
        return self.on_hand >= quantity and (self.own >= quantity or self.free >= quantity)


def decide_hold(line: StockLine, shelf: Shelf | None, until: datetime) -> Held | Short:
    """Whether the line can be held. A variant without a level has nothing."""
    free = shelf.free if shelf else 0
    return Held(line.sku, line.quantity, until) if line.quantity <= free else Short(line.sku, line.quantity, free)


def shortages(lines: Sequence[StockLine], shelves: dict[UUID, Shelf]) -> tuple[Short, ...]:
    """The lines that cannot leave the shelf now."""
    short = []
    for line in lines:
        shelf = shelves.get(line.variant_id)
        if shelf is None or not shelf.can_sell(line.quantity):
            short.append(Short(line.sku, line.quantity, shelf.free if shelf else 0))
    return tuple(short)
