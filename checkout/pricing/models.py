"""Rows of discounts: the codes a merchant gives out, and which order used which."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from catalog.kernel.db import Base, Currency, Pk, ShopRef


class DiscountCode(Base):
    """A code. Exactly one of `percent_bp` and `amount_minor` is set."""

    __tablename__ = "discount"

    id: Mapped[Pk]
    shop_id: Mapped[ShopRef]
    code: Mapped[str]
    percent_bp: Mapped[int | None] = mapped_column(Integer)
    amount_minor: Mapped[int | None]
    min_total_minor: Mapped[int | None]
    currency: Mapped[Currency]
    max_redemptions: Mapped[int | None] = mapped_column(Integer)
    per_person: Mapped[int | None] = mapped_column(Integer)
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("shop_id", "code"),
        CheckConstraint("(percent_bp IS NULL) <> (amount_minor IS NULL)", name="one_kind"),
        CheckConstraint("percent_bp BETWEEN 1 AND 10000", name="percent"),
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("min_total_minor >= 0", name="min_total"),
        CheckConstraint("max_redemptions > 0 AND per_person > 0", name="limits"),
    )


class Redemption(Base):
    """An order used a code. An order that ended unpaid gives the use back (`released_at`).

    `cart_id`: the cart of an order that may still be replaced by another of that cart; to the cart its own use is none.
    """

    __tablename__ = "discount_redemption"

    discount_id: Mapped[UUID] = mapped_column(ForeignKey("discount.id", ondelete="CASCADE"), primary_key=True)
    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    shop_id: Mapped[ShopRef]
    customer_id: Mapped[UUID]
    cart_id: Mapped[UUID | None]
    at: Mapped[datetime]
    released_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_discount_redemption_order_id", "order_id"),
        Index(
            "ix_discount_redemption_discount_id_customer_id", "discount_id", "customer_id",
            postgresql_where=text("released_at IS NULL"),
        ),
    )  # fmt: skip
