"""Putting messages into the outbox. A message enters with its plan, so that nothing looks sent but is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec

from bots.conversations.events import DeliveryFailed
from bots.conversations.thread import Thread
from bots.delivery.policy import Plan, Refusal, Situation, closes_at, plan
from bots.messages.capabilities import Capabilities
from bots.messages.fit import fit
from bots.messages.fitted import FittedDocument, FittedMessage, FittedRich, FittedTemplate, dump
from bots.messages.outbound import Message, ProductCard, TemplateUse
from catalog.kernel.ids import new_id
from catalog.kernel.unit_of_work import UnitOfWork

CHANNEL = "outbox"

# Arrays come out of a SELECT, so that the planner cannot see how long they are: else it plans every call anew.
INSERT = """
INSERT INTO outbound_message (id, shop_id, account_id, conversation_id, author, body, text, plan, cause, reply_to,
                              fence, state, reason, not_before, at, settled_at)
SELECT r.id, $1, $2, $3, $4, r.body::jsonb, r.text, $5::jsonb, r.cause, $6, $7, $8::text, $9,
       CASE WHEN $5::jsonb->>'by' = 'kept' THEN 'infinity' ELSE $10::timestamptz END, $10,
       CASE WHEN $8 = 'refused' THEN $10::timestamptz END
FROM unnest((SELECT $11::uuid[]), (SELECT $12::text[]), (SELECT $13::text[]), (SELECT $14::text[]))
     WITH ORDINALITY AS r(id, body, text, cause, n)
ORDER BY r.n
ON CONFLICT (conversation_id, cause) WHERE cause IS NOT NULL DO NOTHING
"""

# What is kept waits for no instant: it is due when the person writes.
_RELEASE = """
UPDATE outbound_message SET not_before = $3, reason = NULL, plan = $4::jsonb
WHERE conversation_id = $1 AND shop_id = $2 AND state = 'queued' AND not_before = 'infinity'
"""

_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """Who speaks and under which conditions a message may leave.

    `cause` makes it happen once per conversation. `fence` ties it to the lane as it is now (bot replies); None lets it
    leave whoever holds the lane (order news, staff).
    """

    author: str = "bot"
    cause: str | None = None
    fence: int | None = None
    reply_to: str | None = None
    template: TemplateUse | None = None


async def post(
    uow: UnitOfWork, thread: Thread, messages: Sequence[Message], capabilities: Capabilities, posting: Posting
) -> int:
    """Plan, fit and store messages in order; returns how many rows were new. The sender is woken at commit."""
    decided = await _decided(uow, thread, capabilities, posting)
    if isinstance(decided, Plan) and decided.by == "template" and decided.template is not None:
        return await _store(uow, thread, _spoken(decided.template), decided, posting)
    return await _store(uow, thread, fit_all(messages, capabilities), decided, posting)


async def post_or_keep(
    uow: UnitOfWork, thread: Thread, messages: Sequence[Message], capabilities: Capabilities, posting: Posting
) -> int:
    """As `post`, but the template only announces: where it alone may go, the words are kept until the person writes.

    It goes once, however many words are kept.
    """
    decided = await _decided(uow, thread, capabilities, posting)
    if isinstance(decided, Plan) and decided.by == "template" and decided.template is not None:
        if not thread.words_kept:
            await _store(uow, thread, _spoken(decided.template), decided, Posting(author="system"))
        decided = Plan("kept")
    elif isinstance(decided, Plan):
        decided = msgspec.structs.replace(decided, template=None)
    return await _store(uow, thread, fit_all(messages, capabilities), decided, posting)


async def release(uow: UnitOfWork, thread: Thread, capabilities: Capabilities) -> None:
    """The person has written: what was kept for this moment leaves before anything that is said from now on.

    Words that came so late that the window has closed again release nothing.
    """
    until = closes_at(capabilities.reply_window, thread.last_inbound_at)
    if until is not None and until <= uow.now:
        return
    await uow.execute(_RELEASE, thread.id, uow.shop_id, uow.now, _encode(Plan("free", until=until)).decode())
    uow.hint(CHANNEL)


def arguments(
    uow: UnitOfWork,
    thread: Thread,
    fitted: Sequence[tuple[FittedMessage, str]],
    decided: Plan | Refusal,
    posting: Posting,
) -> list[object]:
    """The parameters of INSERT for fitted messages (each with its words)."""
    state, planned, reason = "queued", "{}", None
    if isinstance(decided, Refusal):
        state, reason = "refused", decided.reason
    else:
        planned, reason = _encode(decided).decode(), "window_closed" if decided.by == "kept" else None
    causes = [None if posting.cause is None else f"{posting.cause}#{number}" for number in range(len(fitted))]
    return [
        uow.shop_id, thread.account_id, thread.id, posting.author, planned, posting.reply_to, posting.fence,
        state, reason, uow.now,
        [new_id() for _ in fitted], [dump(body) for body, _ in fitted], [words for _, words in fitted], causes,
    ]  # fmt: skip


def fit_all(messages: Sequence[Message], capabilities: Capabilities) -> list[tuple[FittedMessage, str]]:
    """Every message within the channel's limits, with its words."""
    return [(fitted, _words(fitted, message)) for message in messages for fitted in fit(message, capabilities)]


def _words(fitted: FittedMessage, message: Message) -> str:
    """What the desk and the API show of a fitted message."""
    match fitted:
        case FittedRich():
            return message.text or (message.card.title if isinstance(message, ProductCard) else "")
        case FittedTemplate():
            return fitted.use.text
        case FittedDocument():
            return fitted.text or fitted.name
        case _:
            return fitted.text


def _spoken(template: TemplateUse) -> list[tuple[FittedMessage, str]]:
    return [(FittedTemplate(use=template), template.text)]


async def _decided(uow: UnitOfWork, thread: Thread, capabilities: Capabilities, posting: Posting) -> Plan | Refusal:
    approved = posting.template is not None and await _approved(uow, thread.account_id, posting.template)
    situation = Situation(
        capabilities=capabilities, last_inbound_at=thread.last_inbound_at, blocked=thread.blocked, now=uow.now
    )
    return plan(situation, posting.template, approved=approved)


async def _store(
    uow: UnitOfWork,
    thread: Thread,
    fitted: Sequence[tuple[FittedMessage, str]],
    decided: Plan | Refusal,
    posting: Posting,
) -> int:
    stored = await uow.fetch(f"{INSERT} RETURNING id", *arguments(uow, thread, fitted, decided, posting))
    if isinstance(decided, Refusal):
        for row in stored:
            uow.record(DeliveryFailed(conversation_id=thread.id, message_id=row["id"], reason=decided.reason))
    uow.hint(CHANNEL)
    return len(stored)


async def _approved(uow: UnitOfWork, account_id: UUID, template: TemplateUse) -> bool:
    status = await uow.fetchval(
        "SELECT status FROM template_state WHERE account_id = $1 AND name = $2 AND locale = $3 AND shop_id = $4",
        account_id, template.name, template.locale, uow.shop_id,
    )  # fmt: skip
    return bool(status == "approved")
