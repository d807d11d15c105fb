"""A locked conversation as a turn sees it, and the statements that lock one.

The turn path speaks SQL to the driver: the lock, what the cart holds and the shop's revisions are one round trip.
Where a unique key finds the row, the shop is compared with IS NOT DISTINCT FROM: a check that no index serves. On a
young database without statistics `shop_id = …` lures the planner into reading all of a shop's rows by the shop's index.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from asyncpg import Record

from bots.conversations import addresses
from bots.messages.inbound import PersonEvent
from catalog.kernel.errors import NotFound
from catalog.kernel.unit_of_work import UnitOfWork
from checkout.carts import service as carts

_C = (
    "c.id, c.account_id, c.kind, c.address, c.customer_id, c.locale, c.held_by, c.fence, c.lease_until, c.blocked,"
    " c.open_inbound, c.needs_person, c.state, c.last_inbound_at"
)

_BOUGHT = (
    "EXISTS (SELECT FROM shop_order o WHERE o.customer_id = c.customer_id"
    " AND o.shop_id IS NOT DISTINCT FROM c.shop_id) AS has_orders"
)

# Words of the team that wait until the person writes (bots/delivery/outbox.py).
_KEPT = (
    "EXISTS (SELECT FROM outbound_message o WHERE o.conversation_id = c.id AND o.state = 'queued'"
    " AND o.not_before = 'infinity' AND o.shop_id IS NOT DISTINCT FROM c.shop_id) AS words_kept"
)

# What stands beside the locked row is as old as the statement. Whoever had to wait for the lock may have got a newer
# row than the rest belongs to (another `xmin`), and looks again: the lock is theirs by then.
_TAKE = f"""
WITH c AS (
  SELECT *, xmin AS written_by FROM conversation
  WHERE account_id = $1 AND address = $2 AND shop_id IS NOT DISTINCT FROM $3 FOR NO KEY UPDATE
)
SELECT {_C}, {_BOUGHT}, {_KEPT}, s.revision, s.catalog_revision, {carts.CONTENTS} AS basket,
  EXISTS (SELECT FROM inbound_message m WHERE m.account_id = $1 AND m.dedupe_key = $4
          AND m.shop_id IS NOT DISTINCT FROM $3) AS is_known,
  {addresses.TELLS} AS tells_address,
  c.written_by <> (SELECT seen.xmin FROM conversation seen WHERE seen.id = c.id) AS has_waited
FROM c JOIN shop s ON s.id = c.shop_id
"""  # noqa: S608 - column list is a constant

_LOCK = f"""
SELECT {_C}, {_BOUGHT}, {_KEPT}, s.revision, s.catalog_revision, NULL AS basket
FROM conversation c JOIN shop s ON s.id = c.shop_id
WHERE c.id = $1 AND c.shop_id IS NOT DISTINCT FROM $2 FOR NO KEY UPDATE OF c
"""  # noqa: S608 - column list is a constant

_LEAVE_OPEN = """
WITH stored AS (
  INSERT INTO inbound_message (id, shop_id, account_id, conversation_id, dedupe_key, provider_id, kind, body, text, at,
                               received_at, not_before)
  VALUES ($4, $1, $2, $3, $5, $6, $7, $8::jsonb, $9, $10, $11, $12)
)
UPDATE conversation SET open_inbound = open_inbound + 1, last_inbound_at = $13, updated_at = $11
WHERE id = $3 AND shop_id IS NOT DISTINCT FROM $1
"""

_event_encoder = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A conversation whose row this transaction holds.

    `last_inbound_at`: when the person last wrote; a sign of theirs (a reaction) does not count. `basket`: what is in
    the person's cart, for `carts.contents_of`; None where the lock did not read it.
    """

    id: UUID
    account_id: UUID
    kind: str
    address: str
    customer_id: UUID
    locale: str
    held_by: str
    fence: int
    lease_until: datetime | None
    blocked: str | None
    open_inbound: int
    needs_person: str | None
    state: str
    last_inbound_at: datetime | None
    has_orders: bool
    words_kept: bool
    revision: int
    catalog_revision: int
    basket: str | None
    heard_before: datetime | None = None  # when they wrote last before the message that is taken in now


_READ = tuple(name for name in Thread.__slots__ if name != "heard_before")


def kind_of(event: PersonEvent) -> str:
    """The name under which an event is stored."""
    return type(event).__name__


def text_of(event: PersonEvent) -> str:
    """What the desk shows of an event: its words, or what it was."""
    for attribute in ("text", "title", "caption", "label", "emoji"):
        value = getattr(event, attribute, None)
        if value:
            return str(value)
    return str(getattr(event, "entry", None) or "")


def encode_event(event: PersonEvent) -> str:
    """JSON of an event for its row."""
    return _event_encoder.encode(event).decode()


async def take(uow: UnitOfWork, account_id: UUID, event: PersonEvent, *, address: str) -> tuple[Thread | None, bool]:
    """Lock the sender's conversation, which goes by `address`; whether the event is stored already.

    Then nothing must be done. None: no conversation goes by this address.
    """
    row = await _taken(uow, account_id, event, address)
    if row is not None and row["has_waited"]:
        row = await _taken(uow, account_id, event, address)
    if row is None:
        return None, False
    if row["tells_address"] and not row["is_known"]:
        await addresses.tell(uow, account_id, event.sender, event.at)
    return _thread(row), row["is_known"]


async def _taken(uow: UnitOfWork, account_id: UUID, event: PersonEvent, address: str) -> Record | None:
    told = list(event.sender.aliases) if event.sender.address == address else []
    return await uow.fetchrow(_TAKE, account_id, address, uow.shop_id, event.dedupe_key, told, event.at)


async def leave_open(
    uow: UnitOfWork, thread: Thread, event: PersonEvent, inbound_id: UUID, *, until: datetime | None = None
) -> None:
    """Store an event that `take` did not know without an outcome; from `until` on (None: now) anybody may answer it."""
    await uow.execute(
        _LEAVE_OPEN, uow.shop_id, thread.account_id, thread.id, inbound_id, *columns(event), uow.now, until or uow.now,
        thread.last_inbound_at,
    )  # fmt: skip


def columns(event: PersonEvent) -> tuple[str, str, str, str, str, datetime]:
    """What a row keeps of an event: dedupe key, provider's id, kind, body, text, instant."""
    return event.dedupe_key, event.provider_id, kind_of(event), encode_event(event), text_of(event), event.at


async def lock(uow: UnitOfWork, conversation_id: UUID) -> Thread:
    """Lock a conversation. Raises NotFound."""
    row = await uow.fetchrow(_LOCK, conversation_id, uow.shop_id)
    if row is None:
        raise NotFound(f"there is no conversation {conversation_id}", conversation_id=str(conversation_id))
    return _thread(row)


def _thread(row: Record) -> Thread:
    return Thread(**{name: row[name] for name in _READ})
