"""Rows of stock: the level of each variant, the reservations against it and the append-only ledger of movements."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from catalog.kernel.db import Base, Pk, ShopRef


class StockLevel(Base):
    """Units of a variant on the shelf. What is available is computed from the reservations, never counted here.

    A retired variant keeps its level, and is found by its SKU again when it is sold again.
    """

    __tablename__ = "stock_level"

    variant_id: Mapped[UUID] = mapped_column(ForeignKey("variant.id", ondelete="CASCADE"), primary_key=True)
    shop_id: Mapped[ShopRef]
    sku: Mapped[str]
    on_hand: Mapped[int]

    __table_args__ = (
        CheckConstraint("on_hand >= 0", name="on_hand"),
        Index("ix_stock_level_shop_id_sku", "shop_id", "sku"),
    )


class Reservation(Base):
    """Units held for a cart, and for its order once one is placed. After `expires_at` a hold counts as free."""

    __tablename__ = "reservation"

    id: Mapped[Pk]
    # No key to the shop: the stock level has it, and one key less is one check less in every turn.
    shop_id: Mapped[UUID]
    variant_id: Mapped[UUID] = mapped_column(ForeignKey("stock_level.variant_id", ondelete="CASCADE"))
    cart_id: Mapped[UUID]
    order_id: Mapped[UUID | None]
    quantity: Mapped[int]
    expires_at: Mapped[datetime]
    state: Mapped[str]

    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("state IN ('held', 'consumed', 'released')", name="state"),
        # By its first column it finds all holds of a variant: were the cart first, a planner that knows nothing yet
        # of a new database would read this index to its end for them.
        Index(
            "uq_reservation_variant_id_cart_id_held", "variant_id", "cart_id",
            unique=True, postgresql_where=text("state = 'held'"),
        ),
        Index("ix_reservation_cart_id_held", "cart_id", postgresql_where=text("state = 'held'")),
        Index(
            "ix_reservation_order_id_held", "order_id",
            postgresql_where=text("state = 'held' AND order_id IS NOT NULL"),
        ),
        # No index has the time in it: making a hold longer, which every change of a cart does, then writes one row.
        Index("ix_reservation_shop_id_unsold", "shop_id", postgresql_where=text("state <> 'consumed'")),
    )  # fmt: skip


class StockMovement(Base):
    """One change of a level, never edited: the movements of a variant sum to its `on_hand`.

    A movement with a reference (an order, a return) happens once per reason, reference and variant.
    """

    __tablename__ = "stock_movement"

    id: Mapped[Pk]
    shop_id: Mapped[ShopRef]
    variant_id: Mapped[UUID]
    sku: Mapped[str]
    delta: Mapped[int]
    reason: Mapped[str]
    reference: Mapped[UUID | None]
    at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("reason IN ('set', 'adjusted', 'sold', 'cancelled', 'returned')", name="reason"),
        Index(
            "uq_stock_movement_once", "shop_id", "reason", "reference", "variant_id",
            unique=True, postgresql_where=text("reference IS NOT NULL"),
        ),
        Index("ix_stock_movement_shop_id_variant_id_id", "shop_id", "variant_id", "id"),
    )  # fmt: skip
