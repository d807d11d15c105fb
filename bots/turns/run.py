"""Running a turn: the open messages of a locked conversation become replies, outcomes and a new memory."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import msgspec

from bots.channels.registry import CHANNELS
from bots.conversations import memory as memories
from bots.conversations import thread as threads
from bots.conversations.events import ConversationNeedsPerson
from bots.conversations.lanes import LEASE, is_teams
from bots.conversations.states import Lane, Outcome
from bots.conversations.thread import Thread
from bots.delivery import outbox
from bots.delivery.outbox import Posting
from bots.delivery.policy import Plan, closes_at
from bots.dialogues import consent, invoices, media
from bots.dialogues.advance import advance, calls_bot, is_fragment
from bots.messages.inbound import (
    InboundEvent,
    InvoicePaid,
    Left,
    MediaReceived,
    PersonEvent,
    Reacted,
    Sign,
    TextReceived,
    Withdrawn,
)
from bots.messages.outbound import Message, Text
from bots.turns.desk import TurnDesk
from bots.turns.gathering import BURST, OpenMessage, as_one, groups_of, is_album, may_go_on, reworded, words_of
from bots.turns.turn import Turn
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.shops import profile as profiles

CHANNEL = "turns"  # wakes who looks for open messages
_BUBBLES = 2
_decoders: dict[str, msgspec.json.Decoder[Any]] = {}


_STORED = """
  UPDATE inbound_message SET outcome = r.outcome, outcome_detail = r.detail::jsonb, answered_at = $10
  FROM unnest((SELECT $22::uuid[]), (SELECT $23::text[]), (SELECT $24::text[])) AS r(id, outcome, detail)
  WHERE inbound_message.id = r.id AND inbound_message.shop_id IS NOT DISTINCT FROM $1
"""
_NEW = """
  INSERT INTO inbound_message (id, shop_id, account_id, conversation_id, dedupe_key, provider_id, kind, body, text, at,
                               received_at, not_before, outcome, outcome_detail, answered_at)
  VALUES ($22, $1, $2, $3, $23, $24, $25, $26::jsonb, $27, $28, $10, $10, $29, $30::jsonb, $10)
"""


def _finishing(messages: str) -> str:
    """One statement: replies into the outbox (the parameters up to $14 are outbox.arguments), outcomes, the new memory.

    Rows are found by their ids; the shop is only checked (why not with `=`: bots/conversations/thread.py).
    """
    return f"""
        WITH o AS ({outbox.INSERT}), m AS ({messages})
        UPDATE conversation SET state = $15::jsonb, locale = $16, open_inbound = 0, last_inbound_at = $21,
          updated_at = $10, needs_person = $17, held_by = $18, fence = $7, blocked = $19, lease_until = $20
        WHERE id = $3 AND shop_id IS NOT DISTINCT FROM $1
    """  # noqa: S608 - constants


_FINISH_STORED, _FINISH_NEW = _finishing(_STORED), _finishing(_NEW)

_OPEN = """
SELECT id, kind, body, received_at FROM inbound_message
WHERE conversation_id = $1 AND shop_id IS NOT DISTINCT FROM $2 AND outcome IS NULL AND id <> ALL($3) ORDER BY seq
"""


async def run_turn(desk: TurnDesk, uow: UnitOfWork, thread: Thread, messages: Sequence[OpenMessage]) -> None:
    """Answer the messages given and every other open one of the conversation, in order.

    A text that is plainly the beginning of a thought waits BURST for its rest, and so does a picture of an album.
    """
    if thread.open_inbound or not messages:
        messages = [*await _still_open(uow, thread, messages), *messages]
    if not messages:
        return
    if len(messages) > 1:
        messages = await _store_new(uow, thread, messages)
    shop = await profiles.at_revision(uow, thread.revision, thread.catalog_revision)
    count = len(messages)
    messages, settled = reworded(messages)
    turn = Turn(
        desk=desk, uow=uow, shop=shop, thread=thread, memory=memories.load(thread.state),
        locale=shop.locale(thread.locale), inbound_id=messages[-1].id,
    )  # fmt: skip
    if may_go_on(uow.now, messages) and (is_album(messages) or is_fragment(turn, words_of(messages))):
        await _store_new(uow, thread, messages)
        await _wait(uow, thread, count)
        return
    outcomes = [*await _answer(turn, messages), *(_merged(edit, of) for edit, of in settled)]
    await _finish(turn, outcomes, new=messages[0].event if messages[0].is_new else None)


async def _store_new(uow: UnitOfWork, thread: Thread, messages: Sequence[OpenMessage]) -> list[OpenMessage]:
    """Store what is not the only message of its turn, or gets no outcome yet."""
    for message in messages:
        if message.is_new:
            await threads.leave_open(uow, thread, message.event, message.id)
    return [replace(message, is_new=False) for message in messages]


async def load_open(uow: UnitOfWork, thread: Thread) -> list[OpenMessage]:
    """Every open message of the conversation, oldest first."""
    return await _still_open(uow, thread, ())


def decode_event(kind: str, body: str | bytes) -> PersonEvent:
    """A stored event again. Raises KeyError for an unknown kind."""
    if kind not in _decoders:
        types = {found.__name__: found for found in InboundEvent.__args__}
        _decoders[kind] = msgspec.json.Decoder(types[kind])
    event = _decoders[kind].decode(body)
    if not isinstance(event, PersonEvent):
        raise KeyError(kind)
    return event


async def _still_open(uow: UnitOfWork, thread: Thread, known: Sequence[OpenMessage]) -> list[OpenMessage]:
    rows = await uow.fetch(_OPEN, thread.id, uow.shop_id, [message.id for message in known])
    return [
        OpenMessage(id=row["id"], event=decode_event(row["kind"], row["body"]), received_at=row["received_at"])
        for row in rows
    ]


async def _wait(uow: UnitOfWork, thread: Thread, count: int) -> None:
    await uow.execute(
        "WITH m AS (UPDATE inbound_message SET not_before = $3 WHERE conversation_id = $1 AND shop_id = $2"
        " AND outcome IS NULL)"
        " UPDATE conversation SET open_inbound = $4, updated_at = $5"
        " WHERE id = $1 AND shop_id = $2",
        thread.id, uow.shop_id, uow.now + BURST, count, uow.now,
    )  # fmt: skip
    uow.hint(CHANNEL)


async def _answer(turn: Turn, messages: Sequence[OpenMessage]) -> list[tuple[UUID, str, str]]:
    """Outcomes of all messages; the turn collects the replies. Texts in a row are one thought."""
    if turn.thread.words_kept and any(not isinstance(message.event, Sign) for message in messages):
        await _release(turn)
    turn.thread = replace(turn.thread, blocked=_blocked(turn.thread, messages))
    if turn.thread.held_by == Lane.STAFF:
        if is_teams(turn.thread, turn.now) and not any([await calls_bot(turn, one.event) for one in messages]):
            return [await _to_staff(turn, message) for message in messages]
        turn.thread = replace(turn.thread, held_by=Lane.BOT.value, fence=turn.thread.fence + 1, lease_until=None)
    outcomes: list[tuple[UUID, str, str]] = []
    for group in groups_of(messages):
        event, turn.beside = as_one(group)
        turn.ended, turn.reason, turn.reading, turn.cart_span = None, "", None, None
        await advance(turn, event)
        outcomes += _outcomes(turn, group)
    return outcomes


def _blocked(thread: Thread, messages: Sequence[OpenMessage]) -> str | None:
    """Why the person may not be written to, whoever holds the lane: they left, and no word of theirs came since."""
    telling = [message.event for message in messages if not isinstance(message.event, Reacted | Withdrawn)]
    if not telling:
        return thread.blocked
    return "opted_out" if isinstance(telling[-1], Left) else None


async def _release(turn: Turn) -> None:
    """A person of the team has waited for this: their words go, and the answer is for them unless they gave it back."""
    await outbox.release(turn.uow, turn.thread, CHANNELS[turn.thread.kind].capabilities)
    if turn.thread.held_by == Lane.STAFF:
        turn.thread = replace(turn.thread, lease_until=turn.now + LEASE)


async def _to_staff(turn: Turn, message: OpenMessage) -> tuple[UUID, str, str]:
    """A message while a person holds the lane: theirs to answer. Only 'stop' is obeyed at once, whoever speaks."""
    if isinstance(message.event, TextReceived) and consent.is_stop(message.event.text):
        await consent.stop(turn)
    if isinstance(message.event, MediaReceived):
        await media.keep(turn, message.event)
    if isinstance(message.event, InvoicePaid):
        invoices.report(turn, message.event)
    detail = msgspec.json.encode({"kind": "handed_over", "reason": "staff_holds_lane"}).decode()
    return message.id, Outcome.HANDED_OVER.value, detail


def _outcomes(turn: Turn, group: Sequence[OpenMessage]) -> list[tuple[UUID, str, str]]:
    last = group[-1]
    kind = turn.ended or (Outcome.HANDED_OVER.value if turn.needs_person else Outcome.ANSWERED.value)
    detail = {"kind": kind, "reason": turn.reason, "reading": turn.reading, "cart": turn.cart_span}
    known = {name: value for name, value in detail.items() if value}
    return [
        *(_merged(message.id, last.id) for message in group[:-1]),
        (last.id, kind, msgspec.json.encode(known).decode()),
    ]


def _merged(inbound_id: UUID, into: UUID) -> tuple[UUID, str, str]:
    return inbound_id, Outcome.MERGED.value, msgspec.json.encode({"kind": "merged", "into": str(into)}).decode()


async def _finish(turn: Turn, outcomes: Sequence[tuple[UUID, str, str]], *, new: PersonEvent | None) -> None:
    """Write down how the turn ended. `new`: the one message, when it is not stored yet."""
    uow, thread = turn.uow, turn.thread
    capabilities = CHANNELS[thread.kind].capabilities
    replies = [] if thread.blocked else within_bubbles(turn.replies)
    decided = Plan("free", until=closes_at(capabilities.reply_window, thread.last_inbound_at))
    posted = outbox.arguments(uow, thread, outbox.fit_all(replies, capabilities), decided, Posting(fence=thread.fence))
    if turn.needs_person:
        uow.record(ConversationNeedsPerson(conversation_id=thread.id, reason=turn.needs_person))
    conversation = (
        memories.dump(turn.memory), turn.locale, turn.needs_person or thread.needs_person,
        Lane.STAFF.value if turn.lane_until else thread.held_by, thread.blocked, turn.lane_until or thread.lease_until,
        thread.last_inbound_at,
    )  # fmt: skip
    if new is None:
        await uow.execute(_FINISH_STORED, *posted, *conversation, *map(list, zip(*outcomes, strict=True)))
    else:
        ((inbound_id, *outcome),) = outcomes
        await uow.execute(_FINISH_NEW, *posted, *conversation, inbound_id, *threads.columns(new), *outcome)
    if replies:
        uow.hint(outbox.CHANNEL)


def within_bubbles(replies: Sequence[Message]) -> list[Message]:
    """At most two bubbles: plain texts join what follows, then the first ones leave their words to the last two."""
    joined: list[Message] = []
    for reply in replies:
        before = joined[-1] if joined else None
        if len(replies) > _BUBBLES and isinstance(before, Text) and not before.actions:
            joined[-1] = _prefixed(reply, before.text)
        else:
            joined.append(reply)
    while len(joined) > _BUBBLES:
        first = joined.pop(0)
        joined[0] = _prefixed(joined[0], first.text)
    return joined


def _prefixed(reply: Message, words: str) -> Message:
    return replace(reply, text=re.sub(r"\n{3,}", "\n\n", f"{words}\n{reply.text}".strip()))
