"""What else reaches a person whom a message of ours did not: an open thread of theirs elsewhere, or their e-mail."""

from typing import Any
from uuid import UUID

from bots.channels.registry import CHANNELS
from bots.delivery.policy import closes_at
from catalog.kernel.unit_of_work import UnitOfWork
from checkout.customers import service as customers

# Why a thread is no way to the person just now; other refusals are about the message.
SHUT = frozenset(
    {"window_closed", "no_template", "opted_out", "unreachable", "withheld", "template_refused", "token_refused",
     "quota"}
)  # fmt: skip

_THREADS = """
SELECT c.id, c.kind, c.last_inbound_at FROM conversation c JOIN channel_account a ON a.id = c.account_id
WHERE c.shop_id = $1 AND c.customer_id = ANY($2) AND c.id <> $3 AND c.blocked IS NULL AND c.last_inbound_at IS NOT NULL
  AND a.state = 'connected' AND a.failing_since IS NULL AND a.removed_at IS NULL
ORDER BY c.last_inbound_at DESC
"""


async def find(uow: UnitOfWork, conversation_id: UUID, customer_id: UUID) -> dict[str, Any] | None:
    """The thread that the person used last of those that take free words now, else their e-mail address, else None."""
    people = await customers.same_person(uow, customer_id)
    for row in await uow.fetch(_THREADS, uow.shop_id, people, conversation_id):
        closes = closes_at(CHANNELS[row["kind"]].capabilities.reply_window, row["last_inbound_at"])
        if closes is None or uow.now < closes:
            return {"kind": row["kind"], "conversation_id": str(row["id"])}
    known = await customers.get(uow, await customers.known_as(uow, customer_id))
    return {"email": known.email} if known.email else None
