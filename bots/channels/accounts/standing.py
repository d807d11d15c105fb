"""Whether a connected account still works: a provider's refusal or news says no, a message that arrived says yes."""

from uuid import UUID

from bots.channels.accounts.events import ChannelFailing, ChannelRecovered
from catalog.kernel.unit_of_work import UnitOfWork

LONGEST_DETAIL = 500

_FAIL = """
UPDATE channel_account SET failing_since = $3, detail = $4
WHERE id = $1 AND shop_id = $2 AND state = 'connected' AND failing_since IS NULL AND removed_at IS NULL
"""
_RECOVER = """
UPDATE channel_account SET failing_since = NULL, detail = ''
WHERE id = $1 AND shop_id = $2 AND failing_since IS NOT NULL
"""


async def fail(uow: UnitOfWork, account_id: UUID, words: str) -> None:
    """Note that the provider refuses the account, in its words. What is failing already, or never worked, stays so."""
    words = words[:LONGEST_DETAIL]
    if await uow.execute(_FAIL, account_id, uow.shop_id, uow.now, words):
        uow.record(ChannelFailing(channel_id=account_id, words=words))


async def recover(uow: UnitOfWork, account_id: UUID) -> None:
    """Note that the account works. For one that did not fail nothing changes."""
    if await uow.execute(_RECOVER, account_id, uow.shop_id):
        uow.record(ChannelRecovered(channel_id=account_id))
