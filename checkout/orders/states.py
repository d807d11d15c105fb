"""The states of an order."""

from enum import StrEnum

from catalog.kernel.states import StateMachine


class OrderState(StrEnum):
    """What may happen next to an order, in the words of the outside contract."""

    AWAITING_PAYMENT = "awaiting_payment"
    PAYMENT_PENDING = "payment_pending"
    PAID = "paid"
    FULFILLING = "fulfilling"
    FULFILLED = "fulfilled"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    EXCEPTION = "exception"


ORDER = StateMachine(
    name="order",
    initial=OrderState.AWAITING_PAYMENT,
    moves={
        OrderState.AWAITING_PAYMENT: frozenset(
            {
                OrderState.PAYMENT_PENDING, OrderState.PAID, OrderState.CANCELLED, OrderState.EXPIRED,
                OrderState.EXCEPTION,
            }
        ),
        OrderState.PAYMENT_PENDING: frozenset(
            {OrderState.PAID, OrderState.CANCELLED, OrderState.EXPIRED, OrderState.EXCEPTION}
        ),
        OrderState.PAID: frozenset({OrderState.FULFILLING, OrderState.FULFILLED, OrderState.CANCELLED}),
        # Closed without the rest: what was never sent is refunded, and nothing more will be sent.
        OrderState.FULFILLING: frozenset({OrderState.FULFILLED, OrderState.CLOSED}),
        OrderState.FULFILLED: frozenset({OrderState.CLOSED}),
        OrderState.CLOSED: frozenset(),
        # Money for a cancelled order goes back; the order stays what the shopper made of it.
        OrderState.CANCELLED: frozenset(),
        # Nobody took an expired order back: money that comes late buys it, while the goods are still there.
        OrderState.EXPIRED: frozenset({OrderState.PAID, OrderState.EXCEPTION}),
        OrderState.EXCEPTION: frozenset({OrderState.PAID, OrderState.CANCELLED}),
    },
)  # fmt: skip

PAID_FOR = frozenset({OrderState.PAID, OrderState.FULFILLING, OrderState.FULFILLED, OrderState.CLOSED})
OVER_UNPAID = frozenset({OrderState.EXPIRED, OrderState.CANCELLED})
SHIPPABLE = frozenset({OrderState.PAID, OrderState.FULFILLING})
SHIPPED = frozenset({OrderState.FULFILLING, OrderState.FULFILLED, OrderState.CLOSED})


def steps(state: OrderState, *, was_paid: bool) -> tuple[tuple[str, bool], ...]:
    """The steps of an order that a person is shown, and which it has reached; on one that is cancelled no more come."""
    if state in OVER_UNPAID:
        return (("paid", True), ("cancelled", True)) if was_paid else ()
    return (("paid", state in PAID_FOR), ("shipped", state in SHIPPED), ("closed", state is OrderState.CLOSED))


class CancelledBy(StrEnum):
    """Who ended an order."""

    SHOPPER = "shopper"
    MERCHANT = "merchant"


class ExpiryReason(StrEnum):
    """Why an order ran out."""

    UNPAID = "unpaid"
    SUPERSEDED = "superseded"
    PAYMENT_FAILED = "payment_failed"


class ExceptionReason(StrEnum):
    """Why money and order do not fit together."""

    AMOUNT_DIFFERS = "amount_differs"
    STOCK_GONE = "stock_gone"
    PAID_TWICE = "paid_twice"
