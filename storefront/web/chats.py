"""The web chats of a house: found by account or by shop, wired to its turns; what a crash left of them handed over.

Pages and the worker share it, so it knows nothing of requests: a worker has no use for a web framework.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from bots.channels.accounts import service as accounts
from bots.channels.base import Account
from bots.channels.webchat.adapter import WebchatChannel
from bots.channels.webchat.rates import Limits
from bots.messages.inbound import InboundEvent
from bots.turns import inbox
from bots.turns.desk import Door
from catalog.kernel.errors import NotFound
from catalog.shops import profile as profiles
from catalog.shops import service as shops
from storefront.bootstrap import House
from storefront.web.chat import exchange
from storefront.web.chat.ports import ChatDoor, ChatTools

_LAB = Limits(
    sends_per_minute=600, sends_per_minute_of_network=6_000, sessions_per_minute=600, uploads_per_hour=600,
    uploads_per_hour_of_network=600,
)  # fmt: skip
_A_MOMENT = timedelta(seconds=30)


class WebChats:
    """Finds web chats by account or by shop."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def by_id(self, account_id: str) -> ChatDoor | None:
        """The web chat of that account id."""
        try:
            channel = await self._house.directory.at("webchat", UUID(account_id))
        except (NotFound, ValueError):
            return None
        return await self._door(channel)

    async def by_shop(self, slug: str) -> ChatDoor | None:
        """The shop's first web chat."""
        async with self._house.units(None) as uow:
            account_id = await uow.fetchval(
                "/* all shops */ SELECT a.id FROM channel_account a JOIN shop s ON s.id = a.shop_id"
                " WHERE s.slug = $1 AND a.kind = 'webchat' AND a.removed_at IS NULL ORDER BY a.created_at LIMIT 1",
                slug,
            )
        return await self.by_id(str(account_id)) if account_id is not None else None

    async def elsewhere(self, slug: str, entry: str) -> str | None:
        """Where the shop's links lead when it has no web chat."""
        try:
            async with self._house.units(None) as uow:
                shop_id = await shops.find_shop(uow, slug)
        except NotFound:
            return None
        async with self._house.units(shop_id) as uow:
            entrances = await accounts.list_entrances(uow)
        return (entrances[0].link(entry) or None) if entrances else None

    async def _door(self, channel: object) -> ChatDoor | None:
        if not isinstance(channel, WebchatChannel):
            return None
        async with self._house.units(UUID(channel.account.shop_id)) as uow:
            return ChatDoor(channel, await profiles.get(uow))


class WebInbox:
    """Hands what shoppers did on the page to the turn."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def __call__(self, account: Account, events: Sequence[InboundEvent]) -> None:
        """Store the events and answer them."""
        await inbox.receive(self._house.turns, Door.of(account), events)


def chat_tools(house: House) -> ChatTools:
    """What the web chat's routes share."""
    lab = house.settings.lab
    return ChatTools(
        units=house.units, listener=house.listener, directory=WebChats(house), inbox=WebInbox(house),
        media=house.store, received=house.received, public_url=house.settings.public_url,
        media_url=house.settings.media_base_url or "", limits=_LAB if lab else Limits(),
    )  # fmt: skip


async def hand_over_rest(house: House) -> None:
    """Give the turns what shoppers wrote in the web chat just before a crash, even if they never come back."""
    tools, chats = chat_tools(house), WebChats(house)
    async with house.units(None) as uow:
        rows = await uow.fetch(
            "/* all shops */ SELECT DISTINCT account_id FROM webchat_event WHERE inbound IS NOT NULL AND at < $1",
            uow.now - _A_MOMENT,
        )
    for row in rows:
        chat = await chats.by_id(str(row["account_id"]))
        if chat is not None:
            await exchange.hand_over_rest(tools, chat)
