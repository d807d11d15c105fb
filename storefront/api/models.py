"""Rows of the API itself: remembered answers, the merchant's own webhooks and their deliveries."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, SmallInteger, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from catalog.kernel.db import Base, Pk, ShopRef


class IdempotencyKey(Base):
    """A request's key and the answer it got."""

    __tablename__ = "idempotency_key"

    shop_id: Mapped[ShopRef] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]
    status: Mapped[int | None] = mapped_column(SmallInteger)
    answer: Mapped[bytes | None]
    at: Mapped[datetime]

    __table_args__ = (Index("ix_idempotency_key_at", "at"),)


class Endpoint(Base):
    """An address of the merchant's that wants to hear of events. The signing secret is sealed."""

    __tablename__ = "webhook_endpoint"

    id: Mapped[Pk]
    shop_id: Mapped[ShopRef] = mapped_column(index=True)
    url: Mapped[str]
    events: Mapped[list[str]] = mapped_column(ARRAY(TEXT), server_default=text("'{}'"))
    sealed: Mapped[bytes]
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    failing_since: Mapped[datetime | None]
    created_at: Mapped[datetime]


class EndpointDelivery(Base):
    """One event on its way to one endpoint."""

    __tablename__ = "webhook_delivery"

    id: Mapped[Pk]
    shop_id: Mapped[ShopRef]
    endpoint_id: Mapped[UUID] = mapped_column(ForeignKey("webhook_endpoint.id", ondelete="CASCADE"))
    event: Mapped[str]
    body: Mapped[str]
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    status: Mapped[int | None] = mapped_column(SmallInteger)
    done_at: Mapped[datetime | None]
    at: Mapped[datetime]

    __table_args__ = (
        Index("ix_webhook_delivery_endpoint_id_at", "endpoint_id", "at"),
        Index("ix_webhook_delivery_shop_id", "shop_id"),
    )
