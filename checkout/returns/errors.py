"""What returns refuse."""

from typing import ClassVar

from catalog.kernel.errors import Conflict, NotFound


class ReturnNotFound(NotFound):
    """No such return in this shop."""

    code: ClassVar[str] = "return_not_found"


class NotShippedYet(Conflict):
    """Nothing was sent: the order can be cancelled instead."""

    code: ClassVar[str] = "not_shipped_yet"


class ReturnWindowOver(Conflict):
    """The days to return are over; `values` name the last one."""

    code: ClassVar[str] = "return_window_over"


class NotReturnable(Conflict):
    """More than was sent and not sent back."""

    code: ClassVar[str] = "not_returnable"


class NotReceived(Conflict):
    """Money goes back for goods that are here."""

    code: ClassVar[str] = "not_received"
