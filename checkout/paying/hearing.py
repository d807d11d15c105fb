"""News of a provider, from wherever it comes, on its way into the ledger and onto the order."""

import logging
from datetime import datetime
from uuid import UUID

from catalog.kernel.errors import NotFound
from catalog.kernel.unit_of_work import UnitOfWork
from checkout.orders import service as orders
from checkout.orders.settling import settle
from checkout.paying.desk import PaymentsDesk
from checkout.payments import accounts, ledger, repository
from checkout.payments.gateway import ProviderEvent

_log = logging.getLogger(__name__)


async def handle_webhook(
    desk: PaymentsDesk, account_id: UUID, raw: bytes, signature: str | None, received_at: datetime
) -> None:
    """Verify, keep once, apply, settle: one transaction. `received_at` is the machine's clock.

    News of the provider's other mode is not kept. News of a payment that is not known here yet is, and is applied when
    the payment becomes known. Raises NotFound for an unknown account, Forged (nothing is kept), Unreadable.
    """
    async with desk.units(None) as uow:
        account = await accounts.find_anywhere(uow, account_id)
    if account is None:
        raise NotFound("there is no such payment account")
    gateway = desk.gateways.open(account)
    event = gateway.verify_and_parse_webhook(raw, signature, received_at)
    if event.livemode != gateway.live:
        return
    async with desk.units(account.shop_id) as uow:
        stored = await hear(uow, account_id, event)
        await accounts.heard(uow, account)
    _log.info("payment_news.heard", extra={"fields": {"type": event.kind, "stored": stored}})


async def hear(uow: UnitOfWork, account_id: UUID, event: ProviderEvent) -> bool:
    """Keep news and do what it says; False for a repeat, which changes nothing.

    The order is locked first, so that two tellers of one order stand in line. Most of what the reconciler reads is
    known, and costs the order no lock.
    """
    if await repository.is_known(uow, account_id, event.event_id):
        return False
    order_id = await ledger.locate(uow, account_id, event.report)
    if order_id is not None:
        await orders.lock_order(uow, order_id)
    stored = await ledger.store_event(uow, account_id, event)
    if stored is None:
        return False
    if order_id is None:
        await ledger.note_foreign(uow, account_id, stored)
    elif (applied := await ledger.apply_event(uow, account_id, stored)) is not None:
        await settle(uow, applied)
    return True


async def hear_waiting(desk: PaymentsDesk, shop_id: UUID, account_id: UUID) -> None:
    """Try again what was kept for payments that were not known then."""
    async with desk.units(shop_id) as uow:
        lines = [(line.id, ledger.read_line(line)) for line in await repository.found_events(uow, account_id)]
    for line_id, report in lines:
        async with desk.units(shop_id) as uow:
            order_id = await ledger.locate(uow, account_id, report)
            if order_id is None:
                continue
            await orders.lock_order(uow, order_id)
            if await ledger.apply_event(uow, account_id, line_id) is not None:
                await settle(uow, order_id)
