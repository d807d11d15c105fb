"""Open messages: what a burst still waits for, and what a crash or a fault left behind. Any number may run it.

After MAX_ATTEMPTS the shopper is told honestly, the merchant is alerted, and the message's outcome is `failed`.
"""

import logging
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import msgspec

from bots.channels.registry import CHANNELS
from bots.conversations import thread as threads
from bots.conversations.events import ConversationNeedsPerson, TurnFailed
from bots.conversations.thread import Thread
from bots.delivery import outbox
from bots.delivery.outbox import Posting
from bots.messages.outbound import Text
from bots.replies.phrases import PHRASES
from bots.turns.desk import TurnDesk
from bots.turns.run import load_open, run_turn
from catalog.kernel.errors import NotFound
from catalog.kernel.unit_of_work import UnitOfWork

MAX_ATTEMPTS = 3
_log = logging.getLogger(__name__)

_DUE = """
/* all shops */
SELECT DISTINCT ON (m.conversation_id) m.conversation_id, m.shop_id FROM inbound_message m
WHERE m.outcome IS NULL AND m.not_before <= $1 ORDER BY m.conversation_id LIMIT $2
"""


async def step(desk: TurnDesk, *, limit: int = 50) -> int:
    """Run the due turns once; returns how many conversations it looked at."""
    async with desk.units(None) as uow:
        due = [(row["conversation_id"], row["shop_id"]) for row in await uow.fetch(_DUE, uow.now, limit)]
    for conversation_id, shop_id in due:
        try:
            await _one(desk, conversation_id, shop_id)
        except Exception as error:  # noqa: BLE001 - one conversation's fault must not stop the others
            _log.exception(
                "turn.failed", extra={"fields": {"conversation": conversation_id, "error": type(error).__name__}}
            )
            with suppress(NotFound):  # it went away with its account
                await _count_failure(desk, conversation_id, shop_id, type(error).__name__)
    return len(due)


async def _one(desk: TurnDesk, conversation_id: UUID, shop_id: UUID) -> None:
    async with desk.units(shop_id) as uow:
        thread = await threads.lock(uow, conversation_id)
        open_messages = await load_open(uow, thread)
        if open_messages:
            await run_turn(desk, uow, thread, open_messages)


async def _count_failure(desk: TurnDesk, conversation_id: UUID, shop_id: UUID, fault: str) -> None:
    async with desk.units(shop_id) as uow:
        thread = await threads.lock(uow, conversation_id)  # before its messages, in the order in which a turn locks
        attempts = await uow.fetchval(
            "WITH u AS (UPDATE inbound_message SET attempts = attempts + 1, not_before = $3"
            " WHERE conversation_id = $1 AND shop_id = $2 AND outcome IS NULL RETURNING attempts)"
            " SELECT max(attempts) FROM u",
            conversation_id, uow.shop_id, uow.now + timedelta(seconds=2),
        )  # fmt: skip
        if attempts is not None and attempts >= MAX_ATTEMPTS:
            await _give_up(uow, thread, fault)


async def _give_up(uow: UnitOfWork, thread: Thread, fault: str) -> None:
    rows = await uow.fetch(
        "UPDATE inbound_message SET outcome = 'failed', outcome_detail = $3::jsonb, answered_at = $4"
        " WHERE conversation_id = $1 AND shop_id = $2 AND outcome IS NULL RETURNING id",
        thread.id, uow.shop_id, msgspec.json.encode({"kind": "failed", "cause": fault}).decode(), uow.now,
    )  # fmt: skip
    await uow.execute(
        "UPDATE conversation SET open_inbound = 0, needs_person = 'fault', updated_at = $3"
        " WHERE id = $1 AND shop_id = $2",
        thread.id, uow.shop_id, uow.now,
    )  # fmt: skip
    await outbox.post(
        uow, thread, [Text(text=PHRASES.say(thread.locale, "fault.turn"))], CHANNELS[thread.kind].capabilities,
        Posting(author="system", fence=None, cause=f"fault:{rows[0]['id']}" if rows else None),
    )  # fmt: skip
    for row in rows:
        uow.record(TurnFailed(conversation_id=thread.id, inbound_id=row["id"], fault=fault))
    uow.record(ConversationNeedsPerson(conversation_id=thread.id, reason="fault"))
