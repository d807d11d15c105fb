"""Telegram as a channel: what it can show, which credentials it needs, and the protocol's methods."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar, Self
from urllib.parse import quote

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
from bots.channels.telegram import client, inbound, outbound
from bots.messages.capabilities import Capabilities
from bots.messages.fitted import FittedMessage
from bots.messages.inbound import (
    ActionChosen,
    ContactShared,
    FormAnswered,
    InboundEvent,
    Joined,
    LocationShared,
    MediaReceived,
    PersonEvent,
    PreCheckoutAsked,
    TextReceived,
)

# After these an answer follows at once, so the person sees us typing.
_ANSWERED = (TextReceived, ActionChosen, MediaReceived, LocationShared, ContactShared, FormAnswered, Joined)


class Telegram:
    """A bot in private chats."""

    kind: ClassVar[str] = "telegram"
    capabilities: ClassVar[Capabilities] = Capabilities(
        text_length=4096,
        per_second=30.0,
        recipient_pause=timedelta(seconds=1),
        recipient_burst=20,  # Telegram tolerates "short bursts" and says no number
        caption_length=1024,
        buttons=24,  # Telegram takes about 100; more than this nobody reads
        button_length=40,
        button_text_length=4096,
        link_buttons=6,
        action_id_bytes=64,
        location_request=True,
        typing=True,
    )
    fields: ClassVar[Sequence[CredentialField]] = (
        CredentialField(
            name="bot_token",
            secret=True,
            pattern=r"\d+:[A-Za-z0-9_-]+",
            hint="digits, a colon and letters, as @BotFather shows it",
            identifies=r"(\d+):",  # the bot's id stays when its token is renewed
        ),
        CredentialField(
            name="webhook_secret",
            secret=True,
            required=False,
            generated=True,
            pattern=r"[A-Za-z0-9_-]{1,256}",
            hint="1 to 256 of A-Z, a-z, 0-9, _ and -",
        ),
        CredentialField(name="payment_provider_token", secret=True, required=False),  # kept; see README.md
    )

    def __init__(self, account: Account, http: httpx.AsyncClient) -> None:
        self.account = account
        self._http = http

    @classmethod
    def open(cls, account: Account, tools: ChannelTools) -> Self:
        """It speaks HTTP."""
        return cls(account, tools.http)

    def handshake(self, request: RawRequest) -> Answer | None:  # noqa: ARG002 - as every channel's
        """Telegram has none."""
        return None

    def verify(self, request: RawRequest) -> None:
        """By the secret token; nothing signed bears a time, so repeats are found by `update_id`."""
        inbound.verify(request, self.account)

    def parse(self, request: RawRequest) -> Sequence[InboundEvent]:
        """One update."""
        return inbound.parse(request, self.account)

    def render(self, message: FittedMessage, envelope: Envelope) -> WireCall:
        """One method call."""
        return outbound.render(message, envelope)

    async def send(self, call: WireCall) -> Sent:
        """Telegram reports neither delivery nor reading: sent is all one ever knows."""
        return await client.send(self._http, self.account, call)

    @staticmethod
    def refusal(code: str) -> Rejected:
        """Telegram sends no receipts."""
        return Rejected("told by a receipt", kind=client.failure(code), provider_code=code)

    def refuse_invoice(self, event: PreCheckoutAsked, words: str) -> WireCall:
        """Telegram waits ten seconds for it."""
        return outbound.refuse_pre_checkout(event.query_id, words)

    def acknowledge(self, event: PersonEvent, *, typing: bool) -> Sequence[WireCall]:
        """Stop the tapped button's spinner, then show that we are typing."""
        calls = [outbound.answer_callback(event.provider_id)] if isinstance(event, ActionChosen) else []
        if typing and isinstance(event, _ANSWERED) and event.sender.address.isdecimal():
            calls.append(outbound.typing(event.sender.address))
        return calls

    async def fetch_media(self, media_id: str) -> Media:
        """By file id, through an address that lives an hour."""
        return await client.fetch_media(self._http, self.account, media_id)

    async def register(self) -> None:
        """Call setWebhook; repeating it does no harm."""
        await client.register(self._http, self.account)

    async def public_name(self) -> str:
        """The bot's name."""
        return await client.username(self._http, self.account)

    @staticmethod
    def entry_link(public_name: str, entry: str) -> str:
        """`start` takes 1 to 64 of A-Z, a-z, 0-9, _ and -; source: core.telegram.org/bots/features, "Deep linking"."""
        carried = re.fullmatch(r"[A-Za-z0-9_-]{1,64}", entry) is not None
        return f"https://t.me/{quote(public_name, safe='')}" + (f"?start={entry}" if carried else "")

    async def check(self) -> Sequence[str]:
        """Token, webhook and what waits at Telegram."""
        return await client.check(self._http, self.account)
