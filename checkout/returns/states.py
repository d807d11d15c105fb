"""The states of a return."""

from enum import StrEnum

from catalog.kernel.states import StateMachine


class ReturnState(StrEnum):
    """What may happen next to a return, in the words of the outside contract."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    RECEIVED = "received"
    REFUNDED = "refunded"
    CLOSED = "closed"


RETURN = StateMachine(
    name="return",
    initial=ReturnState.REQUESTED,
    moves={
        ReturnState.REQUESTED: frozenset({ReturnState.APPROVED, ReturnState.REJECTED, ReturnState.CLOSED}),
        ReturnState.APPROVED: frozenset({ReturnState.RECEIVED, ReturnState.REJECTED, ReturnState.CLOSED}),
        ReturnState.RECEIVED: frozenset({ReturnState.REFUNDED, ReturnState.CLOSED}),
        ReturnState.REFUNDED: frozenset({ReturnState.CLOSED}),
        ReturnState.REJECTED: frozenset(),
        ReturnState.CLOSED: frozenset(),
    },
)


class Wish(StrEnum):
    """What the shopper would like. An exchange is a return and a new order: the legal right stays whole."""

    REFUND = "refund"
    EXCHANGE = "exchange"
