"""News about our own messages, templates and accounts, and people's settings: no turn, but each is applied or kept."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from bots.channels.accounts import standing
from bots.channels.accounts.events import ChannelReported
from bots.delivery import receipts
from bots.messages.inbound import (
    AccountReported,
    AddressChanged,
    InboundEvent,
    Introduced,
    MarketingPreference,
    ReceiptReceived,
    TemplateChanged,
)
from catalog.kernel.ids import new_id
from catalog.kernel.unit_of_work import UnitOfWork
from checkout.customers import service as customers


async def take(uow: UnitOfWork, account_id: UUID, events: Sequence[InboundEvent]) -> None:
    """Apply each event. The same event again changes nothing; what we do not know is kept.

    An introduction is not kept: what it says stands with the customer, where it is forgotten with the rest.
    """
    await receipts.apply(uow, account_id, [event for event in events if isinstance(event, ReceiptReceived)])
    for event in events:
        match event:
            case ReceiptReceived():
                continue
            case Introduced():
                await _introduce(uow, account_id, event)
            case TemplateChanged():  # its webhook has no id: its instant alone tells what is new
                await _template(uow, account_id, event)
                await _keep(uow, account_id, event)
            case _ if await _keep(uow, account_id, event):
                await _apply(uow, account_id, event)


async def _apply(uow: UnitOfWork, account_id: UUID, event: InboundEvent) -> None:
    match event:
        case MarketingPreference():
            await _prefer(uow, account_id, event)
        case AddressChanged():
            await _readdress(uow, account_id, event)
            await _join(uow, account_id, event)
        case AccountReported(standing="works"):
            await standing.recover(uow, account_id)
        case AccountReported(standing="fails"):
            await standing.fail(uow, account_id, event.words)
        case AccountReported():
            uow.record(ChannelReported(channel_id=account_id, words=event.words))
        case _:
            pass


async def _prefer(uow: UnitOfWork, account_id: UUID, event: MarketingPreference) -> None:
    """What the person chose last counts, in whatever order we hear of it."""
    await uow.execute(
        "UPDATE conversation SET marketing = $4, marketing_at = $5 WHERE account_id = $1 AND shop_id = $2"
        " AND (address = $3 OR id IN (SELECT conversation_id FROM address_alias WHERE account_id = $1 AND shop_id = $2"
        "  AND alias = $3 AND (left_at IS NULL OR left_at > $5)))"
        " AND (marketing_at IS NULL OR marketing_at <= $5)",
        account_id, uow.shop_id, event.address, event.allowed, event.at,
    )  # fmt: skip


async def _readdress(uow: UnitOfWork, account_id: UUID, event: AddressChanged) -> None:
    """The former address goes on finding what was written before; without proof, it may soon be somebody else's.

    One at a time in an account: two that touch the same people's addresses would wait for each other.
    """
    left_at = None if event.proof else event.at
    await uow.execute("SELECT pg_advisory_xact_lock(hashtextextended('readdress:' || $1::text, 0))", str(account_id))
    await uow.execute(
        "WITH former AS (UPDATE address_alias SET left_at = $5 WHERE account_id = $1 AND shop_id = $2 AND alias = $3"
        " AND left_at IS NULL RETURNING conversation_id)"
        " INSERT INTO address_alias AS known (account_id, alias, shop_id, conversation_id)"
        " SELECT $1, $4, $2, conversation_id FROM former ON CONFLICT (account_id, alias) DO UPDATE"
        " SET conversation_id = excluded.conversation_id, left_at = NULL WHERE known.left_at <= $5",
        account_id, uow.shop_id, event.old, event.new, left_at,
    )  # fmt: skip
    await uow.execute(
        "UPDATE conversation SET address = $4 WHERE account_id = $1 AND shop_id = $2 AND address = $3"
        " AND NOT EXISTS (SELECT 1 FROM conversation WHERE account_id = $1 AND address = $4)",
        account_id, uow.shop_id, event.old, event.new,
    )  # fmt: skip
    await uow.execute(
        "INSERT INTO address_alias (account_id, alias, shop_id, conversation_id, left_at)"
        " SELECT account_id, $3, shop_id, id, $5 FROM conversation"
        " WHERE account_id = $1 AND shop_id = $2 AND address = $4 ON CONFLICT DO NOTHING",
        account_id, uow.shop_id, event.old, event.new, left_at,
    )  # fmt: skip


async def _join(uow: UnitOfWork, account_id: UUID, event: AddressChanged) -> None:
    """Who was known by either address is one person, where that is proven: cart and orders follow."""
    rows = await uow.fetch(
        "SELECT customer_id FROM conversation WHERE account_id = $1 AND shop_id = $2 AND address = ANY($3::text[])"
        " ORDER BY address = $4",
        account_id, uow.shop_id, [event.old, event.new], event.new,
    )  # fmt: skip
    people = [await customers.known_as(uow, row["customer_id"]) for row in rows] if event.proof else []
    if len(set(people)) > 1:
        former, known = people
        await customers.merge(uow, former, known, proof=event.proof)


async def _introduce(uow: UnitOfWork, account_id: UUID, event: Introduced) -> None:
    """The customer learns what is not known of them; who has not written yet is introduced by their first message."""
    customer_id: UUID | None = await uow.fetchval(
        "SELECT customer_id FROM conversation WHERE account_id = $1 AND shop_id = $2 AND address = $3",
        account_id, uow.shop_id, event.address,
    )  # fmt: skip
    if customer_id is not None:
        known = await customers.known_as(uow, customer_id)
        await customers.introduce(uow, known, name=event.name or "", email=event.email or "")


async def _template(uow: UnitOfWork, account_id: UUID, event: TemplateChanged) -> None:
    await uow.execute(
        "INSERT INTO template_state (account_id, name, locale, shop_id, status, reason, changed_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (account_id, name, locale) DO UPDATE"
        " SET status = excluded.status, reason = excluded.reason, changed_at = excluded.changed_at"
        " WHERE template_state.changed_at < excluded.changed_at"
        " OR template_state.changed_at = excluded.changed_at AND excluded.status <> 'pending'",
        account_id, event.name, event.locale, uow.shop_id, event.status, event.reason, event.at,
    )  # fmt: skip


async def _keep(uow: UnitOfWork, account_id: UUID, event: InboundEvent) -> bool:
    """Whether the event was new."""
    kept = await uow.execute(
        "INSERT INTO channel_event (id, shop_id, account_id, dedupe_key, kind, body, at)"
        " VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7) ON CONFLICT DO NOTHING",
        new_id(), uow.shop_id, account_id, event.dedupe_key, type(event).__name__,
        msgspec.json.encode(event).decode(), event.at,
    )  # fmt: skip
    return kept > 0
