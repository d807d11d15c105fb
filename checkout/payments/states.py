"""States of an attempt to pay and of a refund, and all that may happen to them.

News of a provider comes late, doubled and shuffled, so the next state is the later of what we know and what we hear
(`later`): applying the same news in any order ends in the same state. Captured money is never forgotten.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar

from catalog.kernel.states import StateMachine

S = TypeVar("S", bound=StrEnum)


class PaymentState(StrEnum):
    """Where an attempt to pay stands."""

    CREATED = "created"  # ours alone: the provider may or may not have heard of it
    OPEN = "open"  # the provider's page can be paid
    PENDING = "pending"  # the shopper is done, the money is on its way (SEPA, transfers)
    CAPTURED = "captured"
    FAILED = "failed"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"  # a newer attempt took its place; may still be paid by a quick thumb


class RefundState(StrEnum):
    """Where money on its way back stands."""

    REQUESTED = "requested"
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"


_P = PaymentState
PAYMENT: StateMachine[PaymentState] = StateMachine(
    name="payment",
    initial=_P.CREATED,
    moves={
        _P.CREATED: frozenset({_P.OPEN, _P.EXPIRED, _P.SUPERSEDED, _P.PENDING, _P.FAILED, _P.CAPTURED}),
        _P.OPEN: frozenset({_P.EXPIRED, _P.SUPERSEDED, _P.PENDING, _P.FAILED, _P.CAPTURED}),
        _P.EXPIRED: frozenset({_P.SUPERSEDED, _P.PENDING, _P.FAILED, _P.CAPTURED}),
        _P.SUPERSEDED: frozenset({_P.PENDING, _P.FAILED, _P.CAPTURED}),
        _P.PENDING: frozenset({_P.FAILED, _P.CAPTURED}),
        _P.FAILED: frozenset({_P.CAPTURED}),
        _P.CAPTURED: frozenset(),
    },
)
PAYMENT_ORDER: tuple[PaymentState, ...] = (
    _P.CREATED, _P.OPEN, _P.EXPIRED, _P.SUPERSEDED, _P.PENDING, _P.FAILED, _P.CAPTURED,
)  # fmt: skip
# Still ours to close: nobody has paid and the page may be payable.
LIVE: frozenset[PaymentState] = frozenset({_P.CREATED, _P.OPEN})

_R = RefundState
REFUND: StateMachine[RefundState] = StateMachine(
    name="refund",
    initial=_R.REQUESTED,
    moves={
        _R.REQUESTED: frozenset({_R.PENDING, _R.SUCCEEDED, _R.CANCELED, _R.FAILED}),
        _R.PENDING: frozenset({_R.SUCCEEDED, _R.CANCELED, _R.FAILED}),
        # A bank may send money back days after the provider called the refund done.
        _R.SUCCEEDED: frozenset({_R.CANCELED, _R.FAILED}),
        _R.CANCELED: frozenset({_R.FAILED}),
        _R.FAILED: frozenset(),
    },
)
REFUND_ORDER: tuple[RefundState, ...] = (_R.REQUESTED, _R.PENDING, _R.SUCCEEDED, _R.CANCELED, _R.FAILED)
# Refunds that take money: they count against what was captured.
COUNTED: frozenset[RefundState] = frozenset({_R.REQUESTED, _R.PENDING, _R.SUCCEEDED})

# A dispute's way in the provider's words: an inquiry, which may become a dispute, and then the ends, the worst last.
DISPUTE_ORDER: tuple[str, ...] = (
    "warning_needs_response", "warning_under_review", "needs_response", "under_review",
    "warning_closed", "prevented", "won", "lost",
)  # fmt: skip
# Inquiries (warning_…) and disputes that ended in our favour leave the money with us; others have taken it already.
REFUNDABLE_DISPUTES = frozenset(
    {"won", "warning_needs_response", "warning_under_review", "warning_closed", "prevented"}
)


def later(order: Sequence[S], current: S, heard: S) -> S:
    """The later of two states: what makes shuffled and doubled news harmless."""
    return max(current, heard, key=order.index)


def advance(machine: StateMachine[S], order: Sequence[S], current: S, heard: S) -> S:
    """The state after hearing news: unchanged when the news is old, else the machine's move."""
    wanted = later(order, current, heard)
    return current if wanted == current else machine.move(current, wanted)
