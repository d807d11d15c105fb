"""The states of a cart."""

from enum import StrEnum

from catalog.kernel.states import StateMachine


class CartState(StrEnum):
    """Open until its order is paid, or the money is on its way; then the shopper's next wish opens a new cart."""

    OPEN = "open"
    PLACED = "placed"


CART = StateMachine(
    name="cart",
    initial=CartState.OPEN,
    moves={
        CartState.OPEN: frozenset({CartState.PLACED}),
        # Money that was on its way did not come.
        CartState.PLACED: frozenset({CartState.OPEN}),
    },
)
