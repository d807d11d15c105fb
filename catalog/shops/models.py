"""A shop and its API keys. Every other row of the house names a shop."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Integer, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from catalog.kernel.db import Base, Currency, Pk


class Shop(Base):
    """A tenant. `revision` counts changes of its settings, `catalog_revision` those of its goods: caches compare."""

    __tablename__ = "shop"

    id: Mapped[Pk]
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    currency: Mapped[Currency]
    country: Mapped[str]
    default_locale: Mapped[str]
    locales: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    settings: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    revision: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    catalog_revision: Mapped[int] = mapped_column(server_default=text("1"))
    next_order_number: Mapped[int] = mapped_column(server_default=text("1001"))
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))

    __table_args__ = (
        CheckConstraint("slug ~ '^[a-z0-9][a-z0-9-]{1,62}$'", name="slug"),
        CheckConstraint("country ~ '^[A-Z]{2}$'", name="country"),
    )


class ApiKey(Base):
    """A key of the merchant API: only its SHA-256 is kept. `hint` is its beginning, to recognise it by."""

    __tablename__ = "api_key"

    id: Mapped[Pk]
    shop_id: Mapped[UUID] = mapped_column(ForeignKey("shop.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    hint: Mapped[str]
    fingerprint: Mapped[str]
    scopes: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("fingerprint"),)
