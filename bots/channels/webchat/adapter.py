"""The web chat as a channel. Pages speak to `storefront.web.chat`, which verifies and parses through this adapter."""

from collections.abc import Sequence
from typing import ClassVar, Self

from bots.channels.base import (
    Account,
    Answer,
    ChannelTools,
    CredentialField,
    Envelope,
    FailureKind,
    Media,
    RawRequest,
    Rejected,
    Sent,
    WireCall,
)
from bots.channels.webchat import frames, inbound, outbound, tokens
from bots.channels.webchat.client import WebchatClient
from bots.channels.webchat.frames import Nack
from bots.channels.webchat.tokens import Claims
from bots.messages.capabilities import Capabilities
from bots.messages.fitted import FittedMessage
from bots.messages.inbound import InboundEvent, Joined, PersonEvent
from catalog.images.store import MediaStore
from catalog.kernel.errors import Forged, Unreadable
from catalog.kernel.unit_of_work import Units


class WebchatChannel:
    """Our own pages, for one account."""

    kind: ClassVar[str] = "webchat"
    capabilities: ClassVar[Capabilities] = Capabilities(
        text_length=4_000, caption_length=4_000, rich=True, buttons=8, button_length=25, link_buttons=8,
        action_id_bytes=200, list_rows=20, carousel_cards=10, carousel_min_cards=1, carousel_buttons=3,
        location_request=True, typing=True, receipts=True,
    )  # fmt: skip
    fields: ClassVar[Sequence[CredentialField]] = (
        CredentialField(
            name="allowed_origins",
            secret=False,
            shape="list",
            # It stands in headers. Nothing else of a page's origin can: names are written as `xn--…` there.
            pattern=r"https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?/?",
            hint="an exact origin like https://shop.example; a name with umlauts as browsers send it, as xn--mller-kva",
        ),
        CredentialField(name="identity_secret", secret=True, required=False),
        CredentialField(name="token_secret", secret=True, required=False, generated=True),
    )

    def __init__(self, account: Account, *, units: Units | None = None, media: MediaStore | None = None) -> None:
        self.account = account
        self._client = WebchatClient(account, units, media)

    @classmethod
    def open(cls, account: Account, tools: ChannelTools) -> Self:
        """It lives in our own database."""
        return cls(account, units=tools.units, media=tools.media)

    def handshake(self, request: RawRequest) -> Answer | None:
        """Pages greet inside their connection, not by a webhook."""
        del request
        return None

    def verify(self, request: RawRequest) -> None:
        """Raises Forged unless the request carries an access token of this account that is still good."""
        self.claims(request)

    def claims(self, request: RawRequest) -> Claims:
        """Who speaks. Raises Forged."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise Forged("an access token is missing: Authorization: Bearer …")
        return tokens.read(self.account, token.strip(), now=request.received_at)

    def parse(self, request: RawRequest) -> Sequence[InboundEvent]:
        """The event of one `send` or `action` frame. Raises Unreadable for anything else."""
        try:
            frame = frames.read_answered(request.body)
        except Nack as error:
            raise Unreadable(error.detail, word=error.word) from error
        return inbound.parse(frame, self.claims(request), request.received_at)

    def render(self, message: FittedMessage, envelope: Envelope) -> WireCall:
        """The event that pages will draw."""
        return outbound.render(message, envelope)

    async def send(self, call: WireCall) -> Sent:
        """Store and notify. Raises Unreachable while the database is away."""
        return await self._client.call(call)

    @staticmethod
    def refusal(code: str) -> Rejected:
        """Our own tables report none."""
        return Rejected("told by a receipt", kind=FailureKind.BUG, provider_code=code)

    def acknowledge(self, event: PersonEvent, *, typing: bool) -> Sequence[WireCall]:
        """Typing dots; pages show them only when the answer takes a moment."""
        if typing and not isinstance(event, Joined):
            return (outbound.typing(event.sender.address),)
        return ()

    async def fetch_media(self, media_id: str) -> Media:
        """An uploaded picture. Raises Rejected."""
        return await self._client.fetch(media_id)

    async def register(self) -> None:
        """Nothing to register: we are the provider."""

    async def check(self) -> Sequence[str]:
        """Nothing outside can be out of order."""
        return ()
