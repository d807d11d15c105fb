"""Answers about talk: conversations and their messages."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, NotRequired, TypedDict
from uuid import UUID

from bots.conversations.states import DeliveryState, Lane, Outcome


class LastMessage(TypedDict):
    """What was said last, for a list. `kind` is what a person did (null for our own words); text may be empty."""

    author: str
    text: str
    kind: str | None
    at: datetime


class Conversation(TypedDict):
    """A thread with a person at a channel. `needs_person` is why it waits for somebody of the team."""

    id: UUID
    channel_id: UUID
    kind: str
    address: str
    contact_id: UUID
    name: str | None
    locale: str
    held_by: Lane
    needs_person: str | None
    blocked: bool
    last_message: LastMessage | None
    last_inbound_at: datetime | None
    updated_at: datetime
    created_at: datetime


class MessageOutcome(TypedDict):
    """How an inbound message ended. `reading` is what was understood and why, `cart` what it made of the cart."""

    kind: Outcome
    reason: NotRequired[str]
    reading: NotRequired[Mapping[str, Any]]
    cart: NotRequired[Mapping[str, Any]]
    into: NotRequired[UUID]
    cause: NotRequired[str]


class MessagePicture(TypedDict):
    """The picture of a message. The `url` of what a person sent is good for ten minutes."""

    image_id: str
    alt: str
    url: str


class MessageCard(TypedDict):
    """Goods that a message shows; a lone one has the number 0."""

    number: int
    title: str
    subtitle: str
    image_id: str | None


class OtherWay(TypedDict):
    """What else reaches the person now: another thread of theirs, or their e-mail address."""

    kind: NotRequired[str]
    conversation_id: NotRequired[UUID]
    email: NotRequired[str]


class MessageDelivery(TypedDict):
    """How far an outbound message is. `reason`: why it waits, or was not sent; `instead`: null if there is no way."""

    state: DeliveryState
    provider_id: str | None
    reason: NotRequired[str]
    provider_code: NotRequired[str]
    next_try_at: NotRequired[datetime]
    instead: NotRequired[OtherWay | None]


class InboundMessage(TypedDict):
    """What a person wrote or did. `outcome` is null while its turn is open."""

    id: UUID
    direction: Literal["inbound"]
    provider_id: str
    text: str
    at: datetime
    author: Literal["shopper"]
    kind: str
    outcome: MessageOutcome | None
    picture: MessagePicture | None


class OutboundMessage(TypedDict):
    """What the shop says. `plan` is what was decided for it before it left."""

    id: UUID
    direction: Literal["outbound"]
    provider_id: str | None
    text: str
    at: datetime
    author: Literal["bot", "staff", "system"]
    delivery: MessageDelivery
    plan: Mapping[str, Any]
    picture: MessagePicture | None
    cards: list[MessageCard]


class Messages(TypedDict):
    """Messages both ways, in the order they happened."""

    items: list[InboundMessage | OutboundMessage]
    next_cursor: str | None


class OutcomeCount(TypedDict):
    """How many messages ended so; `open` are those under way."""

    outcome: Literal["answered", "merged", "handed_over", "ignored", "failed", "open"]
    messages: int
