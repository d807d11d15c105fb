"""One payment provider, as the shop sees it: three outcomes (pending, captured, failed), sessions, refunds, news.

Every method that moves money takes its key from our rows, so that a repeated call is the same call.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from catalog.kernel.money import Money
from checkout.payments.states import RefundState


class Outcome(StrEnum):
    """What became of an attempt."""

    PENDING = "pending"
    CAPTURED = "captured"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Address:
    """Where the parcel goes; `country` is ISO 3166 alpha-2."""

    name: str
    street: str
    postal_code: str
    city: str
    country: str


@dataclass(frozen=True, slots=True)
class LineView:
    """One line as the payment page shows it; `total` is the gross line before discounts on the whole order."""

    sku: str
    title: str
    quantity: int
    unit_price: Money
    total: Money
    image_url: str | None = None


@dataclass(frozen=True, slots=True)
class OrderView:
    """The order as a provider needs it. `total` is what is charged, to the cent, whatever the lines say."""

    order_id: UUID
    number: str
    locale: str
    lines: tuple[LineView, ...]
    shipping: Money
    shipping_title: str
    total: Money
    email: str | None = None
    address: Address | None = None


@dataclass(frozen=True, slots=True)
class AttemptView:
    """An attempt's stored facts: a repeated call sends exactly these again."""

    payment_id: UUID
    order_id: UUID
    attempt: int
    amount: Money
    expires_at: datetime
    idempotency_key: str
    success_url: str
    cancel_url: str


@dataclass(frozen=True, slots=True)
class AttemptReport:
    """What a provider says of one attempt, in an answer or in an event.

    `outcome` None with `payable` False means the page ran out or was closed unpaid; FAILED with `payable` True is a
    declined card on a page that can still be paid.
    """

    session_id: str | None = None
    intent_id: str | None = None
    order_id: UUID | None = None
    attempt: int | None = None
    outcome: Outcome | None = None
    payable: bool = True
    amount: Money | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class RefundReport:
    """What a provider says of one refund; `refund_id` is ours, absent for refunds made in the provider's own desk."""

    provider_id: str
    state: RefundState
    amount: Money
    intent_id: str | None = None
    order_id: UUID | None = None
    refund_id: UUID | None = None
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class DisputeReport:
    """A dispute, or its end; `status` is the provider's word."""

    dispute_id: str
    status: str
    closed: bool
    amount: Money
    intent_id: str | None = None
    reason: str | None = None
    due_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class FraudReport:
    """An early warning of the card network."""

    intent_id: str | None = None


@dataclass(frozen=True, slots=True)
class Unconcerned:
    """News that changes nothing here: an unknown type, or a cross-check. Kept all the same."""

    intent_id: str | None = None


Report = AttemptReport | RefundReport | DisputeReport | FraudReport | Unconcerned


@dataclass(frozen=True, slots=True)
class ProviderEvent:
    """One piece of verified news. `raw` is the body that the ledger keeps, without what it told of the payer."""

    event_id: str
    kind: str
    occurred_at: datetime
    livemode: bool
    report: Report
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """A page that can be paid. The URL is used as it is: its fragment is part of it."""

    session_id: str
    url: str
    expires_at: datetime
    amount: Money
    event: ProviderEvent


@dataclass(frozen=True, slots=True)
class RefundOrder:
    """What to pay back, with the key that makes a repeated call the same call."""

    refund_id: UUID
    order_id: UUID
    intent_id: str
    amount: Money
    idempotency_key: str
    return_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """What a credentials check found; `live` is False in the provider's test mode."""

    live: bool
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """A shop's account at a provider; the credentials are sealed for this row only.

    Up to `reconciled_until` all its news was read from the provider's own list; at first that is when it was made. Its
    webhooks were heard at `heard_at`, or since.
    """

    id: UUID
    shop_id: UUID
    kind: str
    sealed: bytes = field(repr=False)
    api_base: str | None
    active: bool
    reconciled_until: datetime
    heard_at: datetime | None


class Gateway(Protocol):
    """One account at one provider.

    Raises ProviderDown (try again), ProviderRefused or Declined (do not), Misconfigured (the operator must act).
    """

    live: bool  # False in the provider's test mode; news of the other mode is not ours

    async def open_session(self, attempt: AttemptView, order: OrderView) -> OpenedSession:
        """Make the page for an attempt; the same attempt again gives the same page. Carries exactly `order.total`."""
        ...

    async def fetch_session(self, session_id: str) -> ProviderEvent:
        """How the session stands now, as news for the ledger."""
        ...

    async def expire_session(self, session_id: str) -> ProviderEvent:
        """Close the page; when somebody paid first, the news says so instead."""
        ...

    async def refund(self, order: RefundOrder) -> ProviderEvent:
        """Send money back."""
        ...

    async def fetch_refund(self, provider_id: str) -> ProviderEvent:
        """How the refund stands now."""
        ...

    async def find_refund(self, intent_id: str, refund_id: UUID) -> ProviderEvent | None:
        """Our refund among those of a payment, if the provider has it: asked before a doubtful call is repeated."""
        ...

    def verify_and_parse_webhook(self, raw: bytes, header: str | None, received_at: datetime) -> ProviderEvent:
        """The news in a webhook. Raises Forged, or Unreadable when it is well signed but not what is documented."""
        ...

    def events_since(self, since: datetime) -> AsyncIterator[ProviderEvent]:
        """News since an instant, for the reconciler; the provider keeps 30 days."""
        ...

    def payable(self, amount: Money) -> None:
        """Raises AmountNotPayable when the provider cannot take the amount."""
        ...

    async def check(self) -> Checked:
        """Whether the credentials work."""
        ...


class Gateways(Protocol):
    """Opens gateways; owns their connections."""

    def open(self, account: Account) -> Gateway:
        """The gateway of an account. Raises Misconfigured when its credentials do not open or are incomplete."""
        ...

    async def close(self) -> None:
        """Let go of every connection, at shutdown."""
        ...
