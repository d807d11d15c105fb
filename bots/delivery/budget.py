"""How fast a provider may be given messages, counted in rows, so that any number of senders together keep its limits.

Rates are the providers' documented ones (`Capabilities`): a channel without one has no limit. An account has a token
bucket. A person's pace stands on the messages to them (`outbound_message.paced_until`), where the claim finds it: each
adds its pause to the one before, and may go while the sum is no further ahead than a burst reaches (the generic cell
rate algorithm).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from asyncpg import Record

from bots.channels.registry import CHANNELS, channel_class
from catalog.kernel.unit_of_work import UnitOfWork

_BACK = """
/* all shops */
UPDATE outbound_message m SET state = 'queued', attempts = m.attempts - 1, not_before = r.not_before, lease_until = NULL
FROM unnest($1::uuid[], $2::timestamptz[]) AS r(id, not_before) WHERE m.id = r.id
"""


def pauses() -> str:
    """JSON of the pauses between messages to one person, by the kinds that have one."""
    found = {kind: channel.capabilities.recipient_pause for kind, channel in CHANNELS.items()}
    return msgspec.json.encode({kind: pause for kind, pause in found.items() if pause is not None}).decode()


async def admit(uow: UnitOfWork, rows: Sequence[Record]) -> list[Record]:
    """The claimed rows that may go now; the others go back to the queue until person and account may get them."""
    back = {row["id"]: paced_from for row in rows if (paced_from := _paced_from(row)) and paced_from > uow.now}
    by_account: dict[UUID, list[Record]] = {}
    for row in rows:
        if row["id"] not in back:
            by_account.setdefault(row["account_id"], []).append(row)
    for account_id, group in sorted(by_account.items()):  # in one order: two senders lock the same accounts
        state = await _state(uow, account_id)
        room, wait = _room(state, len(group), uow.now)
        if state is not None and room:
            await uow.execute(
                "/* all shops */ UPDATE send_budget SET tokens = $2, filled_at = $3 WHERE account_id = $1",
                account_id, state[1] - room, uow.now,
            )  # fmt: skip
        back |= {row["id"]: uow.now + wait for row in group[room:]}
    if back:
        await uow.execute(_BACK, list(back), list(back.values()))
    return [row for row in rows if row["id"] not in back]


async def pause(uow: UnitOfWork, account_id: UUID, until: datetime) -> bool:
    """Nothing leaves through this account until then; a provider asked for it. Whether it was not resting already."""
    is_new: bool = await uow.fetchval(
        "WITH before AS (SELECT paused_until FROM send_budget WHERE account_id = $1 AND shop_id = $2)"
        " INSERT INTO send_budget (account_id, shop_id, tokens, filled_at, paused_until) VALUES ($1, $2, 0, $3, $4)"
        " ON CONFLICT (account_id) DO UPDATE SET"
        " paused_until = greatest(send_budget.paused_until, excluded.paused_until)"
        " RETURNING coalesce((SELECT paused_until FROM before) <= $3, true)",
        account_id, uow.shop_id, uow.now, until,
    )  # fmt: skip
    return is_new


def _paced_from(row: Record) -> datetime | None:
    """When a message may go without running further ahead of the pauses than a burst reaches; None: at once."""
    can = channel_class(row["kind"]).capabilities
    return None if can.recipient_pause is None else row["paced_until"] - can.recipient_pause * can.recipient_burst


async def _state(uow: UnitOfWork, account_id: UUID) -> tuple[float, float, datetime | None] | None:
    """(rate, tokens now, paused until) of an account under its row's lock; None where the kind has no rate."""
    row = await uow.fetchrow(
        "/* all shops */ SELECT a.kind, b.tokens, b.filled_at, b.paused_until FROM channel_account a"
        " LEFT JOIN send_budget b ON b.account_id = a.id WHERE a.id = $1",
        account_id,
    )
    rate = channel_class(row["kind"]).capabilities.per_second if row is not None else 0.0
    if row is None or not rate:
        return None
    if row["tokens"] is None:
        await uow.execute(
            "/* all shops */ INSERT INTO send_budget (account_id, shop_id, tokens, filled_at)"
            " SELECT id, shop_id, $2, $3 FROM channel_account WHERE id = $1 ON CONFLICT DO NOTHING",
            account_id, rate, uow.now,
        )  # fmt: skip
    locked = await uow.fetchrow(
        "/* all shops */ SELECT tokens, filled_at, paused_until FROM send_budget WHERE account_id = $1 FOR UPDATE",
        account_id,
    )
    if locked is None:
        return None
    since = max(0.0, (uow.now - locked["filled_at"]).total_seconds())
    return rate, min(rate, locked["tokens"] + since * rate), locked["paused_until"]


def _room(state: tuple[float, float, datetime | None] | None, wanted: int, now: datetime) -> tuple[int, timedelta]:
    """How many may go now, and how long the others wait."""
    if state is None:
        return wanted, timedelta(0)
    rate, tokens, paused = state
    if paused is not None and paused > now:
        return 0, paused - now
    room = min(wanted, int(tokens))
    return room, timedelta(seconds=max(0.05, (wanted - room) / rate))
