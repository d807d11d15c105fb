"""What a verdict over one message does beyond it: to the person's thread, and to the account it went through."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from bots.channels.accounts import standing
from bots.delivery import budget
from bots.delivery.events import SendingPaused
from bots.delivery.retry import Verdict
from catalog.kernel.unit_of_work import UnitOfWork

_WORTH_TELLING = timedelta(minutes=10)

# What the person has written since lifts the block before it is set. Providers date to the second.
_BLOCK = """
UPDATE conversation SET blocked = $3
WHERE id = $1 AND shop_id = $2 AND (last_inbound_at IS NULL OR date_trunc('second', last_inbound_at) <= $4)
"""


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict over a message of this conversation, and the moment it speaks of; what the person did since counts.

    That is when the provider spoke, or when we called it: its answer takes seconds, in which the person may write.
    `proves`: the account failed before, and this message shows that it works again.
    """

    account_id: UUID
    conversation_id: UUID
    verdict: Verdict
    at: datetime
    proves: bool = False


async def take(uow: UnitOfWork, judged: Sequence[Judged]) -> None:
    """Accounts rest, fail or recover; people who cannot or do not want to be reached are left alone."""
    for one in sorted(judged, key=lambda one: one.account_id):  # in one order, for two may rest the same accounts
        if one.verdict.pause_account is not None:
            await _rest(uow, one.account_id, one.verdict.pause_account, code=one.verdict.code or "")
    alerts = {one.account_id: one.verdict.alert for one in judged if one.verdict.alert}
    for account_id in sorted(alerts.keys() | {one.account_id for one in judged if one.proves}):
        if account_id in alerts:
            await standing.fail(uow, account_id, alerts[account_id])
        else:
            await standing.recover(uow, account_id)
    for one in judged:
        if one.verdict.block:
            await uow.execute(_BLOCK, one.conversation_id, uow.shop_id, one.verdict.reason, one.at)
        if one.verdict.no_marketing:
            await uow.execute(
                "UPDATE conversation SET marketing = false, marketing_at = $3 WHERE id = $1 AND shop_id = $2"
                " AND (marketing_at IS NULL OR marketing_at <= $3)",
                one.conversation_id, uow.shop_id, one.at,
            )  # fmt: skip


async def _rest(uow: UnitOfWork, account_id: UUID, wait: timedelta, *, code: str) -> None:
    until = uow.now + wait
    if await budget.pause(uow, account_id, until) and wait >= _WORTH_TELLING:
        uow.record(SendingPaused(channel_id=account_id, provider_code=code, until=until))
