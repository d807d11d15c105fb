"""Which conversation an address leads to. A provider may name a person by an id of their own and by a phone number.

The id stays theirs. The number may be somebody else's one day: numbers are given anew. So an id that we do not know
takes over a conversation only where nothing but the number is known of its person, or where the provider announces the
change (bots/delivery/news.py). Otherwise it is somebody new, and from now on the number is theirs.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from bots.messages.inbound import Sender
from catalog.kernel.ids import new_id
from catalog.kernel.unit_of_work import UnitOfWork
from checkout.customers import service as customers

# Part of the statement that locks a conversation `c`: whether a message written at $6 tells an address ($5) that is not
# known to be its person's. One that they gave up later is no news.
TELLS = """
CASE WHEN cardinality($5::text[]) = 0 THEN false ELSE cardinality($5::text[]) > (
  SELECT count(*) FROM address_alias a WHERE a.conversation_id = c.id AND a.alias = ANY ((SELECT $5::text[])::text[])
  AND a.shop_id IS NOT DISTINCT FROM $3 AND (a.left_at IS NULL OR a.left_at > $6)) END"""

_FIND = """
SELECT address FROM conversation WHERE account_id = $1 AND address = $2 AND shop_id = $4
UNION ALL
SELECT c.address FROM address_alias a JOIN conversation c ON c.id = a.conversation_id
WHERE a.account_id = $1 AND a.alias = $2 AND a.shop_id = $4 AND (a.left_at IS NULL OR a.left_at > $3)
LIMIT 1
"""

_TAKE_OVER = """
WITH known AS (
  SELECT id, shop_id, account_id, address FROM conversation c
  WHERE account_id = $1 AND address = ANY($3::text[]) AND shop_id = $4 AND NOT EXISTS (
    SELECT FROM address_alias a WHERE a.conversation_id = c.id AND a.shop_id = c.shop_id AND a.left_at IS NULL)
  LIMIT 1 FOR NO KEY UPDATE OF c
)
UPDATE conversation c SET address = $2 FROM known WHERE c.id = known.id
"""

# An address that somebody gave up after this message was written is not taken back by it.
_TELL = """
WITH told AS (
  INSERT INTO address_alias AS known (account_id, alias, shop_id, conversation_id)
  SELECT c.account_id, alias, c.shop_id, c.id FROM conversation c, unnest($3::text[]) AS alias
  WHERE c.account_id = $1 AND c.address = $2 AND c.shop_id = $4
  ON CONFLICT (account_id, alias) DO UPDATE SET conversation_id = excluded.conversation_id, left_at = NULL
  WHERE known.left_at IS NULL OR known.left_at <= $5
  RETURNING conversation_id
)
UPDATE address_alias a SET left_at = $5 FROM told
WHERE a.conversation_id = told.conversation_id AND a.shop_id = $4 AND a.left_at IS NULL AND a.alias <> ALL($3::text[])
"""

_LEARN = """
INSERT INTO address_alias (account_id, conversation_id, alias, shop_id)
SELECT $1::uuid, id, $3::text, shop_id FROM conversation c
WHERE id = $2 AND shop_id = $4 AND address NOT LIKE 'erased:%' AND NOT EXISTS (
  SELECT FROM address_alias a WHERE a.conversation_id = c.id AND a.shop_id = c.shop_id AND a.left_at IS NULL)
ON CONFLICT DO NOTHING
"""


async def open_thread(
    uow: UnitOfWork, *, account_id: UUID, kind: str, sender: Sender, at: datetime, locale: str
) -> str:
    """The address by which the conversation of who wrote at `at` goes; it is made when there is none.

    Two openers at once get the same one.
    """
    found: str | None = await uow.fetchval(_FIND, account_id, sender.address, at, uow.shop_id)
    if found is not None:
        return found
    if not await _take_over(uow, account_id, sender):
        await _create(uow, account_id=account_id, kind=kind, sender=sender, locale=locale)
    await tell(uow, account_id, sender, at)
    return sender.address


async def tell(uow: UnitOfWork, account_id: UUID, sender: Sender, at: datetime) -> None:
    """The sender's other addresses are theirs now, whoever had them, and those that they had are not any more."""
    if sender.aliases:
        await uow.execute(_TELL, account_id, sender.address, list(sender.aliases), uow.shop_id, at)


async def learn(uow: UnitOfWork, known: Sequence[tuple[UUID, UUID, str]]) -> None:
    """What an answer of the provider's told of people known by one address: (account, conversation, other address).

    Who is known by two learns none: another id at their number is somebody else. Nor does an erased person: a message
    on its way when they were erased may still tell one.
    """
    if known:
        await uow.executemany(_LEARN, [(*one, uow.shop_id) for one in known])


async def _take_over(uow: UnitOfWork, account_id: UUID, sender: Sender) -> bool:
    """Whether a conversation known by one of the sender's other addresses alone goes by the sender's own one now."""
    if not sender.aliases:
        return False
    return bool(await uow.execute(_TAKE_OVER, account_id, sender.address, list(sender.aliases), uow.shop_id))


async def _create(uow: UnitOfWork, *, account_id: UUID, kind: str, sender: Sender, locale: str) -> None:
    new = new_id()
    customer_id = await customers.create(uow, name=sender.name or "", email=sender.email or "", locale=locale)
    conversation_id: UUID = await uow.fetchval(
        "INSERT INTO conversation (id, shop_id, account_id, kind, address, customer_id, locale, created_at, updated_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)"
        " ON CONFLICT (account_id, address) DO UPDATE SET updated_at = excluded.updated_at"
        " RETURNING id",
        new, uow.shop_id, account_id, kind, sender.address, customer_id, locale, uow.now,
    )  # fmt: skip
    if conversation_id != new:
        await customers.take_back(uow, customer_id)
