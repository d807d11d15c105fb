"""Rows of the web chat's own "provider": threads, sessions and their refresh tokens, events, limits, used nonces."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from catalog.kernel.db import Base, Pk, ShopRef


class WebchatThread(Base):
    """What one person sees at one account. Its row's lock numbers the events: `head_seq` is the last one given out.

    `subject` is the customer's id at the merchant's site, once proven. A thread that was merged into another keeps
    its row, so that a late message still finds its way.
    """

    __tablename__ = "webchat_thread"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("channel_account.id", ondelete="CASCADE"), primary_key=True)
    address: Mapped[str] = mapped_column(primary_key=True)
    shop_id: Mapped[ShopRef]
    head_seq: Mapped[int] = mapped_column(server_default=text("0"))
    read_seq: Mapped[int] = mapped_column(server_default=text("0"))  # how far the shopper has read
    seen_seq: Mapped[int] = mapped_column(server_default=text("0"))  # how far the shop has read
    typing_until: Mapped[datetime | None]
    subject: Mapped[str | None]
    merged_into: Mapped[str | None]
    created_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("account_id", "subject"),
        CheckConstraint("read_seq <= head_seq AND seen_seq <= head_seq", name="read"),
        Index("ix_webchat_thread_shop_id", "shop_id"),
    )


class WebchatSession(Base):
    """A browser's standing at a thread: the family of its refresh tokens. Ages by the machine's clock."""

    __tablename__ = "webchat_session"

    id: Mapped[Pk]
    shop_id: Mapped[ShopRef]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("channel_account.id", ondelete="CASCADE"))
    address: Mapped[str]
    locale: Mapped[str]
    origin: Mapped[str]
    name: Mapped[str | None]  # name and e-mail are what the merchant's site says of a customer whom it vouches for
    email: Mapped[str | None]
    entry: Mapped[str | None]  # what brought the person here; goes with the next message, once
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_webchat_session_account_id_address", "account_id", "address"),
        Index("ix_webchat_session_shop_id", "shop_id"),
    )


class WebchatRefresh(Base):
    """A refresh token, as its hash. `used_with` is the caller's id of the one request that may use it."""

    __tablename__ = "webchat_refresh"

    hash: Mapped[str] = mapped_column(primary_key=True)
    shop_id: Mapped[ShopRef]
    session_id: Mapped[UUID] = mapped_column(ForeignKey("webchat_session.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime]
    used_with: Mapped[str | None]

    __table_args__ = (Index("ix_webchat_refresh_shop_id", "shop_id"),)


class WebchatEvent(Base):
    """One thing that happened in a thread, as its pages get it. `seq` has no gaps.

    A shopper's event carries its session, `cid` and the digest of its frame; `inbound` holds the frame until its turn
    was accepted, so that a crash between the two is made good.
    """

    __tablename__ = "webchat_event"

    id: Mapped[Pk]
    shop_id: Mapped[ShopRef]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("channel_account.id", ondelete="CASCADE"))
    address: Mapped[str]
    seq: Mapped[int]
    kind: Mapped[str]
    author: Mapped[str]
    body: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    session_id: Mapped[UUID | None]
    cid: Mapped[str | None]
    digest: Mapped[str | None]
    inbound: Mapped[dict[str, Any] | None]
    message_id: Mapped[str | None]  # our outbound message's id: sent once

    __table_args__ = (
        UniqueConstraint("account_id", "address", "seq"),
        UniqueConstraint("session_id", "cid"),
        UniqueConstraint("account_id", "message_id"),
        CheckConstraint("author IN ('customer', 'bot', 'agent', 'system')", name="author"),
        Index("ix_webchat_event_shop_id", "shop_id"),
        Index("ix_webchat_event_unaccepted", "at", postgresql_where=text("inbound IS NOT NULL")),
    )


class WebchatNonce(Base):
    """A nonce of an identity token, or a ticket of an event stream: good for one use."""

    __tablename__ = "webchat_nonce"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("channel_account.id", ondelete="CASCADE"), primary_key=True)
    nonce: Mapped[str] = mapped_column(primary_key=True)
    shop_id: Mapped[ShopRef]
    expires_at: Mapped[datetime]

    __table_args__ = (
        Index("ix_webchat_nonce_expires_at", "expires_at"),
        Index("ix_webchat_nonce_shop_id", "shop_id"),
    )
