"""Rows of payments. Credentials are sealed; the ledger of news is only ever added to."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from catalog.kernel.db import Base, Currency, Pk, ShopRef
from checkout.payments.states import PaymentState, RefundState


def _one_of(column: str, states: type[PaymentState] | type[RefundState]) -> str:
    return f"{column} IN ({', '.join(repr(str(state)) for state in states)})"


class PaymentAccount(Base):
    """A shop's account at a provider. One of a kind is active; all of them go on hearing their webhooks.

    A removed one keeps its row, because its payments are history; its secrets are gone.
    """

    __tablename__ = "payment_account"

    id: Mapped[Pk]
    shop_id: Mapped[ShopRef]
    kind: Mapped[str]
    sealed: Mapped[bytes]
    api_base: Mapped[str | None]
    active: Mapped[bool]
    revision: Mapped[int] = mapped_column(Integer, server_default=text("1"))  # counts what a merchant changes
    created_at: Mapped[datetime]
    reconciled_until: Mapped[datetime | None]  # the provider's own list of news was read up to then
    removed_at: Mapped[datetime | None]
    heard_at: Mapped[datetime | None]  # a webhook came that its signature proved, noted once an hour

    __table_args__ = (
        Index("uq_payment_account_active", "shop_id", "kind", unique=True, postgresql_where=text("active")),
    )


class Payment(Base):
    """One attempt to pay an order. Never deleted, never reused."""

    __tablename__ = "payment"

    id: Mapped[Pk]
    shop_id: Mapped[ShopRef]
    order_id: Mapped[UUID]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("payment_account.id"))
    attempt: Mapped[int] = mapped_column(SmallInteger)
    state: Mapped[str]
    amount_minor: Mapped[int]
    currency: Mapped[Currency]
    idempotency_key: Mapped[str]
    success_url: Mapped[str]
    cancel_url: Mapped[str]
    expires_at: Mapped[datetime]
    provider_id: Mapped[str | None]  # the session's id at the provider
    intent_id: Mapped[str | None]  # the provider's payment, known once somebody pays
    url: Mapped[str | None]
    captured_minor: Mapped[int | None]
    captured_currency: Mapped[str | None]
    captured_at: Mapped[datetime | None]
    failure: Mapped[str | None]
    dispute_id: Mapped[str | None]
    dispute_status: Mapped[str | None]
    dispute_closed: Mapped[bool] = mapped_column(server_default=text("false"))
    fraud_warned: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    closed_at: Mapped[datetime | None]  # the provider's page takes no money any more
    looked_at: Mapped[datetime | None]  # the last look of the poller or the return page
    created_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(_one_of("state", PaymentState), name="state_known"),
        CheckConstraint("amount_minor >= 0", name="amount_not_negative"),
        CheckConstraint(
            "(state = 'captured') = (captured_minor IS NOT NULL AND captured_at IS NOT NULL)",
            name="captured_complete",
        ),
        UniqueConstraint("order_id", "attempt"),
        UniqueConstraint("account_id", "provider_id"),
        UniqueConstraint("idempotency_key"),
        Index("ix_payment_shop_id_order_id", "shop_id", "order_id"),
        Index("ix_payment_account_id_intent_id", "account_id", "intent_id"),
        Index(
            "ix_payment_unsettled",
            "created_at",
            postgresql_where=text("closed_at IS NULL OR state = 'pending'"),
        ),
    )


class PaymentEvent(Base):
    """One piece of a provider's news, without the payer's data: the ledger of which every payment state is a function.

    `processed_at` stays empty while the payment it speaks of is not known here yet.
    """

    __tablename__ = "payment_event"

    id: Mapped[Pk]
    shop_id: Mapped[ShopRef]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("payment_account.id"))
    provider_event_id: Mapped[str]
    kind: Mapped[str]
    body: Mapped[bytes]
    order_id: Mapped[UUID | None]
    intent_id: Mapped[str | None]
    payment_id: Mapped[UUID | None] = mapped_column(ForeignKey("payment.id"))
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime]
    processed_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("account_id", "provider_event_id"),
        Index("ix_payment_event_payment_id", "payment_id"),
        Index(
            "ix_payment_event_waiting",
            "account_id",
            "received_at",
            postgresql_where=text("processed_at IS NULL"),
        ),
    )


class Refund(Base):
    """Money back from one captured payment.

    `origin`: shop (asked for here), surplus (paid twice or too late), provider (made in the provider's own desk).
    `units` are the places in their lines of the units it is for, by SKU; a bare amount is for none. `shipping_minor` is
    what of it is for delivery.
    """

    __tablename__ = "refund"

    id: Mapped[Pk]
    shop_id: Mapped[ShopRef]
    order_id: Mapped[UUID]
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payment.id"))
    return_id: Mapped[UUID | None]
    state: Mapped[str]
    origin: Mapped[str]
    amount_minor: Mapped[int]
    currency: Mapped[Currency]
    units: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"), default=dict)
    shipping_minor: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    reason: Mapped[str]
    idempotency_key: Mapped[str]
    tries: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    provider_id: Mapped[str | None]
    failure: Mapped[str | None]
    requested_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(_one_of("state", RefundState), name="state_known"),
        CheckConstraint("origin IN ('shop', 'surplus', 'provider')", name="origin_known"),
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint("shipping_minor >= 0", name="shipping"),
        UniqueConstraint("payment_id", "provider_id"),
        Index("ix_refund_shop_id_order_id", "shop_id", "order_id"),
        Index("ix_refund_open", "requested_at", postgresql_where=text("state IN ('requested', 'pending')")),
    )


class PayLink(Base):
    """A short link to the summary of one version of a cart, and later to the order made of it."""

    __tablename__ = "pay_link"

    code: Mapped[str] = mapped_column(primary_key=True)
    shop_id: Mapped[ShopRef]
    cart_id: Mapped[UUID]
    cart_version: Mapped[int]
    customer_id: Mapped[UUID]
    conversation_id: Mapped[UUID | None]
    order_id: Mapped[UUID | None]
    locale: Mapped[str]
    created_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("cart_id", "cart_version"),
        Index("ix_pay_link_shop_id_order_id", "shop_id", "order_id"),
        Index("ix_pay_link_shop_id_customer_id", "shop_id", "customer_id"),
    )
