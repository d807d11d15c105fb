"""What can happen to an outbound message and to the lane of a conversation."""

from enum import StrEnum

from catalog.kernel.states import StateMachine


class DeliveryState(StrEnum):
    """How far an outbound message is."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"


DELIVERY = StateMachine(
    name="delivery",
    initial=DeliveryState.QUEUED,
    moves={
        DeliveryState.QUEUED: frozenset({DeliveryState.SENDING, DeliveryState.REFUSED}),
        # A receipt with our own id may overtake the answer of the call, or come where the sender has died.
        DeliveryState.SENDING: frozenset(set(DeliveryState) - {DeliveryState.SENDING}),
        # Queued again is what the provider took and then refused for now, or as it was: it goes once more.
        DeliveryState.SENT: frozenset(
            {DeliveryState.DELIVERED, DeliveryState.READ, DeliveryState.FAILED, DeliveryState.QUEUED}
        ),
        DeliveryState.DELIVERED: frozenset({DeliveryState.READ}),
        DeliveryState.READ: frozenset(),
        DeliveryState.FAILED: frozenset(),
        DeliveryState.REFUSED: frozenset(),
        DeliveryState.UNCERTAIN: frozenset(
            {
                DeliveryState.SENT,
                DeliveryState.DELIVERED,
                DeliveryState.READ,
                DeliveryState.FAILED,
                DeliveryState.QUEUED,
            }
        ),
    },
)


class Lane(StrEnum):
    """Who speaks for the shop in a conversation."""

    BOT = "bot"
    STAFF = "staff"


class Outcome(StrEnum):
    """How an inbound message ended; every one ends."""

    ANSWERED = "answered"
    MERGED = "merged"
    HANDED_OVER = "handed_over"
    IGNORED = "ignored"
    FAILED = "failed"
