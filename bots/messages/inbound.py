"""What a shopper, or the provider about a shopper, tells us: one closed union for all channels.

`dedupe_key` is unique within a channel account: the provider's own id, prefixed by the kind of event. `address` is the
provider's id of the person, the key under which we answer. `at` is the provider's time of the event, aware UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who wrote: the address that answers go to, other ids of the same person, and what the provider tells of them."""

    address: str
    aliases: tuple[str, ...] = ()  # other addresses of the same person at the same account (WhatsApp: number and BSUID)
    name: str | None = None
    email: str | None = None
    locale: str | None = None  # as the provider says, e.g. "de" or "en-GB"


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundBase:
    """Common to all that comes in."""

    dedupe_key: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonEvent(InboundBase):
    """Something a person did; it gets a turn and an outcome."""

    sender: Sender
    provider_id: str  # id of the message at the provider; replies and receipts name it
    reply_to: str | None = None  # provider id of the message it answers
    entry: str | None = None  # what brought the person here: deep-link payload, QR code, ad reference


@dataclass(frozen=True, slots=True, kw_only=True)
class TextReceived(PersonEvent):
    """Plain words."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionChosen(PersonEvent):
    """A button, list row or quick reply was tapped. `action_id` is what we put into it."""

    action_id: str
    title: str = ""
    value: Mapping[str, Any] = field(default_factory=dict)


class MediaKind(StrEnum):
    """What sort of file came."""

    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"
    DOCUMENT = "document"
    STICKER = "sticker"


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaReceived(PersonEvent):
    """A file. `media_id` is what the channel's client needs to fetch it (an id, or our own upload id)."""

    kind: MediaKind
    media_id: str
    mime: str | None = None
    name: str | None = None
    caption: str = ""
    album: str | None = None  # the provider's id of what was sent as one; each of its files is an event


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationShared(PersonEvent):
    """A place; address words where the provider gives them."""

    latitude: float
    longitude: float
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactShared(PersonEvent):
    """A contact card. `own` when the provider proves that it is the sender's own."""

    phone: str | None
    name: str = ""
    own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FormAnswered(PersonEvent):
    """A filled form (WhatsApp Flow, web chat form, Telegram web app)."""

    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedLine:
    """A line of a cart that a provider's own catalogue sent. The price seen by the shopper is no authority."""

    sku: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CartReceived(PersonEvent):
    """A cart put together in the provider's catalogue."""

    lines: tuple[OrderedLine, ...]
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductAsked(PersonEvent):
    """A message about a product picked in the provider's catalogue."""

    sku: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reacted(PersonEvent):
    """An emoji on a message; None when taken back."""

    emoji: str | None
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited(PersonEvent):
    """An earlier message now reads otherwise."""

    target: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn(PersonEvent):
    """An earlier message was deleted by its writer."""

    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined(PersonEvent):
    """The person opened the thread (start button, follow, unblock, widget opened with an entry) without words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Left(PersonEvent):
    """The person blocked or unfollowed us: nothing may be sent."""


Sign = Reacted | Withdrawn | Left  # what a person does without a word: it opens no provider's reply window for sure


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsupportedReceived(PersonEvent):
    """A message of a kind the provider does not hand over (poll, view-once, story …)."""

    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PreCheckoutAsked(PersonEvent):
    """A provider asks, with seconds to answer, whether an invoice may be paid now."""

    query_id: str
    payload: str
    total_minor: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoicePaid(PersonEvent):
    """A provider's in-chat invoice was paid."""

    payload: str
    total_minor: int
    currency: str
    charge_id: str
    provider_charge_id: str

    @property
    def text(self) -> str:
        """What the desk shows: whoever looks for the payment needs its ids, and the amount as the provider counts."""
        return f"{self.payload} · {self.total_minor} {self.currency} · {self.charge_id} · {self.provider_charge_id}"


class Receipt(StrEnum):
    """How far an outbound message came, in rank order."""

    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptReceived(InboundBase):
    """News about a message of ours. Arrives late, doubled and out of order; rank decides."""

    provider_id: str
    receipt: Receipt
    message_id: str = ""  # our own id of the message, where the provider gives it back
    code: str | None = None  # provider's error code when failed
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketingPreference(InboundBase):
    """The person allowed or stopped marketing at the provider."""

    address: str
    allowed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressChanged(InboundBase):
    """The same person now has another address.

    `proof`: why a person known by the new address already is the same too; without it they may be somebody else, as
    numbers are given anew.
    """

    old: str
    new: str
    proof: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduced(InboundBase):
    """Who a person is, told by somebody who knows: the merchant's site, where they are signed in."""

    address: str
    name: str | None
    email: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateChanged(InboundBase):
    """A template's review or quality changed at the provider."""

    name: str
    locale: str
    status: str  # lower case: approved, rejected, paused, disabled, pending
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountReported(InboundBase):
    """The provider speaks of the merchant's account itself."""

    words: str
    standing: Literal["works", "fails", ""] = ""  # "" where it does not say whether the account may be used


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrecognised(InboundBase):
    """An event kind that we do not know; kept for the operator, answered 200. `body`: what it held, as JSON, cut."""

    what: str
    body: str = ""


InboundEvent = (
    TextReceived
    | ActionChosen
    | MediaReceived
    | LocationShared
    | ContactShared
    | FormAnswered
    | CartReceived
    | ProductAsked
    | Reacted
    | Edited
    | Withdrawn
    | Joined
    | Left
    | UnsupportedReceived
    | PreCheckoutAsked
    | InvoicePaid
    | ReceiptReceived
    | MarketingPreference
    | AddressChanged
    | Introduced
    | TemplateChanged
    | AccountReported
    | Unrecognised
)
