"""What pricing refuses."""

from typing import ClassVar

from catalog.kernel.errors import Conflict


class DiscountExists(Conflict):
    """The shop has this code already."""

    code: ClassVar[str] = "discount_exists"


class DiscountUsedUp(Conflict):
    """Somebody else took the last use of the code while this order was being placed."""

    code: ClassVar[str] = "discount_used_up"
