"""Rows of a conversation: the thread itself, what came in (with one outcome each), what goes out (the outbox)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, SmallInteger, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from catalog.kernel.db import Base, Pk, ShopRef


class Conversation(Base):
    """A thread between a shop and an address at a channel account.

    `fence` counts changes of the lane: a reply computed under an older number is never sent. `blocked` is why nothing
    may be sent until the person writes. `marketing` is what the person chose last, at `marketing_at`. `open_inbound`
    counts messages without an outcome. `state` is the dialogue's memory (bots/conversations/memory.py).
    """

    __tablename__ = "conversation"

    id: Mapped[Pk]
    shop_id: Mapped[ShopRef]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("channel_account.id", ondelete="CASCADE"))
    kind: Mapped[str]
    address: Mapped[str]
    customer_id: Mapped[UUID]
    locale: Mapped[str]
    held_by: Mapped[str] = mapped_column(server_default=sql("'bot'"))
    fence: Mapped[int] = mapped_column(server_default=sql("0"))
    lease_until: Mapped[datetime | None]
    blocked: Mapped[str | None]
    marketing: Mapped[bool | None]
    marketing_at: Mapped[datetime | None]
    open_inbound: Mapped[int] = mapped_column(SmallInteger, server_default=sql("0"))
    needs_person: Mapped[str | None]
    state: Mapped[dict[str, Any]] = mapped_column(server_default=sql("'{}'"))
    last_inbound_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("account_id", "address"),
        CheckConstraint("held_by IN ('bot', 'staff')", name="held_by"),
        CheckConstraint("blocked IN ('unreachable', 'opted_out')", name="blocked"),
        Index("ix_conversation_shop_id_updated_at", "shop_id", "updated_at", "id"),
        Index("ix_conversation_customer_id", "customer_id"),
    )


class AddressAlias(Base):
    """Another address of the same person at the same account (a phone number beside a business-scoped id).

    `left_at`: when they gave it up. It finds what they wrote before; later it may be somebody else's.
    """

    __tablename__ = "address_alias"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("channel_account.id", ondelete="CASCADE"), primary_key=True)
    alias: Mapped[str] = mapped_column(primary_key=True)
    shop_id: Mapped[ShopRef]
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
    left_at: Mapped[datetime | None]


class InboundMessage(Base):
    """One event of a person, stored once. `outcome` is null until its turn has ended."""

    __tablename__ = "inbound_message"

    id: Mapped[Pk]
    # No key to the shop, and no index by it: the conversation has both, and every turn would pay for them.
    shop_id: Mapped[UUID]
    account_id: Mapped[UUID]
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    dedupe_key: Mapped[str]
    provider_id: Mapped[str]
    kind: Mapped[str]
    body: Mapped[dict[str, Any]]
    text: Mapped[str]
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    not_before: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default=sql("0"))
    outcome: Mapped[str | None]
    outcome_detail: Mapped[dict[str, Any] | None]
    answered_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("account_id", "dedupe_key"),
        CheckConstraint("outcome IN ('answered', 'merged', 'handed_over', 'ignored', 'failed')", name="outcome"),
        Index("ix_inbound_message_conversation_id_seq", "conversation_id", "seq"),
        Index("ix_inbound_message_open", "not_before", postgresql_where=sql("outcome IS NULL")),
    )


class ReceivedPicture(Base):
    """A picture that a person sent, as we keep it; the provider forgets it within weeks."""

    __tablename__ = "received_picture"

    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True)
    media_id: Mapped[str] = mapped_column(primary_key=True)
    shop_id: Mapped[ShopRef]
    upload_id: Mapped[UUID]
    image_id: Mapped[str]

    __table_args__ = (Index("ix_received_picture_shop_id_media_id", "shop_id", "media_id"),)


class OutboundMessage(Base):
    """A message on its way out, one provider call each. `seq` is the order within and across conversations.

    `cause` makes notices happen once: unique per conversation where given. `fence` is the lane's number when the
    message was computed; null for messages that leave whoever holds the lane (order news, staff). `paced_until`: until
    then the person would have been written to, had the messages up to this one kept the provider's pauses.
    """

    __tablename__ = "outbound_message"

    id: Mapped[Pk]
    # No key to the shop, and no index by it: the conversation has both, and every turn would pay for them.
    shop_id: Mapped[UUID]
    account_id: Mapped[UUID]
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    author: Mapped[str]
    body: Mapped[dict[str, Any]]
    text: Mapped[str]
    plan: Mapped[dict[str, Any]] = mapped_column(server_default=sql("'{}'"))
    cause: Mapped[str | None]
    reply_to: Mapped[str | None]
    fence: Mapped[int | None]
    state: Mapped[str] = mapped_column(server_default=sql("'queued'"))
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default=sql("0"))
    not_before: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    paced_until: Mapped[datetime | None]
    provider_id: Mapped[str | None]
    reason: Mapped[str | None]
    provider_code: Mapped[str | None]
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(
            "state IN ('queued', 'sending', 'sent', 'delivered', 'read', 'failed', 'refused', 'uncertain')",
            name="state",
        ),
        CheckConstraint("author IN ('bot', 'staff', 'system')", name="author"),
        Index(
            "uq_outbound_message_cause",
            "conversation_id",
            "cause",
            unique=True,
            postgresql_where=sql("cause IS NOT NULL"),
        ),
        Index("ix_outbound_message_conversation_id_seq", "conversation_id", "seq"),
        Index(
            "ix_outbound_message_waiting",
            "conversation_id",
            "seq",
            postgresql_where=sql("state IN ('queued', 'sending')"),
        ),
        Index(
            "ix_outbound_message_lost",
            "settled_at",
            postgresql_where=sql("state IN ('failed', 'refused', 'uncertain')"),
        ),
        Index("ix_outbound_message_due", "not_before", "seq", postgresql_where=sql("state = 'queued'")),
        Index(
            "ix_outbound_message_provider_id",
            "account_id",
            "provider_id",
            postgresql_where=sql("provider_id IS NOT NULL"),
        ),
    )


class ChannelEvent(Base):
    """Events that are no person's turn: unknown kinds, template news, receipts that came before our own commit."""

    __tablename__ = "channel_event"

    id: Mapped[Pk]
    shop_id: Mapped[ShopRef]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("channel_account.id", ondelete="CASCADE"))
    dedupe_key: Mapped[str]
    kind: Mapped[str]
    provider_id: Mapped[str | None]
    body: Mapped[dict[str, Any]]
    at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("account_id", "dedupe_key"),
        Index("ix_channel_event_provider_id", "account_id", "provider_id"),
        Index("ix_channel_event_shop_id", "shop_id"),
    )


class SendBudget(Base):
    """A token bucket of a channel account: how many calls may still go out now. One row per account."""

    __tablename__ = "send_budget"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("channel_account.id", ondelete="CASCADE"), primary_key=True)
    shop_id: Mapped[ShopRef]
    tokens: Mapped[float]
    filled_at: Mapped[datetime]
    paused_until: Mapped[datetime | None]
