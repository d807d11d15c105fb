"""News of a provider, from wherever it comes, on its way into the ledger and onto the order."""

import logging
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from catalog.kernel.errors import NotFound
from catalog.kernel.unit_of_work import UnitOfWork
from checkout.orders import service as orders
from checkout.orders.settling import Settled, settle
from checkout.paying.desk import PaymentsDesk
from checkout.payments import accounts, ledger, repository
from checkout.payments.gateway import ProviderEvent

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of news: `stored` is False for a repeat and for news of the provider's other mode."""

    stored: bool
    settled: Settled | None = None


async def handle_webhook(
    desk: PaymentsDesk, account_id: UUID, raw: bytes, signature: str | None, received_at: datetime
) -> Heard:
    """Verify, keep once, apply, settle: one transaction. `received_at` is the machine's clock.

    Raises NotFound for an unknown account, Forged (nothing is kept), Unreadable. News of a payment that is not known
    here yet is kept, and applied when the payment becomes known.
    """
    async with desk.units(None) as uow:
        account = await accounts.find_anywhere(uow, account_id)
    if account is None:
        raise NotFound("there is no such payment account")
    gateway = desk.gateways.open(account)
    event = gateway.verify_and_parse_webhook(raw, signature, received_at)
    if event.livemode != gateway.live:
        return Heard(stored=False)
    async with desk.units(account.shop_id) as uow:
        heard = await hear(uow, account_id, event)
    _log.info("payment_news.heard", extra={"fields": {"type": event.kind, "stored": heard.stored}})
    return heard


async def hear(uow: UnitOfWork, account_id: UUID, event: ProviderEvent) -> Heard:
    """Keep news and do what it says. The order is locked first, so that two tellers of one order stand in line.

    Most of what the reconciler reads is known, and costs the order no lock.
    """
    if await repository.is_known(uow, account_id, event.event_id):
        return Heard(stored=False)
    order_id = await ledger.locate(uow, account_id, event.report)
    if order_id is not None:
        await orders.lock_order(uow, order_id)
    stored = await ledger.store_event(uow, account_id, event)
    if stored is None:
        return Heard(stored=False)
    applied = await ledger.apply_event(uow, account_id, stored) if order_id is not None else None
    if order_id is None:
        await ledger.note_foreign(uow, account_id, stored)
    return Heard(stored=True, settled=await settle(uow, applied) if applied is not None else None)


async def hear_waiting(desk: PaymentsDesk, shop_id: UUID, account_id: UUID) -> int:
    """Try again what was kept for payments that were not known then; how many found theirs."""
    async with desk.units(shop_id) as uow:
        lines = [(line.id, ledger.read_line(line)) for line in await repository.found_events(uow, account_id)]
    found = 0
    for line_id, report in lines:
        async with desk.units(shop_id) as uow:
            order_id = await ledger.locate(uow, account_id, report)
            if order_id is None:
                continue
            await orders.lock_order(uow, order_id)
            if await ledger.apply_event(uow, account_id, line_id) is not None:
                await settle(uow, order_id)
                found += 1
    return found
