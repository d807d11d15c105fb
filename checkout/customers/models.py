"""Rows of people. A person proven to be another keeps the row and points at the other one, so it can be undone."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from catalog.kernel.db import Base, Pk, ShopRef


class CustomerRow(Base):
    """A customer: who carts and orders belong to. `address` is the last one given, as `Address` has it."""

    __tablename__ = "customer"

    id: Mapped[Pk]
    shop_id: Mapped[ShopRef]
    name: Mapped[str] = mapped_column(server_default=text("''"))
    email: Mapped[str] = mapped_column(server_default=text("''"))
    phone: Mapped[str] = mapped_column(server_default=text("''"))
    locale: Mapped[str] = mapped_column(server_default=text("''"))
    address: Mapped[dict[str, Any] | None]
    merged_into: Mapped[UUID | None] = mapped_column(ForeignKey("customer.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("merged_into <> id", name="not_into_itself"),
        Index("ix_customer_shop_id_id", "shop_id", "id"),
        Index("ix_customer_merged_into", "merged_into", postgresql_where=text("merged_into IS NOT NULL")),
    )


class CustomerMerge(Base):
    """That two rows are one person, by which proof, and whether that was taken back."""

    __tablename__ = "customer_merge"

    id: Mapped[Pk]
    shop_id: Mapped[ShopRef]
    from_id: Mapped[UUID] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"), index=True)
    into_id: Mapped[UUID] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"), index=True)
    proof: Mapped[str]
    at: Mapped[datetime]
    reversed_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "uq_customer_merge_from_id_standing", "from_id", unique=True, postgresql_where=text("reversed_at IS NULL")
        ),
    )
