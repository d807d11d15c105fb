"""Who speaks: a person takes the lane, keeps it by a lease, and gives it back. Each change moves the fence.

The outbox checks the fence when it claims, so a bot reply computed before a person wrote can never leave after it.
"""

from datetime import datetime, timedelta
from uuid import UUID

from bots.channels.webchat import threads as pages
from bots.conversations import thread as threads
from bots.conversations.states import Lane
from bots.conversations.thread import Thread
from catalog.kernel.unit_of_work import UnitOfWork

LEASE = timedelta(hours=4)


def is_teams(thread: Thread, now: datetime) -> bool:
    """Whether a person of the team holds the lane, and what comes in is theirs to answer."""
    return thread.held_by == Lane.STAFF and (thread.lease_until is None or thread.lease_until > now)


async def take(uow: UnitOfWork, conversation_id: UUID) -> Thread:
    """A person of the team holds the lane from now on; taking it again renews the lease. Raises NotFound."""
    await threads.lock(uow, conversation_id)
    await uow.execute(
        "UPDATE conversation SET fence = fence + 1, held_by = $3, lease_until = $4, needs_person = NULL,"
        " updated_at = $5 WHERE id = $1 AND shop_id = $2",
        conversation_id, uow.shop_id, Lane.STAFF.value, uow.now + LEASE, uow.now,
    )  # fmt: skip
    await uow.execute(
        "UPDATE outbound_message SET state = 'refused', reason = 'lane_changed', settled_at = $3"
        " WHERE conversation_id = $1 AND shop_id = $2 AND state = 'queued' AND fence IS NOT NULL",
        conversation_id, uow.shop_id, uow.now,
    )  # fmt: skip
    return await _changed(uow, conversation_id)


async def give_back(uow: UnitOfWork, conversation_id: UUID) -> Thread:
    """The bot holds the lane again. Giving it back twice changes nothing. Raises NotFound."""
    await threads.lock(uow, conversation_id)
    await uow.execute(
        "UPDATE conversation SET fence = fence + 1, held_by = $3, lease_until = NULL, needs_person = NULL,"
        " updated_at = $4 WHERE id = $1 AND shop_id = $2 AND held_by <> $3",
        conversation_id, uow.shop_id, Lane.BOT.value, uow.now,
    )  # fmt: skip
    return await _changed(uow, conversation_id)


async def _changed(uow: UnitOfWork, conversation_id: UUID) -> Thread:
    """The thread anew. Pages of the web chat show who speaks."""
    thread = await threads.lock(uow, conversation_id)
    if thread.kind == "webchat":
        uow.notify(pages.CHANNEL, thread.address)
    return thread
