"""Rows of returns."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.kernel.db import Base, Currency, Pk, ShopRef
from checkout.returns.states import ReturnState, Wish


class ReturnRow(Base):
    """A return (RMA). `refund_minor`, known once its goods are received: what goes back, or what they are worth.

    `label_url` and `label_code` are what the parcel is handed in with, where the merchant gave them.
    """

    __tablename__ = "return_request"

    id: Mapped[Pk]
    shop_id: Mapped[ShopRef]
    order_id: Mapped[UUID] = mapped_column(ForeignKey("shop_order.id", ondelete="CASCADE"), index=True)
    state: Mapped[str]
    wish: Mapped[str]
    photos: Mapped[list[Any]]
    rejection: Mapped[str]
    label_url: Mapped[str]
    label_code: Mapped[str]
    refund_id: Mapped[UUID | None] = mapped_column(index=True)
    refund_minor: Mapped[int | None]
    currency: Mapped[Currency]
    requested_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    received_at: Mapped[datetime | None]

    lines: Mapped[list["ReturnLine"]] = relationship(lazy="raise", order_by="ReturnLine.position")

    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(str(state)) for state in ReturnState)})", name="state"),
        CheckConstraint(f"wish IN ({', '.join(repr(str(wish)) for wish in Wish)})", name="wish"),
        CheckConstraint("refund_minor >= 0", name="refund"),
        Index("ix_return_request_shop_id_id", "shop_id", "id"),
    )

    @property
    def units(self) -> dict[str, int]:
        """Units by SKU."""
        return {line.sku: line.quantity for line in self.lines}


class ReturnLine(Base):
    """Units of a SKU that come back, and why."""

    __tablename__ = "return_line"

    return_id: Mapped[UUID] = mapped_column(ForeignKey("return_request.id", ondelete="CASCADE"), primary_key=True)
    sku: Mapped[str] = mapped_column(primary_key=True)
    shop_id: Mapped[ShopRef]
    position: Mapped[int] = mapped_column(Integer)
    quantity: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str]

    __table_args__ = (CheckConstraint("quantity > 0", name="quantity"),)


class WithdrawalRow(Base):
    """A declaration of withdrawal, as it came by the online function."""

    __tablename__ = "withdrawal"

    id: Mapped[Pk]
    shop_id: Mapped[ShopRef]
    order_id: Mapped[UUID | None] = mapped_column(ForeignKey("shop_order.id", ondelete="SET NULL"), index=True)
    number: Mapped[str]
    name: Mapped[str]
    email: Mapped[str]
    what: Mapped[str]
    declared_at: Mapped[datetime]

    __table_args__ = (Index("ix_withdrawal_shop_id_id", "shop_id", "id"),)
