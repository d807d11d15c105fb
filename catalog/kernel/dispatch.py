"""Delivers domain events to their handlers: at least once each, every handler in a transaction of its own."""

import logging
from collections import deque
from typing import TYPE_CHECKING

import msgspec

from catalog.kernel import outbox
from catalog.kernel.outbox import Claimed, Handler, Subscriptions

if TYPE_CHECKING:
    from catalog.kernel.unit_of_work import Units

_log = logging.getLogger(__name__)


def name_of(handler: Handler) -> str:
    """The name under which a handler's having run is remembered."""
    module = getattr(handler, "__module__", "")
    return f"{module}.{getattr(handler, '__qualname__', repr(handler))}"


async def step(units: "Units", subscriptions: Subscriptions, *, limit: int = 50) -> int:
    """Claim one batch of due events and run their handlers; returns how many events it claimed."""
    async with units(None) as uow:
        claimed = await outbox.claim(uow, limit=limit)
    left = deque(claimed)
    try:
        while left:
            await _settle(units, left[0], await _deliver(units, subscriptions, left[0]))
            left.popleft()
    finally:
        if left:
            async with units(None) as uow:
                await outbox.give_back(uow, left)
    return len(claimed)


async def _settle(units: "Units", one: Claimed, fault: str) -> None:
    async with units(one.shop_id) as uow:
        if fault:
            await outbox.postpone(uow, one, fault)
        else:
            await outbox.finish(uow, one)


async def _deliver(units: "Units", subscriptions: Subscriptions, one: Claimed) -> str:
    """Run the handlers that have not had the event yet; what went wrong last, or nothing."""
    try:
        event = one.event
    except (KeyError, msgspec.DecodeError) as error:
        _log.warning("event.not_understood", extra={"fields": {"event": one.name, "error": type(error).__name__}})
        return "stored by another version of the shop"
    fault = ""
    for handler in subscriptions.get(type(event), ()):
        name = name_of(handler)
        if name in one.done:
            continue
        try:
            async with units(one.shop_id) as uow:
                if await outbox.mark_done(uow, one, name):
                    await handler(uow, event)
        except Exception as error:  # noqa: BLE001 - one handler's fault must not stop the others
            fault = f"{name}: {type(error).__name__}"
            _log.exception("event.handler_failed", extra={"fields": {"event": one.name, "handler": name}})
    return fault
