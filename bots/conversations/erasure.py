"""Forgetting a person's words (GDPR Art. 17): what was said on both sides, the addresses, the open pages.

Counts and outcomes stay, because the merchant's reports are made of them; nothing in them names the person, and what
was read in the words goes with the words. A message just on its way arrives, and is empty here all the same: should its
sender die, it is not sent again, because the conversation is blocked.
"""

from uuid import UUID

from bots.conversations import pictures
from catalog.images import service as images
from catalog.kernel.unit_of_work import UnitOfWork
from checkout.customers.events import CustomerErased

_CONVERSATIONS = "SELECT id, account_id, address FROM conversation WHERE customer_id = $1 AND shop_id = $2 FOR UPDATE"

_STATEMENTS = (
    """UPDATE inbound_message SET text = '', body = '{}', outcome = coalesce(outcome, 'ignored'),
      outcome_detail = coalesce(outcome_detail - 'reading', '{"kind": "ignored", "reason": "erased"}')
    WHERE conversation_id = $1 AND shop_id = $2""",
    """UPDATE outbound_message SET text = '', body = '{"type": "text", "text": "…"}', plan = '{}'
    WHERE conversation_id = $1 AND shop_id = $2 AND state <> 'queued'""",
    "DELETE FROM outbound_message WHERE conversation_id = $1 AND shop_id = $2 AND state = 'queued'",
    "DELETE FROM address_alias WHERE conversation_id = $1 AND shop_id = $2",
    """UPDATE conversation SET address = 'erased:' || id, state = '{}', blocked = 'opted_out', needs_person = NULL,
      open_inbound = 0
    WHERE id = $1 AND shop_id = $2""",
)
_PAGES = (
    "DELETE FROM webchat_session WHERE account_id = $1 AND address = $2 AND shop_id = $3",
    "UPDATE webchat_thread SET subject = NULL WHERE account_id = $1 AND address = $2 AND shop_id = $3",
    "UPDATE webchat_event SET body = '{}', inbound = NULL WHERE account_id = $1 AND address = $2 AND shop_id = $3",
)


# What was uploaded in the web chat, kept with its message or not yet.
_PICTURES = """
SELECT body->>'media_id' AS id FROM inbound_message
WHERE conversation_id = $1 AND shop_id = $2 AND kind = 'MediaReceived'
  AND EXISTS (SELECT FROM conversation WHERE id = $1 AND shop_id = $2 AND kind = 'webchat')
"""


async def on_customer_erased(uow: UnitOfWork, event: CustomerErased) -> None:
    """Empty every conversation of the person. Running again finds nothing more to empty."""
    for row in await uow.fetch(_CONVERSATIONS, event.customer_id, uow.shop_id):
        sent = await uow.fetch(_PICTURES, row["id"], uow.shop_id)
        await images.forget_uploads(uow, [UUID(picture["id"]) for picture in sent if picture["id"]])
        await pictures.forget(uow, row["id"])
        for statement in _STATEMENTS:
            await uow.execute(statement, row["id"], uow.shop_id)
        for statement in _PAGES:
            await uow.execute(statement, row["account_id"], row["address"], uow.shop_id)
