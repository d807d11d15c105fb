"""Claiming: which messages a sender may bring to the providers now, only the head of each conversation.

Rows that another sender holds are skipped. The lane's fence, the person's pace and the account's budget are looked at
in the claiming transaction: what comes too fast goes back, and the rest of the conversation waits behind it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from asyncpg import Record

from bots.channels.registry import CHANNELS
from bots.delivery import budget
from bots.delivery.policy import Plan, closes_at
from catalog.kernel.unit_of_work import UnitOfWork

_LEASE = timedelta(seconds=30)
_ALIAS_HOLDS = timedelta(days=30)  # after their last message: a phone number that is left is given anew weeks later

# A message adds its pause to what the one before it left, else to now; what is refused leaves no trace in the pace.
_CLAIM = """
/* all shops */
WITH heads AS (
  SELECT m.id FROM outbound_message m
  WHERE (m.state = 'queued' AND m.not_before <= $1 OR m.state = 'sending' AND m.lease_until <= $7) AND m.id <> ALL($4)
    AND NOT EXISTS (SELECT 1 FROM outbound_message e WHERE e.conversation_id = m.conversation_id AND e.seq < m.seq
                    AND e.state IN ('queued', 'sending') AND e.not_before < 'infinity')
  ORDER BY m.seq LIMIT $2 FOR NO KEY UPDATE OF m SKIP LOCKED
)
UPDATE outbound_message m SET attempts = m.attempts + 1, lease_until = $3,
  state = CASE WHEN c.blocked IS NOT NULL OR m.fence <> c.fence THEN 'refused' ELSE 'sending' END,
  reason = coalesce(c.blocked, CASE WHEN m.fence <> c.fence THEN 'lane_changed' END),
  settled_at = CASE WHEN c.blocked IS NOT NULL OR m.fence <> c.fence THEN $1 END,
  paced_until = CASE WHEN c.blocked IS NULL AND (m.fence <> c.fence) IS NOT TRUE THEN
    greatest($1, (SELECT e.paced_until FROM outbound_message e WHERE e.conversation_id = m.conversation_id
                  AND e.seq < m.seq AND e.paced_until IS NOT NULL ORDER BY e.seq DESC LIMIT 1))
    + ($6::jsonb->>c.kind)::interval END
FROM heads h, conversation c
WHERE m.id = h.id AND c.id = m.conversation_id
RETURNING m.id, m.shop_id, m.account_id, m.conversation_id, m.seq, m.body, m.plan, m.author, m.reply_to, m.state,
          m.attempts, m.at, m.paced_until, c.kind, c.address, c.locale, c.last_inbound_at,
          ARRAY(SELECT alias FROM address_alias a WHERE a.conversation_id = c.id AND a.shop_id = c.shop_id
                AND a.left_at IS NULL AND c.last_inbound_at > $5) AS aliases,
          (SELECT failing_since FROM channel_account WHERE id = m.account_id) IS NOT NULL AS account_fails
"""


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed message on its way."""

    id: UUID
    shop_id: UUID
    account_id: UUID
    conversation_id: UUID
    body: str
    plan: Plan | None
    author: str
    reply_to: str | None
    attempts: int
    at: datetime
    address: str
    aliases: tuple[str, ...]
    locale: str
    claimed_at: datetime
    proves: bool  # the account fails, and this message's being taken shows that it works again
    until: float  # its call has ended by then, on the loop's clock
    closes_at: datetime | None  # the reply window as it stands now: the person may have written since this was planned


async def claim(
    uow: UnitOfWork, room: int, *, own: Sequence[UUID], ended_by: datetime | None, until: float
) -> tuple[list[Job], int]:
    """At most so many due messages, in order; and how many were looked at.

    `own` are the sender's calls on their way. What another sender holds is taken over where its lease had ended by
    `ended_by` (None: not at all). The calls have to end by `until`.
    """
    now = uow.now
    rows = await uow.fetch(_CLAIM, now, room, now + _LEASE, list(own), now - _ALIAS_HOLDS, budget.pauses(), ended_by)
    allowed = await budget.admit(uow, [row for row in rows if row["state"] == "sending"])
    return [_job(row, now, until) for row in sorted(allowed, key=lambda row: row["seq"])], len(rows)


def _job(row: Record, claimed_at: datetime, until: float) -> Job:
    plan = msgspec.json.decode(row["plan"])
    capabilities = CHANNELS[row["kind"]].capabilities
    # Where receipts tell what became of a message, being taken proves nothing: an unpaid account's are taken, too.
    proves = row["account_fails"] and not capabilities.receipts
    return Job(
        row["id"], row["shop_id"], row["account_id"], row["conversation_id"], row["body"],
        msgspec.convert(plan, Plan) if plan else None, row["author"], row["reply_to"], row["attempts"], row["at"],
        row["address"], tuple(row["aliases"]), row["locale"], claimed_at, proves,
        until, closes_at(capabilities.reply_window, row["last_inbound_at"]),
    )  # fmt: skip
