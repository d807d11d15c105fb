"""WhatsApp as a channel: what it can show, which credentials it needs, and the protocol's methods."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import ClassVar, Self

import httpx

from bots.channels.base import (
    Account,
    Answer,
    ChannelTools,
    CredentialField,
    Envelope,
    Media,
    RawRequest,
    Rejected,
    Sent,
    WireCall,
)
from bots.channels.reading import entry_code
from bots.channels.whatsapp import client, inbound, outbound, templates
from bots.messages.capabilities import Capabilities
from bots.messages.fitted import FittedMessage
from bots.messages.inbound import Edited, InboundEvent, PersonEvent, Reacted, TemplateChanged, Withdrawn

_DIGITS = r"(\d{3,25})"


class WhatsApp:
    """Cloud API of the WhatsApp Business Platform."""

    kind: ClassVar[str] = "whatsapp"
    capabilities: ClassVar[Capabilities] = Capabilities(
        text_length=4096,
        per_second=80.0,
        recipient_pause=timedelta(seconds=6),
        recipient_burst=45,
        caption_length=1024,
        buttons=3,
        button_length=20,
        button_text_length=1024,
        links_with_buttons=False,
        link_buttons=1,
        action_id_bytes=200,
        list_rows=10,
        list_row_length=24,
        list_description_length=72,
        carousel_cards=10,
        carousel_buttons=1,
        card_text_length=160,
        card_action_id_bytes=20,
        location_request=True,
        typing=True,
        receipts=True,
        reply_window=timedelta(hours=24),
        templates=True,
    )
    fields: ClassVar[Sequence[CredentialField]] = (
        CredentialField(name="phone_number_id", secret=False, pattern=_DIGITS, hint="digits", identifies=_DIGITS),
        CredentialField(name="waba_id", secret=False, pattern=_DIGITS, hint="digits"),
        CredentialField(name="access_token", secret=True),
        CredentialField(name="app_secret", secret=True),
        CredentialField(name="verify_token", secret=True, required=False, generated=True, returned=True),
        CredentialField(name="catalog_id", secret=False, required=False, pattern=_DIGITS, hint="digits"),
    )

    def __init__(self, account: Account, http: httpx.AsyncClient) -> None:
        self.account = account
        self._http = http

    @classmethod
    def open(cls, account: Account, tools: ChannelTools) -> Self:
        """It speaks HTTP."""
        return cls(account, tools.http)

    def handshake(self, request: RawRequest) -> Answer | None:
        """Meta verifies a callback by a GET."""
        return inbound.handshake(request, self.account)

    def verify(self, request: RawRequest) -> None:
        """Signed under the app secret; Meta signs no time, so repeats are found by their ids."""
        inbound.verify(request, self.account)

    def parse(self, request: RawRequest) -> Sequence[InboundEvent]:
        """Up to 1000 updates in one request."""
        return inbound.parse(request, self.account)

    def render(self, message: FittedMessage, envelope: Envelope) -> WireCall:
        """One body for `/messages`."""
        return outbound.render(message, envelope, self.account)

    async def send(self, call: WireCall) -> Sent:
        """Accepted is not delivered: statuses tell what became of it."""
        return await client.send(self._http, self.account, call)

    @staticmethod
    def refusal(code: str) -> Rejected:
        """Failed statuses carry the codes of answers."""
        return client.refusal(code)

    def acknowledge(self, event: PersonEvent, *, typing: bool) -> Sequence[WireCall]:
        """The read mark, which is for all before it too, and the typing dots."""
        typing = typing and not isinstance(event, Reacted | Edited | Withdrawn)
        return (outbound.read_mark(event.provider_id, self.account, typing=typing),)

    async def fetch_media(self, media_id: str) -> Media:
        """By id, through an address that lives five minutes."""
        return await client.fetch_media(self._http, self.account, media_id)

    async def register(self) -> None:
        """Subscribe the app to the account; the callback itself is entered in the app dashboard."""
        await client.subscribe(self._http, self.account)

    async def public_name(self) -> str:
        """The number."""
        return await client.phone_number(self._http, self.account)

    @staticmethod
    def entry_link(public_name: str, entry: str) -> str:
        """The code stands in the words that are written beforehand: WhatsApp knows no other place for it."""
        carried = entry_code(f"#{entry}") == entry.upper()
        return f"https://wa.me/{public_name}" + (f"?text=%23{entry}" if carried else "")

    async def sync_templates(self, *, public_url: str, at: datetime) -> Sequence[TemplateChanged]:
        """Hand in the product's templates where they are missing; how each stands."""
        return await templates.synchronise(self._http, self.account, public_url=public_url, at=at)

    async def check(self) -> Sequence[str]:
        """Token, number and subscription."""
        return await client.check(self._http, self.account)
