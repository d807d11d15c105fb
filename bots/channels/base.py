"""The protocol of a channel: what an adapter is given and what it gives back.

An adapter is built per channel account. All but `send`, `fetch_media`, `register` and `check` is pure: the same
arguments give the same answer. Adapters never degrade a message (`fit` did) and never retry (delivery does).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Literal, Protocol, Self, runtime_checkable

import httpx

from bots.messages.capabilities import Capabilities
from bots.messages.fitted import FittedMessage
from bots.messages.inbound import InboundEvent, PersonEvent, PreCheckoutAsked
from catalog.images.service import media_path
from catalog.images.store import MediaStore
from catalog.kernel.errors import ShopError
from catalog.kernel.secrets import Secret
from catalog.kernel.unit_of_work import Units


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A merchant's account at a provider. `credentials` has the fields of the kind; secret ones are `Secret`."""

    id: str
    shop_id: str
    kind: str
    name: str
    credentials: Mapping[str, Any]
    api_base: str | None = None  # replaces the provider's host
    webhook_url: str = ""
    allow_private: bool = False  # lab only: api_base and media may be http or private

    def text(self, field_name: str) -> str:
        """A credential as text, secret or not; empty when not given."""
        value = self.credentials.get(field_name)
        return value.reveal() if isinstance(value, Secret) else str(value or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class RawRequest:
    """A webhook request as it came: raw bytes, lower-case header names, last value of each query parameter."""

    method: str
    path: str  # what stands behind the account's webhook_url, "" for itself
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes
    received_at: datetime  # the machine's clock: freshness of signatures is judged by it


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a provider must be told at once, where a bare 200 is not enough (handshakes)."""

    body: bytes = b""
    content_type: str = "text/plain"
    status: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class WireCall:
    """One request to a provider, without host and credentials: those the client adds.

    `path` is relative to the account's base. `repeatable` says that doing it twice does no harm (the provider has an
    idempotency key or the call only sets a state).
    """

    method: str
    path: str
    json: Mapping[str, Any] | None = None
    repeatable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The provider took the message. `provider_id` names it in receipts; empty where the provider gives none."""

    provider_id: str
    aliases: tuple[str, ...] = ()  # other addresses of the person that the answer told


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A file that a shopper sent, as bytes (guarded by size)."""

    body: bytes
    mime: str
    name: str = ""


class FailureKind(StrEnum):
    """What delivery does about a refused call."""

    RETRY = "provider_down"  # a fault over there: later, with backoff
    RATE = "rate_limited"  # slower, please; this account or this person only, see `scope`
    WINDOW = "window_closed"  # only a template may go out now
    UNREACHABLE = "unreachable"  # this person cannot be reached here: nothing more until they write
    OPTED_OUT = "opted_out"  # the person blocked us: nothing more until they write
    NO_MARKETING = "marketing_stopped"  # the person wants no promotions; other messages reach them
    WITHHELD = "withheld"  # the provider keeps this message from this person; others may reach them
    MEDIA = "media_refused"  # the provider could not load our picture: once more, then the words without it
    TOKEN = "token_refused"  # noqa: S105 - a word of the API; the account's credentials are refused: alert the merchant
    QUOTA = "quota"  # account blocked, unpaid or over a day's limit: alert the merchant
    TEMPLATE = "template_refused"
    BUG = "rejected"  # our message was malformed; not again
    STALE = "stale"  # harmless: nothing to change any more


class Rejected(ShopError):
    """The provider said no. `retry_after` (seconds) and `scope` ('account' or 'recipient') matter for RETRY and RATE.

    `backoff` is the base of the provider's own rule, where it has one: the n-th repeat waits `backoff ** n` seconds.
    """

    code = "rejected"

    def __init__(
        self,
        detail: str,
        *,
        kind: FailureKind,
        provider_code: str,
        retry_after: float | None = None,
        scope: str = "recipient",
        backoff: float | None = None,
    ) -> None:
        super().__init__(detail, kind=kind, provider_code=provider_code)
        self.backoff = backoff
        self.kind = kind
        self.provider_code = provider_code
        self.retry_after = retry_after
        self.scope = scope


class Unreachable(ShopError):
    """No answer. Where the request `may_have_arrived`, a repeat could double the message."""

    code = "unreachable"

    def __init__(self, detail: str, *, may_have_arrived: bool, retry_after: float | None = None) -> None:
        super().__init__(detail)
        self.may_have_arrived = may_have_arrived
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialField:
    """One field of a kind's credentials, as `POST /api/v1/channels` takes it."""

    name: str
    secret: bool
    required: bool = True
    generated: bool = False  # made by us when left out
    returned: bool = False  # told to the merchant although secret: he has to paste it at the provider
    shape: Literal["text", "list", "object", "flag"] = "text"  # list: of texts
    pattern: str = r"\S(?:.*\S)?"  # what a text must match as a whole
    hint: str = ""  # how it looks, for the refusal
    choices: tuple[str, ...] = ()
    default: Any = None  # stored when left out
    identifies: str = ""  # regular expression whose first group names the provider's account; "" for other fields


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaLinks:
    """Public addresses of our pictures. `base` is the install's public URL or its media host, without a slash."""

    base: str

    def url(self, image_id: str, rendition: str = "chat.jpg") -> str:
        """Address of a rendition (catalog/images names them)."""
        return self.base + media_path(image_id, rendition)


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Where a message goes and how it is tied: the address, our own message id, what it answers, picture links."""

    address: str
    message_id: str
    media: MediaLinks
    locale: str
    reply_to: str | None = None
    author: str = "bot"  # bot, staff or system; only channels that show who speaks use it
    aliases: tuple[str, ...] = ()  # other addresses that are surely the person's now


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelTools:
    """What channels work with: HTTP for providers; our own database and pictures for channels that live at home."""

    http: httpx.AsyncClient
    units: Units | None = None
    media: MediaStore | None = None


class Channel(Protocol):
    """One chat provider for one account."""

    kind: ClassVar[str]
    capabilities: ClassVar[Capabilities]
    fields: ClassVar[Sequence[CredentialField]]
    account: Account

    @classmethod
    def open(cls, account: Account, tools: ChannelTools) -> Self:
        """The channel of an account. It costs nothing: no call is made."""
        ...

    def handshake(self, request: RawRequest) -> Answer | None:
        """The answer to a provider's verification request, or None when this is not one. Raises Forged."""
        ...

    def verify(self, request: RawRequest) -> None:
        """Raises Forged unless signature or token, and where signed the time, hold."""
        ...

    def parse(self, request: RawRequest) -> Sequence[InboundEvent]:
        """Typed events, in order. What we do not know becomes Unrecognised. Raises Unreadable for a broken body."""
        ...

    def render(self, message: FittedMessage, envelope: Envelope) -> WireCall:
        """The one call that sends a fitted message."""
        ...

    async def send(self, call: WireCall) -> Sent:
        """Do the call. Raises Rejected or Unreachable."""
        ...

    @staticmethod
    def refusal(code: str) -> Rejected:
        """What the code of a failed receipt means: what `send` would have raised."""
        ...

    def acknowledge(self, event: PersonEvent, *, typing: bool) -> Sequence[WireCall]:
        """Calls that show the person we are at it (read mark, callback answer); failures are ignored.

        `typing`: also that we type, where the channel shows it and the event is of a kind that gets an answer.
        """
        ...

    async def fetch_media(self, media_id: str) -> Media:
        """A file that a shopper sent, at most 20 MB. Raises Rejected or Unreachable."""
        ...

    async def register(self) -> None:
        """Point the provider's webhook at `account.webhook_url`, where the provider has a call for it."""
        ...

    async def check(self) -> Sequence[str]:
        """Ask the provider whether the account works; findings for `storefront doctor`, empty when all is well."""
        ...


@runtime_checkable
class Linkable(Protocol):
    """A provider whose chats are opened by a link, also from a poster."""

    async def public_name(self) -> str:
        """What the link names: a bot, a number. Asks the provider. Raises Rejected or Unreachable."""
        ...

    @staticmethod
    def entry_link(public_name: str, entry: str) -> str:
        """Opens the chat; the entry code comes back with the first message, unless the provider cannot carry it."""
        ...


@runtime_checkable
class Invoicing(Protocol):
    """A provider with invoices of its own, which asks whether one may be paid now."""

    def refuse_invoice(self, event: PreCheckoutAsked, words: str) -> WireCall:
        """The call that keeps it from being paid; the words tell the person where to pay instead."""
        ...
