"""Receipts: how far a message came. They arrive late, doubled, out of order and before our own commit; rank decides."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from asyncpg import Record

from bots.channels import registry
from bots.conversations.events import DeliveryFailed
from bots.conversations.states import DELIVERY, DeliveryState
from bots.delivery import effects, retry
from bots.delivery.effects import Judged
from bots.delivery.outbox import CHANNEL
from bots.delivery.policy import Plan
from bots.delivery.retry import Attempt, Verdict
from bots.messages.fitted import dump, load
from bots.messages.inbound import Receipt, ReceiptReceived
from catalog.kernel.errors import NotFound
from catalog.kernel.ids import new_id
from catalog.kernel.unit_of_work import UnitOfWork

_MOVES = ", ".join(f"('{before}', '{after}')" for before, may in DELIVERY.moves.items() for after in sorted(may))
# What arrived has not failed, whatever else is told of it.
_RANK = {what: rank for rank, what in enumerate((Receipt.SENT, Receipt.FAILED, Receipt.DELIVERED, Receipt.READ))}

# A provider that gives our own id back settles a message whose call ended without an answer, or whose sender has died:
# nothing else could say which message the receipt is about. A refusal told twice does not end what goes once more: of
# that, the first telling was kept.
_APPLY = f"""
UPDATE outbound_message m SET state = r.state, reason = r.reason, provider_code = r.code, provider_id = r.provider_id,
  lease_until = NULL, settled_at = coalesce(m.settled_at, $3)
FROM unnest($4::text[], $5::uuid[], $6::text[], $7::text[], $8::text[]) AS r(provider_id, id, state, reason, code)
WHERE m.account_id = $1 AND m.shop_id = $2 AND (
  m.id = r.id AND m.provider_id IS NULL AND m.state IN ('sending', 'uncertain')
    AND NOT (r.state = 'failed' AND EXISTS (
      SELECT FROM channel_event e
      WHERE e.account_id = $1 AND e.shop_id = $2 AND e.dedupe_key = 'receipt:' || r.provider_id || ':failed'))
  OR m.provider_id = r.provider_id) AND (m.state, r.state) IN ({_MOVES})
RETURNING m.id, m.conversation_id, m.state, m.reason, m.provider_id, m.provider_code, m.attempts, m.body, m.plan, m.at
"""  # noqa: S608 - states of our own

_KEEP = """
INSERT INTO channel_event (id, shop_id, account_id, dedupe_key, kind, provider_id, body, at)
SELECT r.id, $2, $1, 'receipt:' || r.provider_id || ':' || r.state, 'ReceiptReceived', r.provider_id,
  jsonb_build_object('receipt', r.state, 'code', r.code), r.at
FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::timestamptz[]) AS r(id, provider_id, state, code, at)
WHERE NOT EXISTS (SELECT FROM outbound_message m
                  WHERE m.account_id = $1 AND m.shop_id = $2 AND m.provider_id = r.provider_id)
ON CONFLICT DO NOTHING
"""

_AGAIN = """
UPDATE outbound_message m SET state = 'queued', provider_id = NULL, settled_at = NULL, not_before = $3,
  body = coalesce($4::jsonb, body), text = coalesce($5, text), attempts = attempts - $6
WHERE id = $1 AND shop_id = $2
"""

_WAITING = """
SELECT e.account_id, e.provider_id, e.dedupe_key, e.at, e.body->>'receipt' AS receipt, e.body->>'code' AS code
FROM channel_event e JOIN unnest($2::uuid[], $3::text[]) AS s(account_id, provider_id) USING (account_id, provider_id)
WHERE e.shop_id = $1 AND e.kind = 'ReceiptReceived'
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
    if not receipts:
        return
    await lock(uow, [receipt.provider_id for receipt in receipts])
    furthest = await _apply(uow, account_id, receipts)
    await uow.execute(
        _KEEP, account_id, uow.shop_id, [new_id() for _ in furthest], [one.provider_id for one in furthest],
        [one.receipt.value for one in furthest], [one.code for one in furthest], [one.at for one in furthest],
    )  # fmt: skip


async def apply_waiting(uow: UnitOfWork, sent: Sequence[tuple[UUID, str]]) -> None:
    """Receipts that overtook our own commit, now that their messages have their ids: (account, provider id) of each."""
    if not sent:
        return
    accounts, provider_ids = zip(*sent, strict=True)
    by_account: dict[UUID, list[ReceiptReceived]] = {}
    for row in await uow.fetch(_WAITING, uow.shop_id, accounts, provider_ids):
        waiting = ReceiptReceived(
            dedupe_key=row["dedupe_key"], at=row["at"], provider_id=row["provider_id"],
            receipt=Receipt(row["receipt"]), code=row["code"],
        )  # fmt: skip
        by_account.setdefault(row["account_id"], []).append(waiting)
    for account_id, receipts in by_account.items():
        await _apply(uow, account_id, receipts)


async def _apply(uow: UnitOfWork, account_id: UUID, receipts: Sequence[ReceiptReceived]) -> list[ReceiptReceived]:
    """Of each message the furthest receipt, which is the one that counts."""
    kind, failing_since = await _account(uow, account_id)
    furthest = [*{one.provider_id: one for one in sorted(receipts, key=lambda one: _RANK[one.receipt])}.values()]
    moved = await uow.fetch(
        _APPLY, account_id, uow.shop_id, uow.now, [one.provider_id for one in furthest],
        [_own_id(one) for one in furthest], [one.receipt.value for one in furthest],
        [_reason(kind, one) for one in furthest], [one.code for one in furthest],
    )  # fmt: skip
    told = {one.provider_id: one for one in furthest}
    failed = [
        (row, _verdict(uow, kind, row, told[row["provider_id"]].detail))
        for row in moved
        if row["state"] == Receipt.FAILED
    ]
    for row, verdict in failed:
        if verdict.state is DeliveryState.QUEUED:
            await _send_again(uow, row["id"], verdict)
        else:
            uow.record(
                DeliveryFailed(conversation_id=row["conversation_id"], message_id=row["id"], reason=row["reason"])
            )
    arrived = [
        (row, Verdict(state=DeliveryState(row["state"])))
        for row in moved
        if row["state"] != Receipt.FAILED and failing_since is not None and row["at"] >= failing_since
    ]
    await effects.take(uow, [
        Judged(account_id, row["conversation_id"], verdict, told[row["provider_id"]].at,
               proves=row["state"] != Receipt.FAILED)
        for row, verdict in (*failed, *arrived)
    ])  # fmt: skip
    return furthest


async def _account(uow: UnitOfWork, account_id: UUID) -> tuple[str, datetime | None]:
    """Its kind, and since when it fails."""
    row = await uow.fetchrow(
        "SELECT kind, failing_since FROM channel_account WHERE id = $1 AND shop_id = $2", account_id, uow.shop_id
    )
    if row is None:
        raise NotFound("there is no such channel account")
    return row["kind"], row["failing_since"]


def _verdict(uow: UnitOfWork, kind: str, row: Record, detail: str) -> Verdict:
    """What would have followed, had the call's own answer refused the message in these words."""
    error = registry.refusal(kind, row["provider_code"] or "")
    error.detail = detail or error.detail
    plan = msgspec.json.decode(row["plan"])
    if not plan:  # the person was erased meanwhile
        return Verdict(state=DeliveryState.FAILED, reason=row["reason"])
    return retry.on_rejection(
        error,
        Attempt(
            number=row["attempts"], message=load(row["body"]), plan=msgspec.convert(plan, Plan), at=row["at"],
            now=uow.now,
        ),
    )  # fmt: skip


async def _send_again(uow: UnitOfWork, message_id: UUID, verdict: Verdict) -> None:
    instead, wait = verdict.instead, verdict.wait or timedelta(0)
    await uow.execute(
        _AGAIN, message_id, uow.shop_id, uow.now + wait, dump(instead) if instead else None,
        retry.words_of(instead) if instead else None, int(not verdict.counts),
    )  # fmt: skip
    uow.hint(CHANNEL)


def _own_id(receipt: ReceiptReceived) -> UUID | None:
    try:
        return UUID(receipt.message_id)
    except ValueError:  # empty, or another program's word that went out through the same account
        return None


def _reason(kind: str, receipt: ReceiptReceived) -> str | None:
    return registry.refusal(kind, receipt.code or "").kind.value if receipt.receipt is Receipt.FAILED else None
