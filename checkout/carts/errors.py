"""What a cart refuses outright (a chat's refusals are values, see values.py)."""

from typing import ClassVar

from catalog.kernel.errors import NotFound


class CartNotFound(NotFound):
    """No such cart in this shop."""

    code: ClassVar[str] = "cart_not_found"
