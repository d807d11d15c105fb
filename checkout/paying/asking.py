"""Asking the provider how pages stand, and closing them; what it says goes into the ledger like any news."""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

from catalog.kernel.errors import Misconfigured, ShopError
from checkout.paying import hearing
from checkout.paying.desk import PaymentsDesk
from checkout.payments import accounts, ledger, repository, service
from checkout.payments.errors import ProviderDown, ProviderRefused
from checkout.payments.gateway import Account, Gateway, ProviderEvent
from checkout.payments.service import PaymentView

_log = logging.getLogger(__name__)

_LOOKED_JUST_NOW = timedelta(seconds=3)
# A key that is refused is mended within a day, or it was taken away for good.
_MENDED_WITHIN = timedelta(hours=24)


async def close_page(desk: PaymentsDesk, shop_id: UUID, payment_id: UUID) -> None:
    """Close an attempt's page at the provider; money that came first is heard instead."""
    async with desk.units(shop_id) as uow:
        payment = await service.get_payment(uow, payment_id)
        if payment.closed or payment.provider_id is None:
            return
        account = await accounts.get_account(uow, payment.account_id)
    await _ask(desk, account, payment, lambda gateway, page: gateway.expire_session(page))


async def look(desk: PaymentsDesk, shop_id: UUID, order_id: UUID) -> bool:
    """Ask the provider how the order's open attempts stand and do what it says: for the return page.

    Anybody may load that page again and again: asked a moment ago is not asked again. False when the provider does not
    answer: then nothing has changed, and the poller asks again.
    """
    async with desk.units(shop_id) as uow:
        attempts = await repository.take_looks(uow, order_id, before=uow.now - _LOOKED_JUST_NOW)
    try:
        for payment_id in attempts:
            await look_at(desk, shop_id, payment_id)
    except (ProviderDown, ProviderRefused, Misconfigured) as error:
        _log.warning("payment.not_looked_at", extra={"fields": {"order": str(order_id), "error": error.code}})
        return False
    return True


async def look_at(desk: PaymentsDesk, shop_id: UUID, payment_id: UUID) -> None:
    """Ask the provider how one attempt stands."""
    async with desk.units(shop_id) as uow:
        payment = await service.get_payment(uow, payment_id)
        account = await accounts.get_account(uow, payment.account_id)
        await service.looked_at(uow, payment_id)
    if payment.provider_id is not None:
        await _ask(desk, account, payment, lambda gateway, page: gateway.fetch_session(page))


async def _ask(
    desk: PaymentsDesk,
    account: Account,
    payment: PaymentView,
    question: Callable[[Gateway, str], Awaitable[ProviderEvent]],
) -> None:
    """Ask about the attempt's page.

    Of one that is over, and to which the account's key does not lead, nothing will be learnt any more: it counts as run
    out, so that the order ends and another account can be paid on. Money told of later still finds its attempt.
    """
    page = payment.provider_id or ""
    try:
        event = await question(desk.gateways.open(account), page)
    except (ProviderRefused, Misconfigured) as error:
        async with desk.units(account.shop_id) as uow:
            if not _is_gone(payment, error, uow.now):
                raise
            event = ledger.page_gone(page, uow.now)
        _log.error("payment_page.given_up", extra={"fields": {"payment": str(payment.id), "error": error.code}})
    async with desk.units(account.shop_id) as uow:
        await hearing.hear(uow, account.id, event)


def _is_gone(payment: PaymentView, error: ShopError, now: datetime) -> bool:
    """Whether a page is over and its account leads to it no more. Before its time is over somebody may still pay it."""
    unknown = error.values.get("provider_code") == "resource_missing"
    return payment.expires_at + (timedelta(0) if unknown else _MENDED_WITHIN) <= now
