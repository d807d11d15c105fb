"""Keeping our templates at a provider in step with what it says of them: handed in where missing, their state noted."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable
from uuid import UUID

from bots.channels.base import Account
from bots.delivery import news
from bots.messages.inbound import TemplateChanged
from catalog.kernel.unit_of_work import UnitOfWork, Units


@runtime_checkable
class Reviewed(Protocol):
    """A channel whose provider reviews templates."""

    account: Account

    async def sync_templates(self, *, public_url: str, at: datetime) -> Sequence[TemplateChanged]:
        """Hand in what is missing; how each stands."""
        ...


async def synchronise(units: Units, channel: Reviewed, *, public_url: str) -> None:
    """Hand in what is missing and note every state that is news. Raises Rejected or Unreachable.

    States are dated to the second before the provider was asked: what it tells by webhook meanwhile is newer.
    """
    shop_id, account_id = UUID(channel.account.shop_id), UUID(channel.account.id)
    async with units(shop_id) as uow:
        asked_at = uow.now.replace(microsecond=0)
    states = await channel.sync_templates(public_url=public_url, at=asked_at)
    async with units(shop_id) as uow:
        known = await _known(uow, account_id)
        changed = [one for one in states if known.get((one.name, one.locale)) != one.status]
        await news.take(uow, account_id, changed)


async def states(uow: UnitOfWork, account_ids: Sequence[UUID]) -> dict[UUID, list[dict[str, str]]]:
    """How our templates stand at each of these accounts, as the API shows it."""
    rows = await uow.fetch(
        "SELECT account_id, name, locale, status, reason FROM template_state"
        " WHERE account_id = ANY($1) AND shop_id = $2 ORDER BY name, locale",
        list(account_ids), uow.shop_id,
    )  # fmt: skip
    shown: dict[UUID, list[dict[str, str]]] = {account_id: [] for account_id in account_ids}
    for row in rows:
        shown[row["account_id"]].append({key: row[key] for key in ("name", "locale", "status", "reason")})
    return shown


async def _known(uow: UnitOfWork, account_id: UUID) -> dict[tuple[str, str], str]:
    rows = await uow.fetch(
        "SELECT name, locale, status FROM template_state WHERE account_id = $1 AND shop_id = $2",
        account_id, uow.shop_id,
    )  # fmt: skip
    return {(row["name"], row["locale"]): row["status"] for row in rows}
