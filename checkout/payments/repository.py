"""Every query on attempts, refunds and the ledger. Private to payments."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from catalog.kernel.errors import NotFound
from catalog.kernel.ids import new_id
from catalog.kernel.unit_of_work import UnitOfWork
from checkout.payments.gateway import AttemptReport, ProviderEvent, RefundReport
from checkout.payments.models import Payment, PaymentEvent, Refund
from checkout.payments.states import COUNTED, LIVE

# What found no payment in a month is another install's, which shares the account.
_WAITS = timedelta(days=30)
_MOST_WAITING = 200


async def get_payment(uow: UnitOfWork, payment_id: UUID) -> Payment:
    """The attempt. Raises NotFound."""
    found = await uow.session.scalar(select(Payment).where(Payment.id == payment_id, Payment.shop_id == uow.shop_id))
    if found is None:
        raise NotFound("there is no such payment")
    return found


async def lock_payments(uow: UnitOfWork, order_id: UUID) -> Sequence[Payment]:
    """Every attempt of the order, oldest first, as they stand now. The caller holds the order's lock."""
    found = await uow.session.scalars(_fresh(_payments(uow, order_id).with_for_update(key_share=True)))
    return found.all()


async def payments_of(uow: UnitOfWork, order_ids: Sequence[UUID]) -> Sequence[Payment]:
    """Every attempt of these orders, oldest first."""
    found = await uow.session.scalars(
        _fresh(
            select(Payment)
            .where(Payment.order_id.in_(order_ids), Payment.shop_id == uow.shop_id)
            .order_by(Payment.order_id, Payment.attempt)
        )
    )
    return found.all()


async def refunds_of(uow: UnitOfWork, order_ids: Sequence[UUID]) -> Sequence[Refund]:
    """Every refund of these orders, oldest first."""
    found = await uow.session.scalars(
        select(Refund)
        .where(Refund.order_id.in_(order_ids), Refund.shop_id == uow.shop_id)
        .order_by(Refund.id)
        .execution_options(populate_existing=True)
    )
    return found.all()


async def get_refund(uow: UnitOfWork, refund_id: UUID) -> Refund:
    """The refund as it stands now. Raises NotFound."""
    found = await uow.session.scalar(
        select(Refund)
        .where(Refund.id == refund_id, Refund.shop_id == uow.shop_id)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("there is no such refund")
    return found


async def find_payment(uow: UnitOfWork, account_id: UUID, report: AttemptReport) -> Payment | None:
    """The attempt a report speaks of: by the session, else by our metadata, else by the provider's payment.

    Any attempt of the order may be meant, not only the newest.
    """
    scope = select(Payment).where(Payment.account_id == account_id, Payment.shop_id == uow.shop_id)
    queries = []
    if report.session_id:
        queries.append(scope.where(Payment.provider_id == report.session_id))
    if report.order_id is not None and report.attempt is not None:
        queries.append(scope.where(Payment.order_id == report.order_id, Payment.attempt == report.attempt))
    if report.intent_id:
        queries.append(scope.where(Payment.intent_id == report.intent_id))
    if report.order_id is not None:
        queries.append(scope.where(Payment.order_id == report.order_id).order_by(Payment.attempt.desc()).limit(1))
    for query in queries:
        if found := await uow.session.scalar(query):
            return found
    return None


async def find_by_intent(uow: UnitOfWork, account_id: UUID, intent_id: str) -> Payment | None:
    """The attempt that the provider's payment belongs to."""
    found: Payment | None = await uow.session.scalar(
        select(Payment).where(
            Payment.account_id == account_id, Payment.intent_id == intent_id, Payment.shop_id == uow.shop_id
        )
    )
    return found


async def find_refund(uow: UnitOfWork, payment: Payment, report: RefundReport) -> Refund | None:
    """The refund a report speaks of: by the provider's id, else by ours while it has no provider's id yet."""
    scope = (
        select(Refund)
        .where(Refund.payment_id == payment.id, Refund.shop_id == uow.shop_id)
        .execution_options(populate_existing=True)
    )
    found: Refund | None = await uow.session.scalar(scope.where(Refund.provider_id == report.provider_id))
    if found is None and report.refund_id is not None:
        ours = scope.where(Refund.id == report.refund_id, Refund.provider_id.is_(None))
        found = await uow.session.scalar(ours)
    return found


async def payment_of_refund(uow: UnitOfWork, account_id: UUID, report: RefundReport) -> Payment | None:
    """The attempt whose money a refund gives back: by our refund's id, else by the provider's payment."""
    if report.refund_id is not None:
        found: Payment | None = await uow.session.scalar(
            select(Payment)
            .join(Refund, Refund.payment_id == Payment.id)
            .where(
                Refund.id == report.refund_id,
                Payment.account_id == account_id,
                Refund.shop_id == uow.shop_id,
                Payment.shop_id == uow.shop_id,
            )
        )
        if found is not None:
            return found
    return await find_by_intent(uow, account_id, report.intent_id) if report.intent_id else None


async def counted_refunds(uow: UnitOfWork, payment_id: UUID) -> int:
    """What is given back, or on its way back, of one capture, in minor units."""
    total = await uow.session.scalar(
        select(func.coalesce(func.sum(Refund.amount_minor), 0)).where(
            Refund.payment_id == payment_id, Refund.shop_id == uow.shop_id, Refund.state.in_(list(COUNTED))
        )
    )
    return int(total or 0)


async def store(uow: UnitOfWork, account_id: UUID, event: ProviderEvent, *, order_id: UUID | None) -> UUID | None:
    """Add news to the ledger; None when it is there already."""
    intent_id = getattr(event.report, "intent_id", None)
    stored: UUID | None = await uow.fetchval(
        """
        INSERT INTO payment_event (id, shop_id, account_id, provider_event_id, kind, body, order_id, intent_id,
                                   occurred_at, received_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (account_id, provider_event_id) DO NOTHING RETURNING id
        """,
        new_id(), uow.shop_id, account_id, event.event_id, event.kind, event.raw, order_id, intent_id,
        event.occurred_at, uow.now,
    )  # fmt: skip
    return stored


async def is_known(uow: UnitOfWork, account_id: UUID, event_id: str) -> bool:
    """Whether the ledger has this piece of news."""
    known: bool = await uow.fetchval(
        "SELECT EXISTS (SELECT FROM payment_event WHERE account_id = $1 AND provider_event_id = $2 AND shop_id = $3)",
        account_id, event_id, uow.shop_id,
    )  # fmt: skip
    return known


async def get_event(uow: UnitOfWork, event_id: UUID) -> PaymentEvent:
    """A line of the ledger. Raises NotFound."""
    found = await uow.session.scalar(
        select(PaymentEvent).where(PaymentEvent.id == event_id, PaymentEvent.shop_id == uow.shop_id)
    )
    if found is None:
        raise NotFound("there is no such payment event")
    return found


async def dispute_lines(uow: UnitOfWork, payment_id: UUID) -> Sequence[PaymentEvent]:
    """What was heard and applied of a payment's disputes, in any order."""
    found = await uow.session.scalars(
        select(PaymentEvent).where(
            PaymentEvent.shop_id == uow.shop_id,
            PaymentEvent.payment_id == payment_id,
            PaymentEvent.kind.startswith("charge.dispute."),
        )
    )
    return found.all()


async def waiting_events(
    uow: UnitOfWork, account_id: UUID, *, order_id: UUID, intent_id: str | None
) -> Sequence[PaymentEvent]:
    """News kept for a payment of this order that was not known when it came."""
    named = PaymentEvent.order_id == order_id
    if intent_id is not None:
        named = or_(named, PaymentEvent.intent_id == intent_id)
    return (await uow.session.scalars(_waiting(uow, account_id).where(named))).all()


async def found_events(uow: UnitOfWork, account_id: UUID) -> Sequence[PaymentEvent]:
    """News of the last month that waits although its payment is known now.

    Others that wait are another shop's, which shares the account: however many, they hold up none of ours.
    """
    ours = select(Payment.id).where(
        Payment.account_id == PaymentEvent.account_id, Payment.shop_id == PaymentEvent.shop_id
    )
    query = _waiting(uow, account_id).where(
        PaymentEvent.received_at > uow.now - _WAITS,
        or_(
            ours.where(Payment.intent_id == PaymentEvent.intent_id).exists(),
            ours.where(Payment.order_id == PaymentEvent.order_id).exists(),
        ),
    )
    return (await uow.session.scalars(query.limit(_MOST_WAITING))).all()


async def unsettled(uow: UnitOfWork, *, before: datetime, limit: int) -> Sequence[tuple[UUID, UUID]]:
    """(shop, payment) of attempts whose page may still be payable, or whose money is on its way, of every shop.

    Least recently looked at first.
    """
    rows = await uow.fetch(
        """
        /* all shops */ SELECT shop_id, id FROM payment
        WHERE (closed_at IS NULL OR state = 'pending') AND created_at < $1 AND provider_id IS NOT NULL
          AND (looked_at IS NULL OR looked_at < CASE state WHEN 'pending' THEN $1 - interval '1 hour' ELSE $1 END)
        ORDER BY looked_at NULLS FIRST, created_at LIMIT $2
        """,
        before,
        limit,
    )
    return [(row["shop_id"], row["id"]) for row in rows]


async def take_looks(uow: UnitOfWork, order_id: UUID, *, before: datetime) -> Sequence[UUID]:
    """The order's attempts to ask after now, oldest first, each noted as looked at: of two who ask, one gets it.

    Those whose page may still be payable, or whose money is on its way, and that nobody looked at since `before`.
    """
    rows = await uow.fetch(
        "UPDATE payment SET looked_at = $3 WHERE shop_id = $1 AND order_id = $2 AND provider_id IS NOT NULL"
        " AND (closed_at IS NULL OR state = 'pending') AND (looked_at IS NULL OR looked_at < $4) RETURNING id, attempt",
        uow.shop_id, order_id, uow.now, before,
    )  # fmt: skip
    return [row["id"] for row in sorted(rows, key=lambda row: row["attempt"])]


async def open_refunds(uow: UnitOfWork, *, before: datetime, limit: int) -> Sequence[tuple[UUID, UUID]]:
    """(shop, refund) of refunds that were asked for, or are under way, since before an instant, of every shop.

    Each try or look is counted, and after the first few there is one an hour: a bank may take days.
    """
    rows = await uow.fetch(
        """
        /* all shops */ SELECT shop_id, id FROM refund
        WHERE state IN ('requested', 'pending') AND requested_at < $1
          AND tries < 3 + extract(epoch FROM $1 - requested_at) / 3600
        ORDER BY requested_at LIMIT $2
        """,
        before,
        limit,
    )
    return [(row["shop_id"], row["id"]) for row in rows]


def is_live(payment: Payment) -> bool:
    """Whether nobody has paid and the page may be payable."""
    return payment.state in LIVE


def _payments(uow: UnitOfWork, order_id: UUID) -> Select[Payment]:
    return select(Payment).where(Payment.order_id == order_id, Payment.shop_id == uow.shop_id).order_by(Payment.attempt)


def _waiting(uow: UnitOfWork, account_id: UUID) -> Select[PaymentEvent]:
    return (
        select(PaymentEvent)
        .where(
            PaymentEvent.account_id == account_id,
            PaymentEvent.shop_id == uow.shop_id,
            PaymentEvent.processed_at.is_(None),
        )
        .order_by(PaymentEvent.received_at, PaymentEvent.id)
        .execution_options(populate_existing=True)
    )


def _fresh(query: Select[Payment]) -> Select[Payment]:
    return query.execution_options(populate_existing=True)
