"""Rows of parcels. A parcel is a fact and never changes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.kernel.db import Base, Pk, ShopRef


class FulfilmentRow(Base):
    """A parcel of an order. `key` is the caller's: the same key again is the same parcel."""

    __tablename__ = "fulfilment"

    id: Mapped[Pk]
    shop_id: Mapped[ShopRef]
    order_id: Mapped[UUID] = mapped_column(ForeignKey("shop_order.id", ondelete="CASCADE"), index=True)
    carrier: Mapped[str]
    tracking_code: Mapped[str]
    tracking_url: Mapped[str]
    key: Mapped[str | None]
    shipped_at: Mapped[datetime]

    lines: Mapped[list["FulfilmentLine"]] = relationship(lazy="raise", order_by="FulfilmentLine.sku")

    __table_args__ = (
        Index("uq_fulfilment_order_id_key", "order_id", "key", unique=True, postgresql_where=text("key IS NOT NULL")),
    )


class FulfilmentLine(Base):
    """Units of a SKU in a parcel."""

    __tablename__ = "fulfilment_line"

    fulfilment_id: Mapped[UUID] = mapped_column(ForeignKey("fulfilment.id", ondelete="CASCADE"), primary_key=True)
    sku: Mapped[str] = mapped_column(primary_key=True)
    shop_id: Mapped[ShopRef]
    quantity: Mapped[int] = mapped_column(Integer)

    __table_args__ = (CheckConstraint("quantity > 0", name="quantity"),)
