"""What fulfilment refuses."""

from typing import ClassVar

from catalog.kernel.errors import Conflict


class OrderNotPaid(Conflict):
    """An order is sent when it is paid, and not when it is cancelled."""

    code: ClassVar[str] = "order_not_paid"


class NothingToShip(Conflict):
    """More than is left to send."""

    code: ClassVar[str] = "nothing_to_ship"
