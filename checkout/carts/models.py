"""Rows of carts: one open cart for each person, its lines, and a snapshot of every version."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from catalog.kernel.db import Base, Currency, Pk, ShopRef


class Cart(Base):
    """A person's cart. `version` counts changes; `ordered_version` is the one an unpaid order was made from."""

    __tablename__ = "cart"

    id: Mapped[Pk]
    shop_id: Mapped[ShopRef]
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"))
    state: Mapped[str]
    version: Mapped[int] = mapped_column(Integer)
    currency: Mapped[Currency]
    discount_code: Mapped[str | None]
    shipping_code: Mapped[str | None]
    ordered_version: Mapped[int | None] = mapped_column(Integer)
    changed_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("state IN ('open', 'placed')", name="state"),
        CheckConstraint("version >= 0", name="version"),
        Index(
            "uq_cart_shop_id_customer_id_open", "shop_id", "customer_id",
            unique=True, postgresql_where=text("state = 'open'"),
        ),
        Index("ix_cart_customer_id", "customer_id"),
    )  # fmt: skip


class CartLineRow(Base):
    """So many units of a variant. `seen_minor` is the unit price the shopper was last told."""

    __tablename__ = "cart_line"

    id: Mapped[Pk]
    # No key to the shop: the cart has it, and one key less is one check less in every turn.
    shop_id: Mapped[UUID]
    cart_id: Mapped[UUID] = mapped_column(ForeignKey("cart.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(Integer)
    variant_id: Mapped[UUID] = mapped_column(ForeignKey("variant.id", ondelete="CASCADE"))
    quantity: Mapped[int] = mapped_column(Integer)
    seen_minor: Mapped[int]

    __table_args__ = (
        CheckConstraint("quantity BETWEEN 1 AND 99", name="quantity"),
        # Checked at the end, because one statement may swap the variants of two lines.
        UniqueConstraint("cart_id", "variant_id", deferrable=True, initially="DEFERRED"),
        Index("ix_cart_line_variant_id", "variant_id"),
    )


class CartVersion(Base):
    """The lines of a version, for undo. `before` is the version that undoing it brings back."""

    __tablename__ = "cart_version"

    cart_id: Mapped[UUID] = mapped_column(ForeignKey("cart.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    shop_id: Mapped[UUID]
    before: Mapped[int | None] = mapped_column(Integer)
    lines: Mapped[list[Any]]
    at: Mapped[datetime]
