"""What orders refuse."""

from typing import ClassVar

from catalog.kernel.errors import Conflict, NotFound


class OrderNotFound(NotFound):
    """No such order in this shop (or not this person's)."""

    code: ClassVar[str] = "order_not_found"


class CartIsEmpty(Conflict):
    """There is nothing to order."""

    code: ClassVar[str] = "cart_is_empty"


class CartHasChanged(Conflict):
    """The cart or its price is another one than the shopper saw."""

    code: ClassVar[str] = "cart_has_changed"


class LinesUnavailable(Conflict):
    """Some lines cannot be had as they stand; `values` name each SKU with wanted and available."""

    code: ClassVar[str] = "lines_unavailable"


class NotDeliverable(Conflict):
    """No shipping method goes to that country."""

    code: ClassVar[str] = "not_deliverable"


class TooLateToCancel(Conflict):
    """The order is packed or over: it can be returned, not cancelled."""

    code: ClassVar[str] = "too_late_to_cancel"


class NotPartlySent(Conflict):
    """Only of an order that is sent in part can the rest be cancelled."""

    code: ClassVar[str] = "not_partly_sent"


class NotInException(Conflict):
    """Only an order whose money does not fit can be accepted in spite of it."""

    code: ClassVar[str] = "not_in_exception"
