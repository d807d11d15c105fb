"""Answers about trade: orders with all that hangs on them, returns, withdrawals, people, sales."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal, NotRequired, TypedDict
from uuid import UUID

from catalog.kernel.money import Money
from checkout.customers.values import Delivery
from checkout.orders.states import OrderState
from checkout.payments.states import PaymentState, RefundState
from checkout.pricing.totals import TaxShare, Totals
from checkout.returns.states import ReturnState, Wish


class Units(TypedDict):
    """Units of one SKU."""

    sku: str
    quantity: int


class OrderLine(TypedDict):
    """A line as it was bought. `refundable` counts units that no refund gives back.

    `total` is before the order's discount, `discount` the line's share of it.
    """

    sku: str
    title: str
    variant_title: str
    options: Mapping[str, str]
    quantity: int
    refundable: int
    unit_price: Money
    total: Money
    discount: Money
    tax_rate_bp: int
    image_id: str | None
    handle: str
    variant_id: UUID


class ShippingWay(TypedDict):
    """The way it is sent; `standard_minor` is what of its price a withdrawal gives back."""

    code: str
    name: Mapping[str, str]
    standard_minor: int
    days: NotRequired[list[int]]


class OrderEvent(TypedDict):
    """One moment of an order."""

    type: str
    at: datetime


class Payment(TypedDict):
    """An attempt to pay. `disputed`: a bank wants the money back; `fraud_warned`: the card network calls it fraud."""

    id: UUID
    provider_id: str | None
    state: PaymentState
    amount: Money
    attempt: int
    expires_at: datetime
    failure: str | None
    disputed: bool
    fraud_warned: bool


class Refund(TypedDict):
    """Money on its way back. `lines` are the units it is for, `shipping` is what of it is for delivery."""

    id: UUID
    provider_id: str | None
    state: RefundState
    amount: Money
    lines: list[Units]
    shipping: Money
    reason: str
    return_id: UUID | None
    failure: str | None
    requested_at: datetime


class Fulfilment(TypedDict):
    """A parcel that left."""

    id: UUID
    order_id: UUID
    lines: list[Units]
    carrier: str
    tracking_code: str
    tracking_url: str
    shipped_at: datetime


class ReturnLine(TypedDict):
    """Units that come back, and why."""

    sku: str
    quantity: int
    reason: str


class Return(TypedDict):
    """What a shopper wants to send back. `photos`: ids of pictures; `photo_urls`: their addresses, for ten minutes.

    `label_url` and `code`: what the parcel is handed in with; empty where the approval gave none.
    """

    id: UUID
    order_id: UUID
    state: ReturnState
    wish: Wish
    lines: list[ReturnLine]
    photos: list[str]
    photo_urls: list[str]
    rejection: str
    label_url: str
    code: str
    refund_id: UUID | None
    refund: Money | None
    requested_at: datetime
    decided_at: datetime | None
    received_at: datetime | None


class Order(TypedDict):
    """An order: a snapshot of what was bought, and what became of it since.

    `reason` says why it expired or became an exception.
    """

    id: UUID
    number: str
    code: str
    state: OrderState
    reason: str | None
    lines: list[OrderLine]
    totals: Totals
    taxes: list[TaxShare]
    payments: list[Payment]
    refunds: list[Refund]
    fulfilments: list[Fulfilment]
    returns: list[Return]
    events: list[OrderEvent]
    conversation_id: UUID | None
    customer_id: UUID
    delivery: Delivery
    shipping: ShippingWay
    discount_code: str | None
    locale: str
    placed_at: datetime
    undelivered_letters: list[Literal["confirmation", "acknowledgement", "news"]]


class Withdrawal(TypedDict):
    """A withdrawal as it was declared; without `order_id` a person has to match it."""

    id: UUID
    order_id: UUID | None
    number: str
    name: str
    email: str
    what: str
    declared_at: datetime
    letter_undelivered: bool


class Erased(TypedDict):
    """Whether there was anything to forget."""

    erased: bool


class Parted(TypedDict):
    """Whether there was anything to part."""

    parted: bool


class SalesDay(TypedDict):
    """What was paid on a day, in the smallest unit."""

    day: date
    orders: int
    total_minor: int
    tax_minor: int
    shipping_minor: int


class Sales(TypedDict):
    """Days on which something was paid, newest first."""

    currency: str
    items: list[SalesDay]
    next_cursor: str | None


class Waiting(TypedDict):
    """How much waits for somebody of the shop."""

    conversations: int
    orders: int
    returns: int
    channels: int
