"""Channel accounts as running adapters: looked up by id, built once per process, rebuilt when the account changes."""

import logging
import time
from dataclasses import dataclass, field
from uuid import UUID

from bots.channels import registry
from bots.channels.accounts import service as accounts
from bots.channels.base import Channel, ChannelTools
from bots.delivery import reviews
from catalog.kernel.errors import NotFound, ShopError
from catalog.kernel.secrets import Vault
from catalog.kernel.unit_of_work import Units
from catalog.shops import service as shops

_log = logging.getLogger(__name__)
_TRUSTED_S = 2.0  # a changed account is noticed by every process within this time


@dataclass(slots=True, kw_only=True)
class Directory:
    """Finds the adapter of an account. An account's `revision` says whether a kept adapter is still right."""

    units: Units
    vault: Vault
    tools: ChannelTools
    public_url: str
    allow_private: bool
    _kept: dict[UUID, tuple[int, Channel, float]] = field(default_factory=dict)
    _shops: dict[UUID, UUID] = field(default_factory=dict)

    async def get(self, account_id: UUID, shop_id: UUID) -> Channel:
        """The adapter of a shop's account. Raises NotFound."""
        kept = self._kept.get(account_id)
        if kept is not None and time.monotonic() < kept[2]:
            return kept[1]
        async with self.units(shop_id) as uow:
            revision = await accounts.revision(uow, account_id)
            if kept is not None and kept[0] == revision:
                self._kept[account_id] = (revision, kept[1], time.monotonic() + _TRUSTED_S)
                return kept[1]
            account = await accounts.open_account(
                uow, self.vault, account_id, public_url=self.public_url, allow_private=self.allow_private
            )
        channel = registry.build(account, self.tools)
        self._kept[account_id] = (revision, channel, time.monotonic() + _TRUSTED_S)
        return channel

    async def at(self, kind: str, account_id: UUID) -> Channel:
        """The adapter behind a webhook address. Raises NotFound for an unknown id or another kind."""
        shop_id = self._shops.get(account_id)
        if shop_id is None:
            async with self.units(None) as uow:
                shop_id = await uow.fetchval(
                    "/* all shops */ SELECT shop_id FROM channel_account WHERE id = $1", account_id
                )
            if shop_id is None:
                raise NotFound("there is no such channel account")
            self._shops[account_id] = shop_id
        channel = await self.get(account_id, shop_id)
        if channel.kind != kind:
            raise NotFound("there is no such channel account")
        return channel

    async def connect(self, account_id: UUID, shop_id: UUID) -> str:
        """Register at the provider and hand in our templates there; "" or why it is not connected."""
        detail = await accounts.connect(self.units, await self.get(account_id, shop_id))
        if not detail:
            await self._review(account_id, shop_id)
        return detail

    async def review(self) -> None:
        """Hand in missing templates and learn how reviews stand, at every account of every shop."""
        async with self.units(None) as uow:
            known = await shops.list_shops(uow)
        for shop_id, _, _ in known:
            async with self.units(shop_id) as uow:
                rows = [row.id for row in await accounts.list_accounts(uow) if row.state == "connected"]
            for account_id in rows:
                await self._review(account_id, shop_id)

    async def _review(self, account_id: UUID, shop_id: UUID) -> None:
        """A failure is told to operators alone: the account works, and the next day asks again."""
        try:
            channel = await self.get(account_id, shop_id)
            if isinstance(channel, reviews.Reviewed):
                await reviews.synchronise(self.units, channel, public_url=self.public_url)
        except ShopError as error:
            facts = {"account": account_id, "error": error.code, "detail": error.detail}
            _log.warning("templates.not_synchronised", extra={"fields": facts})
