"""Rows of orders: snapshots of what was bought, at which prices, for whom, and the timeline of what happened."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.kernel.db import Base, Currency, Pk, ShopRef
from catalog.kernel.money import Money
from checkout.orders.states import ExceptionReason, OrderState


class Order(Base):
    """A placed cart. `code` is the unguessable part of `/o/{code}`; `delivery` and `taxes` are snapshots too.

    `hold_until` is when the goods are no longer kept for it; `reason` says why it expired or became an exception.
    """

    __tablename__ = "shop_order"

    id: Mapped[Pk]
    shop_id: Mapped[ShopRef]
    number: Mapped[str]
    code: Mapped[str] = mapped_column(unique=True)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customer.id"))
    conversation_id: Mapped[UUID | None]
    cart_id: Mapped[UUID]
    cart_version: Mapped[int] = mapped_column(Integer)
    state: Mapped[str]
    reason: Mapped[str | None]
    locale: Mapped[str]
    currency: Mapped[Currency]
    items_minor: Mapped[int]
    discount_minor: Mapped[int]
    shipping_minor: Mapped[int]
    tax_minor: Mapped[int]
    total_minor: Mapped[int]
    taxes: Mapped[list[Any]]
    tax_country: Mapped[str]
    discount_code: Mapped[str | None]
    shipping: Mapped[dict[str, Any]]
    delivery: Mapped[dict[str, Any]]
    placed_at: Mapped[datetime]
    hold_until: Mapped[datetime]
    paid_at: Mapped[datetime | None]
    fulfilled_at: Mapped[datetime | None]

    lines: Mapped[list["OrderLine"]] = relationship(lazy="raise", order_by="OrderLine.position")
    events: Mapped[list["OrderEvent"]] = relationship(lazy="raise", order_by="OrderEvent.id")

    __table_args__ = (
        UniqueConstraint("shop_id", "number"),
        CheckConstraint(f"state IN ({', '.join(repr(str(state)) for state in OrderState)})", name="state"),
        CheckConstraint("total_minor = items_minor - discount_minor + shipping_minor", name="total"),
        CheckConstraint(
            "total_minor >= 0 AND items_minor >= 0 AND discount_minor >= 0 AND shipping_minor >= 0 AND tax_minor >= 0",
            name="amounts",
        ),
        # One order for each version of a cart, unless that one ended without money.
        Index(
            "uq_shop_order_cart_id_cart_version_live", "cart_id", "cart_version",
            unique=True, postgresql_where=text("state NOT IN ('cancelled', 'expired', 'exception')"),
        ),
        Index("ix_shop_order_cart_id", "cart_id"),
        Index("ix_shop_order_shop_id_id", "shop_id", "id"),
        Index("ix_shop_order_number_in_capitals", "shop_id", func.upper(text("number"))),  # as it is typed by hand
        Index("ix_shop_order_fulfilled", "shop_id", "fulfilled_at", postgresql_where=text("state = 'fulfilled'")),
        Index("ix_shop_order_customer_id_id", "customer_id", "id"),
        Index("ix_shop_order_conversation_id", "conversation_id"),
        Index("ix_shop_order_hold_until_awaiting", "hold_until", postgresql_where=text("state = 'awaiting_payment'")),
    )  # fmt: skip

    @property
    def total(self) -> Money:
        """What is to be paid, shipping and tax included."""
        return Money(self.total_minor, self.currency)

    @property
    def unsent(self) -> dict[str, int]:
        """Units by SKU that are not sent: still to send, or, once the order is closed, never."""
        return {line.sku: line.quantity - line.shipped for line in self.lines if line.quantity > line.shipped}

    @property
    def never_sent(self) -> dict[str, int]:
        """Units by SKU that were called off after others had been sent."""
        return self.unsent if self.state == OrderState.CLOSED else {}

    @property
    def waits_for_right_amount(self) -> bool:
        """Whether money came, but not what the order costs: it is an exception only until the whole amount is there."""
        return self.state == OrderState.EXCEPTION and self.reason == ExceptionReason.AMOUNT_DIFFERS

    def money(self, minor: int) -> Money:
        """An amount in the order's currency."""
        return Money(minor, self.currency)


class OrderLine(Base):
    """A line as it was bought. `total_minor` is before the order's discount, `discount_minor` the line's share of it.

    `shipped` units left in parcels; `returned` came back, or were asked to: neither can exceed what it is a part of.
    """

    __tablename__ = "order_line"

    id: Mapped[Pk]
    shop_id: Mapped[ShopRef]
    order_id: Mapped[UUID] = mapped_column(ForeignKey("shop_order.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(Integer)
    variant_id: Mapped[UUID]
    sku: Mapped[str]
    handle: Mapped[str]
    title: Mapped[str]
    variant_title: Mapped[str]
    options: Mapped[dict[str, Any]]
    image_id: Mapped[str | None]
    quantity: Mapped[int] = mapped_column(Integer)
    unit_price_minor: Mapped[int]
    total_minor: Mapped[int]
    discount_minor: Mapped[int]
    currency: Mapped[Currency]
    tax_rate_bp: Mapped[int] = mapped_column(Integer)
    shipped: Mapped[int] = mapped_column(Integer, server_default=text("0"), default=0)
    returned: Mapped[int] = mapped_column(Integer, server_default=text("0"), default=0)

    __table_args__ = (
        UniqueConstraint("order_id", "sku"),
        CheckConstraint("shipped BETWEEN 0 AND quantity AND returned BETWEEN 0 AND shipped", name="parts"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("total_minor = unit_price_minor * quantity", name="total"),
        CheckConstraint("discount_minor BETWEEN 0 AND total_minor", name="discount"),
        Index("ix_order_line_order_id_position", "order_id", "position"),
        Index("ix_order_line_variant_id", "variant_id"),
    )

    @property
    def paid_minor(self) -> int:
        """What the whole line cost after discount."""
        return self.total_minor - self.discount_minor


class OrderEvent(Base):
    """One moment in an order's life. The database itself allows one `paid` for each order."""

    __tablename__ = "order_event"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    shop_id: Mapped[ShopRef]
    order_id: Mapped[UUID] = mapped_column(ForeignKey("shop_order.id", ondelete="CASCADE"))
    type: Mapped[str]
    at: Mapped[datetime]

    __table_args__ = (
        Index("uq_order_event_order_id_paid", "order_id", unique=True, postgresql_where=text("type = 'paid'")),
        Index("ix_order_event_order_id_id", "order_id", "id"),
    )
