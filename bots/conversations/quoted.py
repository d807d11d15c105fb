"""What a message of ours has shown, for somebody whose answer quotes it."""

import msgspec

from bots.conversations.thread import Thread
from bots.messages.fitted import Shown, load
from catalog.kernel.unit_of_work import UnitOfWork

# An id need not be unique beyond its thread. Why the shop is compared like this: bots/conversations/thread.py.
_BODY = """
SELECT body FROM outbound_message
WHERE account_id = $1 AND provider_id = $2 AND conversation_id = $3 AND shop_id IS NOT DISTINCT FROM $4
"""


async def goods(uow: UnitOfWork, thread: Thread, provider_id: str) -> tuple[Shown, ...]:
    """The products that a message of this thread showed, in its order; none where it is not ours, or shows none."""
    body = await uow.fetchval(_BODY, thread.account_id, provider_id, thread.id, uow.shop_id)
    try:
        return () if body is None else load(body).shows
    except msgspec.ValidationError:  # an older release stored it in another form
        return ()
