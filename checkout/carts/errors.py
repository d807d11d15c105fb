"""What a cart refuses outright (a chat's refusals are values, see values.py)."""

from typing import ClassVar

from catalog.kernel.errors import Conflict, NotFound


class CartNotFound(NotFound):
    """No such cart in this shop."""

    code: ClassVar[str] = "cart_not_found"


class CartIsPlaced(Conflict):
    """The cart has become an order; a new one is open."""

    code: ClassVar[str] = "cart_is_placed"
