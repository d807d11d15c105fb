"""The states of a reservation.

Reservations move many at a time, by statements (repository.py); `state = 'held'` in each is the guard of this table.
"""

from enum import StrEnum

from catalog.kernel.states import StateMachine


class ReservationState(StrEnum):
    """Held counts against what is available until its time is over; the others count for nothing."""

    HELD = "held"
    CONSUMED = "consumed"
    RELEASED = "released"


RESERVATION = StateMachine(
    name="reservation",
    initial=ReservationState.HELD,
    moves={
        ReservationState.HELD: frozenset({ReservationState.CONSUMED, ReservationState.RELEASED}),
        ReservationState.CONSUMED: frozenset(),
        ReservationState.RELEASED: frozenset(),
    },
)
