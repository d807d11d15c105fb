"""The steps of paying that run as jobs. Each may run twice, be killed anywhere, and is then simply run again."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from uuid import UUID

from catalog.kernel.errors import ShopError
from checkout.orders import service as orders
from checkout.orders.settling import settle
from checkout.orders.states import OrderState
from checkout.paying import asking, hearing, repository
from checkout.paying.desk import PaymentsDesk
from checkout.payments import accounts, refunds, service
from checkout.payments import repository as payments
from checkout.payments.errors import AmountNotPayable, ProviderDown, ProviderRefused
from checkout.payments.gateway import Account, Gateway, ProviderEvent
from checkout.payments.refunds import ToPerform

_log = logging.getLogger(__name__)

Task = Callable[..., Awaitable[None]]

# Webhooks come within seconds; who has not been heard of for so long is asked after.
_LOOK_AFTER = timedelta(minutes=3)
_REFUND_AFTER = timedelta(minutes=10)
# How far before its last round the reconciler reads again: the provider lists some news late.
_RECONCILE_BACK = timedelta(hours=6)
_EVENTS_KEPT = timedelta(days=30)
_BATCH = 50


async def expire_session(desk: PaymentsDesk, *, shop_id: str, payment_id: str) -> None:
    """Close a page that nobody shall pay any more."""
    await asking.close_page(desk, UUID(shop_id), UUID(payment_id))


async def perform_refund(desk: PaymentsDesk, *, shop_id: str, refund_id: str) -> None:
    """Send money back, or learn how a refund under way stands. Raises ProviderDown, so that the queue tries again."""
    shop, refund = UUID(shop_id), UUID(refund_id)
    async with desk.units(shop) as uow:
        todo = await refunds.to_perform(uow, refund)
        account = await accounts.find_account(uow, todo.account_id) if todo else None
    if todo is None:
        return
    if account is None:
        await _give_up(desk, shop, todo, "payment_account_removed")
        return
    gateway = desk.gateways.open(account)
    try:
        event = await _sent(gateway, todo)
    except ProviderDown as error:
        if error.values.get("stored"):
            async with desk.units(shop) as uow:
                await refunds.answer_spoilt(uow, refund)
        raise
    except (ProviderRefused, AmountNotPayable) as error:
        await _give_up(desk, shop, todo, str(error.values.get("provider_code") or error.code))
        return
    async with desk.units(shop) as uow:
        await hearing.hear(uow, account.id, event)


async def poll(desk: PaymentsDesk) -> None:
    """Ask after attempts and refunds that were not heard of, then end orders whose time is over."""
    async with desk.units(None) as uow:
        attempts = await payments.unsettled(uow, before=uow.now - _LOOK_AFTER, limit=_BATCH)
        late = await payments.open_refunds(uow, before=uow.now - _REFUND_AFTER, limit=_BATCH)
    for shop_id, payment_id in attempts:
        await _quietly("payment.look", asking.look_at(desk, shop_id, payment_id))
    for shop_id, refund_id in late:
        await _quietly("refund.look", perform_refund(desk, shop_id=str(shop_id), refund_id=str(refund_id)))
    await expire_orders(desk)


async def expire_orders(desk: PaymentsDesk) -> None:
    """End orders that nobody paid in time. The provider is asked first: a paid order never expires."""
    async with desk.units(None) as uow:
        overdue = await repository.overdue(uow, limit=_BATCH)
    for shop_id, order_id in overdue:
        await _quietly("order.expire", _expire(desk, shop_id, order_id))


async def reconcile(desk: PaymentsDesk) -> None:
    """Read the provider's own list of news and do what webhooks failed to tell; retry what waits for its payment.

    Reads some hours back; after an outage, back to the last round that came to its end, as far as the provider keeps
    any. Single webhooks that get through meanwhile do not count as a round.
    """
    async with desk.units(None) as uow:
        found = await accounts.all_accounts(uow)
    for account in found:
        await _quietly("payments.reconcile", _reconcile(desk, account))


async def _give_up(desk: PaymentsDesk, shop_id: UUID, todo: ToPerform, reason: str) -> None:
    async with desk.units(shop_id) as uow:
        await orders.lock_order(uow, todo.order.order_id)
        await refunds.refused(uow, todo.order.refund_id, reason)
        await settle(uow, todo.order.order_id)


async def _sent(gateway: Gateway, todo: ToPerform) -> ProviderEvent:
    if todo.provider_id is not None:
        return await gateway.fetch_refund(todo.provider_id)
    if todo.doubtful and (found := await gateway.find_refund(todo.order.intent_id, todo.order.refund_id)):
        return found
    try:
        return await gateway.refund(todo.order)
    except ProviderRefused:
        # "Already refunded" may mean: by ourselves, under a key whose answer was lost.
        if found := await gateway.find_refund(todo.order.intent_id, todo.order.refund_id):
            return found
        raise


async def _expire(desk: PaymentsDesk, shop_id: UUID, order_id: UUID) -> None:
    """Close its pages, then end it. Whoever presses the button again meanwhile has renewed its hold, and keeps it."""
    async with desk.units(shop_id) as uow:
        if (await orders.get(uow, order_id)).hold_until > uow.now:
            return
        attempts = await service.payments(uow, order_id)
    for attempt in attempts:
        if not attempt.closed:
            await asking.close_page(desk, shop_id, attempt.id)
    async with desk.units(shop_id) as uow:
        order = await orders.lock_order(uow, order_id)
        state = await settle(uow, order_id)
        if state is OrderState.AWAITING_PAYMENT and order.hold_until <= uow.now:
            await orders.expire(uow, order_id)


async def _reconcile(desk: PaymentsDesk, account: Account) -> None:
    gateway = desk.gateways.open(account)
    async with desk.units(account.shop_id) as uow:
        begun = uow.now
    since = max(min(account.reconciled_until, begun) - _RECONCILE_BACK, begun - _EVENTS_KEPT)
    async for event in gateway.events_since(since):
        if event.livemode == gateway.live:
            async with desk.units(account.shop_id) as uow:
                await hearing.hear(uow, account.id, event)
    async with desk.units(account.shop_id) as uow:
        await accounts.reconciled(uow, account.id, begun)
    await hearing.hear_waiting(desk, account.shop_id, account.id)


async def _quietly(name: str, work: Awaitable[None]) -> None:
    """One shop's trouble, with its provider or with us, does not stop the others' round; the next round tries again."""
    try:
        await work
    except ShopError as error:
        _log.warning("job.step_failed", extra={"fields": {"step": name, "error": error.code}})
    except Exception as error:  # noqa: BLE001 - as the docstring says
        _log.exception("job.step_failed", extra={"fields": {"step": name, "error": type(error).__name__}})


TASKS: Mapping[str, Task] = {
    "payments.expire_session": expire_session,
    "payments.perform_refund": perform_refund,
}
# What repeats, as five-field cron: the poller every minute, the reconciler four times an hour.
REPEATED: Mapping[str, Task] = {"* * * * *": poll, "7,22,37,52 * * * *": reconcile}
