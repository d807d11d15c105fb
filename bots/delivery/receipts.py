"""Receipts: how far a message came. They arrive late, doubled, out of order and before our own commit; rank decides."""

from collections.abc import Sequence
from uuid import UUID

from bots.channels import registry
from bots.messages.inbound import ReceiptReceived
from catalog.kernel.ids import new_id
from catalog.kernel.unit_of_work import UnitOfWork

_APPLY = """
UPDATE outbound_message SET state = $4, reason = coalesce($5, reason), provider_code = coalesce($6, provider_code),
  settled_at = coalesce(settled_at, $7)
WHERE account_id = $1 AND shop_id = $2 AND provider_id = $3 AND (
  ($4 = 'delivered' AND state IN ('sent', 'uncertain')) OR ($4 = 'read' AND state IN ('sent', 'delivered', 'uncertain'))
  OR ($4 = 'sent' AND state = 'uncertain') OR ($4 = 'failed' AND state IN ('sent', 'uncertain')))
"""


# A receipt that finds no message is kept, and a message that gets its id looks for kept ones: without a lock on the id
# both could miss what the other has not committed yet, and the receipt would be lost.
_LOCK = """
SELECT pg_advisory_xact_lock(hashtextextended(id, 0)) FROM (SELECT unnest($1::text[]) AS id ORDER BY 1) AS ids
"""


async def lock(uow: UnitOfWork, provider_ids: Sequence[str]) -> None:
    """Whoever writes provider ids or receipts for them does so one by one, until the transaction's end."""
    if provider_ids:
        await uow.execute(_LOCK, sorted(set(provider_ids)))


async def apply(uow: UnitOfWork, account_id: UUID, receipts: Sequence[ReceiptReceived]) -> None:
    """Move our messages forward. A receipt for a message that we have not committed yet waits for it."""
    kind = await _kind(uow, account_id) if receipts else ""
    await lock(uow, [receipt.provider_id for receipt in receipts])
    for receipt in receipts:
        reason = registry.failure(kind, receipt.code or "").value if receipt.receipt == "failed" else None
        changed = await uow.execute(
            _APPLY, account_id, uow.shop_id, receipt.provider_id, receipt.receipt.value, reason, receipt.code, uow.now
        )
        if not changed:
            await _keep(uow, account_id, receipt)


async def apply_waiting(uow: UnitOfWork, account_id: UUID, provider_id: str) -> None:
    """Receipts that overtook our own commit, now that the message has its provider id."""
    rows = await uow.fetch(
        "SELECT body->>'receipt' AS receipt, body->>'code' AS code FROM channel_event"
        " WHERE account_id = $1 AND shop_id = $2 AND provider_id = $3 AND kind = 'ReceiptReceived'",
        account_id, uow.shop_id, provider_id,
    )  # fmt: skip
    kind = await _kind(uow, account_id) if rows else ""
    for row in rows:
        reason = registry.failure(kind, row["code"] or "").value if row["receipt"] == "failed" else None
        await uow.execute(
            _APPLY, account_id, uow.shop_id, provider_id, row["receipt"], reason, row["code"], uow.now
        )  # fmt: skip


async def _kind(uow: UnitOfWork, account_id: UUID) -> str:
    kind = await uow.fetchval(
        "SELECT kind FROM channel_account WHERE id = $1 AND shop_id = $2", account_id, uow.shop_id
    )
    return str(kind)


async def _keep(uow: UnitOfWork, account_id: UUID, receipt: ReceiptReceived) -> None:
    known = await uow.fetchval(
        "SELECT 1 FROM outbound_message WHERE account_id = $1 AND shop_id = $2 AND provider_id = $3",
        account_id, uow.shop_id, receipt.provider_id,
    )  # fmt: skip
    if known:
        return
    await uow.execute(
        "INSERT INTO channel_event (id, shop_id, account_id, dedupe_key, kind, provider_id, body, at)"
        " VALUES ($1, $2, $3, $4, 'ReceiptReceived', $5,"
        " jsonb_build_object('receipt', $6::text, 'code', $7::text), $8) ON CONFLICT DO NOTHING",
        new_id(), uow.shop_id, account_id, f"receipt:{receipt.provider_id}:{receipt.receipt.value}",
        receipt.provider_id, receipt.receipt.value, receipt.code, receipt.at,
    )  # fmt: skip
