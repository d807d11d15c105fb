"""What the web chat needs from the rest of the house; the composition root gives it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bots.channels.base import Account
from bots.channels.webchat.adapter import WebchatChannel
from bots.channels.webchat.rates import Limits
from bots.messages.inbound import InboundEvent
from catalog.images.links import ReceivedLinks
from catalog.images.store import MediaStore
from catalog.kernel.listen import Listener
from catalog.kernel.unit_of_work import Units
from catalog.shops.profile import ShopProfile


@dataclass(frozen=True, slots=True)
class ChatDoor:
    """A web chat account with its channel and its shop."""

    channel: WebchatChannel
    shop: ShopProfile

    @property
    def account(self) -> Account:
        """The account."""
        return self.channel.account


class Directory(Protocol):
    """Finds web chats."""

    async def by_id(self, account_id: str) -> ChatDoor | None:
        """The web chat of that account id."""
        ...

    async def by_shop(self, slug: str) -> ChatDoor | None:
        """The shop's (first) web chat."""
        ...

    async def elsewhere(self, slug: str, entry: str) -> str | None:
        """The address of a chat at a provider, for a shop without a web chat; None when it has no such either."""
        ...


class Inbox(Protocol):
    """Takes what shoppers did; what it has returned for is stored. Giving it the same again changes nothing."""

    async def __call__(self, account: Account, events: Sequence[InboundEvent], /) -> None:
        """Store the events and answer them."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatTools:
    """Everything the web chat's routes share."""

    units: Units
    listener: Listener
    directory: Directory
    inbox: Inbox
    media: MediaStore
    received: ReceivedLinks  # addresses of what shoppers sent
    public_url: str  # the install's own address, without a slash at the end
    media_url: str = ""  # where pictures are, when not under public_url
    limits: Limits = field(default_factory=Limits)
