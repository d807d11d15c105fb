"""Answers about what a merchant sets up: the shop, channels, payment accounts, webhooks, the language model."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, NotRequired, TypedDict
from uuid import UUID

from bots.understanding.model.accounts import Use
from catalog.kernel.money import Money
from catalog.shops.settings import Legal, Model, Persona, Returns, ShippingMethod, Tax
from checkout.payments.accounts import Kind


class Secret(TypedDict):
    """A secret never comes out again; only whether there is one."""

    set: bool


class Shop(TypedDict):
    """All settings of the shop. `revision` is their ETag."""

    id: UUID
    slug: str
    name: str
    currency: str
    country: str
    languages: list[str]
    revision: int
    persona: Persona
    tax: Tax
    shipping: list[ShippingMethod]
    returns: Returns
    hours: Mapping[str, list[str]]
    timezone: str
    legal: Legal
    order_prefix: str
    hold_minutes: int
    model: Model


class TemplateReview(TypedDict):
    """How the provider's review of one of our templates stands."""

    name: str
    locale: str
    status: str
    reason: str


class Channel(TypedDict):
    """A channel account. `detail` are the provider's words when it is not connected; `revision` is its ETag.

    `credentials` depend on the kind: what is no secret as it is kept, a secret as `{"set": …}`. `verify_token` is to be
    pasted at the provider and shown this once; `widget_id` is of the web chat.
    """

    id: UUID
    kind: str
    name: str
    state: Literal["connected", "not_connected", "failing"]
    detail: str | None
    webhook_url: str
    api_base: str | None
    credentials: Mapping[str, Any]
    revision: int
    created_at: datetime
    widget_id: NotRequired[UUID]
    verify_token: NotRequired[str]


class ReviewedChannel(Channel):
    """A channel account with the provider's reviews of our templates."""

    templates: list[TemplateReview]


class Channels(TypedDict):
    """The shop's channel accounts, and the kinds that there are."""

    items: list[ReviewedChannel]
    next_cursor: str | None
    kinds: list[str]


class PaymentSecrets(TypedDict):
    """Which secrets of a payment account are known."""

    secret_key: Secret
    webhook_secret: Secret


class PaymentAccount(TypedDict):
    """An account at a payment provider; new payments go through the active one of its kind. `revision` is its ETag."""

    id: UUID
    kind: Kind
    active: bool
    api_base: str | None
    revision: int
    created_at: datetime
    webhook_url: str
    credentials: PaymentSecrets


class Webhook(TypedDict):
    """An address of the merchant's that hears of events; no event named means all."""

    id: UUID
    url: str
    events: list[str]
    active: bool
    failing_since: datetime | None
    created_at: datetime


class Webhooks(TypedDict):
    """The shop's webhooks, and the names of all events."""

    items: list[Webhook]
    next_cursor: str | None
    known_events: list[str]


class NewWebhook(TypedDict):
    """A webhook with its signing secret, which is shown this once."""

    id: UUID
    url: str
    events: list[str]
    secret: str


class LanguageModel(TypedDict):
    """The shop's language model, and what it cost in the month."""

    base_url: str
    model: str
    use: Use
    threshold: float
    output: Literal["json_schema", "tool"]
    budget_ms: int
    monthly_cap: Money | None
    input_price: Money | None
    output_price: Money | None
    key: Secret
    spent: Money
    month: str
