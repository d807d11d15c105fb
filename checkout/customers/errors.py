"""What customers refuse."""

from typing import ClassVar

from catalog.kernel.errors import Conflict, NotFound


class CustomerNotFound(NotFound):
    """No such person in this shop."""

    code: ClassVar[str] = "customer_not_found"


class CannotMerge(Conflict):
    """These two rows cannot be made one person."""

    code: ClassVar[str] = "cannot_merge"
